"""What every check works with: the library, the list of faults, and the two questions asked most."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.method.entries import Condition, Stage, Treatment
from protocols.method.parsing import FaultList

if TYPE_CHECKING:
    from protocols.method.library import Library

ICD10 = re.compile(r"[A-Z]\d\d(\.\d{1,2})?(-[A-Z]\d\d(\.\d{1,2})?)?")


@dataclass(frozen=True, slots=True)
class Desk:
    """The library under inspection and where its faults go."""

    library: "Library"
    faults: FaultList

    def expect(self, ok: object, place: str, sentence: str) -> bool:
        """Note ``sentence`` at ``place`` unless ``ok``."""
        return self.faults.expect(ok, place, sentence)

    def known(self, codes: Iterable[str | None], table: Container[str], place: str) -> bool:
        """Every code that is given stands in the table; unknown and repeated ones are noted."""
        given = [code for code in codes if code is not None]
        strangers = [code for code in given if code not in table]
        for code in strangers:
            self.faults.add(place, f"unknown code {code!r}")
        self.expect(len(set(given)) == len(given), place, "a code stands twice in the list")
        return not strangers

    def stages(self) -> Iterator[tuple[str, Condition, Stage]]:
        """Every stage with its place in the files."""
        for condition in self.library.conditions.values():
            for stage in condition.stages.values():
                yield f"conditions/{condition.code}: stage {stage.code}", condition, stage

    def treatments(self) -> Iterator[tuple[str, Condition, Stage, Treatment]]:
        """Every stage that may be massaged."""
        for place, condition, stage in self.stages():
            if stage.treatment is not None:
                yield place, condition, stage, stage.treatment
