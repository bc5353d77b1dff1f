"""A test patient planned with one library, in words, and beside it the same patient with another library."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocols.comparing import CourseDifference, StoredCourse, compare_courses
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.planning import PlannedSession, plan_session
from protocols.method.plans import UnsafePlan
from protocols.plan_words import difference_words, plan_words
from protocols.testbench.given import outcome_code


@dataclass(frozen=True, slots=True)
class Side:
    """A plan with the words for it: what the templates of courses show. ``notes`` (English) are what is unusual and no fault."""

    planned: PlannedSession
    outcome: str
    waits: bool
    screening: Any
    session: Any
    notes: tuple[str, ...]
    stop_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What differs between two plans of one patient, in words."""

    is_same: bool
    head: tuple[Any, ...]
    course: Any
    session: Any


def planned_side(stated: Mapping[str, Any], library: Library, names: Names) -> Side:
    """The plan of this patient in words. Raises ``Faults`` and ``UnsafePlan`` as the method does."""
    case = parse_case(stated, library)
    planned = plan_session(case, library)
    words = plan_words(library, names)
    outcome = outcome_code(planned)
    stage = f"{case.condition.code}/{case.stage.code}"
    sets = ("any", *(case.stage.treatment.stop_sets if case.stage.treatment else ()))
    return Side(
        planned=planned,
        outcome=outcome,
        waits=not planned.session.may_start and outcome in ("clear", "caution", "modify"),
        screening=words.screening(planned.screening, outcome),
        session=words.session(planned.session, stage=stage, limits=planned.screening.limits),
        notes=case.notes,
        stop_rules=tuple(dict.fromkeys(line for code in sets for line in names.lines("stop-sets", code, "stop"))),
    )


def side_or_nothing(stated: Mapping[str, Any], library: Library, names: Names) -> Side | None:
    """The same, or nothing where this library has no such stage, question or plan."""
    try:
        return planned_side(stated, library, names)
    except (Faults, UnsafePlan):
        return None


def beside(before: Side, after: Side, names: tuple[Names, Names]) -> Beside:
    """What differs; ``names`` are those of the plan before and of the plan after."""
    old, new = (StoredCourse(side.planned.screening, side.planned.course, (side.planned.session,)) for side in (before, after))
    found = compare_courses(old, new)
    one = next((rows for _number, rows in found.sessions), ())
    words = difference_words(after.planned.setting.library, names[1], names[0])
    course, session = words.course(old, new, found), words.one_session(old.sessions[0], new.sessions[0], one)
    head = (*(line for line in course.head if line.kind != "count"), *session.head)  # one session on both sides is no news
    return Beside(_is_same(found), head, course, session)


def _is_same(found: CourseDifference) -> bool:
    return found.is_empty
