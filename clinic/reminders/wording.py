"""The words of one message, from its text and its values. Nothing here knows a person: there is no placeholder for one.

Whose time it is: named in every e-mail; in a text message only where the telephone belongs to another country than the clinic, since
there each letter counts and everybody else lives by the clinic's clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any, Final, Protocol

from clinic.reminders.fields import MOVED, NEW, OFF, DateLine, Fields
from clinic.reminders.links import absolute, address_for
from clinic.reminders.models import Message, MessageRules
from clinic.reminders.neutral import name_of, neutral_place
from clinic.reminders.placeholders import BadText, Value, ready
from clinic.reminders.shipped import day_words, far_day_words, shipped, table_of, word, zone_words
from clinic.reminders.states import TEXTS_OF_DATES, Channel, Purpose, Text

SUBJECT_LENGTH: Final = 200
HIDDEN: Final = "…"  # stands for the secret of a link where the words are kept
Links = Callable[[Message, str], str]


class Reader(Protocol):
    """Whoever gets the message: what the words depend on."""

    @property
    def language(self) -> str: ...
    @property
    def address(self) -> str: ...


class OwnText(Protocol):
    """A clinic's own text: a version of it that was saved (``MessageTemplate``), or one that is being written."""

    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    """What leaves (``subject``, ``body``), the same without the secrets of its links (``kept``), and the link that ends the messages."""

    subject: str
    body: str
    kept: str
    stop_link: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """All that values are made from."""

    message: Message
    fields: Fields
    rules: MessageRules
    language: str
    is_abroad: bool
    links: Links

    @property
    def is_short(self) -> bool:
        return self.message.channel == Channel.SMS

    @property
    def is_staff(self) -> bool:
        return self.message.user_id is not None

    @property
    def first(self) -> DateLine | None:
        """The date that ``{day}``, ``{time}`` and ``{place}`` are of: the first one that takes place."""
        dates = self.fields.dates
        return next((line for line in dates if line.mark != OFF), dates[0] if dates else None)

    @property
    def clinic(self) -> str:
        return name_of(self.message.clinic, self.rules, self.language)

    @property
    def changes(self) -> tuple[DateLine, ...]:
        """The dates to be told one by one: all of a new course, and only what is different of a known one."""
        return tuple(line for line in self.fields.dates if line.mark) or self.fields.dates


def compose(
    *,
    message: Message,
    fields: Fields,
    recipient: Reader,
    rules: MessageRules,
    template: OwnText | None,
    links: Links = address_for,
) -> Words:
    """The words of a message as it leaves now. No query where the clinic and the booking of the message are read.

    ``template`` is the clinic's own text, or ``None`` for the shipped one; ``links`` makes the addresses (a preview has none that open).
    Raises ``KeyError`` for a text that does not exist and ``BadText`` for one that cannot be filled (none is ever saved).
    """
    language, channel, clinic = recipient.language, message.channel, message.clinic
    text = template if template is not None and template.body else shipped(fields.code, channel, language)
    is_abroad = channel == Channel.SMS and _is_abroad(recipient.address, clinic.country)
    saying = Saying(message, fields, rules, language, is_abroad, links)
    subject, body = ready(text.subject, language=language, channel=Channel.SMS), ready(text.body, language=language, channel=channel)
    values = {name: VALUES[name](saying) for name in subject.names | body.names}
    secrets = [] if saying.is_staff else [str(values[name]) for name in ("link", "stop_link") if values.get(name)]
    # A mail program offers it beside the letter, also where the clinic's own words leave it out.
    stop = str(values.get("stop_link") or _stop_link(saying)) if channel == Channel.EMAIL else ""
    return Words(_one_line(subject.filled(values)), said := body.filled(values), _kept(said, secrets), stop)


def can_be_filled(text: OwnText, *, channel: str, language: str) -> bool:
    """Whether a clinic's own text still can be filled. None is saved that cannot, but the placeholders may change with a new release."""
    try:
        ready(text.subject, language=language, channel=Channel.SMS)
        ready(text.body, language=language, channel=channel)
    except BadText:
        return False
    return True


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:SUBJECT_LENGTH]


def _kept(body: str, secrets: list[str]) -> str:
    for link in secrets:
        body = body.replace(link, f"{link.rstrip('/').rpartition('/')[0]}/{HIDDEN}")
    return body


def _clock(clock: time | None) -> str:
    return f"{clock.hour:02}:{clock.minute:02}" if clock else ""


