"""The columns of a day and of a week: working hours, breaks, absences and closures to scale, tiles on them, and the gaps between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clinic.courses.calendar.drawing import Column, Desk, drawn
from clinic.courses.calendar.loads import Load, load_of, told
from clinic.courses.calendar.queries.days import MIDNIGHT, Away, Booked, Span
from clinic.courses.calendar.tiles import Scale, sprite

HOUR: Final = 60
USUAL: Final = (8 * HOUR, 18 * HOUR)


@dataclass(frozen=True, slots=True)
class Lane:
    """One column. ``drawn`` is all that stands in it; ``closed`` and ``note`` are words in its head."""

    title: str
    url: str
    day: date
    drawn: SafeString
    load: Load
    therapist: int = 0
    room: int = 0
    sub: str = ""
    closed: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """The columns over one scale."""

    lanes: tuple[Lane, ...]
    scale: Scale
    grid: int  # minutes on which sessions begin
    now: int  # minute of today, for the line

    @property
    def signs(self) -> SafeString:
        """The signs that the tiles use."""
        return sprite()

    @property
    def booked(self) -> int:
        return sum(lane.load.sessions for lane in self.lanes)


def scale_of(bookings: Iterable[Booked], spans: Iterable[Span]) -> Scale:
    """Whole hours around everything that is to be shown; the usual ones where there is nothing."""
    ends = [*((each.start, each.end) for each in bookings), *((span.start, span.end) for span in spans)]
    first = min((start for start, _end in ends), default=USUAL[0])
    last = max((end for _start, end in ends), default=USUAL[1])
    return Scale(first // HOUR * HOUR, min(-(-last // HOUR) * HOUR, MIDNIGHT))


def lanes_of_day(desk: Desk, bookings: Sequence[Booked]) -> tuple[Lane, ...]:
    """A column for each therapist who works, is away or is booked on that day, by name; narrowed as the address asks."""
    known, asked = desk.known, desk.asked
    names = {**{each.therapist: each.therapist_name for each in bookings}, **known.therapists}
    busy = {each.therapist for each in bookings}
    shown = [pk for pk in names if pk in busy or known.works_on(pk, asked.day, asked.site or None)]
    if asked.therapist:
        shown = [pk for pk in shown if pk == asked.therapist]
    return tuple(_of_therapist(desk, pk, names[pk], asked.day, bookings) for pk in sorted(shown, key=lambda pk: (names[pk], pk)))


def _of_therapist(desk: Desk, pk: int, name: str, day: date, bookings: Sequence[Booked]) -> Lane:
    mine = [each for each in bookings if each.therapist == pk and each.day == day]
    spans = desk.known.works_on(pk, day, desk.asked.site or None)
    sites = desk.known.sites
    return Lane(
        title=name,
        url=desk.asked.url("week", therapist=pk, room=0, by=""),
        day=day,
        drawn=drawn(Column(day, mine, spans, desk.known.away_on(pk, day), therapist=pk), desk),
        load=load_of(desk.known, pk, day, mine),
        therapist=pk,
        sub=" · ".join(dict.fromkeys(sites[span.site] for span in spans if span.site in sites)) if len(sites) > 1 else "",
        closed="" if pk in desk.known.therapists else _("Does not treat here any more"),
        is_today=day == desk.reader.today,
    )


def lanes_of_rooms(desk: Desk, bookings: Sequence[Booked]) -> tuple[Lane, ...]:
    """A column for each room in use, in the order of their sites."""
    asked = desk.asked
    rooms = [room for room in desk.known.rooms if asked.site in (0, room.site) and asked.room in (0, room.pk)]
    return tuple(_of_room(desk, room.pk, room.name, room.site, asked.day, bookings) for room in rooms)


def _of_room(desk: Desk, pk: int, name: str, site: int, day: date, bookings: Sequence[Booked]) -> Lane:
    known, inside = desk.known, [each for each in bookings if each.room == pk and each.day == day]
    spans = _merged(span for therapist in known.therapists for span in known.works_on(therapist, day, site))
    return Lane(
        title=name,
        url=desk.asked.url("week", room=pk, therapist=0, by=""),
        day=day,
        drawn=drawn(Column(day, inside, spans, room=pk), desk),
        load=told(inside, 0, Decimal(0)),
        room=pk,
        sub=known.sites.get(site, "") if len(known.sites) > 1 else "",
        is_today=day == desk.reader.today,
    )


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Shifts of several people as the hours in which somebody is there."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end), found[-1].site)
        else:
            found.append(span)
    return tuple(found)


def lanes_of_week(desk: Desk, days: Iterable[date], bookings: Sequence[Booked]) -> tuple[Lane, ...]:
    """A column for each day of one therapist or one room."""
    return tuple(_day_of_week(desk, day, bookings) for day in days)


def _day_of_week(desk: Desk, day: date, bookings: Sequence[Booked]) -> Lane:
    asked = desk.asked
    mine = [each for each in bookings if each.day == day]
    away: tuple[Away, ...] = ()
    if asked.room:
        site = next((room.site for room in desk.known.rooms if room.pk == asked.room), None)
        spans = _merged(span for pk in desk.known.therapists for span in desk.known.works_on(pk, day, site))
        load = told(mine, 0, Decimal(0))
    else:
        spans, away = desk.known.works_on(asked.therapist, day, asked.site or None), desk.known.away_on(asked.therapist, day)
        load = load_of(desk.known, asked.therapist, day, mine)
    return Lane(
        title=date_format(day, "D j"),
        url=asked.url("day", day=day, therapist=0, room=0),
        day=day,
        drawn=drawn(Column(day, mine, spans, away, asked.therapist, asked.room), desk),
        load=load,
        therapist=asked.therapist,
        room=asked.room,
        closed=desk.known.closed.get(day, ""),
        is_today=day == desk.reader.today,
    )
