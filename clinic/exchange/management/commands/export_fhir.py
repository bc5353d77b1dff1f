"""``manage.py export_fhir``: a course, a patient or a protocol as FHIR R4B on standard output, for whoever runs the installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from clinic.courses.models import Course
from clinic.exchange.fhir.actions import as_file, export_for_installation
from clinic.exchange.fhir.bundles import patient_bundle
from clinic.exchange.fhir.checking import NotFhir
from clinic.exchange.fhir.protocols import plan_definition
from clinic.staff.models import Clinic
from patients.models import Patient
from protocols.editions.queries import library_in_force


class Command(BaseCommand):
    """Exit 0 with one JSON document, or 1 with the reason. A file about a patient leaves a line in the audit."""

    help = "Write a course, a patient or a protocol as FHIR R4B; --check builds the file of every patient and writes none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is wanted, and in which language."""
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--course", type=int, metavar="PK")
        wanted.add_argument("--patient", type=int, metavar="PK")
        wanted.add_argument("--protocol", metavar="CODE", help="of the library, for example neck-collar")
        wanted.add_argument("--check", action="store_true", help="whether the file of every patient and of every protocol is valid")
        parser.add_argument("--clinic", type=int, metavar="PK", help="whose edition a protocol is read from; the first clinic without it")
        parser.add_argument("--language", choices=("en", "ru"), default="en")

    def handle(self, *args: object, **options: Any) -> None:
        """Writes the document."""
        with translation.override(options["language"]):
            try:
                self.stdout.write(self._wanted(options))
            except NotFhir as broken:
                raise CommandError(f"{broken.sentence} {'; '.join(broken.faults[:20])}") from broken

    def _wanted(self, options: dict[str, Any]) -> str:
        at = timezone.now()
        if options["check"]:
            return _checked()
        if options["protocol"]:
            clinic = _clinic(options["clinic"])
            condition = library_in_force(clinic).conditions.get(options["protocol"])
            if condition is None:
                raise CommandError(f"The library has no protocol {options['protocol']}.")
            return as_file(plan_definition(clinic, condition, at=at)).decode()
        subject = _subject(options)
        return export_for_installation(subject=subject, at=at).decode()


def _subject(options: dict[str, Any]) -> Course | Patient:
    if options["course"]:
        found: Course | Patient | None = Course.objects.filter(pk=options["course"]).first()
    else:
        found = Patient.objects.filter(pk=options["patient"]).first()
    if found is None:
        raise CommandError("There is no such record.")
    return found


def _clinic(number: int | None) -> Clinic:
    found = Clinic.objects.filter(pk=number).first() if number else Clinic.objects.order_by("pk").first()
    if found is None:
        raise CommandError("There is no such clinic.")
    return found


def _checked() -> str:
    """Builds every file once. Raises ``NotFhir`` for the first that is not valid."""
    at, resources, count = timezone.now(), 0, 0
    for patient in Patient.objects.filter(merged_into=None).select_related("clinic").order_by("pk").iterator():
        resources += len(patient_bundle(patient, at=at)["entry"])
        count += 1
    protocols = 0
    for clinic in Clinic.objects.order_by("pk"):
        for condition in library_in_force(clinic).conditions.values():
            plan_definition(clinic, condition, at=at)
            protocols += 1
    return f"{count} patients with {resources} resources and {protocols} protocols: all valid."
