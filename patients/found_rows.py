"""People of a list as its lines show them: every word, date and address made once here, because a template's tags cost more than a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format

from patients.models import Patient

NOBODY: Final = 0  # a number that no record has: only its place in the address is wanted


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One line of a list of people."""

    address: str
    name: str
    born: str
    card: str
    phone: str


def found_rows(patients: Iterable[Patient]) -> tuple[FoundRow, ...]:
    """The lines of these patients, in the reader's language."""
    beginning, end = reverse("patients:detail", args=[NOBODY]).split(str(NOBODY))
    return tuple(
        FoundRow(
            f"{beginning}{patient.pk}{end}", patient.full_name, date_format(patient.born_on, "SHORT_DATE_FORMAT"), patient.card_number,
            patient.phone,
        )
        for patient in patients
    )  # fmt: skip
