"""A message whose channel is lost (no consent any more, no address, refused for good) goes by another one that the patient agreed to."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from clinic.reminders.channels.choice import is_set_up
from clinic.reminders.models import Message
from clinic.reminders.queries.channels import channels_of
from clinic.reminders.queries.recipients import kept_record

Identity = tuple[str, str, str, int]


def reroute(messages: Sequence[Message], *, now: datetime) -> frozenset[Message]:
    """Writes for each of these a message by the next channel that was not tried; answers for which there was one.

    To be called in the transaction that drops them. Three queries and one statement, or nothing where nothing is lost.
    """
    patients = {each.patient_id: kept_record(each.patient) for each in messages if each.patient is not None}
    if not patients:
        return frozenset()
    ways = channels_of(patients.values())
    tried = _tried(messages)
    new: dict[Message, Message] = {}
    for message in messages:
        patient = patients.get(message.patient_id)
        open_ways = [each for each in ways[patient.pk] if is_set_up(each) and _identity(message, each) not in tried] if patient else []
        if open_ways:
            new[message] = _by(message, open_ways[0], now)
    Message.objects.bulk_create(new.values(), ignore_conflicts=True)
    return frozenset(new)


def _tried(messages: Iterable[Message]) -> frozenset[Identity]:
    rows = Message.objects.filter(about__in={each.about for each in messages}, kind__in={each.kind for each in messages})
    return frozenset(rows.values_list("about", "kind", "channel", "version"))


def _identity(message: Message, channel: str) -> Identity:
    return message.about, message.kind, channel, message.version


def _by(message: Message, channel: str, now: datetime) -> Message:
    return Message(
        clinic_id=message.clinic_id, kind=message.kind, channel=channel, about=message.about, version=message.version,
        patient_id=message.patient_id, booking_id=message.booking_id, due_at=message.due_at, next_at=now, not_after=message.not_after,
    )  # fmt: skip
