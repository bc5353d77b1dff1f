"""One record is to be erased: asked for by one, decided by another."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.audit.actions import read_seen
from clinic.keeping.erasure import queries
from clinic.keeping.erasure.actions.asking import NotAsked, ask_for_erasure, withdraw_erasure
from clinic.keeping.erasure.actions.deciding import NotNow, decide_erasure, refuse_erasure
from clinic.keeping.erasure.forms import AskForm, DecideForm, RefuseForm
from clinic.keeping.erasure.permissions import ASK, DECIDE, READ, can_decide, can_withdraw
from clinic.keeping.models import Erasure
from clinic.signing.ceremony import entered_again
from clinic.staff.identity import identity_proved_again
from clinic.staff.permissions import has_role, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.staff.steps import take_step
from clinic.web.replies import see_other, see_other_address
from patients.queries import patient_or_404
from patients.views import form_page, patient_seen, who


@roles_allowed(*ASK)
@require_http_methods(["GET", "POST"])
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """What erasing this record would mean today, and the way to ask for it."""
    patient = patient_seen(request, pk)
    if address := made_before(request):
        return see_other_address(address)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _asked(request, pk, form)))
        except (NotAsked, SentDifferently) as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "plan": queries.plan_for(patient, today(request)), "waiting": queries.open_erasure_of(patient)}
    return form_page(request, "keeping/ask.html", {**context, **who(request, patient)}, changes_it=False)


def _asked(request: StaffRequest, pk: int, form: AskForm) -> str:
    erasure = ask_for_erasure(patient=patient_or_404(request.clinic, pk), words=form.cleaned_data["words"], actor=request.actor)
    messages.success(request, _("It is asked for. Somebody else decides about it."))
    return reverse("keeping:erasure", args=[erasure.pk])


@roles_allowed(*ASK)
@require_http_methods(["GET"])
def erasure(request: StaffRequest, pk: int) -> HttpResponse:
    """What was asked, what would be removed and what kept, and what came of it."""
    return _page(request, _seen(request, pk), DecideForm(), RefuseForm())


@roles_allowed(*DECIDE)
@require_POST
@identity_proved_again
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Erases, or restricts, what the page showed."""
    found, form = queries.erasure_or_404(request.clinic, pk), DecideForm(request.POST)
    if form.is_valid():
        shown, method = form.cleaned_data["shown"], entered_again(request) or ""
        try:
            decide_erasure(erasure=found, shown=shown, on=today(request), method=method, actor=request.actor)
        except (NotNow, NotAsked) as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("It is done. What was removed stands on this page."))
            return see_other("keeping:erasure", pk)
    return _page(request, _seen(request, pk), form, RefuseForm())


@roles_allowed(*DECIDE)
@require_POST
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Says no, with a reason."""
    found, form = queries.erasure_or_404(request.clinic, pk), RefuseForm(request.POST)
    if form.is_valid():
        words = _("It is refused. The record stays as it is.")
        answer = form.cleaned_data["answer"]
        take_step(request, lambda: refuse_erasure(erasure=found, answer=answer, actor=request.actor), words, unless=NotAsked)
        return see_other("keeping:erasure", pk)
    return _page(request, _seen(request, pk), DecideForm(), form)


@roles_allowed(*ASK)
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes back that it was asked for."""
    found = queries.erasure_or_404(request.clinic, pk)
    words = _("It is taken back. The record stays as it is.")
    take_step(request, lambda: withdraw_erasure(erasure=found, actor=request.actor), words, unless=NotAsked)
    return see_other("keeping:erasure", pk)


def _seen(request: StaffRequest, pk: int) -> Erasure:
    """The clinic's erasure; opening its page is a look at the patient, also where no name is left."""
    found = queries.erasure_or_404(request.clinic, pk)
    read_seen(actor=request.actor, patient=found.patient)
    return found


def _page(request: StaffRequest, found: Erasure, form: forms.Form, refusal: forms.Form) -> HttpResponse:
    patient, is_open = found.patient, found.state == Erasure.State.ASKED
    plan = queries.plan_for(patient, today(request)) if is_open else None
    if isinstance(form, DecideForm) and not form.is_bound and plan:
        form.initial["shown"] = plan.kept_until
    context = {
        "erasure": found, "patient": patient, "plan": plan, "form": form, "refusal": refusal,
        "done": queries.removed_of(found), "may_decide": is_open and can_decide(request.actor, found),
        "may_withdraw": is_open and can_withdraw(request.actor, found), "reads_lists": has_role(request.actor, *READ),
    }  # fmt: skip
    return render(request, "keeping/erasure.html", context, status=422 if form.errors or refusal.errors else 200)
