"""The page of the studio."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.presentation import Presenter
from clinic.courses.studio.page import beside_steps, looked_at, open_step
from clinic.courses.studio.permissions import can_change_by_hand
from clinic.courses.studio.queries.drafts import desk_for
from clinic.courses.studio.views.replies import desk_reply
from clinic.courses.views.common import course_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from patients.views import who
from protocols.language import page_names
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan
from protocols.shelf import shipped_library


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
    if request.GET.get("part") == "choices":
        return render(request, "studio/_choices.html", open_step(desk, looked))
    if request.GET.get("part") == "beside":
        return render(request, "studio/beside/_panels.html", beside_steps(desk, looked))
    return desk_reply(request, desk, looked)


def _closed(request: StaffRequest, course: Course, why: str) -> HttpResponse:
    presenter = Presenter(shipped_library(), page_names())
    names = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    return render(request, "studio/closed.html", {**who(request, course.patient), **names, "course": course, "why": why})
