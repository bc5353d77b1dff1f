"""Makes the search keys of every patient anew: after an upgrade that searches differently, and for rows that came in by SQL."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from patients.models import Patient


class Command(BaseCommand):
    help = "Makes the keys anew by which patients are found."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for pk in Patient.objects.filter(restricted_on=None).order_by("pk").values_list("pk", flat=True).iterator():
            with transaction.atomic():  # one at a time, so that the reception goes on meanwhile
                Patient.objects.select_for_update().get(pk=pk).save(update_fields=["search_key", "family_name"])
            count += 1
        self.stdout.write(f"{count} records indexed")
