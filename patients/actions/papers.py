"""What keeps papers: documents seen and taken back. One transaction, one audit line each, actor last."""

from datetime import date
from typing import Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from patients.changes import has_changed, hold
from patients.documents import Paper, trouble_with
from patients.models import Document, Patient, Referral
from patients.permissions import check_can_record_documents
from patients.queries import has_intake_of_day
from protocols.editions.queries import library_in_force
from protocols.method.clearances import REPEATED_INTAKE


class DocumentRefused(ActionDenied):
    """These words are no document, or this one may not do what they say."""


@transaction.atomic
def record_document(*, patient: Patient, on: date, actor: Actor, **paper: Unpack[Paper]) -> Document:
    """Records a document seen on paper: ``kind``, ``issued_on``, ``issued_by``, ``valid_until``, ``rules`` it lifts (codes), ``words``.

    ``on`` is today at the clinic. Courses that the document bears on are looked at again in the same transaction.

    Raises ``DocumentRefused`` for an unknown kind, a date in the future, a rule that such a document cannot lift, and for one that
    would do nothing because it names no rule and no stage asks for it. Source: library, clearance-documents.toml and the rules.
    """
    check_can_record_documents(actor)
    hold(patient)
    library, named = library_in_force(patient.clinic), sorted(frozenset(paper.pop("rules", ())))
    for sentence in trouble_with({**paper, "rules": named}, library, on=on).values():
        raise DocumentRefused(sentence)
    if paper["kind"] == REPEATED_INTAKE and not has_intake_of_day(patient, paper["issued_on"]):
        raise DocumentRefused(_("No intake form was completed on that day. Take the intake again first."))
    paper["issued_by"], paper["words"] = paper["issued_by"].strip(), paper.get("words", "").strip()
    document = Document.objects.create(
        patient=patient, rules=named, edition=library.edition, recorded_on=on, recorded_by=actor.user, **paper
    )
    has_changed(patient, cause="document", on=on, actor=actor)
    record(actor=actor, verb="recorded-document", subject=document, details={"patient": patient.pk, "kind": document.kind, "rules": named})
    return document


@transaction.atomic
def withdraw_document(*, document: Document, reason: str, actor: Actor) -> Document:
    """Takes a document that was recorded by mistake out of every plan from now on; it stays in the record with the reason.

    Raises ``DocumentRefused`` without a reason, when it is withdrawn already, and for the document of a referral, which is revoked.
    """
    check_can_record_documents(actor)
    if not reason.strip():
        raise DocumentRefused(_("Write why the document is withdrawn."))
    hold(document.patient)
    locked = Document.objects.select_for_update(of=("self",)).select_related("patient").get(pk=document.pk)
    if locked.is_withdrawn:
        raise DocumentRefused(_("This document has been withdrawn already."))
    if Referral.objects.filter(document=locked).exists():
        raise DocumentRefused(_("This document belongs to a referral. Revoke the referral instead."))
    mark_withdrawn(locked, reason, actor)
    has_changed(locked.patient, cause="document", on=locked.patient.clinic.today(), actor=actor)
    record(actor=actor, verb="withdrew-document", subject=locked, details={"patient": locked.patient_id, "kind": locked.kind})
    return locked


def mark_withdrawn(locked: Document, reason: str, actor: Actor) -> None:
    """Notes on a locked document when, by whom and why it was withdrawn. Who calls this has checked and records it."""
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = timezone.now(), actor.user, reason.strip()[:400]
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
