"""Reminders of single dates: whether they are still wanted is decided when they are sent, by what is booked and known then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clinic.reminders.due import KNOWS_FOR
from clinic.reminders.fields import DateLine, Fields
from clinic.reminders.models import Answer, Message, MessageRules
from clinic.reminders.queries.news import line_of, open_dates
from clinic.reminders.queries.rules import rules_by_clinic
from clinic.reminders.sources import Source, series_of
from clinic.reminders.states import AnswerKind, DropReason, Handled, Kind, MessageState
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState


@dataclass(frozen=True, slots=True)
class Known:
    """What is read for many reminders at once."""

    bookings: Mapping[int, Booking]
    rules: Mapping[int, MessageRules]  # by clinic
    others: Mapping[int, Sequence[Message]]  # by booking: every reminder of it
    declined: frozenset[int]  # bookings whose patient said "cannot come" to the time that is booked now
    told_soon: frozenset[int]  # patients to whom a message about new dates is on its way

    @classmethod
    def of(cls, messages: Sequence[Message]) -> "Known":
        """Five queries."""
        numbers = {each.booking_id or 0 for each in messages}
        rows = Booking.objects.filter(pk__in=numbers).select_related("clinic", "patient", "room__site", "told__site")
        bookings = {each.pk: each for each in rows}
        rules = rules_by_clinic({each.clinic_id: each.clinic for each in bookings.values()}.values())
        patients = {each.patient_id for each in bookings.values() if Kind.DATES not in rules[each.clinic_id].kinds_off}
        return cls(bookings, rules, _others(bookings), _declined(bookings), frozenset(open_dates(patients)))


def read_reminders(messages: Sequence[Message], now: datetime) -> Mapping[int, Fields | DropReason]:
    """The date that each of these reminds of, or why it does not any more. A fixed number of queries."""
    known = Known.of(messages)
    series = series_of(list(known.bookings))

    def say(message: Message) -> Fields | DropReason:
        booking = known.bookings[message.booking_id or 0]
        line = line_of(booking, now)
        if reason := _why_not(message, booking, line, known, now):
            return reason
        place = series.get(booking.pk)
        return Fields(message.kind, dates=(line,), number=place.number if place else 0, count=place.count if place else 0)

    return {each.pk: say(each) for each in messages}


def _why_not(message: Message, booking: Booking, line: DateLine, known: Known, now: datetime) -> DropReason | None:
    rules = known.rules[booking.clinic_id]
    if booking.state != BookingState.BOOKED:
        return DropReason.RELEASED
    if booking.starts_at <= now:
        return DropReason.OVER
    if (rules.day_before_at if message.kind == Kind.REMINDER_DAY else rules.hours_before) is None:
        return DropReason.TURNED_OFF
    if booking.pk in known.declined:
        return DropReason.ANSWERED
    if _was_just_told(booking, line, known, now) or _another_reminds(message, booking, known, now):
        return DropReason.NOTHING_NEW
    return None


def _was_just_told(booking: Booking, line: DateLine, known: Known, now: datetime) -> bool:
    """Told of this date a short time ago, or just being told of it."""
    if line.mark:
        return booking.patient_id in known.told_soon
    return booking.told.told_at > now - KNOWS_FOR


def _another_reminds(message: Message, booking: Booking, known: Known, now: datetime) -> bool:
    """Of two reminders that would come together, after a day without a worker, one is enough."""
    others = [each for each in known.others.get(booking.pk, ()) if each.state != MessageState.DROPPED]
    if any(each.kind == message.kind and each.version > message.version for each in others):
        return True
    same_date = [each for each in others if each.kind != message.kind and each.not_after == booking.starts_at]
    if message.kind == Kind.REMINDER_DAY:
        return any(each.due_at <= now for each in same_date)
    return any(each.sent_at and each.sent_at > now - KNOWS_FOR for each in same_date)


def _others(bookings: Iterable[int]) -> dict[int, list[Message]]:
    """``not_after`` of a reminder is the start of the session that it was about."""
    found: dict[int, list[Message]] = {}
    rows = Message.objects.filter(booking__in=list(bookings), kind__in=(Kind.REMINDER_DAY, Kind.REMINDER_HOURS))
    for row in rows.only("booking_id", "kind", "version", "state", "due_at", "sent_at", "not_after"):
        found.setdefault(row.booking_id or 0, []).append(row)
    return found


def _declined(bookings: Mapping[int, Booking]) -> frozenset[int]:
    """What was agreed since (``STAYS``) is a date like any other, and so is one that was moved since."""
    rows = Answer.objects.filter(booking__in=bookings, kind=AnswerKind.CANNOT_COME).exclude(handled=Handled.STAYS)
    return frozenset(pk for pk, asked in rows.values_list("booking", "starts_at") if pk and bookings[pk].starts_at == asked)


REMINDERS: Final = Source(read_reminders)
