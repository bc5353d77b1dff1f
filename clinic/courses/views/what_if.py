"""What if: the same patient with another stage, other inputs or other answers, beside the saved plan. Nothing is ever kept here."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.courses import actions, queries
from clinic.courses.forms import refuse
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of
from clinic.courses.presentation.differences import DifferencePresenter
from clinic.courses.presentation.stage_choice import StagePresenter
from clinic.courses.presentation.two_curves import two_curves
from clinic.courses.states import CourseState
from clinic.courses.supposed import supposed_plan
from clinic.courses.supposing import Supposition
from clinic.courses.views.common import condition_or_404, course_seen, stage_or_404
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other
from patients.queries import answers_on
from patients.questionnaire import with_replies
from patients.views import who
from protocols.comparing import Planned, StoredCourse, compare_courses
from protocols.method.answers import Answers, Faults
from protocols.method.plans import UnsafePlan


@roles_allowed(*PLAN)
@require_safe
def what_if(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk)
    library, names = library_of(course), names_of(course)
    condition = condition_or_404(library, course.condition)
    stage_or_404(condition, course.stage)
    try:
        record = answers_on(course.patient, library, course.planned_on)
    except Faults:
        messages.error(request, _("An answer in the record no longer fits. Take the intake again before you compare."))
        return see_other("courses:detail", pk)
    supposed = Supposition(request.GET, kept=actions.request_of(course), condition=condition, library=library, names=names)
    context = {
        **who(request, course.patient),
        **_difference(request, course, supposed, record),
        "course": course,
        "supposed": supposed,
        "condition_name": names.of("conditions", condition.code),
        "stage_name": names.of("stages", f"{condition.code}/{course.stage}"),
        "facts": supposed.supposed_facts(record),
        "groups": supposed.groups(record),
        "find": request.GET.get("find", "")[:100],
        "cards": StagePresenter(library, names).cards(condition, _inputs(supposed), _supposed_answers(course, supposed, record)),
    }
    return render(request, "courses/what_if.html", context, status=422 if supposed.has_errors else 200)


def _difference(request: StaffRequest, course: Course, supposed: Supposition, record: Answers) -> dict[str, Any]:
    """What the page says about the two plans; nothing while nothing is supposed or something has to be mended."""
    if not supposed.is_valid or not supposed.is_changed:
        return {}
    saved = StoredCourse(queries.screening_of(course), queries.course_plan_of(course), queries.sessions_of(course))
    try:
        made = supposed_plan(course, supposed.wanted, with_replies(library_of(course), record, supposed.replies))
    except (Faults, UnsafePlan) as refused:
        refuse(supposed.form, refused)
        return {}
    return _compared(request, course, supposed, (saved, made))


def _compared(request: StaffRequest, course: Course, supposed: Supposition, plans: tuple[Planned, Planned]) -> dict[str, Any]:
    saved, made = plans
    presenter = DifferencePresenter(library_of(course), names_of(course))
    found = compare_courses(saved, made)
    both = min(len(saved.sessions), len(made.sessions))
    number = _session_number(request.GET.get("session", ""), saved, both)
    one = presenter.one_session(saved.sessions[number - 1], made.sessions[number - 1], found.session(number)) if both else None
    changed = {each for each, _rows in found.sessions}
    return {
        "difference": presenter.course(saved, made, found),
        "session": one,
        "session_links": [(each, supposed.at_session(each), each == number, each in changed) for each in range(1, both + 1)],
        "curves": two_curves(saved.sessions, made.sessions),
        "plan_address": _plan_address(course, supposed),
    }


def _session_number(text: str, saved: Planned, both: int) -> int:
    """The session asked for; by default the first of the working phase, where the most is done."""
    if text.isascii() and text.isdigit() and len(text) < 5:
        return min(max(int(text), 1), max(both, 1))
    working = next((session.number for session in saved.sessions if session.phase == "working"), 1)
    return min(working, max(both, 1))


def _plan_address(course: Course, supposed: Supposition) -> str:
    """Where to plan what was supposed: the course's own form, or that of a new course in that stage. Answers are recorded elsewhere."""
    query = f"?{supposed.to_plan()}"
    if queries.takes_another_stage(course):
        return f"{reverse('courses:edit', args=[course.pk])}{query}&{urlencode({'stage': supposed.stage.code})}"
    if supposed.stage.code == course.stage:
        return reverse("courses:edit", args=[course.pk]) + query if course.state == CourseState.DRAFT else ""
    return reverse("courses:new-plan", args=[course.patient_id, course.condition, supposed.stage.code]) + query


def _inputs(supposed: Supposition) -> dict[str, Any]:
    """The inputs as far as they are right, for the warnings beside the stages."""
    return supposed.form.answered()


def _supposed_answers(course: Course, supposed: Supposition, record: Answers) -> Answers:
    return with_replies(library_of(course), record, supposed.replies) if supposed.facts.is_valid() else record
