"""``manage.py verify_audit``: does the chain of audit lines still hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.audit.actions import verify_chain
from clinic.audit.models import AuditLine


class Command(BaseCommand):
    help = "Checks every audit line against its digest and its neighbours; exit code 1 and the first broken line if one was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify_chain()
        if broken is not None:
            raise CommandError(f"The audit is broken: {broken.sentence}.")
        self.stdout.write(f"The audit holds: {AuditLine.objects.count()} lines.")
