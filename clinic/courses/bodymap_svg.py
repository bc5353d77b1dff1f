"""The body map as one picture for paper: literal colours that survive black and white, plain text, nothing from a stylesheet."""

from collections.abc import Iterator
from typing import Final

from django.utils.html import escape

from clinic.courses.bodymap import BodyFigure, BodyMapView, BodyShape, SegmentBand, SideMark
from protocols.body_map import Point

FONT: Final = "FiraGO"
INK: Final = "#14231f"
HEADING: Final = 40  # room above the drawing, in canvas units
FILLS: Final = {
    "rest": 'fill="#f1f3f0" stroke="#aab4ad" stroke-width="0.6"',
    "worked": 'fill="#12483d"',
    "spared": 'fill="#ffffff" stroke="#4b5a54" stroke-width="1.2" stroke-dasharray="4 3"',
    "out": 'fill="url(#out)" stroke="#14231f" stroke-width="1.6"',
    "never": 'fill="url(#never)" stroke="#73827a" stroke-width="0.9"',
}
PATTERNS: Final = (
    "<defs>"
    '<pattern id="out" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="#ffffff"/><path d="M0 3.5h7" stroke="{INK}" stroke-width="1.9"/></pattern>'
    '<pattern id="never" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#ffffff"/>'
    '<circle cx="2" cy="2" r="1.1" fill="#4b5a54"/><circle cx="6" cy="6" r="1.1" fill="#4b5a54"/></pattern>'
    "</defs>"
)


def body_map_svg(view: BodyMapView) -> str:
    """Both figures side by side as a standalone SVG; its text is set in FiraGO. The words of the map are not in it: print them beside."""
    width, height = view.width * len(view.figures), view.height + HEADING
    figures = "".join(
        f'<g transform="translate({view.width * number} {HEADING})">{"".join(_figure(figure, view.width))}</g>'
        for number, figure in enumerate(view.figures)
    )
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    label = " ".join(figure.label for figure in view.figures)
    return f'{opening} font-family="{FONT}"><title>{escape(label)}</title>{PATTERNS}{figures}</svg>'


def legend_svg(kind: str) -> str:
    """The key of one kind (``view.kinds``) as a standalone SVG, 22 by 16."""
    opening = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 16" width="22" height="16">'
    return f'{opening}{PATTERNS}<rect x="1" y="1" width="20" height="14" rx="4" {FILLS[kind]}/></svg>'


def _figure(figure: BodyFigure, width: int) -> Iterator[str]:
    yield _words(width / 2, -12, figure.name, INK)
    yield f'<path d="{figure.outline}" fill="#ffffff" stroke="#4b5a54" stroke-width="1.6"/>'
    yield from map(_shape, figure.shapes)
    yield from (f'<path d="{each}" fill="#4b5a54" stroke="#ffffff" stroke-width="0.7"/>' for each in figure.spine)
    detail = 'fill="none" stroke="#73827a" stroke-width="1.1" stroke-linecap="round"'
    yield from (f'<path d="{each}" {detail}/>' for each in figure.details)
    yield from map(_band, figure.bands)
    yield from map(_spot, figure.spots)
    yield _side(figure.at_left, 50)
    yield _side(figure.at_right, width - 50)


def _shape(shape: BodyShape) -> str:
    return f'<path d="{shape.path}" {FILLS[shape.kind]}/>'


def _band(band: SegmentBand) -> str:
    box = band.box
    frame = f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="9" fill="none"'
    # The halo is a text of its own: not every renderer paints the stroke first.
    halo, words = (_label(band, look) for look in ('stroke="#ffffff" stroke-width="6" stroke-linejoin="round" ', ""))
    return f'{frame} stroke="#ffffff" stroke-width="6"/>{frame} stroke="{INK}" stroke-width="3"/>{halo}{words}'


def _spot(at: Point) -> str:
    cross = f'<path d="M-3.4-3.4l6.8 6.8M3.4-3.4l-6.8 6.8" stroke="{INK}" stroke-width="2.2" stroke-linecap="round"/>'
    return f'<g transform="translate({at[0]:g} {at[1]:g})"><circle r="8" fill="#ffffff" stroke="{INK}" stroke-width="2"/>{cross}</g>'


def _label(band: SegmentBand, look: str) -> str:
    place = f'x="{band.label_x:g}" y="{band.label_y + 8:g}" font-size="24" font-weight="700" fill="{INK}"'
    return f"<text {place} {look}>{escape(band.label)}</text>"


def _side(mark: SideMark, x: float) -> str:
    """Left is full, right is hollow, as in the side mark of the rows."""
    paper, ink = ("#ffffff", INK) if mark.side == "left" else (INK, "#ffffff")
    ring = f'<circle cx="{x:g}" cy="44" r="21" fill="{ink}" stroke="{INK}" stroke-width="2.4"/>'
    return ring + _words(x, 53, mark.letter, paper) + _words(x, 98, mark.word, INK)


def _words(x: float, y: float, words: str, ink: str) -> str:
    """Bold text around ``x``."""
    return f'<text x="{x:g}" y="{y:g}" font-size="26" font-weight="700" text-anchor="middle" fill="{ink}">{escape(words)}</text>'
