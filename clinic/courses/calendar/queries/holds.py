"""What is held for a course while its dates are being looked at."""

from datetime import datetime
from typing import Final

from clinic.courses.models import Course
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState

_PREFIX: Final = "dates"


def key_for(course: Course, token: str) -> str:
    """The key under which a proposal for this course is held. At most 40 characters."""
    return f"{_PREFIX}-{course.pk}-{token[:20]}"


def is_key_of(course: Course, key: str) -> bool:
    """Whether the key in an address is of this course."""
    return key.startswith(f"{_PREFIX}-{course.pk}-")


def holds_of(course: Course, key: str = "") -> tuple[Booking, ...]:
    """The places held for the course, under this key or any, also where the time of the hold is over. One query."""
    named = {"key": key} if key else {"key__startswith": f"{_PREFIX}-{course.pk}-"}
    found = Booking.objects.filter(clinic=course.clinic, patient=course.patient, state=BookingState.HELD, **named)
    return tuple(found.select_related("therapist", "room", "clinic").order_by("starts_at", "pk"))


def open_holds(course: Course, key: str, now: datetime) -> tuple[Booking, ...]:
    """What is held under this key at that moment; nothing when the time is over for even one."""
    holds = holds_of(course, key)
    return holds if all(hold.held_until and hold.held_until > now for hold in holds) else ()


def booked_under(course: Course, key: str) -> tuple[Booking, ...]:
    """What was booked of this proposal and is still booked. One query."""
    found = Booking.objects.filter(clinic=course.clinic, patient=course.patient, state=BookingState.BOOKED, key=key)
    return tuple(found.select_related("therapist", "room", "session").defer("session__plan").order_by("starts_at", "pk"))
