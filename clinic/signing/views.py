"""The page of one signed entry, and the entry as a file."""

from django.db.models import Model
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen
from clinic.audit.models import Look
from clinic.signing import queries
from clinic.signing.models import Signature
from clinic.signing.permissions import READERS
from clinic.signing.subjects import KindOfDocument, kind_of_document
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest


@roles_allowed(*READERS)
@require_safe
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    """Exactly what was signed, and whether the signature still holds. Whoever opens it has looked at the patient, if it is about one."""
    signature, kind, record = _found(request, pk)
    _seen(request, kind, record)
    shown = {
        "signature": signature,
        "kind": kind.name,
        "address": kind.address_of(signature.subject) if kind.address_of else "",
        "about": kind.title_of(record) if kind.title_of else record.full_name,  # type: ignore[attr-defined]  # a patient has a name
        "sections": queries.sections_of(signature),
        "stamp": queries.stamp_of(signature),
        "later": queries.later_than(signature),
    }
    return render(request, "signing/entry.html", shown)


@roles_allowed(*READERS)
@require_safe
def bundle(request: StaffRequest, pk: int) -> HttpResponse:
    """The entry as a file that verify_bundle.py checks anywhere."""
    signature, kind, record = _found(request, pk)
    _seen(request, kind, record, Look.EXPORTED)
    name = f'attachment; filename="signature-{signature.pk}.json"'
    return JsonResponse(queries.bundle_of(signature), headers={"Content-Disposition": name})


def _found(request: StaffRequest, pk: int) -> tuple[Signature, KindOfDocument, Model]:
    """The entry and what it is about. Raises ``Http404`` for a kind that nobody registered and for another clinic's."""
    signature = queries.signature_or_404(request.clinic, pk)
    kind = kind_of_document(signature.kind)
    record = kind.patient_of(request.clinic, signature.subject) if kind else None
    if kind is None or record is None:
        raise Http404
    return signature, kind, record


def _seen(request: StaffRequest, kind: KindOfDocument, record: Model, look: str = Look.LOOKED) -> None:
    """Notes the look at a patient. What is about nobody is looked at by whoever may."""
    if kind.title_of is None:
        read_seen(actor=request.actor, patient=record, kind=look)
