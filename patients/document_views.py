"""The pages on which documents seen on paper are recorded and withdrawn."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.audit.actions import read_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other, see_other_address
from patients import actions, queries
from patients.documents import kinds_to_record
from patients.forms import DocumentForm, Terms, WithdrawForm
from patients.models import Patient
from patients.permissions import TREAT
from patients.summary import document_line
from patients.views import form_page, known_answers, patient_seen
from protocols.language import page_names
from protocols.shelf import shipped_library


@roles_allowed(*TREAT)
def record_document(request: StaffRequest, pk: int) -> HttpResponse:
    if address := made_before(request):
        return see_other_address(address)
    patient, library = patient_seen(request, pk), shipped_library()
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in kinds_to_record(library):
        return _choose_kind(request, patient, is_wrong=bool(kind) or request.method == "POST")
    terms = Terms(kind, library, page_names(), known_answers(request, patient), today(request))
    form = DocumentForm(request.POST if request.method == "POST" else None, terms=terms)
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _recorded(request, patient, form)))
        except (actions.DocumentRefused, SentDifferently) as refused:
            form.add_error(None, refused.sentence)
    return form_page(request, "patients/document_new.html", {"form": form, "card": _card(kind), **_who(request, patient)})


def _choose_kind(request: StaffRequest, patient: Patient, *, is_wrong: bool) -> HttpResponse:
    """The first step: which document it is. The library says who signs each and what it must state."""
    library = shipped_library()
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)
    context = {"cards": [_card(kind) for kind in kinds_to_record(library)], "is_wrong": is_wrong, **_who(request, patient)}
    return render(request, "patients/document_kind.html", context, status=422 if is_wrong else 200)


def _card(kind: str) -> dict[str, str]:
    """What the library says about such a document: its name, who signs it, what it must state."""
    names = page_names()
    return {"kind": kind} | {field: names.of("documents", kind, field) for field in ("name", "signed_by", "must_state")}


def _recorded(request: StaffRequest, patient: Patient, form: DocumentForm) -> str:
    document = actions.record_document(patient=patient, on=today(request), actor=request.actor, **form.paper())
    name = page_names().of("documents", document.kind)
    sentence = _("%(name)s: recorded. A plan made before does not know of it: plan the course again.")
    messages.success(request, sentence % {"name": name})
    return reverse("patients:detail", args=[patient.pk])


@roles_allowed(*TREAT)
def withdraw_document(request: StaffRequest, pk: int, document: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    found = queries.document_or_404(patient, document)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.withdraw_document(document=found, reason=form.cleaned_data["reason"], actor=request.actor)
        except actions.DocumentRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.info(request, _("The document is withdrawn. A plan made with it still counts on it: plan the course again."))
            return see_other("patients:detail", pk)
    line = document_line(found, shipped_library(), page_names(), on=today(request))
    return form_page(request, "patients/document_withdraw.html", {"form": form, "line": line, **_who(request, patient)})


def _who(request: StaffRequest, patient: Patient) -> dict[str, object]:
    return {"patient": patient, "age": queries.age_on(patient, today(request))}
