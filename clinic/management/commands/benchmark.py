"""``manage.py benchmark``: what planning, dates, the studio, reminders and the pages of a large clinic cost, each against a floor that
runs in the same minute."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.benchmark import kept, running
from clinic.courses.studio.bench.figures import report_studio
from clinic.reminders.bench import sending_figures
from clinic.schedule.bench import figures
from protocols.bench import method_figures

SECTIONS = ("method", "dates", "studio", "reminders", "product")


class Command(BaseCommand):
    """Prints figures and the goals beside them. Speed is shown, never tested, so the exit code is always 0."""

    help = (
        "Time screening and a 12-session course, importing the method, loading the library, proposing dates, the studio, reminders, pages."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; no database is needed)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which section is run, and how often each thing."""
        parser.add_argument("section", nargs="?", choices=SECTIONS, help="one section only")
        parser.add_argument("--runs", type=int, default=200, help="runs of each case (default 200)")
        parser.add_argument(
            "--rows", type=int, default=1_000_000, help="messages in the outbox that is asked what is due (default 1,000,000)"
        )
        parser.add_argument(
            "--patients", type=int, default=100_000, help="patients of the large clinic, ten sessions each (default 100,000)"
        )
        parser.add_argument("--pages", default="", help="beginnings of the names of pages, with commas (default: all)")
        parser.add_argument("--connections", default="1,8,32", help="at once, with commas (default 1,8,32)")
        parser.add_argument("--seconds", type=float, default=3.0, help="for how long each page is asked for under each load (default 3)")
        parser.add_argument("--quick", action="store_true", help="one and eight connections, a second and a half each")
        parser.add_argument("--beside", type=int, default=10_000, help="patients of a smaller clinic to compare with; 0 for none")
        parser.add_argument("--folder", default="", help="where the clinics are kept (default: TACTUS_DATA)")

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
        if asked == "product":  # minutes, and gigabytes the first time: only where it is asked for
            self.measure_product(options)

    def measure_product(self, options: dict[str, Any]) -> None:
        """Pages and acts of the large clinic, in processes of their own on data of their own."""
        if job := kept.job():
            running.ready(job.patients, self._said) if job.make else running.run(job, self._said)
            return
        connections = (1, 8) if options["quick"] else tuple(int(each) for each in options["connections"].split(","))
        seconds, only = 1.5 if options["quick"] else options["seconds"], tuple(filter(None, options["pages"].split(",")))
        folder = Path(options["folder"] or settings.DATA_DIR).resolve()
        patients, beside = max(kept.LEAST, options["patients"]), options["beside"] and max(kept.LEAST, options["beside"])
        kept.measure(kept.Wanted(patients, connections, seconds, only), folder, beside, self._said)

    def _said(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
