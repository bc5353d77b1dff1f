"""The dates of a patient on the patient's page: for everybody who books, without a word of what the courses are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from clinic.courses.calendar.queries.sessions import sessions_of_patient
from clinic.courses.calendar.standing import GETS_DATES
from clinic.courses.models import Course, Session
from clinic.courses.states import SessionState
from clinic.reminders.queries.of_patient import deliveries_of
from clinic.schedule.permissions import can_book
from clinic.staff.permissions import Actor
from patients.models import Patient

OPEN: Final = (SessionState.PLANNED, SessionState.MISSED, SessionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course with its next dates; ``open_count`` sessions have none."""

    course: Course
    next_ones: Sequence[Session]
    later: int
    open_count: int
    gets_dates: bool


def dates_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The courses under way with what is booked and what is not; None for whoever may not book, and without a course. Three queries."""
    found = sessions_of_patient(patient) if can_book(actor) else ()
    by_course: dict[int, list[Session]] = {}
    for session in found:
        by_course.setdefault(session.course_id, []).append(session)
    now = timezone.now()
    lines = [_line(sessions, now=now) for sessions in by_course.values()]
    told = deliveries_of(session.booking_id for line in lines for session in line.next_ones if session.booking_id)
    return {"lines": lines, "told": told} if lines else None


def _line(sessions: list[Session], *, now: datetime) -> CourseLine:
    course = sessions[0].course
    dated = [session for session in sessions if session.state == SessionState.BOOKED and session.booking and session.booking.ends_at > now]
    left = [session for session in sessions if session.state in OPEN]
    return CourseLine(course, dated[:3], max(0, len(dated) - 3), len(left), course.state in GETS_DATES)
