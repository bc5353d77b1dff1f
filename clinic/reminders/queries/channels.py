"""By which channels patients may be written to, the preferred one first."""

from collections.abc import Iterable

from clinic.reminders.models import MessageWishes
from clinic.reminders.states import Channel
from patients.models import MessageConsent, Patient
from patients.queries import can_be_reached


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
    words = MessageConsent.objects.filter(patient__in=given) | MessageConsent.objects.filter(patient__merged_into__in=given)
    newest: dict[tuple[int, str], bool] = {}
    # As plain values: a worker asks this for thousands of patients, and their records are read already.
    for pk, kept, channel, is_given in words.order_by("pk").values_list("patient", "patient__merged_into", "channel", "is_given"):
        newest[pk if pk in given or kept is None else kept, channel] = is_given
    return {pk: [channel for channel in Channel.values if newest.get((pk, channel)) and _reaches(given[pk], channel)] for pk in given}


def _reaches(patient: Patient, channel: str) -> bool:
    return can_be_reached(patient, MessageConsent.Channel(channel))
