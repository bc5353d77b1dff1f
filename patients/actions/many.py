"""Many people put on the register at once, as a list that somebody has checked says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from clinic.audit.actions import record_new
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.actions.people import LONGEST_GIVEN, next_card_number
from patients.models import NameKey, Patient
from patients.permissions import check_can_register
from patients.search import name_keys, name_words

AT_ONCE: Final = 500


@transaction.atomic
def register_patients(*, people: Sequence[Mapping[str, Any]], actor: Actor) -> list[Patient]:
    """Puts these people on the register of the actor's clinic, in their order; those without a card number get the next free ones.

    Each is the cleaned fields of the registration form, with card numbers that nobody has. Says nothing about messages: nobody asked.
    Leaves the same line in the audit for each as registering one does. Raises ``ActionDenied`` for a role that may not, and
    ``IntegrityError`` for a card number that somebody has.
    """
    check_can_register(actor)
    Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)  # two receptions must not give one card number
    numbers = _free_numbers(actor.clinic, people)
    patients = [Patient(clinic=actor.clinic, registered_by=actor.user, **_numbered(each, numbers)) for each in people]
    for patient in patients:
        patient.make_search_key()
    made = Patient.objects.bulk_create(patients, batch_size=AT_ONCE)
    NameKey.objects.bulk_create((key for patient in made for key in _name_keys(patient)), batch_size=AT_ONCE)
    record_new(actor=actor, verb="registered", lines=((each, {"card_number": each.card_number}) for each in made))
    return made


def _free_numbers(clinic: Clinic, people: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The numbers after the highest that is in use or in the list, as registering one after the other would give them."""
    listed = {str(each["card_number"]) for each in people if each.get("card_number")}
    plain = [int(number) for number in listed if number.isascii() and number.isdigit() and len(number) <= LONGEST_GIVEN]
    first = max(int(next_card_number(clinic)), *(number + 1 for number in plain), 0)
    if first + len(people) >= 10**LONGEST_GIVEN:
        first = 1001
    used = listed | set(Patient.objects.filter(clinic=clinic).values_list("card_number", flat=True))
    return (str(number) for number in range(first, 10**LONGEST_GIVEN) if str(number) not in used)


def _numbered(details: Mapping[str, Any], numbers: Iterator[str]) -> dict[str, Any]:
    return {**details, "card_number": details.get("card_number") or next(numbers)}


def _name_keys(patient: Patient) -> Iterator[NameKey]:
    keys = name_keys(name_words(patient.family_name, patient.given_name, patient.middle_name))
    return (NameKey(clinic_id=patient.clinic_id, patient=patient, key=key) for key in sorted(keys))
