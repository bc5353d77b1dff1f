"""What the first pages read besides what their apps already tell."""

from collections.abc import Collection
from typing import Final

from django.db.models import Q, QuerySet

from clinic.courses.models import Course
from clinic.courses.queries import courses_of
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor
from patients.care.relation import open_to

MOST_COURSES: Final = 8


def courses_found(actor: Actor, people: Collection[int], conditions: Collection[str]) -> QuerySet[Course]:
    """The newest eight courses of these people or for one of these conditions, whose records the actor may open. One query.

    The eight are chosen before anything is counted about them: a condition may have tens of thousands of courses.
    """
    wanted = Q(patient__in=people) | Q(condition__in=conditions)
    found = Course.objects.filter(wanted, open_to(actor, patient="patient"), clinic=actor.clinic, patient__restricted_on=None)
    newest = found.exclude(state=CourseState.DISCARDED).order_by("-pk").values("pk")[:MOST_COURSES]
    return courses_of(actor.clinic).filter(pk__in=newest)
