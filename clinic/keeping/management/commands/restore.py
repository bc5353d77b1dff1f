"""``manage.py restore FILE``: a backup brought back into an empty place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.keeping.backups.places import place_of
from clinic.keeping.backups.restoring import Orders, restore
from clinic.keeping.backups.sentences import sentences_about_restored


class Command(BaseCommand):
    help = "Restores a backup into a new folder or an empty PostgreSQL database, and never over what is there."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; the database may be empty)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup (tactus-....tar.age)")
        parser.add_argument("--identity", type=Path, metavar="KEYFILE", help="the file that new_backup_key made")
        words = "a new folder; or postgresql://... ; or the word DATABASE_URL for the database that the environment names"
        parser.add_argument("--into", required=True, metavar="PLACE", help=words)
        parser.add_argument(
            "--media", type=Path, default=settings.MEDIA_ROOT, help="with PostgreSQL: where uploaded files go (%(default)s)"
        )
        words = "folder with the clinic's public signing keys (as SIGNING_KEYS)"
        parser.add_argument("--signing-keys", type=Path, default=settings.SIGNING_KEYS, help=words)
        parser.add_argument("--verify", action="store_true", help="check audit and signatures too, and open a page")
        parser.add_argument("--migrate", action="store_true", help="bring an older backup up to this version before it is looked through")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        place = place_of(options["into"], media=options["media"], data=Path(settings.DATA_DIR))
        chosen = {name: options[name] for name in ("verify", "migrate")}
        orders = Orders(options["file"], options["identity"], place, options["signing_keys"], **chosen)
        for sentence in sentences_about_restored(restore(orders), orders):
            self.stdout.write(sentence)
