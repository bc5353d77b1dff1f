"""Reminders of single dates: whether they are still wanted is decided when they are sent, by what is booked and known then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from clinic.reminders.due import KNOWS_FOR
from clinic.reminders.fields import Fields
from clinic.reminders.models import Answer, Message, MessageRules, Told
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
    others: Mapping[int, Sequence["Other"]]  # by booking: every reminder of it
    declined: frozenset[int]  # bookings whose patient said "cannot come" to the time that is booked now
    told_soon: frozenset[int]  # patients to whom a message about new dates is on its way

    @classmethod
    def of(cls, messages: Sequence[Message]) -> "Known":
        """Six queries; two where the messages come with booking, place and rules, and everybody knows of these dates."""
        bookings = _bookings_of(messages)
        rules = rules_by_clinic({each.clinic_id: each.clinic for each in bookings.values()}.values())
        untold = {each.patient_id for each in bookings.values() if not _is_told(each) and Kind.DATES not in rules[each.clinic_id].kinds_off}
        return cls(bookings, rules, _others(bookings), _declined(bookings), frozenset(open_dates(untold) if untold else ()))


def _bookings_of(messages: Sequence[Message]) -> dict[int, Booking]:
    """The bookings as they came with messages that were just read; where they did not, one query."""
    came, told = Message._meta.get_field("booking"), Booking._meta.get_field("told")
    given = [each.booking for each in messages if came.is_cached(each) and each.booking is not None]
    found = {each.pk: each for each in given if told.is_cached(each)}
    missing = {each.booking_id or 0 for each in messages} - found.keys()
    if missing:
        found |= Booking.objects.select_related("clinic", "room__site", "told__site").in_bulk(missing)
    return found


def _is_told(booking: Booking) -> bool:
    """Whether the patient was told of this date as it is now."""
    told: Told | None = getattr(booking, "told", None)
    return told is not None and not told.is_off and (told.starts_at, told.site_id) == (booking.starts_at, booking.room.site_id)


OF_ANOTHER: Final = ("kind", "version", "due_at", "sent_at", "not_after")


class Other(NamedTuple):
    """A reminder of the same booking. ``not_after`` of a reminder is the start of the session that it was about."""

    kind: str
    version: int
    due_at: datetime
    sent_at: datetime | None
    not_after: datetime


def read_reminders(messages: Sequence[Message], now: datetime) -> Mapping[int, Fields | DropReason]:
    """The date that each of these reminds of, or why it does not any more. A fixed number of queries."""
    known = Known.of(messages)
    series = series_of(list(known.bookings))

    def say(message: Message) -> Fields | DropReason:
        booking = known.bookings[message.booking_id or 0]
        if reason := _why_not(message, booking, known, now):
            return reason
        place = series.get(booking.pk)
        dates = (line_of(booking, now),)
        return Fields(message.kind, dates=dates, number=place.number if place else 0, count=place.count if place else 0)

    return {each.pk: say(each) for each in messages}


def _why_not(message: Message, booking: Booking, known: Known, now: datetime) -> DropReason | None:
    rules = known.rules[booking.clinic_id]
    if booking.state != BookingState.BOOKED:
        return DropReason.RELEASED
    if booking.starts_at <= now:
        return DropReason.OVER
    if (rules.day_before_at if message.kind == Kind.REMINDER_DAY else rules.hours_before) is None:
        return DropReason.TURNED_OFF
    if booking.pk in known.declined:
        return DropReason.ANSWERED
    if _was_just_told(booking, known, now) or _another_reminds(message, booking, known, now):
        return DropReason.NOTHING_NEW
    return None


def _was_just_told(booking: Booking, known: Known, now: datetime) -> bool:
    """Told of this date a short time ago, or just being told of it."""
    if not _is_told(booking):
        return booking.patient_id in known.told_soon
    return booking.told.told_at > now - KNOWS_FOR


def _another_reminds(message: Message, booking: Booking, known: Known, now: datetime) -> bool:
    """Of two reminders that would come together, after a day without a worker, one is enough."""
    others = known.others.get(booking.pk, ())
    if any(each.kind == message.kind and each.version > message.version for each in others):
        return True
    same_date = [each for each in others if each.kind != message.kind and each.not_after == booking.starts_at]
    if message.kind == Kind.REMINDER_DAY:
        return any(each.due_at <= now for each in same_date)
    return any(each.sent_at and each.sent_at > now - KNOWS_FOR for each in same_date)


def _others(bookings: Iterable[int]) -> dict[int, list[Other]]:
    found: dict[int, list[Other]] = {}
    rows = Message.objects.filter(booking__in=list(bookings), kind__in=(Kind.REMINDER_DAY, Kind.REMINDER_HOURS))
    for booking, *row in rows.exclude(state=MessageState.DROPPED).order_by().values_list("booking", *OF_ANOTHER):
        found.setdefault(booking or 0, []).append(Other(*row))
    return found


def _declined(bookings: Mapping[int, Booking]) -> frozenset[int]:
    """What was agreed since (``STAYS``) is a date like any other, and so is one that was moved since."""
    rows = Answer.objects.filter(booking__in=bookings, kind=AnswerKind.CANNOT_COME).exclude(handled=Handled.STAYS)
    return frozenset(pk for pk, asked in rows.values_list("booking", "starts_at") if pk and bookings[pk].starts_at == asked)


REMINDERS: Final = Source(read_reminders)
