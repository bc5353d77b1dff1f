"""Tells the messages, once, what courses know: the words of their kinds, the places of dates in their courses."""

from typing import Final

from clinic.courses.news.of_courses import read_finished, read_halfway, read_home
from clinic.courses.news.of_sessions import read_missed, read_next_morning
from clinic.courses.news.of_staff import read_referrals, read_reviews, read_screening, read_tomorrow, read_unsigned
from clinic.courses.news.series import series_of_courses
from clinic.courses.news.telling_staff import tell_of_sent_answers, tell_what_waits
from clinic.reminders.rounds import go_round_with
from clinic.reminders.sources import Read, Source, register_source, series_with
from clinic.reminders.states import Kind
from patients.changes import when_answers_are_sent

TOLD: Final[dict[str, Read]] = {
    Kind.NEXT_MORNING: read_next_morning,
    Kind.MISSED: read_missed,
    Kind.HALFWAY: read_halfway,
    Kind.FINISHED: read_finished,
    Kind.HOME: read_home,
    Kind.TOMORROW: read_tomorrow,
    Kind.REFERRALS: read_referrals,
    Kind.UNSIGNED: read_unsigned,
    Kind.SCREENING: read_screening,
    Kind.REVIEWS: read_reviews,
}


def courses_tell() -> None:
    """To be called when the app is ready."""
    series_with(series_of_courses)
    for kind, read in TOLD.items():
        register_source(Source(read), kind)
    when_answers_are_sent(tell_of_sent_answers)
    go_round_with(tell_what_waits)
