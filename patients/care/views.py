"""Opening a record from outside of care, giving it back, judging that; care by hand; the clinic's rule; unusual looks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.audit.actions import read_seen, search_seen
from clinic.audit.pages import page_name
from clinic.audit.queries import kind_of_look
from clinic.staff.identity import identity_proved_again
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.sending import once
from clinic.web.replies import see_other, see_other_address
from clinic.web.undoing import done_with_undo
from patients.care import actions, queries
from patients.care.actions.opening import OPEN_FOR
from patients.care.forms import JudgeForm, MemberForm, OpenForm, RuleForm
from patients.care.guard import opens_outside_care
from patients.care.permissions import ARRANGE, JUDGE, OPEN, READ_RULE, can_judge, can_set_rule, check_can_arrange_care
from patients.care.relation import by_role, in_care, standing_to
from patients.care.unusual import unusual_looks
from patients.models import BreakGlass, Patient
from patients.queries import age_on, patient_or_404


# A record is opened from outside -----------------------------------------------------------------------------------------------
@roles_allowed(*OPEN)
@identity_proved_again
@opens_outside_care
@require_http_methods(["GET", "POST"])
def open_from_outside(request: StaffRequest, pk: int) -> HttpResponse:
    """The page on which somebody says why; for whom the record is open already, the way to it."""
    patient = patient_or_404(request.clinic, pk)
    after = _wanted(request, patient)
    standing = standing_to(request.actor, patient.pk) if by_role(request.actor) is None else None
    if standing is None or standing.may_open:
        messages.info(request, _("This record is open to you."))
        return see_other_address(after)
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.open_record(patient=patient, reason=form.cleaned_data["reason"], words=form.cleaned_data["words"], actor=request.actor)
        messages.success(request, _("The record is open to you for an hour. The clinical lead is told."))
        return see_other_address(after)
    read_seen(actor=request.actor, patient=patient)
    minutes = int(OPEN_FOR.total_seconds() // 60)
    context = {"form": form, "patient": patient, "age": age_on(patient, request.clinic.today()), "wanted": after, "minutes": minutes}
    return render(request, "care/open.html", context, status=422 if form.errors else 200)


def _wanted(request: StaffRequest, patient: Patient) -> str:
    """The page that was asked for, within Tactus, else that of the patient."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else reverse("patients:detail", args=[patient.pk])


