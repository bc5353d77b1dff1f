"""Words of safety in a translation: as long as the English of the release stands, so does what it is translated with. Pure.

What is compared elsewhere is the English, which is the library itself; who reads the clinic's own language must be warned of the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from protocols.method.library import Library
from protocols.method.names import Names
from protocols.variants.strict_rules import is_grave
from protocols.variants.strict_values import Loosening

OF_GRAVE_RULE: Final = ("title", "explanation", "ask_intake", "ask_day", "ends_when")


@dataclass(frozen=True, slots=True)
class Said:
    """A library with its names in English and in another language."""

    library: Library
    english: Names
    names: Names

    def pairs(self, kind: str, code: str, field: str) -> Sequence[tuple[str, str]]:
        """Each line of a text with its translation."""
        return tuple(zip(self.english.lines(kind, code, field), self.names.lines(kind, code, field), strict=False))


def words_loosened(shipped: Said, own: Said) -> Iterator[Loosening]:
    """Lines that are as in the release in English and say something else in the other language."""
    for address, (kind, code, field) in _texts(shipped.library, shipped.names.language):
        before = dict(shipped.pairs(kind, code, field))
        for english, word in own.pairs(kind, code, field):
            if english in before and before[english] != word:
                yield Loosening(address, "safety-words", before[english], word)


def _texts(library: Library, language: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Every text that warns or stops, with the address of its translation."""
    for condition in library.conditions.values():
        address = f"{language}/conditions:conditions/{condition.code}"
        for field in ("never", "refer_first"):
            yield address, ("conditions", condition.code, field)
        for stage in condition.stages:
            yield address, ("stages", f"{condition.code}/{stage}", "warnings")
    for row in library.course.stop_set:
        for field in ("stop", "then"):
            yield f"{language}/course-rules:course-rules", ("stop-sets", row.code, field)
    for rule in library.rules.values():
        if is_grave(rule):
            address = f"{language}/contraindications:contraindications/{rule.code}"
            yield from ((address, ("rules", rule.code, field)) for field in OF_GRAVE_RULE)
