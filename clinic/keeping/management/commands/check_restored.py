"""``manage.py check_restored``: what ``restore --verify`` asks of the restored database, in a process that names it by its settings."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from clinic.keeping.backups.looking import look_through


class Command(BaseCommand):
    help = "Used by restore --verify and backup_drill: reads from the standard input what to look for, and writes the faults as JSON."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration)

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        self.stdout.write(json.dumps(look_through(json.load(sys.stdin))))
