"""What the page of one patient shows besides health: contacts, what was said about messages, and the records merged into this one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic.audit.permissions import READERS
from clinic.staff.permissions import Actor, has_role
from patients import queries
from patients.models import MessageConsent, Patient
from patients.permissions import can_merge

ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel: the newest word on it, if there is one, and whether a message may go out by it now."""

    name: str
    newest: MessageConsent | None
    is_open: bool


def record_page(patient: Patient, *, on: date, actor: Actor) -> dict[str, Any]:
    """The part of the page that everybody sees who may open the record. ``on`` is the clinic's day."""
    merges, said = queries.merges_of(patient), queries.words_on_messages(patient)
    newest, age = queries.newest_words(said), queries.age_on(patient, on)
    return {
        "patient": patient,
        "age": age,
        "lacks_guardian": age < ADULT_AGE and not (patient.guardian_name and patient.guardian_phone),
        "channels": [_line(patient, channel, newest.get(channel.value)) for channel in MessageConsent.Channel],
        "said": said,
        "merges": merges,
        "may_merge": can_merge(actor),
        "may_see_looks": has_role(actor, *READERS),
    }


def _line(patient: Patient, channel: MessageConsent.Channel, newest: MessageConsent | None) -> ChannelLine:
    is_open = newest is not None and newest.is_given and queries.can_be_reached(patient, channel)
    return ChannelLine(str(channel.label), newest, is_open)
