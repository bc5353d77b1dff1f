"""``manage.py start_clinic``: a clinic of one's own in the place of the demo; asks for what no option says."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from clinic.staff.models import Language
from clinic.staff.permissions import ActionDenied
from clinic.staff.starting import Wanted, check_is_first, password_link, start_clinic

ASKED: Final = (
    ("name", "Name of the clinic"),
    ("time_zone", "Time zone"),
    ("country", "Country, two letters (its public holidays are kept)"),
    ("language", "Language, en or ru"),
    ("admin_name", "Your name"),
    ("admin_email", "Your e-mail"),
)
NEEDED: Final = ("name", "admin_name", "admin_email")


class Command(BaseCommand):
    help = (
        "Opens your own clinic: makes the tables where there are none, names the first administrator, and prints the link for a password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="the clinic's name")
        parser.add_argument("--time-zone", help="for example Europe/Berlin; without it that of this machine")
        parser.add_argument("--country", help="two letters, for example DE")
        parser.add_argument("--language", choices=Language.values, help="of messages and of new people")
        parser.add_argument("--admin-name", help="who administers it first")
        parser.add_argument("--admin-email")
        parser.add_argument("--another", action="store_true", help="there is a clinic already, and one more is meant")
        parser.add_argument("--no-input", action="store_true", help="ask nothing: what is missing is an error")

    def handle(self, *args: Any, **options: Any) -> None:
        self._make_tables()
        try:
            if not options["another"]:
                check_is_first()  # before anything is asked
            clinic, user = start_clinic(wanted=self._wanted(options), another=options["another"])
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        except ActionDenied as there:
            raise CommandError(f"{there.sentence} Say --another where one more is meant.") from there
        self.stdout.write(
            f"{clinic.name} is open.\n\n"
            f"{user.full_name} sets a password here, once, within {settings.PASSWORD_RESET_TIMEOUT // 3600} hours:\n"
            f"  {password_link(user)}\n\n"
            f"After that the clinic is at {settings.PUBLIC_URL}/ and shows its first steps. docs/first-day.md tells the rest."
        )

    def _make_tables(self) -> None:
        """Migrates what is behind, so that one command is enough on a new machine."""
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Making the tables ...")
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)

    def _wanted(self, options: dict[str, Any]) -> Wanted:
        """What the options say, and what is asked. Raises ``CommandError`` for what is missing."""
        usual = {"time_zone": zone_of_this_machine(), "country": "", "language": Language.ENGLISH.value}
        may_ask = not options["no_input"] and sys.stdin.isatty()
        said = {name: options[name] or self._asked(name, words, usual, may_ask=may_ask) for name, words in ASKED}
        missing = [f"--{name.replace('_', '-')}" for name in NEEDED if not said[name].strip()]
        if missing:
            raise CommandError(f"Nothing was made: {', '.join(missing)} must be said.")
        return Wanted(**said)

    def _asked(self, name: str, words: str, usual: dict[str, str], *, may_ask: bool, ask: Callable[[str], str] = input) -> str:
        known = usual.get(name, "")
        if not may_ask:
            return known
        return ask(f"{words}{f' [{known}]' if known else ''}: ").strip() or known


def zone_of_this_machine() -> str:
    """The time zone as the machine names it; UTC where it does not."""
    said = os.environ.get("TZ", "").removeprefix(":")
    if "/" in said and not said.startswith("/"):
        return said
    link = Path("/etc/localtime")
    _before, _zoneinfo, zone = str(link.resolve()).partition("/zoneinfo/") if link.exists() else ("", "", "")
    return zone or "UTC"
