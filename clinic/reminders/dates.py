"""The message about new, moved and cancelled dates: composed when it is sent, as what is booked now beside what the patient was told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils import translation

from clinic.reminders.actions.telling import keep_told
from clinic.reminders.fields import NEW, OFF, Attachment, Fields
from clinic.reminders.models import Message, MessageRules
from clinic.reminders.neutral import name_of
from clinic.reminders.queries.news import Date, dates_to_tell, open_dates
from clinic.reminders.queries.rules import rules_by_clinic
from clinic.reminders.sources import InSeries, Source, series_of
from clinic.reminders.states import Channel, DropReason, MessageState, Text
from clinic.schedule.feeds import dates_file
from patients.models import Patient

FILE_NAME: Final = "dates.ics"


def read_dates(messages: Sequence[Message], now: datetime) -> Mapping[int, Fields | DropReason]:
    """What each of these tells now; a fixed number of queries. Nothing, where the patient knows it all, or another message tells it."""
    people = {each.pk: _kept(each) for each in messages}
    numbers = {each.pk for each in people.values()}
    dates, others = dates_to_tell(numbers, now), open_dates(numbers)
    series = series_of([each.booking.pk for theirs in dates.values() for each in theirs])
    rules = rules_by_clinic({each.clinic_id: each.clinic for each in messages}.values())
    found: dict[int, Fields | DropReason] = {}
    for message in messages:
        patient = people[message.pk]
        told = _worth_telling(dates[patient.pk], series)
        if not told or _another_tells(message, others.get(patient.pk, ())):
            found[message.pk] = DropReason.NOTHING_NEW
        else:
            found[message.pk] = _fields(message, patient, told, series, rules[message.clinic_id], now)
    return found


def _kept(message: Message) -> Patient:
    """Of two records of one person the one that holds the bookings."""
    if message.patient is None:
        raise ValueError(f"{message} goes to no patient")
    return message.patient.merged_into or message.patient


def _another_tells(message: Message, open_ones: Iterable[int]) -> bool:
    """The newest of several tells everything: the others were left behind by a worker that died, or by a merge of two records."""
    return message.state == MessageState.SENDING and any(pk > message.pk for pk in open_ones)


def _worth_telling(dates: Sequence[Date], series: Mapping[int, InSeries]) -> list[Date]:
    """All dates of the courses in which anything is new, so that what stays is said too; nothing where nothing is new.

    A date that was given up stands in no course any more: then all dates of the patient are told, so that one never sounds like all.
    """
    if not any(each.line.mark for each in dates):
        return []
    touched = {_course(each, series) for each in dates if each.line.mark}
    return [each for each in dates if each.line.mark or "" in touched or _course(each, series) in touched]


def _course(date: Date, series: Mapping[int, InSeries]) -> str:
    place = series.get(date.booking.pk)
    return place.series if place else ""


def _fields(
    message: Message, patient: Patient, told: Sequence[Date], series: Mapping[int, InSeries], rules: MessageRules, now: datetime
) -> Fields:
    lines = tuple(each.line for each in told)
    place = series.get(lines[0].booking)
    number, count = (place.number, place.count) if place else (0, 0)
    file = _calendar_file(patient, told, rules, now) if message.channel == Channel.EMAIL else None
    return Fields(_text_of(told), dates=lines, number=number, count=count, attachment=file)


def _text_of(told: Sequence[Date]) -> str:
    """All are off only where none stays; a schedule is only what is all new."""
    marks = {each.line.mark for each in told}
    if marks == {OFF}:
        return Text.CANCELLED
    return Text.SCHEDULE if marks == {NEW} else Text.CHANGE


def _calendar_file(patient: Patient, told: Sequence[Date], rules: MessageRules, now: datetime) -> Attachment:
    name = name_of(rules.clinic, rules, patient.language)
    places = [(each.booking, each.line.place or name) for each in told]
    with translation.override(patient.language):
        today = now.astimezone(rules.clinic.zone).date()
        return Attachment(FILE_NAME, dates_file(clinic=rules.clinic, bookings=places, name=name, today=today))


def settle_dates(sent: Sequence[tuple[Message, Fields]], now: datetime) -> None:
    """From now on the patients know these dates."""
    keep_told((line for _message, fields in sent for line in fields.dates), now)


DATES: Final = Source(read_dates, settle_dates)
