"""The papers of a patient and what they do on a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from clinic.web.prepared import Prepared
from patients.documents import last_day, lifts, rules_of_its_age
from patients.models import Attachment, Document, FactAnswer, Patient
from patients.questionnaire import Reply
from protocols.method.clearances import REFERRAL
from protocols.method.findings import Clearance
from protocols.method.library import Library

# Documents ------------------------------------------------------------------------------------------------------------------
HEALTH_CHANGE: Final = "today.health-change"


def documents_of(patient: Patient) -> tuple[Document, ...]:
    """Every document of the patient, the newest first, those that were withdrawn among them."""
    return tuple(_DOCUMENTS.objects(patient=patient.pk))


def _documents(_kind: str, *, patient: int) -> QuerySet[Document]:
    found = Document.objects.filter(patient=patient).select_related("recorded_by", "withdrawn_by", "referral")
    return found.prefetch_related("attachments")


_DOCUMENTS: Final = Prepared(_documents)


def document_or_404(patient: Patient, pk: int) -> Document:
    """This patient's document."""
    return get_object_or_404(Document.objects.select_related("recorded_by", "referral"), patient=patient, pk=pk)


def attachment_or_404(patient: Patient, pk: int) -> Attachment:
    """This patient's file."""
    return get_object_or_404(Attachment, patient=patient, pk=pk)


def _unspent(on: date) -> Q:
    """A paper with a last day of its own does nothing after it, whatever the library would give such papers."""
    return Q(valid_until=None) | Q(valid_until__gte=on)


def _issued(_kind: str, *, patient: int, on: date) -> QuerySet[Document]:
    return Document.objects.filter(_unspent(on), patient=patient, withdrawn_at=None, issued_on__lte=on)


_ISSUED: Final = Prepared(_issued)


def last_change_of_health(patient: Patient, before: date) -> date | None:
    """The last day before ``before`` on which a change of health was reported; the newest answer of a day counts."""
    newest = {day: Reply(reply, value).holds for day, reply, value in _CHANGES_OF_HEALTH.rows("", patient=patient.pk, before=before)}
    return max((day for day, changed in newest.items() if changed), default=None)


def _changes_of_health(_kind: str, *, patient: int, before: date) -> QuerySet[Any, Any]:
    found = FactAnswer.objects.filter(patient=patient, fact=HEALTH_CHANGE, answered_on__lt=before)
    return found.order_by("pk").values_list("answered_on", "reply", "value")


_CHANGES_OF_HEALTH: Final = Prepared(_changes_of_health)


def has_fallen(document: Document, changed_on: date | None) -> bool:
    """Whether a change of health was reported after the document was issued. Source: library, clearance-documents.toml."""
    return changed_on is not None and document.issued_on < changed_on


def standing_documents(patient: Patient, on: date) -> tuple[Document, ...]:
    """The documents that were issued by that day and neither withdrawn nor fallen nor over by their own words, the newest first.

    However old: the method judges that rule by rule.
    A change of health reported on that very day is left to the method, which is told about it by today's answers.
    """
    return _standing(patient, _ISSUED.objects(patient=patient.pk, on=on), on)


def _standing(patient: Patient, documents: Sequence[Document], on: date) -> tuple[Document, ...]:
    changed_on = last_change_of_health(patient, on) if documents else None
    return tuple(document for document in documents if not has_fallen(document, changed_on))


def valid_documents(patient: Patient, library: Library, on: date) -> tuple[Document, ...]:
    """The standing documents that still lift a rule or serve a stage on that day."""
    return tuple(document for document in standing_documents(patient, on) if on <= last_day(document, library))


def clearances_on(patient: Patient, library: Library, on: date) -> tuple[Clearance, ...]:
    """The standing documents as the method reads them, which judges their age rule by rule and names an expired one as expired.

    What an older edition allowed a document to lift and this one does not is left out.
    """
    return papers_on(patient, library, on)[0]


def papers_on(patient: Patient, library: Library, on: date) -> tuple[tuple[Clearance, ...], int | None]:
    """The same, and the age of the newest referral as ``referral_age_on`` gives it. Two queries, one without documents."""
    issued = _ISSUED.objects(patient=patient.pk, on=on)
    found = (document for document in _standing(patient, issued, on) if document.kind in library.documents)
    return tuple(Clearance(one.kind, one.issued_on, _lifted(one, library)) for one in found), _referral_age(issued, on)


def _lifted(document: Document, library: Library) -> frozenset[str]:
    named = frozenset(code for code in document.rules if lifts(library, document.kind, code))
    return named | rules_of_its_age(library, document.kind)


def referral_age_on(patient: Patient, on: date) -> int | None:
    """Days since the newest referral that was issued by that day, is not withdrawn and not over by its own words; None without one.

    A change of health takes from a referral what it lifts, not its age, as in ``Papers.referral_age`` of the method.
    """
    return _referral_age(_ISSUED.objects(patient=patient.pk, on=on), on)


def _referral_age(issued: Iterable[Document], on: date) -> int | None:
    """Of documents that come the newest first."""
    newest = next((document.issued_on for document in issued if document.kind == REFERRAL), None)
    return None if newest is None else (on - newest).days
