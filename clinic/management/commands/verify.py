"""``manage.py verify PROOF``: proofs that may be run at any time. Exit 0 when a proof holds, 1 when it does not or cannot be given."""

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clinic.audit import proving_audit
from clinic.courses.life import proving_life
from clinic.courses.studio import proving_edits
from clinic.reminders.faults import proving_faults
from clinic.schedule import proving_race
from clinic.signing import proving_signoff
from protocols import proving_editions, proving_safety

# Name -> a module with HELP, ``add_arguments(parser)`` and ``run(options, write)``, which writes what it found and says whether it holds.
PROOFS: Mapping[str, ModuleType] = {
    "audit": proving_audit,
    "editions": proving_editions,
    "edits": proving_edits,
    "faults": proving_faults,
    "life": proving_life,
    "race": proving_race,
    "safety": proving_safety,
    "signoff": proving_signoff,
}


class Command(BaseCommand):
    """One sub-command for each proof."""

    help = "Prove that something holds: " + "; ".join(f"{name} ({proof.HELP})" for name, proof in PROOFS.items()) + "."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; a proof asks for what it needs)

    def add_arguments(self, parser: CommandParser) -> None:
        names = parser.add_subparsers(dest="proof", required=True, metavar="PROOF")
        for name, proof in PROOFS.items():
            proof.add_arguments(names.add_parser(name, help=proof.HELP))

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if not PROOFS[options["proof"]].run(options, self.stdout.write):
            sys.exit(1)
