"""The only two ways into the audit tables, and the check that nobody found a third."""

from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from clinic.audit.chain import BrokenLine, checked_details, digest_of, first_broken
from clinic.audit.models import AuditLine, ChainHead, ReadLine
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor


def record(*, actor: Actor | None, verb: str, subject: models.Model, details: dict[str, Any], clinic: Clinic | None = None) -> AuditLine:
    """Adds one line to the chain, inside the caller's transaction: both are kept or neither is.

    Call it last in the transaction, because the head of the chain stays locked until the end. ``details`` may hold
    text, whole numbers, booleans, lists and mappings of them (``TypeError`` otherwise). ``actor`` is ``None`` only for the
    installation itself (commands), which then names the clinic if there is one.
    Raises ``TransactionManagementError`` outside a transaction.
    """
    transaction.get_connection().validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an audit line belongs into the transaction of the change it records")
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    line = AuditLine(
        sequence=head.sequence + 1,
        at=timezone.now(),
        clinic=actor.clinic if actor else clinic,
        user=actor.user if actor else None,
        roles=_written(actor.roles) if actor else "",
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        details=checked_details(details),
        previous_digest=head.digest,
    )
    line.digest = digest_of(line)
    line.save(force_insert=True)
    head.sequence, head.digest = line.sequence, line.digest
    head.save()
    return line


def read_seen(*, actor: Actor, patient: models.Model) -> ReadLine:
    """Notes that the actor looked at this record about a patient. Never waits for the chain."""
    return ReadLine.objects.create(
        clinic=actor.clinic,
        user=actor.user,
        roles=_written(actor.roles),
        subject_type=patient._meta.label_lower,
        subject_id=str(patient.pk),
    )


def verify_chain() -> BrokenLine | None:
    """Checks every line against its digest and its neighbour, and the last one against the head. ``None`` when all holds."""
    with transaction.atomic():
        broken, sequence, digest = first_broken(AuditLine.objects.order_by("sequence").iterator())
        head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    if broken is None and (head.sequence, head.digest) != (sequence, digest):
        return BrokenLine(sequence + 1, f"lines after {sequence} were cut off, or the head of the chain was changed")
    return broken


def _written(roles: frozenset[str]) -> str:
    return ",".join(sorted(roles))
