"""``manage.py add_clinic``: opens a clinic and names its first administrator."""

from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.staff.models import Language
from clinic.staff.starting import Wanted, start_clinic


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
            wanted = Wanted(**{field.name: options.get(field.name, "") for field in fields(Wanted)})
            clinic, _user = start_clinic(wanted=wanted, another=True)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        self.stdout.write(f"{clinic.name} is open; {options['admin_email']} administers it.")
