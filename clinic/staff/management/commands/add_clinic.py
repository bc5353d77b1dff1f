"""``manage.py add_clinic``: opens a clinic and names its first administrator."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from clinic.staff.actions import add_staff, create_clinic
from clinic.staff.models import Language, Role


class Command(BaseCommand):
    help = "Opens a clinic and names its first administrator, who sets a password by “Forgot the password?” on the sign-in page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the clinic's name")
        parser.add_argument("--time-zone", required=True, help="for example Europe/Berlin")
        parser.add_argument("--language", default=Language.ENGLISH.value, choices=Language.values)
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                clinic = create_clinic(name=options["name"], time_zone=options["time_zone"], language=options["language"])
                add_staff(
                    clinic=clinic,
                    email=options["admin_email"],
                    full_name=options["admin_name"],
                    roles=[Role.ADMIN],
                    actor=None,
                )
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        self.stdout.write(f"{clinic.name} is open; {options['admin_email']} administers it.")
