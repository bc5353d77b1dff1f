"""``manage.py verify PROOF|all``: proofs that may be run at any time. Exit 0 when it holds, 1 when it does not or cannot be given."""

import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clinic.proofs.registry import PROOFS, Proof

ALL = "all"


@dataclass(frozen=True)
class Result:
    """What came of one proof."""

    name: str
    holds: bool
    seconds: float


class Command(BaseCommand):
    """One sub-command for each proof."""

    help = "Prove that something holds: " + "; ".join(f"{name} ({entry.proof.HELP})" for name, entry in PROOFS.items()) + "."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; a proof asks for what it needs)

    def add_arguments(self, parser: CommandParser) -> None:
        names = parser.add_subparsers(dest="proof", required=True, metavar="PROOF")
        for name, entry in PROOFS.items():
            own = names.add_parser(name, help=entry.proof.HELP)
            entry.proof.add_arguments(own)
            own.add_argument("--reduced", action="store_true", help="in the small size that every test run has")
        every = names.add_parser(ALL, help="every proof one after another, each in its full size, and a table at the end")
        every.add_argument("--reduced", action="store_true", help="each in the small size that every test run has")
        every.add_argument("--without", action="append", default=[], choices=PROOFS, metavar="PROOF", help="leave this one out")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if options["proof"] == ALL:
            self.prove_all(reduced=options["reduced"], without=options["without"])
        elif not self.prove(PROOFS[options["proof"]].proof, options):
            sys.exit(1)

    def prove(self, proof: Proof, options: Mapping[str, Any]) -> bool:
        """Runs one proof with these options, or with those of its small size."""
        return proof.run({**options, **proof.REDUCED} if options["reduced"] else options, self.stdout.write)

    def prove_all(self, *, reduced: bool, without: list[str]) -> None:
        """Runs all of them; one that fails or breaks down does not keep the others from being run."""
        results = [self.result(name, reduced=reduced) for name in PROOFS if name not in without]
        self.stdout.write("")
        for result in results:
            self.stdout.write(f"{result.name:12} {'holds' if result.holds else 'DOES NOT HOLD':14} {result.seconds:8.1f} s")
        if not all(result.holds for result in results):
            sys.exit(1)

    def result(self, name: str, *, reduced: bool) -> Result:
        """One of all: under a heading, with the options that it would have alone."""
        self.stdout.write(f"\n== {name}")
        began, proof = monotonic(), PROOFS[name].proof
        parser = CommandParser()
        proof.add_arguments(parser)
        try:
            holds = self.prove(proof, {**vars(parser.parse_args([])), "reduced": reduced})
        except Exception:  # whatever it was, it is told, and it counts as not proved
            self.stdout.write(traceback.format_exc())
            holds = False
        return Result(name, holds, monotonic() - began)
