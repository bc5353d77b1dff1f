"""The ledger leaves the clinic as a file: that is written down, with whose names stand in it."""

from collections.abc import Iterable

from django.db import transaction

from clinic.audit.actions import record, search_seen
from clinic.courses.numbers.as_csv import as_csv
from clinic.courses.numbers.tables import Table
from clinic.courses.studio.ledger_asked import LedgerAsked
from clinic.courses.studio.ledger_readers import check_can_read_ledger
from clinic.staff.permissions import Actor


@transaction.atomic
def export_ledger(*, table: Table, asked: LedgerAsked, patients: Iterable[int], actor: Actor) -> str:
    """The ledger as comma-separated text. Raises ``ActionDenied`` for whoever may not read it."""
    check_can_read_ledger(actor)
    named = sorted(set(patients))
    if named:
        search_seen(actor=actor, found=named)
    said = {"rows": len(table.rows), "month": asked.month, "rule": asked.rule, "by": asked.by, "reason": asked.reason}
    record(actor=actor, verb="exported-overrides", subject=actor.clinic, details=said)
    return as_csv(table)
