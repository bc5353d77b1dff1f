"""``manage.py new_signing_key``: makes the key that signs, or puts a new one in its place."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from clinic.signing.keys import KeyFiles, make_key
from clinic.start import MODES


class Command(BaseCommand):
    help = "Makes a key to sign with. One that is there is replaced; its public half stays in the keyring, so old signatures still hold."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; keys are made before there is a database)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.SIGNING_KEYS, help="where it lies (as in SIGNING_KEYS)")
        parser.add_argument("--mode", choices=MODES, default=settings.MODE, help="for which TACTUS_MODE")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        files = KeyFiles(options["folder"], options["mode"])
        made = make_key(files, replaces=files.private.exists())
        self.stdout.write(f"New signatures are made with key {made} ({files.private}).")
        self.stdout.write(f"Keep {files.folder} in a safe copy apart from the database, and copy it to every machine of this installation.")
