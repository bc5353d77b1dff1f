"""What patients know of their dates from now on."""

from collections.abc import Iterable
from datetime import datetime

from clinic.reminders.fields import OFF, DateLine
from clinic.reminders.models import Told


def keep_told(lines: Iterable[DateLine], now: datetime) -> None:
    """These dates were told as they stand here. What was only repeated was known before, and keeps its moment. One statement.

    To be called in the transaction that marks the message as sent.
    """
    # Always in one order: two that tell of the same dates at one moment wait for each other in one direction only.
    rows = [
        Told(booking_id=each.booking, starts_at=each.starts_at, site_id=each.site, is_off=each.mark == OFF, told_at=now)
        for each in sorted(lines, key=lambda line: line.booking)
        if each.mark
    ]
    columns = ["starts_at", "site", "is_off", "told_at"]
    Told.objects.bulk_create(rows, update_conflicts=True, unique_fields=["booking"], update_fields=columns)
