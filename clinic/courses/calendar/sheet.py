"""The sheet of a day for paper: a table for each therapist."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.courses.calendar.drawing import Desk
from clinic.courses.calendar.loads import Load, load_of
from clinic.courses.calendar.queries.days import Booked
from clinic.courses.calendar.tiles import Flag, clock_words, counter, dose, flags_of, who


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One patient of the day."""

    begins: str
    ends: str
    name: str
    counter: str
    room: str
    dose: str
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The day of one therapist."""

    name: str
    hours: str
    rows: tuple[SheetRow, ...]
    load: Load


def sheets_of(desk: Desk, bookings: Sequence[Booked]) -> list[Sheet]:
    """A sheet for each therapist who is booked on the day, by name."""
    names = {each.therapist: each.therapist_name for each in bookings}
    return [_sheet(desk, pk, name, bookings) for pk, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0]))]


def _sheet(desk: Desk, pk: int, name: str, bookings: Sequence[Booked]) -> Sheet:
    mine, day = [each for each in bookings if each.therapist == pk], desk.asked.day
    hours = ", ".join(f"{clock_words(span.start)}–{clock_words(span.end)}" for span in desk.known.works_on(pk, day))
    return Sheet(name, hours, tuple(_row(each, desk) for each in mine), load_of(desk.known, pk, day, mine))


def _row(booked: Booked, desk: Desk) -> SheetRow:
    return SheetRow(
        begins=clock_words(booked.start),
        ends=clock_words(booked.end),
        name=who(booked),
        counter=counter(booked) or booked.label,
        room=booked.room_name,
        dose=dose(booked, desk.reader),
        flags=flags_of(booked, desk.reader, is_hindered=desk.known.hinders(booked)),
    )
