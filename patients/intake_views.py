"""The pages of the intake form as staff take it, and on which they read what a patient has sent in."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import read_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients import actions, queries
from patients.care.relation import open_to
from patients.fact_fields import FactsForm
from patients.forms import GateForm, GivenByForm
from patients.known import compared
from patients.link_forms import PutAsideForm
from patients.models import Intake, Patient
from patients.permissions import TREAT
from patients.questionnaire import Reply, facts_to_ask, gate_questions
from patients.summary import asked_on_top, asked_questions, intake_summary
from patients.typed_pages import TooMuchTyped, TypedPage, fields_sent, newest_typed, show_again
from patients.views import form_page, patient_seen, who
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.answers import Faults

PAGES: Final = ("gate", "details")


# Staff ask ---------------------------------------------------------------------------------------------------------------------
@roles_allowed(*TREAT)
def intake_gate(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    if elsewhere := _held_by_patient(patient):
        return see_other(elsewhere, pk)
    draft, library = queries.intake_draft(patient), library_in_force(request.clinic)
    questions = gate_questions(library, queries.person(patient, today(request)))
    kept = queries.gate_to_start_from(patient, draft)
    form = GateForm(_sent(request), questions=questions, names=names_in_force(request.clinic), kept=kept)
    typed = _show_typed(request, form, draft, "gate")
    if form.is_bound and form.is_valid():
        replies = queries.replies_to_start_from(patient, draft)
        given_by = draft.given_by if draft else "patient"
        actions.keep_intake_draft(
            patient=patient, gate=form.gate(), replies=replies, edition=library.edition, given_by=given_by, actor=request.actor
        )
        return see_other("patients:intake-details", pk)
    return form_page(request, "patients/intake_gate.html", {"form": form, "typed": typed, **who(request, patient)})


@roles_allowed(*TREAT)
def intake_details(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    draft, library = queries.intake_draft(patient), library_in_force(request.clinic)
    if draft is None or not draft.gate:
        return see_other("patients:intake", pk)
    person, kept = queries.person(patient, today(request)), queries.replies_of_draft(draft)
    facts = facts_to_ask(library, person, draft.gate, kept)
    form = FactsForm(_sent(request), facts=facts, library=library, names=names_in_force(request.clinic), kept=kept)
    typed = _show_typed(request, form, draft, "details")
    if not facts or (form.is_bound and form.is_valid()):
        replies = {**kept, **(form.replies() if form.is_bound and form.is_valid() else {})}
        if form.is_bound:
            actions.keep_intake_draft(
                patient=patient, gate=draft.gate, replies=replies, edition=draft.edition, given_by=draft.given_by, actor=request.actor
            )
        more = set(facts_to_ask(library, person, draft.gate, replies)) - set(facts)
        if more:
            messages.info(request, _("The answers are kept. They open more questions: see “New” below."))
        return see_other("patients:intake-details" if more else "patients:intake-declaration", pk)
    return form_page(request, "patients/intake_details.html", {"form": form, "typed": typed, **who(request, patient)})


@roles_allowed(*TREAT)
def intake_declaration(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    draft, library = queries.intake_draft(patient), library_in_force(request.clinic)
    if draft is None:
        return see_other("patients:intake", pk)
    summary = intake_summary(draft, patient, library, names_in_force(request.clinic), on=today(request))
    if summary.unanswered:
        return see_other("patients:intake-details" if draft.gate else "patients:intake", pk)
    seen = queries.digest_of_answers(draft)
    form = GivenByForm(_sent(request), initial={"given_by": draft.given_by}, seen=seen)
    if form.is_bound and form.is_valid():
        asked = asked_questions(draft, patient, library, names_in_force(request.clinic), on=today(request))
        actions.complete_intake(
            intake=draft, library=library, asked=asked, given_by=form.cleaned_data["given_by"], on=today(request), actor=request.actor
        )
        messages.success(request, _("The intake form is complete. You can plan a course now."))
        return see_other("patients:detail", pk)
    context = {"form": form, "summary": summary, "seen": seen, **who(request, patient)}
    return form_page(request, "patients/intake_declaration.html", context)


@roles_allowed(*TREAT)
@require_POST
def discard_intake(request: StaffRequest, pk: int) -> HttpResponse:
    patient = queries.patient_or_404(request.clinic, pk)
    if draft := queries.intake_draft(patient):
        actions.discard_intake(intake=draft, actor=request.actor)
        messages.info(request, _("The unfinished form is put aside. Earlier answers still hold."))
    return see_other("patients:detail", pk)


@roles_allowed(*TREAT)
@require_POST
def keep_intake_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps a page of the form as it stands, every few seconds; nothing is checked and nothing is shown."""
    patient, page = queries.patient_or_404(request.clinic, pk), request.POST.get("page", "")
    try:
        if page in PAGES:
            actions.keep_typed(patient=patient, page=page, fields=fields_sent(request.POST), actor=request.actor)
    except TooMuchTyped:
        return HttpResponse(status=413)
    return HttpResponse(status=204)


# The patient has sent in a form --------------------------------------------------------------------------------------------------
@roles_allowed(*TREAT)
@require_safe
def waiting_intakes(request: StaffRequest) -> HttpResponse:
    """Every form that waits to be read by somebody in the patient's care; by everybody who treats, where nobody is."""
    waiting = queries.waiting_intakes(request.clinic)
    return render(request, "patients/intake_waiting.html", {"waiting": waiting.filter(open_to(request.actor, patient="patient"))})


