"""What clinicians of the clinic have said about what a plan rests on, on paper."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.reviewed import reviews_of
from clinic.courses.prints.paper import capital
from protocols.method.findings import Screening
from protocols.presentation.reviews import ReviewRow


def printed_reviews(course: Course, screening: Screening, presenter: InOneLanguage) -> list[str]:
    """One line for the stage, the condition and each rule that holds: where its review stands, who said so and when."""
    lines = [f"{capital(row.title)}: {row.mark.word}{_by(row, course)}" for row in reviews_of(course, screening, presenter)]
    return lines or [_("This plan was made with other content of the library than today's, so today's reviews say nothing about it.")]


def _by(row: ReviewRow, course: Course) -> str:
    if row.last is None:
        return ""
    changed = f"{_('changed since')} " if row.is_outdated else ""
    day = date_format(timezone.localtime(row.last.at, course.clinic.zone), "SHORT_DATE_FORMAT")
    return f" ({changed}{row.last.by.full_name}, {day})"
