"""The dose curve as one picture for paper: columns filled with a grey weave for each family, phases above, pressure below."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from django.utils.html import escape

from clinic.courses.presentation.curve import FLOOR, LEFT, Band, Column, Curve, Line

FONT: Final = "FiraGO"
INK: Final = "#14231f"
SOFT: Final = "#4b5a54"
HAIR: Final = "#c3cac5"
NUMBERS: Final = FLOOR + 20
GIVEN: Final = FLOOR + 36
# Told apart without any hue: empty, slanted, crossed, fine, full, ruled, dotted.
WEAVES: Final[Mapping[str, str]] = {
    "stroking": "",
    "rubbing": f'<path d="M-1 7L7-1M-1 1L1-1M5 7L7 5" stroke="{INK}" stroke-width="1"/>',
    "kneading": f'<path d="M0 3h6M3 0v6" stroke="{INK}" stroke-width="0.9"/>',
    "vibration": f'<path d="M1.5 0v6M4.5 0v6" stroke="{INK}" stroke-width="1.3"/>',
    "percussion": f'<rect width="6" height="6" fill="{INK}"/>',
    "breathing-assist": f'<path d="M0 3h6" stroke="{INK}" stroke-width="0.8"/>',
    "points": f'<circle cx="3" cy="3" r="1.4" fill="{INK}"/>',
}
FAMILY_IDS: Final = {family: f"weave-{family}" for family in WEAVES}
PATTERNS: Final = "".join(
    f'<pattern id="{FAMILY_IDS[family]}" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="#ffffff"/>{drawn}</pattern>'
    for family, drawn in WEAVES.items()
)


def curve_svg(curve: Curve, *, given: Collection[int] = ()) -> str:
    """The curve as a standalone SVG; sessions of the numbers ``given`` bear a tick. Its words stand beside it: the table of sessions."""
    parts = (*_ground(curve), *(part for column in curve.columns for part in _column(column, column.dose.number in given)), *_over(curve))
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {curve.width:g} {curve.height:g}" width="{curve.width:g}"'
    return f'{opening} height="{curve.height:g}" font-family="{FONT}"><defs>{PATTERNS}</defs>{"".join(parts)}</svg>'


def weave_svg(family: str) -> str:
    """The key of a family as a standalone SVG, 22 by 16."""
    opening = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 16" width="22" height="16">'
    box = f'<rect x="1" y="1" width="20" height="14" fill="url(#{FAMILY_IDS[family]})" stroke="{INK}" stroke-width="1"/>'
    return f"{opening}<defs>{PATTERNS}</defs>{box}</svg>"


def _ground(curve: Curve) -> Iterator[str]:
    for number, band in enumerate(curve.bands):
        yield from _band(band, curve, is_shaded=number % 2 == 0)
    for line in (*curve.minutes, *curve.pressure):
        yield _scale(line, curve)
    yield f'<path d="M{LEFT:g} {FLOOR:g}H{curve.right:g}" stroke="{INK}" stroke-width="1.2"/>'


def _band(band: Band, curve: Curve, *, is_shaded: bool) -> Iterator[str]:
    if is_shaded:
        yield f'<rect x="{band.x:g}" y="4" width="{band.width:g}" height="{curve.height - 8:g}" fill="#f1f3f0"/>'
    yield _words(band.middle, 24, band.name, size=13, weight=700)


def _scale(line: Line, curve: Curve) -> str:
    grid = f'<path d="M{LEFT:g} {line.y:.1f}H{curve.right:g}" stroke="{HAIR}" stroke-width="0.7"/>'
    return grid + _words(LEFT - 12, line.y + 4, str(line.label), size=11)


def _column(column: Column, is_given: bool) -> Iterator[str]:  # noqa: FBT001  # one flag of a drawing
    box = f'x="{column.bar_x:.1f}" width="{column.bar_width:.1f}" stroke="{INK}"'
    for part in column.slices:
        yield f'<rect {box} y="{part.y:.2f}" height="{part.height:.2f}" fill="url(#{FAMILY_IDS[part.family]})" stroke-width="0.5"/>'
    yield f'<rect {box} y="{column.top:.1f}" height="{column.height:.1f}" fill="none" stroke-width="1.2"/>'
    yield _words(column.middle, column.top - 6, str(column.minutes), size=14, weight=700)
    yield _words(column.middle, NUMBERS, str(column.dose.number), size=13)
    if is_given:
        yield f'<path d="M{column.middle - 5:.1f} {GIVEN - 4:g}l4 4 7-9" fill="none" stroke="{INK}" stroke-width="2"/>'
    if column.dose.pressure:
        yield f'<circle cx="{column.middle:.1f}" cy="{column.pressure_y:.1f}" r="3.5" fill="{INK}"/>'


def _over(curve: Curve) -> Iterator[str]:
    line = 'fill="none" stroke-width="1.8"'
    yield f'<path d="{curve.ceiling_path}" {line} stroke="{SOFT}" stroke-dasharray="2 4"/>' if curve.ceiling_path else ""
    yield f'<path d="{curve.pressure_path}" {line} stroke="{INK}"/>' if curve.pressure_path else ""
    if curve.review_x:
        x = f"{curve.review_x:.1f}"
        yield f'<path d="M{x} 32V{curve.height - 14:g}" stroke="{INK}" stroke-width="1.4"/>'
        yield f'<path d="M{x} 32h17l-5 7 5 7h-17z" fill="{INK}"/>'


def _words(x: float, y: float, words: str, *, size: int, weight: int = 400) -> str:
    """Text around ``x``."""
    look = f'font-size="{size}" font-weight="{weight}" text-anchor="middle" fill="{INK}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'
