"""What a review reads besides measures: what was made of proposals, lost sessions, and what the doctor last decided."""

from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from clinic.courses.models import AdaptationChoice, Course, CourseReview, SessionMove
from clinic.courses.states import SessionState
from clinic.web.prepared import Prepared


def choices_of(course: Course) -> tuple[AdaptationChoice, ...]:
    """What therapists decided about proposals, the newest first, of each session the choice that stands. One query."""
    rows = AdaptationChoice.objects.filter(course=course).select_related("by").order_by("pk")
    return tuple(reversed({row.after_session: row for row in rows}.values()))


def lost_sessions(course: Course) -> int:
    """How many times a session was missed or cancelled late. One query."""
    lost = SessionMove.objects.filter(session__course=course, after__in=(SessionState.MISSED, SessionState.CANCELLED))
    return lost.count()


def last_decision_on(course: Course) -> date | None:
    """The clinic's day on which a doctor last decided about the course; None where none has. One query."""
    for (newest,) in _DECIDED.rows("", course=course.pk):
        day: date = newest.astimezone(course.clinic.zone).date()
        return day
    return None


def _decided(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    return CourseReview.objects.filter(course=course, decided_at__isnull=False).order_by("-decided_at").values_list("decided_at")[:1]


_DECIDED: Final = Prepared(_decided)
