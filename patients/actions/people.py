"""What changes who a patient is: one transaction, one audit line each, actor last."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import MessageConsent, Patient
from patients.permissions import check_can_note_likes, check_can_register
from patients.queries import check_takes_news, holder_of_card, newest_words, words_on_messages

NOTHING_SAID: Final[Mapping[str, bool]] = MappingProxyType({})
LONGEST_GIVEN: Final = 8  # digits of the card numbers that we count


class StalePatient(ActionDenied):
    """Somebody else saved this record first."""


class CardTaken(ActionDenied):
    """Another patient of the clinic has this card number."""


@transaction.atomic
def register_patient(*, details: Mapping[str, Any], actor: Actor, messages: Mapping[str, bool] = NOTHING_SAID) -> Patient:
    """Puts a person on the register of the actor's clinic; without a card number the next free one is given.

    ``details`` are the cleaned fields of the registration form; ``messages`` tell by channel what the person said. Raises
    ``ActionDenied`` for a role that may not, ``CardTaken`` for a number that somebody has.
    """
    check_can_register(actor)
    _one_at_a_time(actor.clinic)
    fields = {**details, "card_number": details.get("card_number") or next_card_number(actor.clinic)}
    check_card_is_free(actor.clinic, fields["card_number"])
    patient = Patient.objects.create(clinic=actor.clinic, registered_by=actor.user, **fields)
    said = _keep_words(patient, messages, actor)
    record(actor=actor, verb="registered", subject=patient, details={"card_number": patient.card_number, **said})
    return patient


def _keep_words(patient: Patient, messages: Mapping[str, bool], actor: Actor) -> dict[str, Any]:
    """Adds what was said on messages where it is another than before; what the audit line says of it."""
    before = newest_words(words_on_messages(patient)) if messages else {}
    new = {channel: given for channel, given in messages.items() if channel not in before or before[channel].is_given is not given}
    MessageConsent.objects.bulk_create(
        MessageConsent(patient=patient, channel=channel, is_given=given, said_on=actor.clinic.today(), recorded_by=actor.user)
        for channel, given in new.items()
    )
    return {"messages": new} if new else {}


def next_card_number(clinic: Clinic) -> str:
    """The number after the highest plain number in use at the clinic, or that an erased patient had.

    One so long that somebody mistyped it does not count.
    """
    used = Patient.objects.filter(clinic=clinic, card_number__regex=rf"^[0-9]{{1,{LONGEST_GIVEN}}}$").values_list("card_number", flat=True)
    numbers = frozenset(int(number) for number in used)
    erased = Clinic.objects.values_list("erased_up_to_card", flat=True).get(pk=clinic.pk)
    highest = max(*numbers, erased, 1000) + 1
    if highest < 10**LONGEST_GIVEN:
        return str(highest)
    return str(next(number for number in range(1001, 10**LONGEST_GIVEN) if number not in numbers))


def check_card_is_free(clinic: Clinic, number: str, *, but: int | None = None) -> None:
    """Raises ``CardTaken`` when another patient than ``but`` has this number; an empty one is free."""
    taken = holder_of_card(clinic, number, but=but)
    if taken:
        raise card_taken(number, taken.full_name)


def card_taken(number: str, holder: str) -> CardTaken:
    """The refusal of a number that somebody has, for whoever has looked already."""
    sentence = _("Card %(number)s belongs to %(name)s. Choose another number, or leave it empty.")
    return CardTaken(sentence % {"number": number, "name": holder})


def _one_at_a_time(clinic: Clinic) -> None:
    """Two receptions must not give one card number: the second waits here until the first has stored its patient."""
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)


@transaction.atomic
def correct_patient(
    *, patient: Patient, details: Mapping[str, Any], version: int, actor: Actor, messages: Mapping[str, bool] = NOTHING_SAID
) -> Patient:
    """Changes who the patient is, and adds what was said about ``messages`` by channel where it is another than before.

    Raises ``StalePatient`` when the record was saved by somebody else since ``version``, ``CardTaken`` for another's number.
    """
    check_can_register(actor)
    _one_at_a_time(actor.clinic)
    check_takes_news(patient)
    if not Patient.objects.filter(pk=patient.pk, version=version).update(version=F("version") + 1):
        raise StalePatient(_("Somebody else has saved this record in the meantime. Look at their changes, then save yours again."))
    check_card_is_free(actor.clinic, details["card_number"], but=patient.pk)
    changed = sorted(name for name, value in details.items() if getattr(patient, name) != value)
    for name, value in details.items():
        setattr(patient, name, value)
    patient.version = version + 1
    patient.save()
    said = _keep_words(patient, messages, actor)
    record(actor=actor, verb="corrected", subject=patient, details={"fields": changed, **said})
    return patient


@transaction.atomic
def note_likes(*, patient: Patient, text: str, actor: Actor) -> Patient:
    """Keeps what the patient likes, said in a few words, in place of what stood there; the same words leave no line.

    Raises ``ActionDenied`` for whoever does not treat, and for a record that was merged into another.
    """
    check_can_note_likes(actor)
    locked = Patient.objects.select_for_update().get(pk=patient.pk, clinic=actor.clinic)
    check_takes_news(locked)
    if locked.likes != text:
        Patient.objects.filter(pk=locked.pk).update(likes=text, version=F("version") + 1)
        record(actor=actor, verb="noted-likes", subject=locked, details={"characters": len(text)})
    locked.refresh_from_db()
    return locked
