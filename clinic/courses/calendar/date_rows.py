"""Rows of dates as pages show them: weekday, time, people, whether a date is green or amber and why, the gap before it, other times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.choosing import Ground, Names
from clinic.courses.calendar.queries.sessions import gaps_between
from clinic.courses.calendar.reason_words import ReasonWords
from clinic.courses.calendar.slots import written
from clinic.courses.calendar.standing import CourseDates
from clinic.schedule.cells import clock_of
from clinic.schedule.models import Booking
from clinic.schedule.proposing.values import ProposedDate, Slot
from protocols.method.entries import Cadence


@dataclass(frozen=True, slots=True)
class OtherTime:
    """One time that can be chosen instead: ``value`` is what the form sends."""

    value: str
    day: date
    clock: time
    therapist: str
    room: str
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        """In one line, for a list to choose from."""
        return f"{date_format(self.day, 'D')} {date_format(self.day, 'j E')}, {self.clock:%H:%M}, {self.therapist}"


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of a course. Green without ``reasons``. ``troubles`` are why a time that was asked for is not possible."""

    booking: Booking
    number: int
    day: date
    clock: time
    ends: time
    therapist: str
    room: str
    gap: str
    reasons: tuple[str, ...]
    others: tuple[OtherTime, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def is_green(self) -> bool:
        return not self.reasons


def rows_of(ground: Ground, bookings: Sequence[Booking], names: Names) -> tuple[DateRow, ...]:
    """The dates that are held or booked, each judged beside its neighbours. Asks the database nothing."""
    words, judged = ReasonWords(names.therapists), ground.judged()
    numbers = numbers_of(ground.dates, bookings)
    days = [booking.day for booking in bookings]
    gaps = gaps_between(days, ground.calendar.open_days, ground.wanted.after)
    return tuple(
        DateRow(
            booking, numbers[booking.pk], booking.day, booking.clock, _ends(booking), names.therapists.get(booking.therapist_id, ""),
            names.rooms.get(booking.room_id, ""), gap_words(gap), words.say_all(row.reasons),
        )
        for booking, row, gap in zip(bookings, judged, gaps, strict=True)
    )  # fmt: skip


def with_others(rows: Iterable[DateRow], ground: Ground, names: Names) -> tuple[DateRow, ...]:
    """The same rows with the best other times for each."""
    return tuple(replace(row, others=tuple(other_times(ground.others_for(number), names))) for number, row in enumerate(rows, start=1))


def other_times(found: Iterable[ProposedDate], names: Names) -> list[OtherTime]:
    """Times to choose from, in words."""
    words = ReasonWords(names.therapists)
    return [_other(row.slot, words.say_all(row.reasons), names) for row in found]


def _other(slot: Slot, reasons: tuple[str, ...], names: Names) -> OtherTime:
    who, where = names.therapists.get(slot.therapist, ""), names.rooms.get(slot.room, "")
    return OtherTime(written(slot), slot.day, clock_of(slot.cell), who, where, reasons)


def numbers_of(dates: CourseDates, more: Sequence[Booking]) -> dict[int, int]:
    """Which session each booking is, by its number: the earliest has the lowest number that is to come."""
    mine = {session.booking.pk: session.booking for session in dates.dated if session.booking}
    bookings = sorted({**mine, **{booking.pk: booking for booking in more}}.values(), key=lambda each: (each.starts_at, each.pk))
    numbers = sorted(session.number for session in (*dates.dated, *dates.open_ones))
    return {booking.pk: number for booking, number in zip(bookings, numbers, strict=False)}


def _ends(booking: Booking) -> time:
    return (datetime.combine(booking.day, booking.clock) + timedelta(minutes=booking.minutes)).time()


def gap_words(gap: int | None) -> str:
    """Open days since the session before, in words."""
    if gap is None:
        return ""
    if gap == 1:
        return _("the next open day")
    return ngettext("%(count)s open day later", "%(count)s open days later", gap) % {"count": gap}


def minutes_left(holds: Sequence[Booking], now: datetime) -> int:
    """Whole minutes for which everything is held; at least one while it is."""
    ends = min(hold.held_until for hold in holds if hold.held_until)
    return max(1, int((ends - now).total_seconds()) // 60)


def pace_words(pattern: Pattern, cadence: Cadence) -> str:
    """What is wished beyond the pace that the library gives the stage (its cadence), in a sentence; empty within it."""
    rhythm = pattern.gaps(0)
    usual = {"low": cadence.every_days_min, "high": cadence.every_days_max}
    if rhythm.min < cadence.every_days_min and rhythm.ideal < cadence.every_days_min:
        return _("More often than the protocol gives it: there, %(low)s to %(high)s open days lie from one session to the next.") % usual
    if rhythm.ideal > cadence.every_days_max:
        return _("More seldom than the protocol gives it: there, %(low)s to %(high)s open days lie from one session to the next.") % usual
    return ""
