"""What moving a course to the edition in force would change: today's facts, the same request and the same changes by hand, both editions.

What was given stays as it was, so only the sessions to come are compared. Nothing is kept here.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.courses.gates import grown_beyond, is_therapeutic
from clinic.courses.models import Course
from clinic.courses.other_edition import (
    CONDITIONS,
    NOTHING,
    Forbidden,
    TwoReadings,
    changed_tables,
    forbidden_of,
    is_concerned,
)
from clinic.courses.pinned import library_of
from clinic.courses.planning import planned
from clinic.courses.queries import request_of, sessions_to_come
from clinic.courses.screenings import STAGE
from clinic.courses.so_far import so_far
from clinic.courses.states import SessionState
from patients.queries import answers_on
from patients.questionnaire import day_facts
from protocols.comparing import CourseDifference, StoredCourse, compare_courses
from protocols.editions.content import TABLES
from protocols.editions.queries import edition_in_force, library_in_force
from protocols.method.answers import Answers, Faults
from protocols.method.library import Library
from protocols.method.planning import PlannedCourse
from protocols.method.plans import UnsafePlan
from protocols.method.scope import Growth

Kind = Literal["same", "differs", "needs-signature", "forbidden", "cannot"]
# Besides conditions: rules are asked, and their sources are only named.
OF_RULES: Final = (f"{TABLES}contraindications", f"{TABLES}sources")


@dataclass(frozen=True, slots=True)
class Impact:
    """``kind`` is the gravest of what holds; ``sentence`` says why a course cannot be moved.

    ``before`` and ``after`` are the sessions to come with either edition, and what differs between them; None where nothing was planned,
    because nothing of what differs concerns the course, or because it makes no plan.
    """

    kind: Kind
    sentence: str = ""
    forbidden: Forbidden = NOTHING
    grown: tuple[Growth, ...] = ()
    before: StoredCourse | None = None
    after: StoredCourse | None = None
    difference: CourseDifference | None = None

    @property
    def is_movable(self) -> bool:
        """Whether moving makes a plan. What the edition forbids of the old plan is no obstacle: the new one keeps to it."""
        return not self.sentence

    @property
    def needs_signature(self) -> bool:
        """Whether a doctor has to sign what comes of it, since it goes beyond what was signed."""
        return bool(self.grown)


UNTOUCHED: Final = Impact("same")


def impact_of(course: Course, on: date) -> Impact:
    """What the edition in force would make of this course on that day. Up to 40 queries; none where nothing that differs concerns it."""
    if not is_concerned(course):
        return UNTOUCHED
    library, before, answers = library_in_force(course.clinic), so_far(course, on), _answers(course, on)
    read = TwoReadings(course, library, on=on, before=before, answers=answers)
    if read.ours is None:
        return _cannot(_("What the record says no longer makes a plan. Open the plan again and mend what it names."))
    if _is_alike(course, read):
        return UNTOUCHED
    forbidden = forbidden_of(read, sessions_to_come(course))
    if forbidden.is_gone or STAGE in forbidden.found:
        return Impact("forbidden", _gone(forbidden), forbidden)
    return _planned_twice(course, library, forbidden, {"on": on, "so_far": before, "answers": answers})


def _planned_twice(course: Course, library: Library, forbidden: Forbidden, about: dict[str, Any]) -> Impact:
    try:
        old, new = (planned(course.patient, request_of(course), each, **about) for each in (library_of(course), library))
    except Faults as faults:
        return _cannot("; ".join(str(fault) for fault in faults.faults))
    except UnsafePlan as unsafe:
        return _cannot(str(unsafe))
    return _impact(course, forbidden, _to_come(course, old), _to_come(course, new), library)


def _impact(course: Course, forbidden: Forbidden, old: StoredCourse, new: StoredCourse, library: Library) -> Impact:
    grown = grown_beyond(course, new.sessions, library) if is_therapeutic(course) else ()
    difference = compare_courses(old, new)
    kind: Kind = "same" if difference.is_empty else "differs"
    if grown:
        kind = "needs-signature"
    if forbidden.lasts:
        kind = "forbidden"
    return Impact(kind, "", forbidden, grown, old, new, difference)


def _cannot(why: str) -> Impact:
    return Impact("cannot", _("The plan cannot be made with the edition in force: %(why)s") % {"why": why})


def _gone(forbidden: Forbidden) -> str:
    if forbidden.is_gone:
        return _("The edition in force does not hold this protocol any more. End the course, and plan another one.")
    return _("With the edition in force this stage is not massaged. End the course, or plan another stage.")


def _to_come(course: Course, made: PlannedCourse) -> StoredCourse:
    begun = course.sessions.filter(Q(record__isnull=False) | Q(state=SessionState.IN_PROGRESS)).count()
    return StoredCourse(made.screening, made.course, made.sessions[begun:])


def _is_alike(course: Course, read: TwoReadings) -> bool:
    """Whether both editions make the same plan of it: the same stage, the same findings, and no other table that differs."""
    changed = changed_tables(course.pinned_id, edition_in_force(course.clinic))
    known = changed is not None and all(name in OF_RULES or name.startswith(CONDITIONS) for name in changed)
    return known and read.is_alike


def _answers(course: Course, on: date) -> Answers:
    """What is known on that day; where the day's questions were not asked yet, what was answered on the day of the plan.

    Both plans are compared under the same answers: with open questions a plan is smaller than the real one, and hides what differs.
    """
    library = library_of(course)
    today = answers_on(course.patient, library, on)
    if course.planned_on == on:
        return today
    then, of_a_day = answers_on(course.patient, library, course.planned_on), frozenset(day_facts(library.intake))
    known = {code: value for code, value in then.known.items() if code in of_a_day and code not in today.known}
    return replace(today, known={**today.known, **known}, unknown=today.unknown - known.keys())
