"""By which channels patients may be written to, the preferred one first."""

from collections.abc import Iterable

from clinic.reminders.models import MessageWishes
from clinic.reminders.states import Channel
from patients.models import MessageConsent, Patient
from patients.queries import can_be_reached, newest_words


def channels_of(patients: Iterable[Patient]) -> dict[int, tuple[str, ...]]:
    """For each patient the channels that were agreed to and for which there is an address, the preferred one first. Two queries."""
    given = {each.pk: each for each in patients}
    if not given:
        return {}
    agreed = _agreed(given)
    preferred = dict(MessageWishes.objects.filter(patient__in=given).values_list("patient", "preferred"))
    return {pk: tuple(sorted(agreed[pk], key=lambda channel: channel != preferred.get(pk))) for pk in given}


def _agreed(given: dict[int, Patient]) -> dict[int, list[str]]:
    """In the order of the list of channels. A word said in a second record of the same person counts too."""
    said: dict[int, list[MessageConsent]] = {pk: [] for pk in given}
    words = MessageConsent.objects.filter(patient__in=given) | MessageConsent.objects.filter(patient__merged_into__in=given)
    for word in words.select_related("patient").order_by("-pk"):
        said[word.patient.merged_into_id if word.patient_id not in said else word.patient_id].append(word)  # type: ignore[index]
    return {pk: [channel for channel in Channel.values if _may(given[pk], channel, said[pk])] for pk in given}


def _may(patient: Patient, channel: str, said: list[MessageConsent]) -> bool:
    newest = newest_words(said).get(channel)
    return newest is not None and newest.is_given and can_be_reached(patient, MessageConsent.Channel(channel))
