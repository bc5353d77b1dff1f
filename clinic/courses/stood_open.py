"""Whether a course stood open on a day that is over: as far as its moves and its signatures tell. For what is entered afterwards."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.gates import is_therapeutic, subject_of
from clinic.courses.models import Course, ScreeningRecord
from clinic.courses.states import CourseState
from clinic.signing.models import Meaning, Signature

OPEN: Final = frozenset({CourseState.RUNNING, CourseState.SIGNED})


def was_closed_on(course: Course, day: date) -> str:
    """Why no session can have been given on that day, in a sentence; "" where one can.

    Open is a course that ran or was signed at any time of that day; a preventive one also as a draft that was planned by then.
    """
    begins = datetime.combine(day, time.min, tzinfo=course.clinic.zone)
    ends = begins + timedelta(days=1)
    if not ScreeningRecord.objects.filter(course=course, made_at__lt=ends).exists():
        return _("This course was not planned yet on that day.")
    if is_therapeutic(course) and not _was_signed_before(course, ends):
        return _("No doctor had signed this course by that day.")
    if _states_of(course, begins, ends) & (OPEN if is_therapeutic(course) else OPEN | {CourseState.DRAFT}):
        return ""
    return _("This course did not stand open on that day: it was not signed, or it was paused, suspended or over.")


def _was_signed_before(course: Course, ends: datetime) -> bool:
    words = (Meaning.APPROVED, Meaning.RECORDED_PAPER)
    return Signature.objects.filter(subject=subject_of(course), clinic_id=course.clinic_id, meaning__in=words, signed_at__lt=ends).exists()


def _states_of(course: Course, begins: datetime, ends: datetime) -> frozenset[str]:
    """Every state in which the course was between these moments."""
    moves = list(course.moves.order_by("pk"))
    at_first = next((move.before for move in moves if move.at >= begins), course.state)
    return frozenset({at_first, *(move.after for move in moves if begins <= move.at < ends)})
