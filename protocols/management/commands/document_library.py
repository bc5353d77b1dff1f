"""``manage.py document_library`` writes docs/library.md; ``--check`` only says whether it is current."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from protocols.handbook import library_page
from protocols.shelf import shipped_library

PAGE = Path("docs") / "library.md"


class Command(BaseCommand):
    """Exit 1 with ``--check`` when the page is not the one that the library makes."""

    help = "Write the library as a page: conditions, provenance, rules, profiles, cases, sources."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / PAGE
        page = library_page(shipped_library())
        if not options["check"]:
            path.write_text(page, encoding="utf-8")
            self.stdout.write(f"{PAGE} written")
        elif not path.exists() or path.read_text(encoding="utf-8") != page:
            raise CommandError(f"{PAGE} is out of date: run manage.py document_library")
