"""Whoever has a date when messages begin knows of it already: it is not told again as if it were new."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

AT_ONCE = 1000


def dates_are_known(apps: Any, _schema_editor: object) -> None:
    now, told = timezone.now(), apps.get_model("reminders", "Told")
    to_come = apps.get_model("schedule", "Booking").objects.filter(state="booked", starts_at__gt=now).order_by("pk")
    rows = to_come.values_list("pk", "starts_at", "room__site")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        known = [told(booking_id=pk, starts_at=starts_at, site_id=site, told_at=now) for pk, starts_at, site in some]
        told.objects.bulk_create(known, ignore_conflicts=True)
        last = some[-1][0]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reminders", "0002_messages_by_day_and_to_deal_with"), ("schedule", "0001_places_hours_and_bookings")]
    operations: ClassVar = [migrations.RunPython(dates_are_known, migrations.RunPython.noop)]
