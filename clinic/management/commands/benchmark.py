"""``manage.py benchmark``: what planning and proposing dates cost, each against a bare sketch that runs in the same minute."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clinic.schedule.bench import figures
from protocols.bench import method_figures

SECTIONS = ("method", "dates")


class Command(BaseCommand):
    """Prints figures and the goals beside them. Speed is shown, never tested, so the exit code is always 0."""

    help = "Time screening and a 12-session course, the import of the method, the loading of the library, and proposing dates."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; no database is needed)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which section is run, and how often each thing."""
        parser.add_argument("section", nargs="?", choices=SECTIONS, help="one section only")
        parser.add_argument("--runs", type=int, default=200, help="runs of each case (default 200)")

    def handle(self, *_arguments: object, **options: Any) -> None:
        """Runs the sections in their order."""
        runs, asked = max(1, options["runs"]), options["section"]
        if asked in (None, "method"):
            method_figures.report(self.stdout.write, runs=runs)
        if asked in (None, "dates"):
            figures.report_courses(self.stdout.write, runs=runs)
            figures.report_blocks(self.stdout.write)
            figures.report_days(self.stdout.write)
