"""``manage.py backup_drill``: whether the newest backup comes back."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.keeping.backups.actions import record_drill
from clinic.keeping.backups.crypt import recipients
from clinic.keeping.backups.drilling import Report, drill
from clinic.keeping.backups.naming import backups_in
from clinic.keeping.backups.nightly import orders_for
from clinic.keeping.backups.taking import take_backup
from clinic.keeping.backups.trouble import BackupTrouble, said_plainly
from clinic.keeping.backups.wishes import said_recipients, wish_for


class Command(BaseCommand):
    help = "Restores the newest backup into an empty place that is thrown away afterwards, looks through it, and keeps what was found."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", default=settings.BACKUP_FOLDER or None, help="where backups lie")
        parser.add_argument("--identity", type=Path, metavar="KEYFILE", default=settings.BACKUP_IDENTITY_FILE or None)
        parser.add_argument("--signing-keys", type=Path, default=settings.SIGNING_KEYS, help="folder with the clinic's public signing keys")
        words = "on another machine: write what was found to this file, for record_drill on the clinic's server"
        parser.add_argument("--report", type=Path, metavar="FILE", help=words)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        folder: Path | None = options["folder"]
        if folder is None:
            raise BackupTrouble("Name the folder with the backups, or set BACKUP_FOLDER.")
        if not options["report"] and not backups_in(folder):
            taken = take_backup(wish_for(folder, recipients(said_recipients())))
            self.stdout.write(f"There was no backup yet; took {taken.file.path.name}.")
        report = drill(orders_for(folder, options["identity"], options["signing_keys"]))
        self._keep(report, options["report"])
        seconds = (report.finished_at - report.started_at).total_seconds()
        said = report.trouble or f"All of it came back and holds: {report.rows} rows, {seconds:.0f} s."
        self.stdout.write(f"{report.file}: {said}")
        if report.trouble:
            sys.exit(1)

    def _keep(self, report: Report, file: Path | None) -> None:
        if file is None:
            record_drill(report=report)
            return
        with said_plainly("The report"):
            file.write_text(report.as_json(), encoding="utf-8")
