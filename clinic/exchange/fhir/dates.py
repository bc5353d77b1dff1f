"""Appointment: the places in the calendar."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.models import Session
from clinic.courses.states import SessionState
from clinic.exchange.fhir.frame import Fields, Frame, concept
from clinic.exchange.fhir.stories import CourseStory
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingReason, BookingState
from patients.models import Patient

# Code of FHIR's appointmentstatus, by what became of the booking and then of the session that it was for ("" where there is none).
STATUS: Final[Mapping[tuple[str, str], str]] = {
    **{(BookingState.HELD, session): "pending" for session in ("", *SessionState.values)},
    **{(BookingState.RELEASED, session): "cancelled" for session in ("", *SessionState.values)},
    (BookingState.BOOKED, ""): "booked",
    (BookingState.BOOKED, SessionState.PLANNED): "booked",
    (BookingState.BOOKED, SessionState.BOOKED): "booked",
    (BookingState.BOOKED, SessionState.IN_PROGRESS): "arrived",
    (BookingState.BOOKED, SessionState.DONE): "fulfilled",
    (BookingState.BOOKED, SessionState.MISSED): "noshow",
    (BookingState.BOOKED, SessionState.CANCELLED): "cancelled",
    # A session that was lost is said of its place, released or not: the move of the session names it.
    (BookingState.RELEASED, SessionState.MISSED): "noshow",
}
WITH_A_REASON: Final = ("cancelled", "noshow")
PARTICIPATION: Final[Mapping[str, str]] = {"pending": "needs-action", "cancelled": "declined"}


def appointments(story: CourseStory, frame: Frame) -> list[Fields]:
    """Every place that a session of the course has or had when it was lost."""
    own = [(session.booking, session, session.state) for session in story.sessions if session.booking]
    held = {booking.pk for booking, _session, _state in own}
    lost = {
        move.booking.pk: (move.booking, move.session, move.after) for move in story.lost if move.booking and move.booking.pk not in held
    }
    return [_appointment(*each, story.course.patient, frame) for each in (*own, *lost.values())]


def other_appointment(booking: Booking, patient: Patient, frame: Frame) -> Fields:
    """A place that belongs to no session."""
    return _appointment(booking, None, "", patient, frame)


def _appointment(booking: Booking, session: Session | None, state: str, patient: Patient, frame: Frame) -> Fields:
    status = STATUS[booking.state, state]
    what = _("Session %(number)s") % {"number": session.number} if session else booking.label or _("Appointment")
    place = f"{booking.room.site.name}, {booking.room.name}"
    part = PARTICIPATION.get(status, "accepted")
    who = (frame.ref(patient, patient.full_name), frame.ref(booking.therapist, booking.therapist.full_name))
    fields = {
        "status": status,
        "cancelationReason": _reason(booking, state) if status in WITH_A_REASON else None,
        "serviceType": [concept("plan", "session", _("Session of massage"))] if session else [],
        "description": what,
        "start": frame.moment(booking.starts_at),
        "end": frame.moment(booking.ends_at),
        "minutesDuration": booking.minutes,
        "created": frame.moment(booking.created_at),
        "participant": [*({"actor": each, "status": part} for each in who), {"actor": {"display": place}, "status": "accepted"}],
    }
    return frame.resource("Appointment", booking, [f"{what}: {frame.moment(booking.starts_at)}, {place}"], fields)


def _reason(booking: Booking, state: str) -> Fields:
    """The clinic's own reason for a place that was given up; else what is said of the session."""
    if state in (SessionState.MISSED, SessionState.CANCELLED):
        return concept("session", state, str(SessionState(state).label))
    code = booking.release_reason or BookingReason.OTHER
    return concept("release", code, str(BookingReason(code).label))
