"""``manage.py reset_second_step EMAIL``: for somebody who lost the device and has no administrator who may help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.staff import queries
from clinic.staff.actions import reset_second_step
from clinic.staff.permissions import ActionDenied


class Command(BaseCommand):
    help = "Takes app, passkeys and recovery codes of this account away and ends its sessions; its person is told by a letter."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the e-mail that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = queries.person_with(options["email"])
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        try:
            reset_second_step(user=user, actor=None)
        except ActionDenied as denied:
            raise CommandError(denied.sentence) from denied
        self.stdout.write(f"{user.full_name} signs in with the password alone until a new second step is set up.")
