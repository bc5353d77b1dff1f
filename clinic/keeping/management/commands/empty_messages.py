"""``manage.py empty_messages``: what the worker does each night with the words of old messages; ``--dry-run`` only counts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.keeping.erasure.actions.forgetting import empty_old_messages
from clinic.staff.models import Clinic


class Command(BaseCommand):
    help = "Removes words and addresses of messages that are older than each clinic keeps them; that they were sent stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        said = "would be emptied" if options["dry_run"] else "emptied"
        for clinic in Clinic.objects.order_by("pk"):
            found = empty_old_messages(clinic=clinic, now=timezone.now(), is_dry=options["dry_run"])
            self.stdout.write(f"Clinic {clinic.pk}: {found} messages {said}.")
