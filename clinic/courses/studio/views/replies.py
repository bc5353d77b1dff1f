"""What the studio answers: the part that changes, or the whole page; and limits in words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from clinic.courses.pinned import presenter_of
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.limits import LimitLine
from clinic.courses.studio.page import Looked, desk_context, looked_at, whole_page
from clinic.courses.studio.page_said import said_of
from clinic.courses.studio.page_why import limit_lines
from clinic.courses.views.common import note_refused
from clinic.staff.permissions import ActionDenied
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other_address
from patients.views import who
from protocols.method.editing import step_keys

CURVE_DEEDS: Final = ("curve", "restore-curve")


def desk_reply(request: StaffRequest, desk: Desk, looked: Looked, status: int = 200) -> HttpResponse:
    """The desk after an act: what changed on the page where a script asked for it, else the whole page."""
    if not request.htmx:
        return studio_page(request, desk, looked, status)
    return render(request, "studio/_desk.html", _context(request, desk, looked), status=status)


def studio_page(request: StaffRequest, desk: Desk, looked: Looked, status: int = 200) -> HttpResponse:
    """The whole page."""
    course, presenter, looked = desk.course, presenter_of(desk.course), replace(looked, beside="now")
    shown = {
        **who(request, course.patient),
        **_context(request, desk, looked),
        **whole_page(desk, looked),
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "screening": presenter.screening(desk.screening, course.outcome),
    }
    return render(request, "studio/plan.html", shown, status=status)


def _context(request: StaffRequest, desk: Desk, looked: Looked) -> Mapping[str, Any]:
    return {**desk_context(desk, looked), "typed": request.POST}


def done(request: StaffRequest, desk: Desk, sent: QueryDict, *, was: Desk) -> HttpResponse:
    """After an act that was obeyed: the part that changed, or the page at the place where it was done."""
    looked = looked_at(sent, desk)
    if request.htmx:
        return desk_reply(request, desk, replace(looked, said=said_of(was, desk, looked.session)))
    query = {"session": looked.session} | ({"step": looked.step} if looked.step else {})
    place = "curve" if sent.get("do") in CURVE_DEEDS else "at" if looked.step else "session"
    return see_other_address(f"{reverse('studio:plan', args=[desk.course.pk])}?{urlencode(query)}#{place}")


def elsewhere(request: StaffRequest, name: str, pk: int) -> HttpResponse:
    """To another page of this course, whether a script asked or a form was sent."""
    address = reverse(name, args=[pk])
    return HttpResponseClientRedirect(address) if request.htmx else see_other_address(address)


def refused(request: StaffRequest, desk: Desk, sent: QueryDict, why: ActionDenied) -> HttpResponse:
    """The desk as it stands, with why an act was not obeyed; everything that was typed is kept."""
    note_refused(request, desk.course.patient)
    problems = getattr(why, "problems", ())
    presenter = presenter_of(desk.course)
    lines = limit_lines(desk, problems, presenter) or (LimitLine(why.sentence, "", "", ""),)
    looked = looked_at(sent, desk)
    return desk_reply(request, desk, replace(looked, refused=lines, at=_place(desk, looked, sent)), 422)


def _place(desk: Desk, looked: Looked, sent: QueryDict) -> str:
    """Where a refusal is told: at the curve, at the step that was meant, or, where that is not there, at the session."""
    if sent.get("do") in ("curve", "restore-curve"):
        return "curve" if desk.curve else ""
    steps = step_keys(desk.session(looked.session)) if desk.sessions else ()
    return step if (step := sent.get("step", "")) in steps else ""
