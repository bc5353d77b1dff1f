"""What stands in one column of the calendar, as HTML to scale: shifts, breaks, absences, the line of this moment, tiles and gaps.

Names and reasons are escaped where they are put in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clinic.courses.calendar.asked import Asked
from clinic.courses.calendar.queries.days import MIDNIGHT, Away, Booked, Known, Span, breaks_of, free_between
from clinic.courses.calendar.tiles import Reader, Scale, clock_words, tile
from clinic.schedule.states import AbsenceReason
from clinic.web.templatetags.web import icon

LEAST_GAP: Final = 30  # minutes; nobody is treated in less


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to draw any column."""

    known: Known
    reader: Reader
    asked: Asked
    scale: Scale
    to_do: str  # address of the list of courses that need dates
    tells_reasons: bool  # of absences


@dataclass(frozen=True, slots=True)
class Column:
    """What one column shows: a day of a therapist or of a room."""

    day: date
    bookings: Sequence[Booked]
    spans: Sequence[Span]
    away: Sequence[Away] = ()
    therapist: int = 0
    room: int = 0


def drawn(column: Column, desk: Desk) -> SafeString:
    """Everything in a column."""
    whole = (
        *(_shade(span, desk.scale) for span in column.spans),
        *(_away(each, column.spans, desk) for each in column.away),
        _now(desk, column.day),
        "<ul>",
        *_items(column, desk),
        "</ul>",
    )
    return mark_safe("".join(whole))  # noqa: S308  # made of escaped words only, see above


def _shade(span: Span, scale: Scale) -> str:
    return f'<div class="shade works {scale.place(span.start, span.end)}"></div>' if _is_shown(span, scale) else ""


def _is_shown(span: Span, scale: Scale) -> bool:
    return span.start < scale.last and span.end > scale.first


def _away(away: Away, spans: Sequence[Span], desk: Desk) -> str:
    """An absence, over the shifts that it takes away."""
    start, end = max(away.start, desk.scale.first), min(away.end, desk.scale.last)
    if start >= end or not spans:
        return ""
    words = str(AbsenceReason(away.reason).label) if desk.tells_reasons else _("Away")
    hours = "" if away.end - away.start == MIDNIGHT else f" {clock_words(start)}–{clock_words(end)}"
    return f'<div class="shade away {desk.scale.place(start, end)}"><span>{icon("user-x", 16)}{escape(words)}{hours}</span></div>'


def _now(desk: Desk, day: date) -> str:
    """The line of this moment."""
    minute = desk.reader.clock
    if day != desk.reader.today or not desk.scale.first <= minute < desk.scale.last:
        return ""
    return f'<div class="now {desk.scale.place(minute, minute + 5)}"></div>'


def gaps_of(column: Column, desk: Desk) -> Iterator[Span]:
    """Free times that are still to come."""
    if column.day < desk.reader.today:
        return
    taken = [*((each.start, each.free) for each in column.bookings), *((each.start, each.end) for each in column.away)]
    if column.day == desk.reader.today:
        grid = desk.known.rules.grid_minutes
        taken.append((0, -(-desk.reader.clock // grid) * grid))
    yield from free_between(column.spans, taken, least=LEAST_GAP)


def _items(column: Column, desk: Desk) -> Iterable[str]:
    """Tiles, gaps and breaks in the order of time, as a screen reader and a phone read them."""
    items = [(each.start, tile(each, desk.scale, desk.reader, is_hindered=desk.known.hinders(each))) for each in column.bookings]
    items += [(gap.start, _gap(gap, column, desk)) for gap in gaps_of(column, desk)]
    items += [(span.start, _break(span, desk.scale)) for span in breaks_of(column.spans) if _is_shown(span, desk.scale)]
    return (html for _start, html in sorted(items))


def _break(span: Span, scale: Scale) -> str:
    words = f"{escape(_('Break'))} {clock_words(span.start)}–{clock_words(span.end)}"
    return f'<li class="shade break {scale.place(span.start, span.end)}"><span>{words}</span></li>'


def _gap(gap: Span, column: Column, desk: Desk) -> str:
    start, end = clock_words(gap.start), clock_words(gap.end)
    asks = f"date={column.day}&amp;clock={start}&amp;therapist={column.therapist}&amp;room={column.room}"
    words = f"{escape(_('Free'))} {start}–{end}"
    return f'<li class="gap {desk.scale.place(gap.start, gap.end)}"><a href="{desk.to_do}?{asks}#needs-dates"><span>{words}</span></a></li>'
