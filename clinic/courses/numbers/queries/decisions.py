"""Where people decided otherwise than was proposed, and why courses were stopped."""

from typing import NamedTuple

from django.db.models import Count

from clinic.courses.models import AdaptationChoice, CourseMove
from clinic.courses.numbers.asked import Asked
from clinic.staff.models import Clinic


class Chosen(NamedTuple):
    """So many proposals that were taken as they were, or edited for one reason."""

    is_edited: bool
    reason: str
    number: int


class Stopped(NamedTuple):
    """So many courses that went to one state for one reason."""

    after: str
    reason: str
    number: int


def choices_made(clinic: Clinic, asked: Asked) -> tuple[Chosen, ...]:
    """Decisions about proposals for a next session, in the span. One query."""
    narrow = {"by": asked.therapist} if asked.therapist else {}
    begin, end = asked.moments(clinic.zone)
    found = AdaptationChoice.objects.filter(course__clinic=clinic, at__gte=begin, at__lt=end, **narrow).order_by("is_edited", "reason")
    return tuple(Chosen(*row) for row in found.values_list("is_edited", "reason").annotate(count=Count("pk")))


def stops_made(clinic: Clinic, asked: Asked) -> tuple[Stopped, ...]:
    """Changes of a course's state that were given a reason, in the span. One query."""
    narrow = {"course__therapist": asked.therapist} if asked.therapist else {}
    begin, end = asked.moments(clinic.zone)
    found = CourseMove.objects.filter(course__clinic=clinic, at__gte=begin, at__lt=end, **narrow).exclude(reason="")
    return tuple(Stopped(*row) for row in found.order_by("after", "reason").values_list("after", "reason").annotate(count=Count("pk")))
