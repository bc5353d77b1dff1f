"""The pages on which documents seen on paper are recorded and withdrawn, and the only way out of a file about a patient."""

import logging
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen
from clinic.audit.models import Look
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other, see_other_address
from patients import actions, queries, stored_files
from patients.actions.files import KeptFile, attach_file, kept_file
from patients.documents import kinds_to_record
from patients.forms import DocumentForm, FileForm, Files, Terms, WithdrawForm
from patients.models import Document, Patient
from patients.permissions import TREAT
from patients.queries.papers import attachment_or_404
from patients.summary import document_line
from patients.views import form_page, known_answers, patient_seen, who
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.clearances import REFERRAL
from protocols.method.names import Names

logger = logging.getLogger(__name__)

# A download is never run, framed, guessed at or kept by the browser, whatever is in it.
INERT: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@roles_allowed(*TREAT)
def record_document(request: StaffRequest, pk: int) -> HttpResponse:
    if address := made_before(request):
        return see_other_address(address)
    patient, library = patient_seen(request, pk), library_in_force(request.clinic)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in kinds_to_record(library):
        return _choose_kind(request, patient, is_wrong=bool(kind) or request.method == "POST")
    terms = Terms(kind, library, names_in_force(request.clinic), known_answers(request, patient), today(request))
    form = DocumentForm(*_sent(request), terms=terms)
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(_recorded_once(request, patient, form))
        except (actions.DocumentRefused, SentDifferently) as refused:
            form.add_error(None, refused.sentence)
    return form_page(
        request, "patients/document_new.html", {"form": form, "card": _card(kind, names_in_force(request.clinic)), **who(request, patient)}
    )


def _choose_kind(request: StaffRequest, patient: Patient, *, is_wrong: bool) -> HttpResponse:
    """The first step: which document it is. The library says who signs each and what it must state."""
    library, names = library_in_force(request.clinic), names_in_force(request.clinic)
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)
    context = {
        "cards": [_card(kind, names) for kind in kinds_to_record(library)],
        "referral_kind": REFERRAL,
        "is_wrong": is_wrong,
        **who(request, patient),
    }
    return render(request, "patients/document_kind.html", context, status=422 if is_wrong else 200)


def _card(kind: str, names: Names) -> dict[str, str]:
    """What the library says about such a document: its name, who signs it, what it must state."""
    return {"kind": kind} | {field: names.of("documents", kind, field) for field in ("name", "signed_by", "must_state")}


def _sent(request: StaffRequest) -> tuple[QueryDict | None, Files | None]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _recorded_once(request: StaffRequest, patient: Patient, form: DocumentForm) -> str:
    with kept_file(form.upload()) as file:
        return once(request, lambda: _recorded(request, patient, form, file))


def _recorded(request: StaffRequest, patient: Patient, form: DocumentForm, file: KeptFile | None) -> str:
    document = actions.record_document(patient=patient, on=today(request), actor=request.actor, **form.paper())
    if file:
        attach_file(document=document, file=file, actor=request.actor)
    name = names_in_force(request.clinic).of("documents", document.kind)
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
    line = document_line(found, library_in_force(request.clinic), names_in_force(request.clinic), on=today(request))
    return form_page(request, "patients/document_withdraw.html", {"form": form, "line": line, **who(request, patient)})


@roles_allowed(*TREAT)
def add_file(request: StaffRequest, pk: int, document: int) -> HttpResponse:
    """A scan that was made after the document was recorded."""
    if address := made_before(request):
        return see_other_address(address)
    patient = patient_seen(request, pk)
    found = queries.document_or_404(patient, document)
    form = FileForm(*_sent(request))
    if form.is_bound and form.is_valid():
        try:
            with kept_file(form.upload()) as file:
                return see_other_address(once(request, lambda: _attached(request, found, file)))
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
    line = document_line(found, library_in_force(request.clinic), names_in_force(request.clinic), on=today(request))
    return form_page(request, "patients/document_file.html", {"form": form, "line": line, **who(request, patient)})


def _attached(request: StaffRequest, document: Document, file: KeptFile | None) -> str:
    if file:
        attach_file(document=document, file=file, actor=request.actor)
        messages.success(request, _("The file is added to the document."))
    return reverse("patients:detail", args=[document.patient_id])


@roles_allowed(*TREAT)
@require_safe
def document_file(request: StaffRequest, pk: int, attachment: int) -> HttpResponse:
    """A file about a patient as a download. One that is not the stored one any more is told about and never given out."""
    patient = queries.patient_or_404(request.clinic, pk)
    found = attachment_or_404(patient, attachment)
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient, kind=Look.EXPORTED)
    try:
        content = stored_files.stored_content(found.stored_as, found.sha256)
    except (stored_files.FileMissing, stored_files.FileChanged) as trouble:
        logger.error("File %s about a patient cannot be given out: %s", found.pk, type(trouble).__name__)  # noqa: TRY400  # no accident of ours
        is_changed = isinstance(trouble, stored_files.FileChanged)
        context = {"file": found, "is_changed": is_changed, **who(request, patient)}
        return render(request, "patients/document_file_gone.html", context, status=410)
    headers = {**INERT, "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name) or "attachment"}
    return HttpResponse(content, content_type=found.content_type, headers=headers)
