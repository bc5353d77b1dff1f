"""Messages to look at: how a text reads for real dates, and how long the longest text message of it becomes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Final

from clinic.reminders.fields import MOVED, NEW, OFF, DateLine, Fields
from clinic.reminders.links import absolute
from clinic.reminders.models import Message, MessageRules
from clinic.reminders.neutral import place_of
from clinic.reminders.queries.texts import dates_with
from clinic.reminders.states import FOR_STAFF, TEXTS_OF_DATES, Kind, Text
from clinic.reminders.text_faults import is_for_staff, sms_length
from clinic.reminders.wording import OwnText, Words, compose
from clinic.schedule.models import Booking
from clinic.schedule.wall_clock import wall_of

NO_LINK: Final = "/r/…"  # where a link will stand; it opens nothing
LONG_DAY, LONG_CLOCK = date(2026, 9, 30), time(10, 30)


@dataclass(frozen=True, slots=True)
class Someone:
    """Who would read it."""

    language: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text of one clinic that is being written, and for which it is."""

    code: str
    channel: str
    language: str
    rules: MessageRules
    text: OwnText

    def filled(self, fields: Fields) -> Words:
        """The words for these values; raises ``BadText`` for a text that cannot be filled."""
        kind = Kind.DATES if self.code in TEXTS_OF_DATES else Kind(self.code)
        staff = 0 if kind in FOR_STAFF else None
        message = Message(pk=0, clinic=self.rules.clinic, kind=kind, channel=self.channel, user_id=staff)
        return compose(
            message=message, fields=fields, recipient=Someone(self.language), rules=self.rules, template=self.text,
            links=lambda _message, _purpose: absolute(NO_LINK),
        )  # fmt: skip

    def longest(self, places: Sequence[str]) -> str:
        """The longest text message that comes of it, without its links: at the longest of these places, with numbers of two digits."""
        place = max((each.partition(",")[0] for each in places), key=len, default="")
        said = (self.filled(fields).body.replace(absolute(NO_LINK), "") for fields in _long_ones(self.code, place))
        return max(said, key=sms_length)


def example_fields(code: str, lines: Sequence[DateLine]) -> Fields:
    """Values for a text of this code from these dates (at least one); the first of them is the one that was chosen."""
    first, dates, count = lines[0], tuple(sorted(lines, key=lambda line: line.starts_at)), len(lines)
    number = dates.index(first) + 1
    if is_for_staff(code):
        return Fields(code, amount=3, day=first.day, clock=first.clock, path=NO_LINK)
    if code == Text.SCHEDULE:
        return Fields(code, tuple(replace(each, mark=NEW) for each in dates), number, count)
    if code == Text.CHANGE:
        moved = replace(first, mark=MOVED, was=(first.day - timedelta(days=1), first.clock))
        return Fields(code, tuple(moved if each is first else each for each in dates), number, count)
    if code == Text.CANCELLED:
        return Fields(code, (replace(first, mark=OFF),), number, count)
    return Fields(code, (first,), number, count, day=first.day + timedelta(days=180))


def lines_for(booking: Booking | None, rules: MessageRules, now: datetime) -> tuple[DateLine, ...]:
    """The dates of this booking's patient from it on; where a clinic has no booking yet, ten invented ones."""
    if booking is not None:
        return tuple(_line(each) for each in dates_with(booking))
    day, zone = wall_of(now, rules.clinic.zone)[0], rules.clinic.zone
    days = [day + timedelta(days=2 * number + 1) for number in range(10)]
    moments = [datetime.combine(each, LONG_CLOCK, tzinfo=zone).astimezone(UTC) for each in days]
    return tuple(DateLine(0, moment, each, LONG_CLOCK, 0, "") for each, moment in zip(days, moments, strict=True))


def _line(booking: Booking) -> DateLine:
    site = booking.room.site
    return DateLine(booking.pk, booking.starts_at, booking.day, booking.clock, site.pk, place_of(site))


def _long_ones(code: str, place: str) -> Iterator[Fields]:
    start = datetime.combine(LONG_DAY, LONG_CLOCK, tzinfo=UTC)
    line = DateLine(0, start, LONG_DAY, LONG_CLOCK, 0, place)
    yield replace(example_fields(code, [line] * 10), number=10, count=12, amount=12 if is_for_staff(code) else 0)
    if code == Text.CHANGE:
        marks = [mark for mark, _number in product((MOVED, OFF, NEW, ""), range(3))]
        yield Fields(code, tuple(replace(line, mark=mark, was=(LONG_DAY, LONG_CLOCK)) for mark in marks))
    if code == Text.CANCELLED:
        yield Fields(code, (replace(line, mark=OFF),) * 12)
