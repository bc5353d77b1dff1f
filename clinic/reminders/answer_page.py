"""What the pages behind a link show of a message: the clinic by its short name, and dates by day, time and place. No words of a record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import get_language

from clinic.reminders.models import Message
from clinic.reminders.neutral import name_of, neutral_place
from clinic.reminders.queries.rules import rules_of
from clinic.reminders.shipped import zone_words
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic


@dataclass(frozen=True, slots=True)
class Sender:
    """The clinic as its messages call it."""

    name: str
    phone: str

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


@dataclass(frozen=True, slots=True)
class Place:
    """One date on the page: by the clinic's clock, and whose clock that is."""

    pk: int
    stamp: int
    day: date
    clock: time
    house: str
    address: str
    zone: str

    @property
    def words(self) -> str:
        """Where it is, in one line."""
        return ", ".join(filter(None, (self.house, self.address)))


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that would suit, as a form sends it."""

    day: date
    clock: time

    @property
    def value(self) -> str:
        return f"{self.day.isoformat()} {self.clock:%H:%M}"


def sender_of(message: Message) -> Sender:
    """One query."""
    rules = rules_of(message.clinic)
    return Sender(name_of(message.clinic, rules, get_language() or "en"), rules.phone)


def place_of(booking: Booking, clinic: Clinic) -> Place:
    """The date of a booking, its room and site read already."""
    site = booking.room.site
    house = neutral_place(site.name, "", clinic.edition_digest)
    address = neutral_place(site.address, "", clinic.edition_digest) if site.address else ""
    return Place(booking.pk, stamp_of(booking.starts_at), booking.day, booking.clock, house, address, _whose_time(clinic))


def _whose_time(clinic: Clinic) -> str:
    """``Berlin time``, as the message says it: for somebody who reads it elsewhere."""
    return zone_words(clinic.time_zone, get_language() or "en").strip("()")


def stamp_of(moment: datetime) -> int:
    """What a form sends along to say which time it was that the page showed."""
    return int(moment.timestamp())


def moment_of_stamp(sent: Any) -> datetime | None:
    """None for what was no time of ours."""
    said = str(sent or "")
    is_number = said.isascii() and said.isdigit() and len(said) < 12
    return datetime.fromtimestamp(int(said), tz=UTC) if is_number else None


def times_sent(sent: Iterable[str]) -> list[tuple[date, time]]:
    """The times that were ticked; what cannot be read was made by hand and is left out."""
    found = []
    for each in sent:
        try:
            moment = datetime.strptime(each, "%Y-%m-%d %H:%M")  # noqa: DTZ007  # by the clock on the clinic's wall
        except ValueError:
            continue
        found.append((moment.date(), moment.time()))
    return found


def free_times(suits: Iterable[dict[str, str]]) -> list[FreeTime]:
    """What was kept with an answer, to be shown."""
    return [FreeTime(date.fromisoformat(each["day"]), time.fromisoformat(each["clock"])) for each in suits]
