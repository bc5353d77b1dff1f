"""The pages of what a record means for the next session: the proposal, the day after, a reaction that somebody has read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.courses import actions
from clinic.courses.day.forms.after import NextDayForm, ProposalForm
from clinic.courses.day.queries.after import After, after_of
from clinic.courses.day.queries.recording import record_or_404
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import names_of, presenter_of
from clinic.courses.queries import course_or_404
from clinic.courses.views.common import note_look, note_refused
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.replies import see_other_address
from patients.views import who


@roles_allowed(*PLAN)
def proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """What is proposed for the next session: read, accepted in one tap, or edited with a reason."""
    course = course_or_404(request.clinic, pk)
    note_look(request, course.patient)
    if request.method == "POST" and request.POST.get("way") == "accept":
        actions.choose_adaptation(course=course, seen=words_sent(request, "seen"), actor=request.actor)
        messages.success(request, _("Accepted. The next session is given like this."))
        return _back(request, course)
    after = after_of(course, names_of(course))
    form = _form(course, after, request.POST if request.method == "POST" else None)
    if form is not None and form.is_bound and form.is_valid():
        try:
            _choose(request, course, form)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("Edited. The next session is given like this."))
            return _back(request, course)
    return _proposal_page(request, course, after, form)


def _choose(request: StaffRequest, course: Course, form: ProposalForm) -> None:
    data = form.cleaned_data
    about: dict[str, Any] = {"reason": data["reason"], "note": data["note"], "seen": words_sent(request, "seen")}
    actions.choose_adaptation(course=course, wanted=form.wanted(), **about, actor=request.actor)


def _form(course: Course, after: After, data: Any) -> ProposalForm | None:
    """None where nothing was given yet, or the record makes no plan."""
    if after.plain is None or not after.found.after:
        return None
    return ProposalForm(data, found=after.found, plain=after.plain, hurt_at=after.hurt_at, names=names_of(course))


def _proposal_page(request: StaffRequest, course: Course, after: After, form: ProposalForm | None) -> HttpResponse:
    note_refused(request, course.patient)
    context = {**_named(request, course), "after": after, "card": after.card, "form": form, "next": _next(request)}
    return render(request, "day/proposal.html", context, status=422 if form and form.errors else 200)


def _named(request: StaffRequest, course: Course) -> dict[str, Any]:
    presenter = presenter_of(course)
    named = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    return {**who(request, course.patient), "course": course, **named}


@roles_allowed(*PLAN)
def next_day(request: StaffRequest, pk: int) -> HttpResponse:
    """How the day after a session was."""
    record = record_or_404(request.clinic, pk)
    course = record.session.course
    note_look(request, course.patient)
    form = NextDayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.answer_next_day(record=record, answer=form.said(), on=today(request), actor=request.actor)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("Recorded. It counts for the next session."))
            return _back(request, course)
    note_refused(request, course.patient)
    answers = tuple(record.next_days.select_related("by").order_by("-pk"))
    context = {**_named(request, course), "record": record, "form": form, "answers": answers, "next": _next(request)}
    context["is_early"] = today(request) <= record.given_on
    return render(request, "day/next_day.html", context, status=422 if form.errors else 200)


@roles_allowed(*PLAN)
@require_POST
def acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody has read what followed a session."""
    record = record_or_404(request.clinic, pk)
    try:
        actions.acknowledge_reaction(record=record, note=words_sent(request, "note"), seen=words_sent(request, "seen"), actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
    else:
        messages.success(request, _("Acknowledged under your name."))
    return _back(request, record.session.course)


def _back(request: StaffRequest, course: Course) -> HttpResponse:
    """To the page that sent the form, when it is one of ours; else to the proposal."""
    target = _next(request)
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = reverse("day:proposal", args=[course.pk])
    return see_other_address(target)


def _next(request: StaffRequest) -> str:
    """Where to go afterwards, as the page that led here says."""
    return request.POST.get("next", request.GET.get("next", ""))[:200]
