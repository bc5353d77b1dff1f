"""The course as columns that can be drawn up and down: one a session, its room between least and most, a ghost of the protocol.

Everything is written down ready for the drawing: a fragment that comes back after each act has no time to format numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.courses.presentation.sessions import family_seconds, phase_word
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.pressed import press_of
from clinic.web.marks import clock
from protocols.method.editing import DoseBounds, stops_today
from protocols.method.plans import SessionPlan

LEFT: Final = 34
STEP: Final = 60
BAR: Final = 40
TOP: Final = 58  # names of phases and the highest handle stand above it
FLOOR: Final = 218
HEIGHT: Final = 272
HALF: Final = 30  # seconds to which a drawn column snaps
MINUTE: Final = 60
TICKS: Final = (5, 10, 15, 20, 30)

Families = tuple[tuple[str, int], ...]  # seconds of each

HALF_LETTER: Final = 34  # tenths of a unit: half a letter of the word over a phase


@dataclass(frozen=True, slots=True)
class StudioColumn:
    """One session. Coordinates are text in the units of the drawing; ``least``, ``most``, ``now``, ``protocol`` percent of ``full``."""

    number: int
    phase_code: str
    is_chosen: bool
    is_given: bool
    is_changed: bool
    x: int
    middle: int
    bar_x: int
    top: str
    height: str
    ghost: str
    room: str  # the path from the least to the most that a hand may give
    fill: SafeString  # the families, one upon the other
    minutes: str
    label: str
    value_words: str
    url: str
    full: int
    least: int
    most: int
    now: int
    protocol: int
    lowest: int  # in seconds
    highest: int


@dataclass(frozen=True, slots=True)
class StudioCurve:
    """The whole drawing. ``scale`` is units per second."""

    columns: tuple[StudioColumn, ...]
    bands: tuple[tuple[str, str, int, int, int], ...]  # code, name, x, width, middle
    lines: tuple[tuple[str, int], ...]  # y, minutes
    width: int
    height: int
    floor: int
    scale: str
    chosen: "StudioColumn | None"
    stops: str  # the percents that the records leave open, "" for all within the bounds
    less: str  # what the buttons beside the chosen session send; "" at the bound
    more: str
    is_by_hand: bool


def studio_curve(desk: Desk, chosen: int, *, base: str) -> StudioCurve:
    """The curve of a desk. ``base`` is the address of the page."""
    bounds = {each.number: each for each in desk.curve}
    highest = max([*(_highest(desk, session, bounds.get(session.number)) for session in desk.sessions), MINUTE])
    scale = (FLOOR - TOP) / highest
    columns = tuple(_column(desk, index, chosen, bounds, scale=scale, base=base) for index in range(len(desk.sessions)))
    stops = stops_today(desk.setting, desk.made.adaptation)
    at_hand = next((each for each in columns if each.number == chosen), None)
    return StudioCurve(
        columns=columns,
        bands=tuple(_bands(columns)),
        lines=tuple(_lines(highest, scale)),
        width=LEFT + STEP * len(columns) + 6,
        height=HEIGHT,
        floor=FLOOR,
        scale=f"{scale:.5f}",
        chosen=at_hand,
        stops=" ".join(map(str, stops)),
        less=_nudge(at_hand, -MINUTE, stops),
        more=_nudge(at_hand, MINUTE, stops),
        is_by_hand=any(edit.kind in ("dose", "depth") for edit in desk.edits.edits),
    )


def _highest(desk: Desk, session: SessionPlan, bound: DoseBounds | None) -> int:
    dose = _dose_seconds(session)
    return max(dose, _of_full(bound, bound.most)) if bound and session.number > desk.begun else dose


def _dose_seconds(session: SessionPlan) -> int:
    return max(session.total_seconds, session.dose.seconds if session.dose else 0)


def full_seconds(bound: DoseBounds) -> float:
    """The full time of the stage at this age, as far as the whole percents of the dose tell it."""
    return bound.seconds * 100 / bound.now if bound.now else 0.0


def _of_full(bound: DoseBounds, percent: int) -> int:
    return round(full_seconds(bound) * percent / 100)


def _column(desk: Desk, index: int, chosen: int, bounds: dict[int, DoseBounds], *, scale: float, base: str) -> StudioColumn:
    session, built = desk.sessions[index], desk.built[index]
    number, is_given = session.number, session.number <= desk.begun
    seconds, usual, found = _dose_seconds(session), _dose_seconds(built), bounds.get(session.number)
    bound = found or DoseBounds(number, 100, 100, 100, 100, seconds)
    seconds = seconds if is_given else max(bound.seconds, session.total_seconds)
    return _drawn(
        get_language() or "",
        bound,
        family_seconds(session.rows),
        (number == chosen, is_given, bool(session.by_hand) or session.rows != built.rows),
        place=index,
        phase=session.phase,
        times=(seconds, usual),
        scale=scale,
        base=base,
    )


@lru_cache(maxsize=2000)  # an act changes few of the columns of a course
def _drawn(_language: str, bound: DoseBounds, families: Families, flags: tuple[bool, bool, bool], /, **about: Any) -> StudioColumn:
    """A column of the session of ``bound``: chosen, given, changed are the flags; ``times`` are its seconds and those of the protocol."""
    number, phase, (seconds, usual), scale = bound.number, about["phase"], about["times"], about["scale"]
    x = LEFT + STEP * int(about["place"])
    bar_x = x + (STEP - BAR) // 2
    least, most = _of_full(bound, bound.least), _of_full(bound, bound.most)
    top = FLOOR - seconds * scale
    return StudioColumn(
        number=number,
        phase_code=phase,
        is_chosen=flags[0],
        is_given=flags[1],
        is_changed=flags[2],
        x=x,
        middle=x + STEP // 2,
        bar_x=bar_x,
        top=f"{top:.1f}",
        height=f"{FLOOR - top:.1f}",
        ghost=f"M{x + 4} {FLOOR - usual * scale:.1f}h{STEP - 8}",
        room=f"M{x + 7} {FLOOR - least * scale:.1f}h{STEP - 14}V{FLOOR - most * scale:.1f}h{14 - STEP}z",
        fill=_fill(families, bar_x, scale),
        minutes=clock(seconds),
        label=_("Session %(number)s, %(phase)s") % {"number": number, "phase": phase_word(phase)},
        value_words=_value_words(seconds, usual),
        url=f"{about['base']}?session={number}",
        full=round(full_seconds(bound)),
        least=bound.least,
        most=bound.most,
        now=bound.now,
        protocol=bound.protocol,
        lowest=least,
        highest=most,
    )


def _value_words(seconds: int, usual: int) -> str:
    now = _("%(minutes)s minutes") % {"minutes": clock(seconds)}
    return now if seconds == usual else f"{now}, {_('protocol %(minutes)s') % {'minutes': clock(usual)}}"


def _fill(families: Families, x: int, scale: float) -> SafeString:
    """One rectangle a family, stroking at the floor. Numbers and codes of the method only, so nothing needs escaping."""
    y, drawn = float(FLOOR), []
    for family, seconds in families:
        deep = seconds * scale
        y -= deep
        drawn.append(f'<rect x="{x}" y="{y:.1f}" width="{BAR}" height="{deep:.1f}" fill="url(#weave-{family})"/>')
    return mark_safe("".join(drawn))  # noqa: S308  # numbers and the method's own codes


def _nudge(column: StudioColumn | None, by: int, stops: tuple[int, ...]) -> str:
    """What the button sends that gives the session a minute more or less; "" where a bound or the past is in the way.

    Where the records hold the load at rungs it is the next rung.
    """
    if column is None or column.is_given or not column.full:
        return ""
    percent = round(100 * (round(column.now * column.full / 100) + by) / column.full)
    if stops:
        percent = min([each for each in stops if each > column.now], default=column.most) if by > 0 else percent
        percent = max([each for each in stops if each <= percent], default=column.least)
    percent = min(max(percent, column.least), column.most)
    return press_of(do="curve", value=percent, session=column.number, scope_from="curve_scope") if percent != column.now else ""


def _bands(columns: Sequence[StudioColumn]) -> Iterator[tuple[str, str, int, int, int]]:
    for code, grouped in groupby(columns, key=lambda column: column.phase_code):
        of_phase = tuple(grouped)
        width = STEP * len(of_phase)
        name, x = phase_word(code), of_phase[0].x
        yield code, name, x, width, min(x + width // 2, x + width - len(name) * HALF_LETTER // 10)  # a long word keeps off the edge


def _lines(highest: int, scale: float) -> Iterator[tuple[str, int]]:
    every = next((tick for tick in TICKS if highest / MINUTE / tick <= 4), TICKS[-1])
    for minutes in range(every, highest // MINUTE + 1, every):
        yield f"{FLOOR - minutes * MINUTE * scale:.1f}", minutes