@roles_allowed(*OPEN)
@opens_outside_care
@require_POST
def close_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Gives the record back before its hour is over."""
    patient = patient_or_404(request.clinic, pk)
    actions.close_record(glass=queries.own_opening_or_404(patient, request.actor), actor=request.actor)
    if in_care(request.actor, patient):  # what somebody began in the hour, a course for one, brings into care
        messages.info(request, _("What you opened is closed. The record stays open to you: you are in the care of this patient by now."))
    else:
        messages.success(request, _("The record is closed to you again."))
    return see_other("patients:detail", pk)


# And judged --------------------------------------------------------------------------------------------------------------------
@roles_allowed(*JUDGE)
@require_safe
def opened(request: StaffRequest) -> HttpResponse:
    """Every record that was opened from outside: first what waits to be judged."""
    page = queries.opened_page(request.clinic, request.GET.get("page", "1"))
    if request.method == "GET" and page.object_list:
        search_seen(actor=request.actor, found=sorted({each.patient_id for each in page.object_list}))
    rows = [(each, can_judge(each, request.actor)) for each in page.object_list]
    return render(request, "care/opened.html", {"page": page, "rows": rows})


@roles_allowed(*JUDGE)
@require_http_methods(["GET", "POST"])
def judge(request: StaffRequest, pk: int) -> HttpResponse:
    """Why it was opened, what was looked at meanwhile, and whether that was right."""
    glass = queries.opening_or_404(request.clinic, pk)
    form = JudgeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        actions.judge_opening(glass=glass, is_justified=said["verdict"], words=said["words"], actor=request.actor)
        messages.success(request, _("Your word is kept with the record."))
        return see_other("care:opened")
    return _judge_page(request, glass, form)


def _judge_page(request: StaffRequest, glass: BreakGlass, form: JudgeForm) -> HttpResponse:
    read_seen(actor=request.actor, patient=glass.patient)
    looks = queries.looks_while_open(glass)
    context = {
        "glass": glass,
        "form": form,
        "may_judge": can_judge(glass, request.actor),
        "inside": queries.in_care_by_now(glass.user, glass.patient),
        "looks": [(look.at, kind_of_look(look.kind), page_name(look.page)) for look in looks],
    }
    return render(request, "care/judge.html", context, status=422 if form.errors else 200)


@roles_allowed(*JUDGE)
@require_safe
def unusual(request: StaffRequest) -> HttpResponse:
    """Looks of the last weeks that somebody should ask about. Whose records they name is written down."""
    found = unusual_looks(request.clinic)
    if request.method == "GET" and (named := found.patients()):
        search_seen(actor=request.actor, found=named)
    return render(request, "care/unusual.html", {"found": found})


# Care by hand ------------------------------------------------------------------------------------------------------------------
@roles_allowed(*ARRANGE)
@require_http_methods(["GET", "POST"])
def put_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Chooses a colleague who is in the patient's care from now on."""
    patient = patient_or_404(request.clinic, pk)
    check_can_arrange_care(patient, request.actor)
    form = MemberForm(request.POST if request.method == "POST" else None, patient=patient, actor=request.user)
    if form.is_bound and form.is_valid():
        return see_other_address(once(request, lambda: _put_in(request, patient, form)))
    read_seen(actor=request.actor, patient=patient)
    context: dict[str, Any] = {"form": form, "patient": patient, "age": age_on(patient, request.clinic.today())}
    return render(request, "care/put_in.html", context, status=422 if form.errors else 200)


def _put_in(request: StaffRequest, patient: Patient, form: MemberForm) -> str:
    colleague = form.cleaned_data["user"]
    actions.put_into_care(patient=patient, user=colleague, actor=request.actor)
    messages.success(request, _("%(name)s is in the care of this patient now.") % {"name": colleague.full_name})
    return reverse("patients:detail", args=[patient.pk])


@roles_allowed(*ARRANGE)
@require_POST
def take_off(request: StaffRequest, pk: int, member: int) -> HttpResponse:
    """Takes somebody off; the page of the patient offers the way back for a day."""
    found = queries.member_or_404(patient_or_404(request.clinic, pk), member)
    actions.take_off_care(member=found, actor=request.actor)
    sentence = _("%(name)s is no longer in the care of this patient by hand.") % {"name": found.user.full_name}
    done_with_undo(request, sentence, reverse("care:put-back", args=[pk, member]))
    return see_other("patients:detail", pk)


@roles_allowed(*ARRANGE)
@require_POST
def put_back(request: StaffRequest, pk: int, member: int) -> HttpResponse:
    """Takes a removal back."""
    found = queries.member_or_404(patient_or_404(request.clinic, pk), member)
    actions.restore_to_care(member=found, actor=request.actor)
    messages.success(request, _("%(name)s is in the care of this patient again.") % {"name": found.user.full_name})
    return see_other("patients:detail", pk)


# The rule ----------------------------------------------------------------------------------------------------------------------
@roles_allowed(*READ_RULE)
@require_http_methods(["GET", "POST"])
def rule(request: StaffRequest) -> HttpResponse:
    """Who opens records at this clinic; an administrator changes it."""
    now = request.clinic.record_access
    form = RuleForm(request.POST if request.method == "POST" else None, initial={"rule": now, "before": now})
    if form.is_bound and form.is_valid():
        try:
            actions.set_record_access(**form.cleaned_data, actor=request.actor)
        except ActionDenied as denied:
            if not can_set_rule(request.actor):
                raise
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("The rule is saved. It holds from the next page on that anybody opens."))
            return see_other("care:rule")
    context = {"form": form, "may_set": can_set_rule(request.actor), "is_care_team": now == "care-team"}
    return render(request, "care/rule.html", context, status=422 if form.errors else 200)
