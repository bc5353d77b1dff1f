"""A new fact, document or withdrawal screens every course of the patient anew, at once; a finding that forbids suspends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from clinic.courses.actions.keeping import keep_screening
from clinic.courses.actions.moving import Why, change_state, lock_patient, locked_course
from clinic.courses.models import Course
from clinic.courses.news.telling_staff import tell_of_held_course
from clinic.courses.pinned import library_of
from clinic.courses.planning import case_of
from clinic.courses.queries import request_of, screening_of
from clinic.courses.screenings import barring
from clinic.courses.so_far import so_far
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.permissions import Actor
from clinic.web.prepared import Prepared
from patients.models import Patient
from protocols.method.answers import Faults
from protocols.method.findings import Screening
from protocols.method.planning import plan_whole_course, setting_of
from protocols.method.plans import UnsafePlan
from protocols.method.setting import Setting

SUSPENDED_BY_A_FINDING: Final = (CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING, CourseState.PAUSED)
SCREENED_ANEW: Final = (CourseState.DRAFT, *SUSPENDED_BY_A_FINDING, CourseState.SUSPENDED)
_by_hand: ContextVar[int | None] = ContextVar("course that is being planned by hand", default=None)


@contextmanager
def planned_by_hand(course: Course) -> Iterator[None]:
    """While this lasts a change of the facts leaves this course alone: the same action plans it, and judges the plan, in a moment."""
    token = _by_hand.set(course.pk)
    try:
        yield
    finally:
        _by_hand.reset(token)


@transaction.atomic
def rescreen_courses(*, patient: Patient, cause: str, on: date, actor: Actor | None) -> None:
    """Screens every course of the patient that is not over, and keeps each screening. The stored plans stay as they are.

    What cannot be screened or planned any more is suspended like what is forbidden; anything else that is raised undoes the change.
    """
    for course in _SCREENED.objects(patient=patient.pk, but=_by_hand.get() or 0):
        _rescreen(locked_course(course), cause, on=on, actor=actor)


def _screened(_kind: str, *, patient: int, but: int) -> QuerySet[Course]:
    wanted = Course.objects.filter(patient=patient, state__in=SCREENED_ANEW).exclude(pk=but)
    return wanted.only("pk", "patient_id").order_by("pk")


_SCREENED: Final = Prepared(_screened)


def hold_courses(patient: Patient) -> None:
    """Locks the patient and every course that a change would screen anew, before the head of a chain is locked."""
    lock_patient(patient.pk)
    _HELD.rows("", patient=patient.pk)


def _held(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    return Course.objects.select_for_update().filter(patient=patient, state__in=SCREENED_ANEW).order_by("pk").values_list("pk")


_HELD: Final = Prepared(_held)


def _rescreen(locked: Course, cause: str, *, on: date, actor: Actor | None) -> None:
    library = library_of(locked)
    try:
        case = case_of(locked.patient, request_of(locked), library, on=on, so_far=so_far(locked, on))
        setting = setting_of(case, library)
        keep_screening(locked, setting.screening, library, cause=cause, on=on, actor=actor)
        suspend_if_forbidden(locked, screening_of(locked), setting, on=on, actor=actor)
        plan_whole_course(case, library)
    except Faults as faults:
        _suspend(locked, {"faults": [str(fault) for fault in faults.faults]}, on=on, actor=actor)
    except UnsafePlan as unsafe:
        _suspend(locked, {"faults": [str(unsafe)]}, on=on, actor=actor)


def suspend_if_forbidden(locked: Course, before: Screening, setting: Setting, *, on: date, actor: Actor | None) -> None:
    """Suspends the course when something forbids it that ``before``, the screening of its plan, did not find.

    What only the day brought, such as a fever, forbids that day's session by itself and not the course.
    """
    new = sorted(barring(setting) - barring(setting, before))
    if new:
        _suspend(locked, {"found": new}, on=on, actor=actor)


def _suspend(locked: Course, details: dict[str, Any], *, on: date, actor: Actor | None) -> None:
    if locked.state in SUSPENDED_BY_A_FINDING:
        move = change_state(locked, CourseState.SUSPENDED, on=on, actor=actor, why=Why(CourseReason.FINDING, details=details))
        tell_of_held_course(locked, move, actor)
