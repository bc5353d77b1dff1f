"""``manage.py apply_erasures``: after a backup came back, erases again what was erased since it was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.keeping.erasure import journal
from clinic.keeping.erasure.again import erase_again
from clinic.keeping.erasure.permissions import ASK, DECIDE
from clinic.signing.keys import keyring
from clinic.staff.models import Clinic, StaffRole, User
from clinic.staff.permissions import Actor


class Command(BaseCommand):
    help = "Erases again what was erased after the backup was made that is brought back now, by the list beside the files of heads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="email", required=True, help="e-mail of a clinical lead or administrator in whose name it is done")
        parser.add_argument("--asked-by", required=True, help="e-mail of somebody else of the clinic: an erasure takes two")
        parser.add_argument("--file", type=Path, help="the list, where it lies elsewhere")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        path = options["file"] or journal.file()
        try:
            lines = list(journal.read(path.read_text(encoding="utf-8").splitlines(), keyring()))
        except (OSError, UnicodeDecodeError, journal.BadJournal) as wrong:
            raise CommandError(f"The list of erasures cannot be used: {wrong}.") from wrong
        clinics = Clinic.objects.filter(pk__in={line.clinic for line in lines}).order_by("pk")
        for clinic in clinics:
            actor, asker = _actor(clinic, options["email"]), _member(clinic, options["asked_by"], [str(role) for role in ASK])
            if actor.user == asker:
                raise CommandError("An erasure takes two: --asked-by must be somebody else.")
            for each in erase_again(lines, actor=actor, asker=asker, is_dry=options["dry_run"]):
                self.stdout.write(f"Clinic {clinic.pk}, record {each.line.patient}, erased on {each.line.at[:10]}: {each.outcome}.")
        if not lines:
            self.stdout.write("Nothing was erased.")


def _member(clinic: Clinic, email: str, roles: list[str]) -> User:
    found = User.objects.filter(email__iexact=email, is_active=True, staff_roles__clinic=clinic, staff_roles__role__in=roles).first()
    if found is None:
        raise CommandError(f"{email} has no role at clinic {clinic.pk} that may do this.")
    return found


def _actor(clinic: Clinic, email: str) -> Actor:
    user = _member(clinic, email, [str(role) for role in DECIDE])
    roles = StaffRole.objects.filter(user=user, clinic=clinic).values_list("role", flat=True)
    return Actor(user, clinic, frozenset(roles))
