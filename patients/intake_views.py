"""The pages of the intake form as staff take it."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients import actions, queries
from patients.fact_fields import FactsForm
from patients.forms import GateForm, GivenByForm
from patients.permissions import TREAT
from patients.questionnaire import facts_to_ask, gate_questions
from patients.summary import asked_questions, intake_summary
from patients.views import form_page, patient_seen
from protocols.language import page_names
from protocols.shelf import shipped_library


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