@roles_allowed(*TREAT)
def review_intake(request: StaffRequest, pk: int) -> HttpResponse:
    """What the patient sent in beside what was known, what only staff ask, and the two ways to go on."""
    patient = patient_seen(request, pk)
    intake, library, names = queries.waiting_intake(patient), library_in_force(request.clinic), names_in_force(request.clinic)
    if intake is None:
        messages.info(request, _("No form of this patient waits to be read."))
        return see_other("patients:detail", pk)
    gate, facts = _on_top(request, patient, intake)
    if request.method == "POST" and gate.is_valid() and facts.is_valid():
        added = actions.Added(gate.gate(), facts.replies(), asked_on_top(gate.gate(), facts.replies(), library, names))
        try:
            actions.take_over_intake(intake=intake, added=added, library=library, on=today(request), actor=request.actor)
        except Faults:
            gate.add_error(None, _("An answer does not fit the questions of today. Put the form aside and ask again."))
        else:
            messages.success(request, _("The answers are taken over. They count from now on."))
            return see_other("patients:detail", pk)
    return _review_page(request, patient, intake, {"gate": gate, "facts": facts, "aside": PutAsideForm()})


@roles_allowed(*TREAT)
@require_POST
def put_intake_aside(request: StaffRequest, pk: int) -> HttpResponse:
    """The form that came in is not taken over, with the reason why."""
    patient = queries.patient_or_404(request.clinic, pk)
    intake, form = queries.waiting_intake(patient), PutAsideForm(request.POST)
    if intake is None:
        messages.info(request, _("No form of this patient waits to be read."))
        return see_other("patients:detail", pk)
    if form.is_valid():
        actions.discard_intake(intake=intake, actor=request.actor, reason=form.cleaned_data["reason"])
        messages.info(request, _("The form is put aside. Earlier answers still hold."))
        return see_other("patients:detail", pk)
    gate, facts = _on_top(request, patient, intake, is_sent=False)
    return _review_page(request, patient, intake, {"gate": gate, "facts": facts, "aside": form})


def _review_page(request: StaffRequest, patient: Patient, intake: Intake, forms: dict[str, Any]) -> HttpResponse:
    on, names, library = today(request), names_in_force(request.clinic), library_in_force(request.clinic)
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)
    try:
        lines = compared(intake, library, names, on=on)
    except Faults:
        messages.warning(request, _("An answer does not fit the questions of today. Put the form aside and ask again."))
        lines = ()
    context = {"intake": intake, "lines": lines, **forms, **who(request, patient)}
    is_wrong = any(form.errors for form in forms.values())
    return render(request, "patients/intake_review.html", context, status=422 if is_wrong else 200)


def _on_top(request: StaffRequest, patient: Patient, intake: Intake, *, is_sent: bool = True) -> tuple[GateForm, FactsForm]:
    """The reception's own questions, and every fact that is open by now and was not asked: each answer may open more of them."""
    library, person, data = library_in_force(request.clinic), queries.person(patient, today(request)), _sent(request) if is_sent else None
    rows = tuple(row for row in gate_questions(library, person) if row.code not in intake.gate)
    gate = GateForm(data, questions=rows, names=names_in_force(request.clinic), kept={})
    answered = queries.replies_of_draft(intake)
    more: dict[str, Reply] = {}
    while True:
        gates = {**intake.gate, **(gate.gate() if gate.is_bound and gate.is_valid() else {})}
        codes = [code for code in facts_to_ask(library, person, gates, {**answered, **more}) if code not in answered]
        facts = FactsForm(data, facts=codes, library=library, names=names_in_force(request.clinic), kept={})
        found = facts.replies() if facts.is_bound and facts.is_valid() else more
        if found == more:
            return gate, facts
        more = found


@roles_allowed(*TREAT)
@require_safe
def intake_form(request: StaffRequest, pk: int, intake: int) -> HttpResponse:
    """One form exactly as it was asked and answered then, whatever the library says today."""
    patient = patient_seen(request, pk)
    found = queries.intake_or_404(patient, intake)
    parts = [(part, [line for line in map(_as_line, found.asked) if line["part"] == part]) for part in ("detail", "question")]
    context = {"intake": found, "parts": parts, "printed_at": timezone.now(), "reason": found.put_aside_because}
    return render(request, "patients/intake_form.html", {**context, **who(request, patient)})


def _as_line(line: Any) -> dict[str, str]:
    """Forms of the first versions keep question and answer in one text."""
    if isinstance(line, dict):
        return line
    question, _dash, answer = line.rpartition(" — ")
    return {"part": "question", "question": question or answer, "answer": answer if question else "", "by": "staff"}


# Inside ------------------------------------------------------------------------------------------------------------------------
def _held_by_patient(patient: Patient) -> str:
    """The page to go to while the patient holds the form; empty when staff may ask."""
    if queries.waiting_intake(patient):
        return "patients:intake-review"
    return "patients:intake-link" if queries.open_link_of(patient) else ""


def _show_typed(request: StaffRequest, form: Any, draft: Intake | None, page: str) -> TypedPage | None:
    """What was typed last into this page and not sent yet is shown again, with who typed it when."""
    typed = None if form.is_bound else newest_typed(draft, page, str(request.user.pk))
    show_again(form, typed)
    return typed


def _sent(request: HttpRequest) -> Any:
    return request.POST or None
