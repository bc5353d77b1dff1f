"""``manage.py backup DIR``: the database and the uploaded files as one encrypted file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clinic.keeping.backups.crypt import recipients
from clinic.keeping.backups.retention import Keep, read_keep
from clinic.keeping.backups.sentences import sentences_about
from clinic.keeping.backups.taking import take_backup
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.keeping.backups.wishes import said_recipients, wish_for


class Command(BaseCommand):
    help = "Backs up the database and the uploaded files as one encrypted file. Keys are not in it."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; whatever else is wrong, a backup can be taken)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where to, best on another disk")
        parser.add_argument("--to", action="append", default=[], metavar="KEY", help="public key (age1...) or a file with such keys")
        parser.add_argument("--keep", type=read_keep, help="days, weeks and months for which one is kept (default 7,4,12)")
        parser.add_argument("--unencrypted", action="store_true", help="only for trying; never in production")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        keys = [] if options["unencrypted"] else recipients(said_recipients(options["to"]))
        if not keys and not options["unencrypted"]:
            raise BackupTrouble(
                "Nobody is named who could open the backup: say --to KEY, or set BACKUP_RECIPIENTS (manage.py new_backup_key)."
            )
        keep: Keep | None = options["keep"]
        for sentence in sentences_about(take_backup(wish_for(options["folder"], keys, keep))):
            self.stdout.write(sentence)
