"""Tells the messages, once, what courses know: the words of their kinds, the places of dates in their courses."""

from clinic.courses.news.of_sessions import read_missed, read_next_morning
from clinic.courses.news.series import series_of_courses
from clinic.reminders.sources import Source, register_source, series_with
from clinic.reminders.states import Kind


def courses_tell() -> None:
    """To be called when the app is ready."""
    series_with(series_of_courses)
    register_source(Source(read_next_morning), Kind.NEXT_MORNING)
    register_source(Source(read_missed), Kind.MISSED)
