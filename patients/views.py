"""The pages of the patient register and of the intake form."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other, see_other_address
from patients import actions, queries
from patients.forms import PatientForm
from patients.models import Patient
from patients.panels import panels_for
from patients.permissions import REGISTER, can_take_intake
from patients.summary import document_lines, health_summary
from protocols.language import page_names
from protocols.method.answers import Answers, Faults
from protocols.shelf import shipped_library


@roles_allowed(*REGISTER)
@require_safe
def patient_list(request: StaffRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    page = queries.page_of_patients(request.clinic, query, request.GET.get("page", "1"))
    return render(request, "patients/list.html", {"page": page, "query": query, "page_query": urlencode({"q": query}) + "&"})


@roles_allowed(*REGISTER)
def register_patient(request: StaffRequest) -> HttpResponse:
    if address := made_before(request):
        return see_other_address(address)
    form = PatientForm(request.POST or None, clinic=request.clinic, today=today(request))
    alike = _look_alikes(request, form) if form.is_bound and form.is_valid() else ()
    if form.is_bound and form.is_valid() and (not alike or form.cleaned_data["is_somebody_else"]):
        try:
            return see_other_address(once(request, lambda: _registered(request, form)))
        except actions.CardTaken as taken:
            form.add_error("card_number", taken.sentence)
        except SentDifferently as again:
            form.add_error(None, again.sentence)
    return form_page(request, "patients/form.html", {"form": form, "alike": alike, "patient": None})


def _registered(request: StaffRequest, form: PatientForm) -> str:
    patient = actions.register_patient(details=form.details(), actor=request.actor)
    messages.success(request, _("%(name)s is registered with card %(card)s.") % {"name": patient.full_name, "card": patient.card_number})
    return reverse("patients:detail", args=[patient.pk])


@roles_allowed(*REGISTER)
def correct_patient(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    name = patient.full_name
    form = PatientForm(request.POST or None, clinic=request.clinic, today=today(request), instance=patient)
    if form.is_bound and form.is_valid():
        stored = queries.patient_or_404(request.clinic, pk)
        try:
            actions.correct_patient(patient=stored, details=form.details(), version=form.cleaned_data["version"] or 0, actor=request.actor)
        except actions.CardTaken as taken:
            form.add_error("card_number", taken.sentence)
            return form_page(request, "patients/form.html", {"form": form, "patient": stored, "name": name})
        except actions.StalePatient as stale:
            form.add_error(None, stale.sentence)
            return form_page(request, "patients/form.html", {"form": form, "patient": stored, "name": name, "stored": stored})
        messages.success(request, _("The record is saved."))
        return see_other("patients:detail", pk)
    return form_page(request, "patients/form.html", {"form": form, "patient": patient, "name": name})


@roles_allowed(*REGISTER)
@require_safe
def patient_detail(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    context = {"patient": patient, "age": queries.age_on(patient, today(request)), "panels": panels_for(patient, request.actor)}
    if can_take_intake(request.actor):
        context["documents"] = document_lines(patient, shipped_library(), page_names(), on=today(request))
        context["health"] = health_summary(patient, shipped_library(), page_names(), on=today(request))
    return render(request, "patients/detail.html", context)


def patient_seen(request: StaffRequest, pk: int) -> Patient:
    """This clinic's patient; opening a page about somebody leaves a line of who looked.

    Sending a form leaves its own line, unless it is refused: then ``form_page`` shows the patient again.
    """
    patient = queries.patient_or_404(request.clinic, pk)
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient)
    return patient


def known_answers(request: StaffRequest, patient: Patient) -> Answers:
    """What the record knows today. Where an answer no longer fits the library, the person is told and nothing counts as known."""
    try:
        return queries.answers_on(patient, shipped_library(), today(request))
    except Faults:
        messages.warning(request, _("An answer in the record no longer fits, so nothing counts as known here. Take the intake again."))
        return Answers({})


def _look_alikes(request: StaffRequest, form: PatientForm) -> tuple[object, ...]:
    data = form.cleaned_data
    return queries.look_alikes(request.clinic, family_name=data["family_name"], given_name=data["given_name"], born_on=data["born_on"])


def form_page(request: StaffRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A page with a form: 422 where it is refused, which is a look at the patient too."""
    form, patient = context["form"], context["patient"]
    if request.method == "POST" and isinstance(patient, Patient):
        read_seen(actor=request.actor, patient=patient)
    return render(request, template, context, status=422 if getattr(form, "errors", None) else 200)
