"""Which bookings are dates of a course, and their places in it."""

from collections.abc import Mapping, Sequence

from clinic.courses.models import Session
from clinic.reminders.sources import InSeries


def series_of_courses(bookings: Sequence[int]) -> Mapping[int, InSeries]:
    """For the bookings among these that belong to a session: its course, its number, and how many sessions there are. One query."""
    found = Session.objects.filter(booking__in=list(bookings)).values_list("booking_id", "course_id", "number", "course__session_count")
    return {booking: InSeries(f"course:{course}", number, count) for booking, course, number, count in found if booking is not None}
