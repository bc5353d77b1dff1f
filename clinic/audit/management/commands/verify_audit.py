"""``manage.py verify_audit``: does the chain of audit lines still hold, and does every sealed look? The same as ``verify audit``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.audit.actions import verify_chain
from clinic.audit.proving_audit import figures


class Command(BaseCommand):
    help = "Checks every audit line and every sealed look; exit code 1 and the first that was changed, removed or put in."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify_chain()
        if broken is not None:
            raise CommandError(f"The audit is broken: {broken.sentence}.")
        self.stdout.write(f"The audit holds: {figures()}.")
