"""The papers of a patient and what they do on a day."""

from datetime import date
from typing import Final

from django.shortcuts import get_object_or_404

from patients.documents import last_day, lifts, rules_of_its_age
from patients.models import Document, FactAnswer, Patient
from patients.questionnaire import Reply
from protocols.method.clearances import REFERRAL
from protocols.method.findings import Clearance
from protocols.method.library import Library

# Documents ------------------------------------------------------------------------------------------------------------------
HEALTH_CHANGE: Final = "today.health-change"


def documents_of(patient: Patient) -> tuple[Document, ...]:
    """Every document of the patient, the newest first, those that were withdrawn among them."""
    return tuple(Document.objects.filter(patient=patient).select_related("recorded_by", "withdrawn_by"))


def document_or_404(patient: Patient, pk: int) -> Document:
    """This patient's document."""
    return get_object_or_404(Document.objects.select_related("recorded_by"), patient=patient, pk=pk)


def last_change_of_health(patient: Patient, before: date) -> date | None:
    """The last day before ``before`` on which a change of health was reported; the newest answer of a day counts."""
    answers = FactAnswer.objects.filter(patient=patient, fact=HEALTH_CHANGE, answered_on__lt=before).order_by("pk")
    newest = {answer.answered_on: Reply(answer.reply, answer.value).holds for answer in answers}
    return max((day for day, changed in newest.items() if changed), default=None)


def has_fallen(document: Document, changed_on: date | None) -> bool:
    """Whether a change of health was reported after the document was issued. Source: library, clearance-documents.toml."""
    return changed_on is not None and document.issued_on < changed_on


def standing_documents(patient: Patient, on: date) -> tuple[Document, ...]:
    """The documents that were issued by that day and neither withdrawn nor fallen, the newest first, however old.

    A change of health reported on that very day is left to the method, which is told about it by today's answers.
    """
    documents = tuple(Document.objects.filter(patient=patient, withdrawn_at=None, issued_on__lte=on))
    changed_on = last_change_of_health(patient, on) if documents else None
    return tuple(document for document in documents if not has_fallen(document, changed_on))


def valid_documents(patient: Patient, library: Library, on: date) -> tuple[Document, ...]:
    """The standing documents that still lift a rule or serve a stage on that day."""
    return tuple(document for document in standing_documents(patient, on) if on <= last_day(document, library))


def clearances_on(patient: Patient, library: Library, on: date) -> tuple[Clearance, ...]:
    """The standing documents as the method reads them, which judges their age rule by rule and names an expired one as expired.

    What an older edition allowed a document to lift and this one does not is left out.
    """
    found = (document for document in standing_documents(patient, on) if document.kind in library.documents)
    return tuple(Clearance(one.kind, one.issued_on, _lifted(one, library)) for one in found)


def _lifted(document: Document, library: Library) -> frozenset[str]:
    named = frozenset(code for code in document.rules if lifts(library, document.kind, code))
    return named | rules_of_its_age(library, document.kind)


def referral_age_on(patient: Patient, on: date) -> int | None:
    """Days since the newest referral that was issued by that day and not withdrawn; None when none is on file.

    A change of health takes from a referral what it lifts, not its age, as in ``Papers.referral_age`` of the method.
    """
    referrals = Document.objects.filter(patient=patient, kind=REFERRAL, withdrawn_at=None, issued_on__lte=on)
    newest = referrals.values_list("issued_on", flat=True).first()
    return None if newest is None else (on - newest).days
