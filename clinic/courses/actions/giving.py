"""What happens to sessions: the course begins, a session is missed, cancelled late, or is to be given after all."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.moving import Why, change_state, deny, locked_course
from clinic.courses.gates import fresh_hindrances
from clinic.courses.models import Course, Session, SessionMove, SessionRecord
from clinic.courses.news.postings import post_missed
from clinic.courses.permissions import check_can_plan
from clinic.courses.queries import records_of
from clinic.courses.states import SESSION_TRANSITIONS, TRANSITIONS, CourseState, SessionState
from clinic.schedule.actions import release_bookings
from clinic.schedule.models import Booking
from clinic.schedule.permissions import check_can_book
from clinic.schedule.queries import rules_of
from clinic.schedule.states import BookingReason, BookingState
from clinic.staff.permissions import ActionDenied, Actor

LOST = (SessionState.MISSED, SessionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Lost:
    """A session that the patient did not come to, or cancelled too late."""

    state: SessionState
    note: str = ""


@transaction.atomic
def start_course(*, course: Course, on: date, version: int, actor: Actor) -> Course:
    """Lets the sessions begin. Denied with the first sentence of what stands between the patient and a session on that day."""
    check_can_plan(actor)
    locked = locked_course(course, version)
    if CourseState.RUNNING not in TRANSITIONS[locked.state] or locked.started_on is not None:
        raise ActionDenied(_("Only a course that has not begun can be started."))
    deny(fresh_hindrances(locked, on))
    change_state(locked, CourseState.RUNNING, on=on, actor=actor, why=Why(verb="started-course"))
    return locked


def check_turn(number: int, given: tuple[SessionRecord, ...]) -> None:
    """Raises ``ActionDenied`` for another session than the next one after those that were given."""
    if number != len(given) + 1:
        raise ActionDenied(_("The next session of this course is number %(number)s.") % {"number": len(given) + 1})


@transaction.atomic
def lose_session(*, course: Course, number: int, lost: Lost, on: date, version: int | None = None, actor: Actor) -> Session:
    """The patient did not come, or cancelled too late: the session stays to be given on another day.

    Only the next session of a running course. One that is booked was lost on the day of its booking, whenever that is said; a place
    whose time has not come falls free. Denied on a day on which a session was given.
    """
    check_can_book(actor)  # who sits at the reception knows who came
    locked = locked_course(course, version)
    given = tuple(records_of(locked))
    if locked.state != CourseState.RUNNING or lost.state not in LOST:
        raise ActionDenied(_("Only sessions of a running course can be missed or cancelled."))
    check_turn(number, given)
    session = locked.sessions.select_related("booking").get(number=number)
    booking = session.booking if session.state == SessionState.BOOKED else None
    day = booking.day if booking else on
    if given and given[-1].given_on >= day:
        raise ActionDenied(_("A session of this course was already given on that day."))
    if session.moves.filter(after__in=LOST, happened_on=day).exists() and session.state in LOST:
        raise ActionDenied(_("This is written down for that day already."))
    is_to_come = booking is not None and _is_to_come(locked, booking, lost)
    back_in_turn(session, on=day, actor=actor)
    move = change_session(session, lost.state, on=day, note=lost.note, actor=actor)
    if lost.state == SessionState.MISSED:
        post_missed(session, move)
    if booking is not None and is_to_come:
        _give_place_up(session, booking, lost, actor)
    said = {"patient": locked.patient_id, "session": number, "state": str(lost.state)}
    record(actor=actor, verb="lost-session", subject=locked, details=said)
    return session


def _is_to_come(locked: Course, booking: Booking, lost: Lost) -> bool:
    """Whether the time of the booking has not come yet. Raises ``ActionDenied`` where it is too early to call it lost."""
    left = booking.starts_at - timezone.now()
    if left <= timedelta(0):
        return False
    if lost.state == SessionState.MISSED:
        raise ActionDenied(_("The time of this session has not come yet."))
    if left > timedelta(hours=rules_of(locked.clinic).late_cancellation_hours):
        raise ActionDenied(_("This is cancelled in time: give its date up in the calendar. Nothing is written down against the patient."))
    return True


def _give_place_up(session: Session, booking: Booking, lost: Lost, actor: Actor) -> None:
    session.booking = None
    session.save(update_fields=["booking"])
    # The note may say how the patient is: it stays with the session and does not go to the calendar, which the desk reads.
    release_bookings(bookings=[booking], reason=BookingReason.PATIENT_WISH, note="", actor=actor)


@transaction.atomic
def undo_lost_session(*, course: Course, number: int, note: str, on: date, version: int | None = None, actor: Actor) -> Session:
    """A session that was called missed or cancelled is to come again, at its own time where that is still booked.

    Denied without a reason.
    """
    check_can_book(actor)
    locked = locked_course(course, version)
    session = locked.sessions.select_related("booking").filter(number=number).first()
    if session is None or session.state not in LOST or locked.state != CourseState.RUNNING:
        raise ActionDenied(_("This session is neither missed nor cancelled."))
    if not note.strip():
        raise ActionDenied(_("Write why it is taken back."))
    is_booked = session.booking is not None and session.booking.state == BookingState.BOOKED
    change_session(session, SessionState.BOOKED if is_booked else SessionState.PLANNED, on=on, note=note, actor=actor)
    record(actor=actor, verb="session-to-come", subject=locked, details={"patient": locked.patient_id, "session": number})
    return session


def back_in_turn(session: Session, *, on: date, actor: Actor) -> None:
    """A lost session that is given, or lost, on another day was to come in between."""
    if session.state in LOST:
        change_session(session, SessionState.PLANNED, on=on, actor=actor)


def change_session(session: Session, state: SessionState, *, on: date, note: str = "", actor: Actor) -> SessionMove:
    """Moves a session along its table of states and keeps that it moved. Raises ``ActionDenied`` for a way that is not there."""
    before, booking = session.state, session.booking
    if state not in SESSION_TRANSITIONS[before]:
        raise ActionDenied(_("This session cannot be moved to that state."))
    session.state = state
    session.save(update_fields=["state"])
    return SessionMove.objects.create(
        session=session, before=before, after=state, happened_on=on, booking=booking, note=note.strip(), by=actor.user
    )
