"""What the pages about texts show: the list, a text beside what becomes of it, its placeholders and its versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.urls import reverse

from clinic.reminders.examples import Draft, example_fields, lines_for
from clinic.reminders.fields import DateLine
from clinic.reminders.models import MessageRules, MessageTemplate
from clinic.reminders.placeholders import MEANINGS, BadText
from clinic.reminders.queries.rules import rules_of
from clinic.reminders.queries.texts import Spot, booking_to_show, own_texts
from clinic.reminders.shipped import Shipped, shipped
from clinic.reminders.states import Channel, Text
from clinic.reminders.text_faults import is_for_staff, needed, offered, sms_length, sms_limit
from clinic.reminders.wording import can_be_filled
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, Language


@dataclass(frozen=True, slots=True)
class Cell:
    """One text by one channel in one language; ``own`` is the clinic's version, ``None`` the shipped text."""

    spot: Spot
    own: MessageTemplate | None

    @property
    def is_broken(self) -> bool:
        """Whether the clinic's own text cannot be filled any more, so that the shipped one leaves."""
        return self.own is not None and not can_be_filled(self.own, channel=self.spot.channel, language=self.spot.language)

    @property
    def language_name(self) -> str:
        return str(Language(self.spot.language).label)

    @property
    def channel_name(self) -> str:
        return str(Channel(self.spot.channel).label)


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its four forms, and an example of its subject in the reader's language."""

    name: str
    begins: str
    cells: Sequence[Cell]


def rows_of(clinic: Clinic, language: str, now: datetime) -> dict[bool, list[Row]]:
    """All texts: those to patients under ``False``, those to staff under ``True``. Two queries."""
    own, rules = own_texts(clinic), rules_of(clinic)
    lines = lines_for(None, rules, now)
    rows: dict[bool, list[Row]] = {False: [], True: []}
    for text in Text:
        spots = [Spot(text.value, channel, each) for channel in Channel.values for each in Language.values]
        spot = Spot(text.value, Channel.EMAIL, language)
        cells = {each: Cell(each, own.get(each)) for each in spots}
        draft = Draft(text.value, Channel.EMAIL, language, rules, said_in(None if cells[spot].is_broken else own.get(spot), spot))
        begins = draft.filled(example_fields(text.value, lines)).subject
        rows[is_for_staff(text.value)].append(Row(str(text.label), begins, list(cells.values())))
    return rows


def broken_texts(clinic: Clinic) -> list[Cell]:
    """The clinic's own texts that cannot be filled any more, so that the shipped ones leave. One query."""
    return [cell for cell in (Cell(spot, own) for spot, own in own_texts(clinic).items()) if cell.is_broken]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder of a text: what it is, and what becomes of it in the message that is shown."""

    name: str
    meaning: str
    becomes: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would leave for one booking (``None``: for invented dates). ``broken``: it cannot be filled yet."""

    subject: str = ""
    body: str = ""
    booking: Booking | None = None
    longest: int = 0
    limit: int = 0
    broken: bool = False

    @property
    def fits(self) -> bool:
        return self.longest <= self.limit


def preview_of(draft: Draft, booking: Booking | None, lines: Sequence[DateLine], places: Sequence[str]) -> Preview:
    """What the draft becomes for these dates (of ``booking``). No query."""
    fields = example_fields(draft.code, lines)
    try:
        said = draft.filled(fields)
        longest = draft.longest(places) if draft.channel == Channel.SMS else ""
    except BadText:
        return Preview(booking=booking, broken=True)
    return Preview(said.subject, said.body, booking, sms_length(longest), sms_limit(longest))


def placeholders_of(spot: Spot, rules: MessageRules, lines: Sequence[DateLine]) -> Iterator[Placeholder]:
    """What may stand in this text, with what each becomes for these dates."""
    names = offered(spot.code, spot.channel)
    wanted, fields = needed(spot.code, spot.channel), example_fields(spot.code, lines)
    for name in names:
        draft = Draft(spot.code, spot.channel, spot.language, rules, Shipped("", f"{{{name}}}"))
        yield Placeholder(name, str(MEANINGS[name]), draft.filled(fields).body, name in wanted)


def shown_booking(clinic: Clinic, number: int | None) -> Booking | None:
    """The booking with this number, else the newest; ``None`` in a clinic that has none. Two queries at most."""
    return booking_to_show(clinic, number) or (booking_to_show(clinic, None) if number else None)


def difference(before: Shipped | MessageTemplate, after: Shipped | MessageTemplate) -> list[tuple[str, str]]:
    """The lines of two texts: ("" in both, "out" only before, "in" only after), subject first."""
    old, new = ([each.subject, *each.body.splitlines()] if each.subject else each.body.splitlines() for each in (before, after))
    lines: list[tuple[str, str]] = []
    for tag, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [("", each) for each in old[first:last]]
            continue
        lines += [("out", each) for each in old[first:last]] + [("in", each) for each in new[begin:end]]
    return lines


def said_in(saved: MessageTemplate | None, spot: Spot) -> Shipped:
    """The words that a version stands for: its own, or the shipped ones."""
    if saved is None or not saved.body:
        return shipped(spot.code, spot.channel, spot.language)
    return Shipped(saved.subject, saved.body)


def names_of(spot: Spot) -> dict[str, Any]:
    """How a text is called on its page."""
    return {"text": Text(spot.code).label, "channel": Channel(spot.channel).label, "language": Language(spot.language).label}


def siblings_of(spot: Spot) -> list[dict[str, Any]]:
    """Ways to the same text by the other channel and in the other language."""
    spots = [Spot(spot.code, channel, language) for channel in Channel.values for language in Language.values]
    return [
        {
            "label": f"{Channel(each.channel).label} · {Language(each.language).label}",
            "url": reverse("reminders:text", args=[each.code, each.channel, each.language]),
            "is_current": each == spot,
        }
        for each in spots
    ]
