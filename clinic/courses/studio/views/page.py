"""The page of the studio."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.page import Looked, beside_steps, left_out_part, looked_at, open_step, zones_part
from clinic.courses.studio.permissions import can_change_by_hand
from clinic.courses.studio.queries.drafts import desk_for
from clinic.courses.studio.views.replies import desk_reply
from clinic.courses.views.common import course_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from patients.views import who
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan

# What is fetched on its own, when it is wanted: its template, and what that shows.
PARTS: Final[Mapping[str, tuple[str, Callable[[Desk, Looked], Mapping[str, Any]]]]] = {
    "choices": ("studio/_choices.html", open_step),
    "beside": ("studio/beside/_panels.html", beside_steps),
    "zones": ("studio/_zones.html", zones_part),
    "left-out": ("studio/_left_out_lines.html", left_out_part),
}


@roles_allowed(*PLAN)
@require_safe
def plan_page(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan as this person is changing it; with htmx only the part that changes."""
    course = course_seen(request, pk)
    if not can_change_by_hand(request.actor, course):
        return _closed(request, course, "state")
    try:
        desk = desk_for(course, request.user, today(request))
    except (Faults, UnsafePlan):  # the page of the course says which answer no longer fits
        return _closed(request, course, "record")
    looked = looked_at(request.GET, desk)
    part = PARTS.get(request.GET.get("part", ""))
    if part is not None:
        template, context = part
        return render(request, template, context(desk, looked))
    return desk_reply(request, desk, looked)


def _closed(request: StaffRequest, course: Course, why: str) -> HttpResponse:
    presenter = presenter_of(course)
    names = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    return render(request, "studio/closed.html", {**who(request, course.patient), **names, "course": course, "why": why})
