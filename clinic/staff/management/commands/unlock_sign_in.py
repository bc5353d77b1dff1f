"""``manage.py unlock_sign_in EMAIL``: somebody who failed too often may try again at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from clinic.staff import queries
from clinic.staff.limits import unlock
from clinic.staff.recording import record


class Command(BaseCommand):
    help = "Forgets every failed sign-in of this account, at every address, so that its person may try again at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the e-mail that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = queries.person_with(options["email"])
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        with transaction.atomic():
            record(actor=None, verb="sign-in-unlocked", subject=user, details={}, clinic=queries.home_of(user))
        unlock(user.email)
        self.stdout.write(f"{user.full_name} may try to sign in again.")
