"""The courses of a patient go over when two records are merged."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.courses.models import Course
from patients.merging import register_moved


def courses_move() -> None:
    """Says it once, when the app is ready."""
    register_moved(Course, _("Courses"), changed_since=_went_on)


def _went_on(courses: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """Courses that were planned again, moved to another state, given or agreed to after that moment."""
    given = Q(sessions__record__recorded_at__gt=at) | Q(sessions__moves__at__gt=at)
    return courses.filter(given | Q(planned_at__gt=at) | Q(moves__at__gt=at) | Q(consents__recorded_at__gt=at))
