"""Whom a message reaches, read again at the moment of sending: nothing that was known when it was written counts any more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from clinic.reminders.channels.choice import is_set_up
from clinic.reminders.models import Message, MessageWishes
from clinic.reminders.queries.channels import channels_of
from clinic.reminders.queries.rules import quiet_of, rules_by_clinic
from clinic.reminders.states import Channel, DropReason
from clinic.staff.models import StaffRole
from patients.models import Patient

ADULT_AGE: Final = 18


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes, and in which language. ``shown`` is enough of the address to recognise it."""

    address: str
    language: str
    channel: str

    @property
    def shown(self) -> str:
        return recognisable(self.address, self.channel)


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now: it is looked at again at ``until``."""

    until: datetime


Verdict = Recipient | DropReason | Postponed


def recipients_of(messages: Sequence[Message], now: datetime) -> Mapping[int, Verdict]:
    """For each message (by its number) whom it reaches now, why nobody, or when to look again. The channel is that of the message.

    The messages come with clinic, patient (perhaps with wishes) and user read. Four queries at most, however many there are.
    """
    rules = rules_by_clinic(each.clinic for each in messages)
    people = [kept_record(each.patient) for each in messages if each.patient is not None]
    wishes = _wishes_of(people)
    ways = channels_of(people, wishes=wishes)
    staff = _staff_of(messages)

    quiet_until = cache(lambda hours, zone: hours.end_after(now, zone))
    today = cache(lambda zone: now.astimezone(zone).date())

    def verdict(message: Message) -> Verdict:
        set_by_clinic = rules[message.clinic_id]
        if message.kind in set_by_clinic.kinds_off:
            return DropReason.TURNED_OFF
        if message.patient is None:
            return _colleague(message, staff)
        patient, zone = kept_record(message.patient), message.clinic.zone
        found = _reached(message, patient, ways[patient.pk], today(zone))
        if not isinstance(found, Recipient):
            return found
        return _unless_quiet(found, message, quiet_until(quiet_of(set_by_clinic, wishes.get(patient.pk)), zone))

    return {each.pk: verdict(each) for each in messages}


def kept_record(patient: Patient) -> Patient:
    """The record that counts: of two that turned out to be one person's, the one that was kept."""
    return patient.merged_into or patient


def _wishes_of(people: Iterable[Patient]) -> dict[int, MessageWishes]:
    """By patient: those that were read with the patients, else one query."""
    kept = Patient._meta.get_field("message_wishes")
    given = {each.pk: each for each in people}
    asked = [pk for pk, patient in given.items() if not kept.is_cached(patient)]
    found: list[Any] = [kept.get_cached_value(patient) for patient in given.values() if kept.is_cached(patient)]
    if asked:
        found += MessageWishes.objects.filter(patient__in=asked)
    return {each.patient_id: each for each in found if each is not None}


def _staff_of(messages: Sequence[Message]) -> frozenset[tuple[int, int]]:
    users = {each.user_id for each in messages if each.user_id is not None}
    rows = StaffRole.objects.filter(user__in=users).values_list("user", "clinic") if users else ()
    return frozenset(rows)


def _colleague(message: Message, staff: frozenset[tuple[int, int]]) -> Verdict:
    user = message.user
    if user is None or not user.is_active or (user.pk, message.clinic_id) not in staff:
        return DropReason.LEFT
    return _if_set_up(Recipient(user.email, user.language, message.channel))


def _reached(message: Message, patient: Patient, ways: Sequence[str], today: date) -> Verdict:
    if patient.died_on is not None:
        return DropReason.DIED
    address = address_of(patient, message.channel, today)
    if not address:
        return DropReason.NO_ADDRESS
    if message.channel not in ways:
        return DropReason.NO_CONSENT
    return _if_set_up(Recipient(address, patient.language, message.channel))


def _if_set_up(recipient: Recipient) -> Verdict:
    return recipient if is_set_up(recipient.channel) else DropReason.NO_CHANNEL


def _unless_quiet(found: Recipient, message: Message, until: datetime | None) -> Verdict:
    if until is None:
        return found
    return Postponed(until) if until <= message.not_after else DropReason.QUIET


def address_of(patient: Patient, channel: str, day: date) -> str:
    """Where messages of this channel go on that day; empty where there is nothing. For a child, the guardian's telephone comes first."""
    if channel == Channel.EMAIL:
        return patient.email
    numbers = (patient.guardian_phone, patient.phone) if _is_child(patient, day) else (patient.phone, patient.guardian_phone)
    return next(filter(None, numbers), "")


def _is_child(patient: Patient, day: date) -> bool:
    born = patient.born_on
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < ADULT_AGE


def recognisable(address: str, channel: str) -> str:
    """Enough of an address to recognise it, too little to write to it: "a…@example.org", "…45"."""
    if channel == Channel.EMAIL:
        name, _at, host = address.rpartition("@")
        return f"{name[:1]}…@{host}"[:120]
    return f"…{''.join(filter(str.isdigit, address))[-2:]}"
