"""The one way in which the state of a course changes, and the simple moves: discarded, paused, on again, ended, handed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.booked import give_up_dates
from clinic.courses.gates import Hindrance, resuming_hindrances
from clinic.courses.models import OVER, Course, CourseMove
from clinic.courses.news.postings import post_finished
from clinic.courses.permissions import check_can_plan
from clinic.courses.queries import WITH_A_COURSE, future_bookings
from clinic.courses.states import TRANSITIONS, CourseReason, CourseState
from clinic.staff.models import Role, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.web.prepared import Prepared
from patients.models import Patient


class StaleCourse(ActionDenied):
    """Somebody else saved this course first."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a course moves: a code of ``CourseReason`` or "", words, details of a finding, and what the audit calls it (``verb``)."""

    reason: str = ""
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    verb: str = ""


def locked_course(course: Course, version: int | None = None) -> Course:
    """The course, its row locked until the transaction is over. Raises ``StaleCourse`` when it was changed since ``version``.

    The patient's row is locked first: what is recorded about a patient locks it too before it looks at the courses, so that no two
    wait for each other.
    """
    lock_patient(course.patient_id)
    locked = _COURSE.first(course=course.pk)
    if locked is None:
        raise Course.DoesNotExist
    if locked.referral is not None and locked.referral.patient_id == locked.patient_id:
        locked.referral.patient = locked.patient
    if version is not None:
        check_version(locked, version)
    return cast("Course", locked)


def lock_patient(patient: int) -> None:
    """Locks the patient's row until the transaction is over. One query."""
    if not _PATIENT.rows("", patient=patient):
        raise Patient.DoesNotExist


def _patient_row(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    return Patient.objects.select_for_update(no_key=True).filter(pk=patient).values_list("pk")


def _course_row(_kind: str, *, course: int) -> QuerySet[Course]:
    """With what the gates ask about its referral."""
    related = (*WITH_A_COURSE, "referral__document", "referral__signature")
    return Course.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=course)


_PATIENT: Final = Prepared(_patient_row)
_COURSE: Final = Prepared(_course_row)


def check_version(locked: Course, version: int) -> None:
    """Raises ``StaleCourse`` when a locked course was changed since ``version``."""
    if locked.version != version:
        raise StaleCourse(_("Somebody else has changed this course in the meantime. Look at it again before you go on."))


def change_state(locked: Course, state: CourseState, *, on: date, actor: Actor | None, why: Why | None = None) -> CourseMove:
    """Moves a locked course along the table of states and keeps that it moved. Raises ``ActionDenied`` for a way that is not there.

    Its first and its last day follow from the move. Every change of a course's state goes through here. A course that is over, or
    discarded, gives up its dates to come.
    """
    why, before = why or Why(), locked.state
    if state not in TRANSITIONS[before]:
        raise ActionDenied(_("This course cannot be moved to that state."))
    if state == CourseState.RUNNING and locked.started_on is None:
        locked.started_on = on
    if state in OVER:
        locked.finished_on = on
    locked.state = state
    locked.save(update_fields=["state", "started_on", "finished_on", "signature"])
    move = CourseMove.objects.create(
        course=locked, before=before, after=state, by=actor.user if actor else None,
        reason=why.reason, note=why.note.strip(), details=dict(why.details),
    )  # fmt: skip
    if actor is not None and state in (*OVER, CourseState.DISCARDED):
        give_up_dates(locked, future_bookings(locked), actor=actor)
    if state == CourseState.FINISHED:
        post_finished(locked)
    said = {"patient": locked.patient_id, "from": str(before), "to": str(state), "reason": why.reason, "version": locked.version}
    record(actor=actor, verb=why.verb or VERBS.get(state, "moved"), subject=locked, details=said, clinic=locked.clinic)
    return move


VERBS: Mapping[str, str] = {
    CourseState.PAUSED: "paused-course",
    CourseState.SUSPENDED: "suspended-course",
    CourseState.FINISHED: "finished-course",
    CourseState.ENDED: "ended-course",
    CourseState.AWAITING: "submitted-course",
}


@transaction.atomic
def move_course(*, course: Course, state: CourseState, actor: Actor) -> Course:
    """Discards a draft or brings it back. Raises ``ActionDenied`` for every other way: those have actions of their own."""
    check_can_plan(actor)
    locked = locked_course(course)
    if {locked.state, state} != {CourseState.DRAFT, CourseState.DISCARDED}:
        raise ActionDenied(_("This course cannot be moved to that state."))
    change_state(locked, state, on=locked.clinic.today(), actor=actor)
    return locked


