"""`manage.py send_messages`: what a worker does with the outbox, without Celery."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from clinic.reminders.actions.outcomes import DATABASE_IS_AWAY
from clinic.reminders.actions.sending import BATCH, drain


class Command(BaseCommand):
    """Once, for a timer of the system; or with --watch for as long as it runs. Any number may run beside any number of workers."""

    help = "Send the messages that are due now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", type=float, metavar="SECONDS", help="go on, looking so often")
        parser.add_argument("--batch", type=int, default=BATCH, help=f"how many are taken at once (default {BATCH})")

    def handle(self, *, watch: float | None, batch: int, **_options: Any) -> None:
        while True:
            try:
                self._drain(batch)
            except DATABASE_IS_AWAY as wrong:
                if watch is None:
                    raise
                self.stderr.write(f"The database is away ({type(wrong).__name__}); another look follows.")
                connections.close_all()
            if watch is None:
                return
            time.sleep(max(watch, 0.1))

    def _drain(self, batch: int) -> None:
        found = drain(limit=batch)
        if found.claimed:
            numbers = f"{found.sent} sent, {found.dropped} not needed, {found.failed} not delivered, {found.postponed} for later"
            self.stdout.write(f"{found.claimed} messages: {numbers}.")
