"""The pages of the patient register and of the intake form."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen, search_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.at_hand import at_hand
from clinic.web.replies import see_other, see_other_address
from patients import actions, queries
from patients.care.guard import may_open
from patients.care.relation import patients_open_to
from patients.forms import PatientForm
from patients.found_rows import found_rows
from patients.models import Patient
from patients.panels import panels_for
from patients.permissions import REGISTER, can_import, can_take_intake
from patients.record_page import record_page
from patients.referral_lines import referral_lines
from patients.summary import document_lines, health_summary
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.answers import Answers, Faults


@roles_allowed(*REGISTER)
@require_safe
def patient_list(request: StaffRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    page = queries.page_of_patients(request.clinic, query, request.GET.get("page", "1"))
    similar = queries.similar_spellings(request.clinic, query, page)
    if query and request.method == "GET":
        search_seen(actor=request.actor, found=[*page.object_list, *similar])
    context: dict[str, Any] = {"page": page, "rows": found_rows(page.object_list), "similar": found_rows(similar)}
    context |= {"query": query, "page_query": urlencode({"q": query}) + "&"}
    context["may_import"] = can_import(request.actor)
    if can_take_intake(request.actor):
        waiting = queries.whose_intakes_wait(request.clinic)
        context["waiting"] = len(patients_open_to(request.actor, waiting)) if waiting else 0
    template = "patients/list.html#found" if request.GET.get("part") == "found" else "patients/list.html"
    return render(request, template, context)


@roles_allowed(*REGISTER)
def register_patient(request: StaffRequest) -> HttpResponse:
    if address := made_before(request):
        return see_other_address(address)
    form = PatientForm(request.POST or None, clinic=request.clinic, today=today(request))
    alike = _look_alikes(request, form)
    if form.is_bound and form.is_valid() and not alike:
        try:
            return see_other_address(once(request, lambda: _registered(request, form)))
        except actions.CardTaken as taken:
            form.add_error("card_number", taken.sentence)
        except SentDifferently as again:
            form.add_error(None, again.sentence)
    return form_page(request, "patients/form.html", {"form": form, "alike": alike, "patient": None})


def _registered(request: StaffRequest, form: PatientForm) -> str:
    patient = actions.register_patient(details=form.details(), messages=form.messages(), actor=request.actor)
    messages.success(request, _("%(name)s is registered with card %(card)s.") % {"name": patient.full_name, "card": patient.card_number})
    return reverse("patients:detail", args=[patient.pk])


@roles_allowed(*REGISTER)
def correct_patient(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    shown: dict[str, object] = {"patient": patient, "name": patient.full_name}
    form = PatientForm(request.POST or None, clinic=request.clinic, today=today(request), instance=patient)
    shown["alike"] = _look_alikes(request, form)
    if form.is_bound and form.is_valid() and not shown["alike"]:
        stored = queries.patient_or_404(request.clinic, pk)
        try:
            _corrected(request, stored, form)
        except actions.CardTaken as taken:
            form.add_error("card_number", taken.sentence)
            shown["patient"] = stored
        except actions.StalePatient as stale:
            form.refuse_stale(stale.sentence, stored)
            shown |= {"patient": stored, "stored": stored, "otherwise": form.saved_otherwise(stored)}
        else:
            messages.success(request, _("The record is saved."))
            return see_other("patients:detail", pk)
    return form_page(request, "patients/form.html", {"form": form, **shown})


def _corrected(request: StaffRequest, stored: Patient, form: PatientForm) -> None:
    version = form.cleaned_data["version"] or 0
    actions.correct_patient(patient=stored, details=form.details(), version=version, messages=form.messages(), actor=request.actor)


@roles_allowed(*REGISTER)
@require_safe
def patient_detail(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    on, actor = today(request), request.actor
    reads = may_open(request, patient)
    panels = panels_for(patient, actor, reads_record=reads)
    shown = [each for _template, each in panels.above + panels.below]
    context = record_page(patient, on=on, actor=actor) | {"panels": panels, "is_led": any(each.get("leads") for each in shown)}
    context["is_outside"] = can_take_intake(actor) and not reads
    if reads:
        library, names = library_in_force(request.clinic), names_in_force(request.clinic)
        documents = queries.documents_of(patient)
        context["health"] = health_summary(patient, documents, library, names, on=on)
        context["documents"] = document_lines(patient, documents, library, names, on=on)
        context["referrals"] = referral_lines(at_hand(patient, queries.referrals_of), names, on=on)
    return render(request, "patients/detail.html", context)


def patient_seen(request: StaffRequest, pk: int) -> Patient:
    """This clinic's patient; opening a page about somebody leaves a line of who looked.

    Sending a form leaves its own line, unless it is refused: then ``form_page`` shows the patient again.
    """
    patient = queries.patient_or_404(request.clinic, pk)
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient)
    return patient


def who(request: StaffRequest, patient: Patient) -> dict[str, object]:
    """The patient and the age at the clinic's day, for the banner."""
    return {"patient": patient, "age": queries.age_on(patient, today(request))}


def known_answers(request: StaffRequest, patient: Patient) -> Answers:
    """What the record knows today. Where an answer no longer fits the library, the person is told and nothing counts as known."""
    try:
        return queries.answers_on(patient, library_in_force(request.clinic), today(request))
    except Faults:
        messages.warning(request, _("An answer in the record no longer fits, so nothing counts as known here. Take the intake again."))
        return Answers({})


def _look_alikes(request: StaffRequest, form: PatientForm) -> tuple[queries.LookAlike, ...]:
    """Who may be the same person as on a form that could be saved, unless somebody has said that it is somebody else."""
    if not form.is_bound or not form.is_valid() or form.cleaned_data["is_somebody_else"] or not form.names_somebody_else():
        return ()
    return queries.look_alikes(request.clinic, form.cleaned_data, but=form.instance.pk)


def form_page(request: StaffRequest, template: str, context: dict[str, object], *, changes_it: bool = True) -> HttpResponse:
    """A page with a form: 422 where it is refused, which is a look at the patient too.

    A form that ``changes_it`` is not shown of a record that nothing is added to any more.
    """
    form, patient = context["form"], context["patient"]
    if isinstance(patient, Patient):
        if request.method == "POST":
            read_seen(actor=request.actor, patient=patient)
        if changes_it and patient.restricted_on:
            return kept_only(request, patient)
    return render(request, template, context, status=422 if getattr(form, "errors", None) else 200)


def kept_only(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Instead of a form that would be refused when it is sent: the record is kept because it must be, and for nothing else."""
    return render(request, "patients/kept_only.html", who(request, patient), status=200 if request.method == "GET" else 403)
