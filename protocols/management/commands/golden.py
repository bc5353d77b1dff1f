"""``manage.py golden make|check``: plans of an edition kept to the last byte, and whether this code still makes them."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from protocols.editions.content import library_from, shipped_content
from protocols.golden import DIGESTS, FOLDER, differences, made_corpus, read_corpus, stem_of, stems, write_corpus
from protocols.golden_cases import golden_cases
from protocols.method.library import Library
from protocols.shelf import shipped_library

SHOWN = 10


class Command(BaseCommand):
    """Exit 1 when a kept plan comes out otherwise."""

    help = "Keep plans of the shipped edition to the last byte (make), or plan all that were ever kept anew and compare (check)."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; checks would open the database)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and where."""
        parser.add_argument("what", choices=("make", "check"))
        parser.add_argument("--folder", type=Path, default=FOLDER)
        parser.add_argument("--replace", action="store_true", help="make the corpus of this edition anew, for a change that was meant")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if options["what"] == "make":
            self._make(options["folder"], may_replace=options["replace"])
        elif not self._check(options["folder"]):
            sys.exit(1)

    def _make(self, folder: Path, *, may_replace: bool) -> None:
        content, library = shipped_content(), shipped_library()
        if (folder / f"{stem_of(content)}{DIGESTS}").exists() and not may_replace:
            raise CommandError(f"{stem_of(content)} is kept already. If its plans may change, say so: --replace.")
        corpus = made_corpus(content, library, golden_cases(library))
        size = write_corpus(corpus, folder)
        self.stdout.write(f"{corpus.stem}: {len(corpus.cases)} cases, {size:,} bytes.")

    def _check(self, folder: Path) -> bool:
        kept = stems(folder)
        if stem_of(shipped_content()) not in kept:
            self.stdout.write(f"The shipped edition has no corpus of its own yet: manage.py golden make ({stem_of(shipped_content())}).")
        same = [self._is_the_same(stem, folder) for stem in kept]  # all of them are told
        return all(same)

    def _is_the_same(self, stem: str, folder: Path) -> bool:
        corpus = read_corpus(stem, folder)
        library: Library = library_from(corpus.content)
        other = list(differences(corpus, library))
        self.stdout.write(f"{stem}: {len(corpus.cases) - len(other)} of {len(corpus.cases)} plans are the same to the last byte.")
        for line in other[:SHOWN]:
            self.stdout.write(line)
        return not other
