"""The pages of the patient register and of the intake form."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import read_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other, see_other_address
from patients import actions, queries
from patients.fact_fields import FactsForm
from patients.forms import GateForm, GivenByForm, PatientForm
from patients.models import Patient
from patients.panels import panels_for
from patients.permissions import REGISTER, TREAT, can_take_intake
from patients.questionnaire import facts_to_ask, gate_questions
from patients.summary import asked_questions, document_lines, health_summary, intake_summary
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


@roles_allowed(*TREAT)
def intake_gate(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    draft, library = queries.intake_draft(patient), shipped_library()
    questions = gate_questions(library, queries.person(patient, today(request)))
    kept = queries.gate_to_start_from(patient, draft)
    form = GateForm(request.POST or None, questions=questions, names=page_names(), kept=kept)
    if form.is_bound and form.is_valid():
        replies = queries.replies_to_start_from(patient, draft)
        given_by = draft.given_by if draft else "patient"
        actions.keep_intake_draft(
            patient=patient, gate=form.gate(), replies=replies, edition=library.edition, given_by=given_by, actor=request.actor
        )
        return see_other("patients:intake-details", pk)
    return form_page(
        request, "patients/intake_gate.html", {"form": form, "patient": patient, "age": queries.age_on(patient, today(request))}
    )


@roles_allowed(*TREAT)
def intake_details(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    draft, library = queries.intake_draft(patient), shipped_library()
    if draft is None:
        return see_other("patients:intake", pk)
    person, kept = queries.person(patient, today(request)), queries.replies_of_draft(draft)
    facts = facts_to_ask(library, person, draft.gate, kept)
    form = FactsForm(request.POST or None, facts=facts, library=library, names=page_names(), kept=kept)
    if not facts or (form.is_bound and form.is_valid()):
        replies = {**kept, **(form.replies() if form.is_bound else {})}
        actions.keep_intake_draft(
            patient=patient, gate=draft.gate, replies=replies, edition=draft.edition, given_by=draft.given_by, actor=request.actor
        )
        more = set(facts_to_ask(library, person, draft.gate, replies)) - set(facts)
        if more:
            messages.info(request, _("The answers are kept. They open more questions: see “New” below."))
        return see_other("patients:intake-details" if more else "patients:intake-declaration", pk)
    return form_page(
        request, "patients/intake_details.html", {"form": form, "patient": patient, "age": queries.age_on(patient, today(request))}
    )


@roles_allowed(*TREAT)
def intake_declaration(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    draft, library = queries.intake_draft(patient), shipped_library()
    if draft is None:
        return see_other("patients:intake", pk)
    summary = intake_summary(draft, patient, library, page_names(), on=today(request))
    if summary.unanswered:
        return see_other("patients:intake-details" if draft.gate else "patients:intake", pk)
    seen = queries.digest_of_answers(draft)
    form = GivenByForm(request.POST or None, initial={"given_by": draft.given_by}, seen=seen)
    if form.is_bound and form.is_valid():
        asked = asked_questions(draft, patient, library, page_names(), on=today(request))
        actions.complete_intake(
            intake=draft, library=library, asked=asked, given_by=form.cleaned_data["given_by"], on=today(request), actor=request.actor
        )
        messages.success(request, _("The intake form is complete. You can plan a course now."))
        return see_other("patients:detail", pk)
    return form_page(
        request,
        "patients/intake_declaration.html",
        {"form": form, "patient": patient, "age": queries.age_on(patient, today(request)), "summary": summary, "seen": seen},
    )


@roles_allowed(*TREAT)
@require_POST
def discard_intake(request: StaffRequest, pk: int) -> HttpResponse:
    patient = queries.patient_or_404(request.clinic, pk)
    if draft := queries.intake_draft(patient):
        actions.discard_intake(intake=draft, actor=request.actor)
        messages.info(request, _("The unfinished form is put aside. Earlier answers still hold."))
    return see_other("patients:detail", pk)


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
