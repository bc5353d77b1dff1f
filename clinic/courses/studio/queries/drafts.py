"""Drafts of a plan: one's own, and those of others."""

from datetime import date
from typing import Final

from django.shortcuts import get_object_or_404

from clinic.courses.models import Course, StudioDraft
from clinic.courses.studio.desk import Desk, desk_of
from clinic.staff.models import Clinic, User

READ_BY_AN_ACT: Final = ("clinic", "patient", "condition", "stage", "state", "version")


def course_on_desk(clinic: Clinic, pk: int) -> Course:
    """This clinic's course for an act, with no more of it than an act reads: the ground of the desk remembers the rest.

    A course of another clinic does not exist here. One query.
    """
    found = get_object_or_404(Course.objects.only(*READ_BY_AN_ACT), clinic=clinic, pk=pk)
    found.clinic = clinic
    return found


def drafts_of(course: Course) -> tuple[StudioDraft, ...]:
    """Every draft of the plan of this course in which anything counts, the newest first, each with its person. One query."""
    return tuple(StudioDraft.objects.filter(course=course, position__gt=0).select_related("by"))


def own_draft(course: Course, user: User) -> StudioDraft | None:
    """What this person is changing in the plan of this course, if anything. One query."""
    return StudioDraft.objects.filter(course=course, by=user).select_related("by").first()


def desk_for(course: Course, user: User, on: date) -> Desk:
    """The plan as this person is changing it on that day. Raises as ``desk_of`` does."""
    drafts = StudioDraft.objects.filter(course=course)
    own = next((draft for draft in drafts if draft.by_id == user.pk), None)
    if own is not None:
        own.by = user
    others = tuple(draft for draft in drafts if draft.by_id != user.pk and draft.position)
    return desk_of(course, own, on, others)
