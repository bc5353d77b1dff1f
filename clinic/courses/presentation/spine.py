"""The levels of segmental work beside the spine: one band a level, numbered as the hands go, from below upwards."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clinic.courses.bodymap import SideMark, side_mark
from protocols.body_map import shipped_body_map
from protocols.method.session.offered import Told
from protocols.method.vocabulary import Side

HALF: Final = 78  # of the width of the drawing, in its units
ABOVE, BELOW = 22, 26  # room over the highest level and under the lowest
GAP: Final = 1.2
HIGHEST, LOWEST = 95, 480  # above them lies the head, below them the legs
TRUNK: Final = 170  # half the width that is drawn


@dataclass(frozen=True, slots=True)
class SpineLevel:
    """One level. Coordinates are text in the units of the drawing; ``turn`` is 0 where it is not worked."""

    code: str
    turn: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    is_barred: bool


@dataclass(frozen=True, slots=True)
class Spine:
    """The part of the back that holds the levels. ``box`` is its viewBox, ``spans`` the open levels in short."""

    box: str
    ground: SafeString
    levels: tuple[SpineLevel, ...]
    label_x: str
    turn_x: str
    at_left: SideMark
    at_right: SideMark
    mark_y: str
    mark_left: str
    mark_right: str
    spans: str
    label: str


def spine_of(told: tuple[Told, ...], side: Side) -> Spine:
    """The levels of one method, caudal to cranial, on the side that is worked."""
    drawing = shipped_body_map()
    turns = {each.code: turn for turn, each in enumerate((each for each in told if each.barred is None), start=1)}
    levels = tuple(_level(each, turns.get(each.code, 0), side) for each in told)
    tops = [float(each.y) for each in levels]
    top, bottom = min(tops) - ABOVE, max(tops) + BELOW
    spans = ", ".join(spans_of(tuple(turns)))
    return Spine(
        box=f"{drawing.middle - HALF} {top:.0f} {2 * HALF} {bottom - top:.0f}",
        ground=back_of_trunk(),
        levels=levels,
        label_x=f"{drawing.middle + drawing.half_width + 4:g}",
        turn_x=f"{drawing.middle - drawing.half_width - 4:g}",
        at_left=side_mark("left"),
        at_right=side_mark("right"),
        mark_y=f"{top + 11:.0f}",
        mark_left=f"{drawing.middle - HALF + 12}",
        mark_right=f"{drawing.middle + HALF - 12}",
        spans=spans,
        label=_("Levels beside the spine, from below upwards: %(levels)s") % {"levels": spans or "–"},
    )


def _level(told: Told, turn: int, side: Side) -> SpineLevel:
    drawing = shipped_body_map()
    near = "C7" if told.code == "C8" else told.code  # the eighth cervical root is worked with the seventh
    band = drawing.band(near, near)
    half = band.width / 2
    x = band.x + (half if side == "right" else 0)
    return SpineLevel(
        code=told.code,
        turn=turn,
        x=f"{x:g}",
        y=f"{band.y + GAP / 2:.1f}",
        width=f"{half if side in ('left', 'right') else band.width:g}",
        height=f"{band.height - GAP:.1f}",
        middle=f"{band.y + band.height / 2:.1f}",
        is_barred=told.barred is not None,
    )


def spans_of(levels: tuple[str, ...]) -> tuple[str, ...]:
    """Levels in a row as spans: ``S4, S3, S2`` is ``S4–S2``."""
    found: list[list[str]] = []
    for level in levels:
        if found and _follows(found[-1][-1], level):
            found[-1].append(level)
        else:
            found.append([level])
    return tuple(each[0] if len(each) == 1 else f"{each[0]}–{each[-1]}" for each in found)


def _follows(lower: str, upper: str) -> bool:
    return lower[0] == upper[0] and int(lower[1:]) == int(upper[1:]) + 1


@cache
def back_of_trunk() -> SafeString:
    """Neck, back and loin without anybody's marks. Paths of the drawing only, so nothing needs escaping."""
    view = shipped_body_map().views["back"]
    areas = [each.path for each in view.places if HIGHEST < each.label[1] < LOWEST and _is_trunk(each.label[0])]
    parts = [f'<path class="body-outline" d="{view.outline}"/>', f'<path class="body-area" d="{"".join(areas)}"/>']
    parts.append(f'<path class="body-spine" d="{"".join(view.spine)}"/>')
    return mark_safe("".join(parts))  # noqa: S308  # our own drawing


def _is_trunk(x: float) -> bool:
    return abs(x - shipped_body_map().middle) < TRUNK
