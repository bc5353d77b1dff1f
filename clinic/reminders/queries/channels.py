"""By which channels patients may be written to, the preferred one first."""

from collections.abc import Iterable, Mapping

from clinic.reminders.models import MessageWishes
from clinic.reminders.states import Channel
from patients.models import MessageConsent, Patient
from patients.queries import can_be_reached


def channels_of(patients: Iterable[Patient], *, wishes: Mapping[int, MessageWishes] | None = None) -> dict[int, tuple[str, ...]]:
    """For each patient the channels that were agreed to and for which there is an address, the preferred one first.

    Two queries; one where the ``wishes`` were just read (by patient).
    """
    given = {each.pk: each for each in patients}
    if not given:
        return {}
    agreed = _agreed(given)
    if wishes is None:
        preferred = dict(MessageWishes.objects.filter(patient__in=given).values_list("patient", "preferred"))
    else:
        preferred = {pk: each.preferred for pk, each in wishes.items()}
    return {pk: tuple(sorted(agreed[pk], key=lambda channel: channel != preferred.get(pk))) for pk in given}


def _agreed(given: dict[int, Patient]) -> dict[int, list[str]]:
    """In the order of the list of channels. A word said in a second record of the same person counts too."""
    # Asked in two halves: an OR over the second record would walk through everybody's words.
    columns = ("pk", "patient", "patient__merged_into", "channel", "is_given")
    own, seconds = (
        MessageConsent.objects.filter(**{whose: given}).order_by().values_list(*columns)
        for whose in ("patient__in", "patient__merged_into__in")
    )
    newest: dict[tuple[int, str], bool] = {}
    # As plain values: a worker asks this for thousands of patients, and their records are read already.
    for _said, pk, kept, channel, is_given in sorted(own.union(seconds, all=True)):
        newest[pk if pk in given or kept is None else kept, channel] = is_given
    return {pk: [channel for channel in Channel.values if newest.get((pk, channel)) and _reaches(given[pk], channel)] for pk in given}


def _reaches(patient: Patient, channel: str) -> bool:
    return can_be_reached(patient, MessageConsent.Channel(channel))
