"""What the page of the rules of a course shows besides its form: the dose of ten sessions before and after, and what cases make of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from clinic.staff.models import Clinic
from protocols.cases import WorkedCase
from protocols.editions.queries import cases_of_edition, edition_in_force, library_in_force
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.course import phase_of, phase_rule, review_after, step_down
from protocols.method.entries import CourseRules
from protocols.method.library import Library
from protocols.method.planning import plan_session
from protocols.method.plans import UnsafePlan
from protocols.presentation.reader import LibraryReader
from protocols.rulebook.reading import COURSE

SESSIONS: Final = 10
ROOM: Final = 100  # height of the drawing for the full dose
STEP: Final = 30
BAR: Final = 22
SHOWN: Final = ("neck-collar", "osteochondrosis-lumbar", "scoliosis", "hypertension", "post-stroke", "bronchial-asthma")


@dataclass(frozen=True, slots=True)
class Bar:
    """One session of the drawing. Shares are whole percents of the full dose; ``x``, ``top`` and ``label`` are where it is drawn."""

    number: int
    x: int
    middle: int
    phase: str
    before: int
    after: int
    top_before: int
    top_after: int
    label: int


@dataclass(frozen=True, slots=True)
class Drawing:
    bars: tuple[Bar, ...]
    review_before: int
    review_after: int
    width: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a worked case comes to, before and after: minutes of its whole course and of its first session, its review."""

    says: str
    says_in: str
    condition: str
    total: tuple[int, int]
    first: tuple[int, int]
    review: tuple[int, int]
    is_same: bool


def share_of(course: CourseRules, number: int, of: int = SESSIONS) -> int:
    """Whole percents of the full dose that a session takes by its phase and the ladder alone."""
    row = phase_rule(course, phase_of(course, number, of))
    factor = row.minutes_factor[min(number, len(row.minutes_factor)) - 1] if row.code == "build-up" else row.minutes_factor[0]
    return round(100 * step_down(course, factor, 0))


def drawing(before: CourseRules, after: CourseRules) -> Drawing:
    """The dose of ten sessions under both rules."""
    bars = tuple(_bar(number, before, after) for number in range(1, SESSIONS + 1))
    return Drawing(bars, review_after(before, SESSIONS), review_after(after, SESSIONS), STEP * SESSIONS)


def _bar(number: int, before: CourseRules, after: CourseRules) -> Bar:
    old, new = share_of(before, number), share_of(after, number)
    x = STEP * (number - 1)
    return Bar(number, x, x + BAR // 2, phase_of(after, number, SESSIONS), old, new, ROOM - old, ROOM - new, ROOM - max(old, new) - 5)


def effects(clinic: Clinic, after: Library, reader: LibraryReader) -> tuple[Effect, ...]:
    """A few worked cases planned under the rules in force and under the variant's."""
    before = library_in_force(clinic)
    cases = cases_of_edition(edition_in_force(clinic))
    found = (_effect(case, before, after, reader) for case in _first_of_each(cases))
    return tuple(each for each in found if each is not None)


def _first_of_each(cases: tuple[WorkedCase, ...]) -> Iterator[WorkedCase]:
    """The first case of each shown condition whose plan has steps."""
    for condition in SHOWN:
        yield from [case for case in cases if case.condition == condition and "no_steps" not in case.expected][:1]


def _effect(case: WorkedCase, before: Library, after: Library, reader: LibraryReader) -> Effect | None:
    try:
        old, new = (_minutes(case, library) for library in (before, after))
    except (Faults, UnsafePlan):
        return None
    says = reader.names.of("cases", case.code, "says")
    total, first, review = ((old[place], new[place]) for place in range(3))
    name = reader.names.of("conditions", case.condition)
    return Effect(says or case.says, reader.names.language if says else "en", name, total, first, review, old == new)


def _minutes(case: WorkedCase, library: Library) -> tuple[int, int, int]:
    course = plan_session(parse_case(case.stated, library), library).course
    seconds = [dose.seconds for dose in course.doses]
    return round(sum(seconds) / 60), round(seconds[0] / 60), course.review_after


def entries(there: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of the rules of a course by their key or ``table/code``."""
    return {address.removeprefix(COURSE): entry for address, entry in there.items() if address.startswith(COURSE)}
