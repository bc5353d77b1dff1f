"""Tags that draw the marks of the method. They take codes; words that belong to the library are passed to the components by the page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clinic.web import marks

register = template.Library()


@register.filter
def outcome_mark(code: str) -> marks.OutcomeMark:
    """Icon, word and sentence of an outcome code. An unknown code is a bug and raises ``KeyError``."""
    return marks.OUTCOMES[code]


@register.simple_tag
def family_glyph(code: str, size: int = 20) -> SafeString:
    """The path of the hand that stands for a family. Hidden from screen readers: the name stands beside it."""
    drawing = '<svg class="glyph" viewBox="0 0 24 24" width="{}" height="{}" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    return format_html(drawing, size, size, marks.FAMILY_PATHS[code])


@register.filter
def family_path(code: str) -> str:
    """The path of the hand alone, on a grid of 24, for drawings that set it themselves."""
    return marks.FAMILY_PATHS[code]


@register.simple_tag
def tempo_ticks(tempo: str) -> SafeString:
    """A line with strokes: wide apart is calm, close together is brisk."""
    ticks = format_html_join("", '<path d="M{} 3v10"/>', ((x,) for x in marks.TEMPO_TICKS[tempo]))
    opening = '<svg class="ticks" viewBox="0 0 36 16" width="36" height="16" aria-hidden="true" focusable="false">'
    return format_html(opening + '<path class="ticks-line" d="M0 13h36"/>{}</svg>', ticks)


@register.filter
def tempo_word(tempo: str) -> Any:
    return marks.TEMPOS[tempo]


@register.filter
def side_word(side: str) -> Any:
    return marks.SIDES[side]


@register.filter
def pressure_word(level: int) -> Any:
    return marks.PRESSURES[level]


@register.filter
def clock(seconds: int) -> str:
    """Seconds as "6" or "6:30" minutes."""
    return marks.clock(int(seconds))


@register.simple_tag
def dose_bars(minutes: Sequence[int], current: int | None = None, done: int = 0) -> tuple[marks.DoseBar, ...]:
    return marks.dose_bars(minutes, current=current, done=done)


@register.filter
def times(count: int) -> range:
    """``{% for _ in 3|times %}``"""
    return range(1, int(count) + 1)


@register.filter
def paired(columns: Iterable[Any], cells: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Each cell of a table row with its column."""
    return list(zip(columns, cells, strict=True))
