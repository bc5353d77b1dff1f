"""The closed set of what a message may say. No name of a person, no illness, no zone and no treatment: there is no field for one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

NEW: Final = "new"
MOVED: Final = "moved"
OFF: Final = "off"


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date as it is told: by the clinic's clock, where, and what is new about it ("", ``NEW``, ``MOVED``, ``OFF``).

    ``was`` is the day and the clock that were told before, of a date that moved.
    """

    booking: int
    starts_at: datetime
    day: date
    clock: time
    site: int
    place: str
    mark: str = ""
    was: tuple[date, time] | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    content: bytes
    type: str = "text/calendar"


@dataclass(frozen=True, slots=True)
class Fields:
    """What one message says, as values; how they are written depends on the language of whoever reads it.

    ``code`` is the text (``Text``). ``dates`` are in the order of time; ``number`` of ``count`` is the place of the first of them in its
    course (0: in none). ``amount`` counts what the text is about (patients tomorrow, referrals, unsigned sessions). ``day`` and ``clock``
    are of something that is no date of the patient's: when to come again, when tomorrow begins. ``path`` is where a link for staff leads.
    """

    code: str
    dates: tuple[DateLine, ...] = ()
    number: int = 0
    count: int = 0
    amount: int = 0
    day: date | None = None
    clock: time | None = None
    path: str = ""
    attachment: Attachment | None = None

    def marked(self, mark: str) -> int:
        """How many of the dates are ``NEW``, ``MOVED``, ``OFF``, or stay as they were ("")."""
        return sum(line.mark == mark for line in self.dates)

    def moments_of_news(self, zone: ZoneInfo) -> Iterator[datetime]:
        """When the dates that are new, moved or off begin, and when those that moved would have begun, by the clinic's clock."""
        for line in self.dates:
            if line.mark:
                yield line.starts_at
            if line.mark and line.was:
                yield datetime.combine(*line.was, tzinfo=zone)

    def stored(self) -> Mapping[str, Any]:
        """As it is kept with the message: the same closed set, as JSON."""
        lines = [[line.booking, line.starts_at.isoformat(), line.mark] for line in self.dates]
        day, clock = self.day.isoformat() if self.day else "", f"{self.clock:%H:%M}" if self.clock else ""
        return {"dates": lines, "number": self.number, "count": self.count, "amount": self.amount, "day": day, "clock": clock}