@transaction.atomic
def pause_course(*, course: Course, why: Why, gives_dates_up: bool = False, on: date, version: int, actor: Actor) -> Course:
    """The patient is ill or away: nothing is given until the course goes on again. Denied without a reason of the list.

    ``gives_dates_up`` releases the dates to come; otherwise they stay booked.
    """
    check_can_plan(actor)
    locked = locked_course(course, version)
    if locked.state != CourseState.RUNNING:
        raise ActionDenied(_("Only a running course can be paused."))
    _check_reason(why)
    if gives_dates_up:
        give_up_dates(locked, future_bookings(locked), actor=actor)  # the note says how the patient is: not for the calendar
    change_state(locked, CourseState.PAUSED, on=on, actor=actor, why=why)
    return locked


@transaction.atomic
def resume_course(*, course: Course, on: date, version: int, actor: Actor) -> Course:
    """Lets a paused or suspended course go on.

    A suspended one only when the present screening no longer forbids it and its plan lies within what the doctor signed; else it goes
    to the doctor. Denied with the first sentence of what stands against it.
    """
    check_can_plan(actor)
    locked = locked_course(course, version)
    if locked.state not in (CourseState.PAUSED, CourseState.SUSPENDED):
        raise ActionDenied(_("Only a paused or suspended course can go on again."))
    deny(resuming_hindrances(locked, on))
    change_state(locked, state_after_a_stop(locked), on=on, actor=actor)
    finish_if_all_given(locked, on=on, actor=actor)
    return locked


def finish_if_all_given(locked: Course, *, on: date, actor: Actor) -> None:
    """A course that goes on and has no session left is over: its last one was recorded while the course was held."""
    if locked.state == CourseState.RUNNING and not locked.sessions.filter(record=None).exists():
        change_state(locked, CourseState.FINISHED, on=on, actor=actor)


def state_after_a_stop(locked: Course) -> CourseState:
    """Where a course goes on that was stopped: it runs when it was begun, else it waits as it did before."""
    if locked.started_on is not None:
        return CourseState.RUNNING
    return CourseState.SIGNED if locked.signature is not None else CourseState.DRAFT


@transaction.atomic
def end_course(*, course: Course, why: Why, on: date, version: int, actor: Actor) -> Course:
    """Ends a course that was begun before its last session. Denied without a reason of the list; never undone."""
    check_can_plan(actor)
    locked = locked_course(course, version)
    if locked.started_on is None or CourseState.ENDED not in TRANSITIONS[locked.state]:
        raise ActionDenied(_("Only a course that was begun and is not over can be ended early."))
    _check_reason(why)
    change_state(locked, CourseState.ENDED, on=on, actor=actor, why=why)
    return locked


@transaction.atomic
def transfer_course(*, course: Course, therapist: User, note: str = "", version: int, actor: Actor) -> Course:
    """Hands the course over to another therapist of this clinic. Denied for whoever is none here, or may not sign in."""
    check_can_plan(actor)
    locked = locked_course(course, version)
    if locked.state in (*OVER, CourseState.DISCARDED):
        raise ActionDenied(_("This course is over: nobody else can take it on."))
    if not locked.clinic.staff_roles.filter(user=therapist, role=Role.THERAPIST, user__is_active=True).exists():
        raise ActionDenied(_("Choose somebody who works as a therapist at this clinic."))
    if locked.therapist_id == therapist.pk:
        raise ActionDenied(_("%(name)s gives this course already.") % {"name": therapist.full_name})
    before, locked.therapist = locked.therapist_id, therapist
    locked.save(update_fields=["therapist"])
    said = {"patient": locked.patient_id, "from": before or 0, "to": therapist.pk, "note": note.strip()}
    record(actor=actor, verb="transferred-course", subject=locked, details=said)
    return locked


def _check_reason(why: Why) -> None:
    if why.reason not in CourseReason.values:
        raise ActionDenied(_("Choose a reason."))
    if why.reason == CourseReason.OTHER and not why.note.strip():
        raise ActionDenied(_("Write the reason in a few words."))


def deny(hindrances: tuple[Hindrance, ...]) -> None:
    """Raises ``ActionDenied`` with the first of these, and does nothing when there is none."""
    if hindrances:
        raise ActionDenied(hindrances[0].sentence)
