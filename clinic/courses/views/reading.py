"""The pages that show: the list of courses, one course with a session, and its way into the bin and back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.courses import actions, queries
from clinic.courses.permissions import PLAN
from clinic.courses.presentation import Presenter
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, standing, who
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from protocols.language import page_names
from protocols.shelf import shipped_library


@roles_allowed(*PLAN)
@require_safe
def course_list(request: StaffRequest) -> HttpResponse:
    page = queries.page_of_courses(request.clinic, request.GET.get("page", "1"))
    presenter = Presenter(shipped_library(), page_names())
    rows = [(course, presenter.condition(course), presenter.stage(course)) for course in page.object_list]
    return render(request, "courses/list.html", {"page": page, "rows": rows})


@roles_allowed(*PLAN)
@require_safe
def course_detail(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk)
    presenter = Presenter(shipped_library(), page_names())
    sessions, plan = queries.sessions_of(course), queries.course_plan_of(course)
    number = _session_number(request, len(sessions))
    context = {
        **who(request, course.patient),
        **standing(course, on=today(request)),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "screening": presenter.screening(queries.screening_of(course), course.outcome),
        "doses": presenter.doses(plan, sessions),
        "minutes": [round(session.total_seconds / 60) for session in sessions],
        "review_after": plan.review_after,
        "units": plan.units,
        "session": presenter.session(sessions[number - 1]) if sessions else None,
        "stop_rules": presenter.stop_rules(course),
    }
    return render(request, "courses/detail.html", context)


@roles_allowed(*PLAN)
@require_POST
def discard_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = actions.move_course(course=queries.course_or_404(request.clinic, pk), state=CourseState.DISCARDED, actor=request.actor)
    messages.info(request, _("The draft is discarded. You can bring it back below."))
    return see_other("patients:detail", course.patient_id)


@roles_allowed(*PLAN)
@require_POST
def restore_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = actions.move_course(course=queries.course_or_404(request.clinic, pk), state=CourseState.DRAFT, actor=request.actor)
    messages.success(request, _("The draft is back."))
    return see_other("courses:detail", course.pk)


def _session_number(request: HttpRequest, count: int) -> int:
    text = request.GET.get("session", "1")
    return min(max(int(text), 1), max(count, 1)) if text.isascii() and text.isdigit() and len(text) < 5 else 1
