"""The dates of one course, as its slip and the page of a booking list them."""

from datetime import date, datetime, time
from typing import NamedTuple

from clinic.courses.calendar.queries.days import standing
from clinic.courses.models import Course


class DatedSession(NamedTuple):
    """A session with its place in the calendar, in plain values."""

    booking: int
    number: int
    state: str
    day: date
    clock: time
    room: str
    site: str
    address: str
    therapist: str


COLUMNS = ("pk", "session__number", "session__state", "day", "clock", "room__name", "room__site__name", "room__site__address",
           "therapist__full_name")  # fmt: skip


def dates_of(course: Course, *, now: datetime) -> tuple[DatedSession, ...]:
    """The sessions of a course that have a date, given ones too, in the order of time. One query."""
    found = standing(course.clinic, now=now).filter(session__course=course).order_by("starts_at", "pk")
    return tuple(DatedSession(*row) for row in found.values_list(*COLUMNS))


def dates_to_come(course: Course, *, now: datetime) -> tuple[DatedSession, ...]:
    """Those that are booked and not over. One query."""
    found = standing(course.clinic, now=now).filter(session__course=course, session__state="booked", ends_at__gt=now)
    return tuple(DatedSession(*row) for row in found.order_by("starts_at", "pk").values_list(*COLUMNS))
