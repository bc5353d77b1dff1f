"""``manage.py record_drill REPORT``: what a drill on another machine found, kept on the clinic's server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.keeping.backups.actions import record_drill_from_elsewhere
from clinic.keeping.backups.drilling import read_report
from clinic.keeping.backups.trouble import BackupTrouble, said_plainly


class Command(BaseCommand):
    help = "Keeps the report of a drill that another machine made, if it is about a backup that lies here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", type=Path)
        parser.add_argument("--folder", type=Path, metavar="DIR", default=settings.BACKUP_FOLDER or None, help="where backups lie")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if options["folder"] is None:
            raise BackupTrouble("Name the folder with the backups by --folder, or set BACKUP_FOLDER.")
        with said_plainly("The report"):
            report = read_report(options["report"].read_text(encoding="utf-8"))
        kept = record_drill_from_elsewhere(report=report, folder=options["folder"])
        self.stdout.write(f"Kept: {kept.trouble or 'the backup came back and holds'}.")
