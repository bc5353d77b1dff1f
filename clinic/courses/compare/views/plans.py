"""Two plans of one patient side by side. Nothing is ever kept here."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.courses.compare.asked import OWN, CompareAsked, compare_asked
from clinic.courses.compare.page import ComparedPage, choices_for
from clinic.courses.compare.pairs import NothingToCompare, TwoPlans, beside_other, other_protocol, two_plans
from clinic.courses.forms import refuse
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of
from clinic.courses.views.common import condition_or_404, course_seen, stage_or_404
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from patients.views import who
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan


@roles_allowed(*PLAN)
@require_safe
def plans(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan of a course beside what the address names: its protocol, what was signed, the last session, a stage, a protocol."""
    course = course_seen(request, pk)
    library, names = library_of(course), names_of(course)
    stage_or_404(condition_or_404(library, course.condition), course.stage)
    asked = compare_asked(request.GET, course.condition)
    context = {
        **who(request, course.patient),
        "course": course,
        "asked": asked,
        "condition_name": names.of("conditions", course.condition),
        "stage_name": names.of("stages", f"{course.condition}/{course.stage}"),
        "choices": choices_for(course, library, names, asks=asked),
        **(_compared(course, asked, request.GET) if asked.kind else {}),
    }
    return render(request, "compare/plans.html", context)


def _compared(course: Course, asked: CompareAsked, query: QueryDict) -> dict[str, Any]:
    """What the page says; a sentence where there is no other plan, a form where its protocol asks for more than is known."""
    if asked.kind not in OWN:
        return _beside_protocol(course, asked, query)
    try:
        made = two_plans(course, asked)
    except NothingToCompare as nothing:
        return {"nothing": nothing.sentence}
    except (Faults, UnsafePlan):
        return {"nothing": _("An answer in the record no longer fits this plan. Plan it again before you compare.")}
    return _page(course, made, asked, query)


def _beside_protocol(course: Course, asked: CompareAsked, query: QueryDict) -> dict[str, Any]:
    library, names = library_of(course), names_of(course)
    condition = condition_or_404(library, asked.condition)
    if stage_or_404(condition, asked.stage).treatment is None:
        return {"nothing": _("This stage is not massaged: there is no plan to compare with.")}
    supposed = other_protocol(course, asked, query, library, names)
    if not supposed.is_valid:
        is_typed = any(name in query for name in supposed.form.fields)
        return {"form": supposed.form if is_typed else supposed.fresh_form(), "is_asking": True}
    try:
        made = beside_other(course, supposed, names)
    except (Faults, UnsafePlan) as refused:
        refuse(supposed.form, refused)
        return {"form": supposed.form, "is_asking": True}
    return {"form": supposed.form, **_page(course, made, asked, query)}


def _page(course: Course, made: TwoPlans, asked: CompareAsked, query: QueryDict) -> dict[str, Any]:
    return ComparedPage(made, asked, query, library_of(course), names_of(course)).context()
