"""``manage.py benchmark``: what planning, dates, the studio and reminders cost, each against a floor that runs in the same minute."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clinic.courses.studio.bench.figures import report_studio
from clinic.reminders.bench import sending_figures
from clinic.schedule.bench import figures
from protocols.bench import method_figures

SECTIONS = ("method", "dates", "studio", "reminders")


class Command(BaseCommand):
    """Prints figures and the goals beside them. Speed is shown, never tested, so the exit code is always 0."""

    help = "Time screening and a 12-session course, importing the method, loading the library, proposing dates, the studio and reminders."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; no database is needed)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which section is run, and how often each thing."""
        parser.add_argument("section", nargs="?", choices=SECTIONS, help="one section only")
        parser.add_argument("--runs", type=int, default=200, help="runs of each case (default 200)")
        parser.add_argument(
            "--rows", type=int, default=1_000_000, help="messages in the outbox that is asked what is due (default 1,000,000)"
        )

    def handle(self, *_arguments: object, **options: Any) -> None:
        """Runs the sections in their order."""
        runs, asked = max(1, options["runs"]), options["section"]
        if asked in (None, "method"):
            method_figures.report(self.stdout.write, runs=runs)
        if asked in (None, "dates"):
            figures.report_courses(self.stdout.write, runs=runs)
            figures.report_blocks(self.stdout.write)
            figures.report_days(self.stdout.write)
        if asked == "studio":  # in a database of its own: only where it is asked for
            report_studio(self.stdout.write, runs=runs)
        if asked == "reminders":  # some minutes, with servers of its own: only where it is asked for
            sending_figures.report_sending(self.stdout.write, rows=max(2000, options["rows"]))