@lru_cache(maxsize=8192)
def _when(day: date, clock: time, language: str, *, is_short: bool) -> str:
    return f"{day_words(day, language, short=is_short)}{'' if is_short else ','} {_clock(clock)}"


def _day(saying: Saying) -> str:
    day = saying.first.day if saying.first else saying.fields.day
    return day_words(day, saying.language, short=saying.is_short) if day else ""


def _time(saying: Saying) -> str:
    return _clock(saying.first.clock if saying.first else saying.fields.clock)


def _place(saying: Saying) -> str:
    """Empty where the dates are at several places: then each date says its own."""
    first = saying.first
    if first is None or _has_places(saying):
        return ""
    place = neutral_place(first.place, saying.clinic, saying.message.clinic.edition_digest)
    return _short_place(place, saying.clinic) if saying.is_short else place


def _short_place(place: str, clinic: str) -> str:
    """The name of the house; a clinic of one house of its own name need not say it twice."""
    name = place.partition(",")[0]
    return "" if name == clinic else name


def _has_places(saying: Saying) -> bool:
    return len({line.site for line in saying.fields.dates if line.mark != OFF}) > 1


def _zone(saying: Saying) -> str:
    if saying.is_staff or (saying.is_short and not saying.is_abroad):
        return ""
    return f" {zone_words(saying.message.clinic.time_zone, saying.language)}"


def _dates(saying: Saying) -> str:
    lines = saying.changes
    if saying.is_short:
        return _told(lines[0], saying, has_places=False) if len(lines) == 1 else ""
    has_places = _has_places(saying)
    return "\n".join(f"- {_told(line, saying, has_places=has_places)}" for line in lines)


def _told(line: DateLine, saying: Saying, *, has_places: bool) -> str:
    language, is_short = saying.language, saying.is_short
    now = _when(line.day, line.clock, language, is_short=is_short)
    place = neutral_place(line.place, saying.clinic, saying.message.clinic.edition_digest)
    if has_places and line.mark != OFF:
        now = f"{now}, {place}"
    if line.mark == MOVED and line.was == (line.day, line.clock):
        at = _when(line.day, line.clock, language, is_short=is_short)
        return word(language, "moved_place").format(now=at, place=place)
    if line.mark == MOVED and line.was:
        before = _clock(line.was[1]) if line.was[0] == line.day else _when(*line.was, language, is_short=is_short)
        return word(language, "moved").format(now=now, was=before)
    if line.mark in (OFF, NEW) and saying.fields.code == Text.CHANGE:
        return word(language, line.mark).format(now=now)
    return now


def _count(saying: Saying) -> int:
    """Of dates: how many of those told before it is about, or how many there are in a new course. Else of the course.

    Nothing of a patient's only date, which says itself what is new: "1 of 1" says no more.
    """
    fields = saying.fields
    if fields.code == Text.CHANGE:
        return 0 if len(fields.dates) == 1 else len(fields.dates) - fields.marked(NEW)
    return len(fields.dates) if fields.code in TEXTS_OF_DATES else fields.count


def _link(saying: Saying) -> str:
    return absolute(saying.fields.path) if saying.is_staff else saying.links(saying.message, Purpose.ANSWER)


def _stop_link(saying: Saying) -> str:
    return "" if saying.is_staff else saying.links(saying.message, Purpose.STOP)


VALUES: Final[Mapping[str, Callable[[Saying], Value]]] = {
    "clinic": lambda saying: saying.clinic,
    "phone": lambda saying: " ".join(saying.rules.phone.split()),
    "day": _day,
    "time": _time,
    "place": _place,
    "zone": _zone,
    "dates": _dates,
    "number": lambda saying: saying.fields.number,
    "count": _count,
    "moved": lambda saying: saying.fields.marked(MOVED),
    "off": lambda saying: saying.fields.marked(OFF),
    "new": lambda saying: saying.fields.marked(NEW),
    "stays": lambda saying: saying.fields.marked("") if saying.fields.code == Text.CHANGE else 0,
    "amount": lambda saying: saying.fields.amount,
    "repeat_day": lambda saying: far_day_words(saying.fields.day, saying.language) if saying.fields.day else "",
    "link": _link,
    "stop_link": _stop_link,
}


@lru_cache(maxsize=8192)
def _is_abroad(address: str, country: str) -> bool:
    """Whether a telephone number belongs to another country than the clinic; unknown countries and national numbers are at home."""
    codes: dict[str, Any] = table_of("calling")
    home = codes.get(country.upper())
    digits = "".join(each for each in address if each.isdigit())
    return bool(home) and address.strip().startswith("+") and not digits.startswith(str(home))
