"""What a variant changes for example patients: the worked cases of its condition, planned by the edition in force and by the variant."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from protocols.cases import WorkedCase
from protocols.comparing import compare_sessions
from protocols.editions.queries import cases_of_edition, edition_in_force, library_of_edition, names_in_force
from protocols.editor.desk import VariantDesk
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.library import Library
from protocols.method.planning import plan_session
from protocols.method.plans import SessionPlan, UnsafePlan
from protocols.plan_words import difference_words
from protocols.variants.checking import library_of_variant, names_of_variant

MOST: Final = 4
MOST_HELD: Final = 128


@dataclass(frozen=True, slots=True)
class Example:
    """One example patient. ``difference`` says the session before and after; None where one of the two could not be planned."""

    code: str
    says: str
    stage: str
    minutes: tuple[int, int]
    pressure: tuple[int, int]
    difference: Any
    come: int
    go: int
    changed: int

    @property
    def is_same(self) -> bool:
        """Whether the session is planned alike."""
        return self.difference is not None and self.difference.is_same


def examples(desk: VariantDesk, stage: str = "") -> tuple[Example, ...]:
    """A few cases of the condition, those of ``stage`` (else of changed stages) first. Nothing where the variant is not sound."""
    after = library_of_variant(desk.variant)
    if after is None or not desk.condition:
        return ()
    return tuple(_example(desk, case, after) for case in _chosen(desk, stage))


def _chosen(desk: VariantDesk, stage: str) -> list[WorkedCase]:
    cases = [case for case in cases_of_edition(edition_in_force(desk.variant.clinic)) if case.condition == desk.condition]
    treated = [case for case in cases if case.stated["stage"] in desk.stages and not case.expected.get("no_steps")]
    if stage:
        return [case for case in treated if case.stated["stage"] == stage][:MOST]
    return sorted(treated, key=lambda case: not desk.is_changed(str(case.stated["stage"])))[:MOST]


def _example(desk: VariantDesk, case: WorkedCase, after: Library) -> Example:
    before = library_of_edition(edition_in_force(desk.variant.clinic))
    says = desk.reader.names.of("cases", case.code, "says") or case.says
    stage = desk.stage_name(str(case.stated["stage"]))
    old, new = planned(case, before), planned(case, after)
    if old is None or new is None:
        return Example(case.code, says, stage, (0, 0), (0, 0), None, 0, 0, 0)
    found = compare_sessions(old, new)
    names = names_of_variant(desk.variant)
    words = difference_words(after, names or desk.reader.names, names_in_force(desk.variant.clinic))
    rows = [item.change for item in found if item.kind == "row"]
    counts = (rows.count("added"), rows.count("removed"), rows.count("changed"))
    return Example(case.code, says, stage, _minutes(old, new), _pressure(old, new), words.one_session(old, new, found), *counts)


def _minutes(*plans: SessionPlan) -> tuple[int, int]:
    """Seconds of both plans."""
    old, new = (plan.total_seconds for plan in plans)
    return old, new


def _pressure(*plans: SessionPlan) -> tuple[int, int]:
    """The highest pressure of both plans."""
    old, new = (max((row.pressure for row in plan.rows), default=0) for plan in plans)
    return old, new


def planned(case: WorkedCase, library: Library) -> SessionPlan | None:
    """The session of a case by a library; None where it cannot be planned. Kept in memory by the content of the library."""
    return _planned(_Asked(library.digest, case.code, library, case))


@dataclass(frozen=True)
class _Asked:
    """A case and a library, known by the digest of the one and the code of the other."""

    digest: str
    code: str
    library: Library
    case: WorkedCase

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and (self.digest, self.code, self.case.stated) == (other.digest, other.code, other.case.stated)

    def __hash__(self) -> int:
        return hash((self.digest, self.code))


@lru_cache(maxsize=MOST_HELD)
def _planned(asked: _Asked) -> SessionPlan | None:
    try:
        return plan_session(parse_case(asked.case.stated, asked.library), asked.library).session
    except (Faults, UnsafePlan):
        return None
