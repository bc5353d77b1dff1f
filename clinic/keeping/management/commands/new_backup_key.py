"""``manage.py new_backup_key FILE``: the key that opens backups, to be kept where the clinic's machine is not."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.keeping.backups.crypt import new_identity
from clinic.keeping.backups.trouble import BackupTrouble, said_plainly


class Command(BaseCommand):
    help = "Makes the secret key that opens backups, and says the public one, to which they are encrypted."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; a key needs no database)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it: on a disk or stick that is kept elsewhere, never in TACTUS_DATA")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        file: Path = options["file"]
        refuse_beside_the_data(file)
        secret, public = new_identity()
        with said_plainly("The key"):
            _write(file, f"# Opens the backups of Tactus. Made on {timezone.localdate()}. Keep it apart from them.\n# {public}\n{secret}\n")
        self.stdout.write(
            f"{file} opens the backups. Keep it, and a second copy, away from this machine: without it no backup can be read."
        )
        self.stdout.write(f"BACKUP_RECIPIENTS={public}")


def refuse_beside_the_data(file: Path) -> None:
    """Raises ``BackupTrouble`` for a file where whoever takes the data would have the key as well."""
    for folder in (settings.DATA_DIR, settings.SIGNING_KEYS, settings.BACKUP_FOLDER):
        if folder and file.resolve().is_relative_to(Path(folder).resolve()):
            raise BackupTrouble(f"{file} lies in {folder}. Whoever got hold of that would have the key as well; write it to another disk.")


def _write(file: Path, words: str) -> None:
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as wrong:
        raise BackupTrouble(f"{file} is there already; a key is never written over.") from wrong
    with os.fdopen(number, "w", encoding="ascii") as out:
        out.write(words)
        out.flush()
        os.fsync(out.fileno())
