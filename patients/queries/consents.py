"""By which channels a patient may be written to or called."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet

from clinic.web.prepared import Prepared
from patients.models import MessageConsent, Patient

Channel = MessageConsent.Channel
# What a channel needs: one of these fields of the record. A child is reached by the telephone of the guardian.
REACHED_BY: Final = {
    Channel.EMAIL: ("email",),
    Channel.SMS: ("phone", "guardian_phone"),
    Channel.PHONE: ("phone", "guardian_phone"),
}


def words_on_messages(patient: Patient) -> tuple[MessageConsent, ...]:
    """Everything that was said about messages, the newest first, in a second record of the same person too."""
    return tuple(_SAID.objects(patient=patient.pk))


def _said(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    said = MessageConsent.objects.filter(Q(patient=patient) | Q(patient__in=Patient.objects.filter(merged_into=patient).values("pk")))
    return said.select_related("recorded_by").order_by("-pk")


_SAID: Final = Prepared(_said)


def newest_words(said: Iterable[MessageConsent]) -> dict[str, MessageConsent]:
    """The newest word on each channel, of words that come with the newest first."""
    found: dict[str, MessageConsent] = {}
    for one in said:
        found.setdefault(one.channel, one)
    return found


def may_message(patient: Patient) -> frozenset[str]:
    """The channels by which the patient may be reached: the newest word is a yes, and the address or number is there."""
    given = (channel for channel, said in newest_words(words_on_messages(patient)).items() if said.is_given)
    return frozenset(channel for channel in given if can_be_reached(patient, Channel(channel)))


def can_be_reached(patient: Patient, channel: MessageConsent.Channel) -> bool:
    """Whether the record has an address or a number for this channel."""
    return any(getattr(patient, name) for name in REACHED_BY[channel])
