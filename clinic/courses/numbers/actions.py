"""A table of numbers leaves the clinic as a file: that is written down."""

from django.db import transaction

from clinic.audit.actions import record
from clinic.courses.numbers.as_csv import as_csv
from clinic.courses.numbers.asked import Asked
from clinic.courses.numbers.permissions import check_can_read_table
from clinic.courses.numbers.tables import Table
from clinic.staff.permissions import Actor


@transaction.atomic
def export_table(*, table: Table, asked: Asked, actor: Actor) -> str:
    """The table as comma-separated text. Raises ``ActionDenied`` for whoever may not read it."""
    check_can_read_table(actor, table.slug)
    said = {"table": table.slug, "rows": len(table.rows), "from": asked.first.isoformat(), "to": asked.last.isoformat()}
    record(actor=actor, verb="exported-numbers", subject=actor.clinic, details=said)
    return as_csv(table)
