"""The drawing of the body, front and back: geometry from ``body_map.toml``, checked against the zones of the library and mirrored."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from protocols.method.entries import Zone
from protocols.method.places import Place
from protocols.method.tree import ZoneTree
from protocols.shelf import shipped_library

FILE: Final = Path(__file__).resolve().with_suffix(".toml")
VIEWS: Final = ("front", "back")
LEVELS: Final = (
    *(f"C{number}" for number in range(1, 8)),
    *(f"T{number}" for number in range(1, 13)),
    *(f"L{number}" for number in range(1, 6)),
    *(f"S{number}" for number in range(1, 6)),
    "Co",
)
NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
PATH: Final = re.compile(r"M[\d. -]+(?:C[\d. -]+)+Z?")

Point = tuple[float, float]


class BodyMapFaults(ValueError):
    """Raised when the drawing and the library do not fit together; lists every fault."""


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """One leaf place in one view. ``path`` is SVG path data, ``label`` a point inside it."""

    place: Place
    path: str
    label: Point


@dataclass(frozen=True, slots=True)
class DrawnView:
    """The body from one side. ``outline`` is closed; ``details`` and ``spine`` only help to recognise the body."""

    code: str
    outline: str
    details: tuple[str, ...]
    spine: tuple[str, ...]
    places: tuple[DrawnPlace, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the spine on the back, in canvas units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class BodyMap:
    """Both views and the heights of the spinal levels, all in canvas units."""

    width: int
    height: int
    middle: int
    views: Mapping[str, DrawnView]
    levels: Mapping[str, float]
    half_width: float

    def band(self, first: str, last: str) -> Band:
        """The band from one level to another, in either order, both included. Raises ``KeyError`` for an unknown level."""
        heights = [self.levels[code] for code in LEVELS]
        start, end = sorted((LEVELS.index(first), LEVELS.index(last))) if {first, last} <= set(LEVELS) else _unknown(first, last)
        top = (heights[start] + heights[max(start - 1, 0)]) / 2
        bottom = (heights[end] + heights[min(end + 1, len(heights) - 1)]) / 2
        return Band(self.middle - self.half_width, top, 2 * self.half_width, bottom - top)


def _unknown(first: str, last: str) -> tuple[int, int]:
    raise KeyError(f"no spinal level {first!r} or {last!r}")


@cache
def shipped_body_map() -> BodyMap:
    """The drawing of this release for the shipped library. Raises ``BodyMapFaults``; read once per process."""
    return build_body_map(tomllib.loads(FILE.read_text(encoding="utf-8")), shipped_library().tree)


def build_body_map(data: Mapping[str, Any], tree: ZoneTree) -> BodyMap:
    """The drawing from parsed TOML. Raises ``BodyMapFaults`` for zones or levels that are unknown, missing, doubled or badly drawn."""
    leaves = {code: zone for code, zone in tree.zones.items() if not tree.children(code)}
    faults = [*_level_faults(data), *(fault for view in VIEWS for fault in _view_faults(view, data[view]["zone"], leaves))]
    if faults:
        raise BodyMapFaults("; ".join(faults))
    canvas = data["canvas"]
    mirror = canvas["middle"] * 2
    return BodyMap(
        width=canvas["width"],
        height=canvas["height"],
        middle=canvas["middle"],
        views={view: _view(view, data[view], leaves, mirror) for view in VIEWS},
        levels=data["levels"]["y"],
        half_width=data["levels"]["half_width"],
    )


def _level_faults(data: Mapping[str, Any]) -> Iterator[str]:
    drawn = data["levels"]["y"]
    yield from (f"level {code} is missing" for code in LEVELS if code not in drawn)
    yield from (f"level {code} is unknown" for code in drawn if code not in LEVELS)


def _view_faults(view: str, rows: Iterable[Mapping[str, Any]], leaves: Mapping[str, Zone]) -> Iterator[str]:
    wanted = {code for code, zone in leaves.items() if zone.view in (view, "both")}
    seen: set[str] = set()
    for row in rows:
        code = row["code"]
        if code not in wanted:
            yield f"{view}: zone {code!r} is no leaf of the library that is seen from here"
        elif code in seen:
            yield f"{view}: zone {code!r} is drawn twice"
        elif PATH.fullmatch(row["path"]) is None or row["path"].endswith("Z") != leaves[code].paired:
            yield f"{view}: the path of {code!r} does not fit (a paired zone is closed, another one is a half)"
        seen.add(code)
    yield from (f"{view}: zone {code!r} is missing" for code in sorted(wanted - seen))


def _view(view: str, data: Mapping[str, Any], leaves: Mapping[str, Zone], mirror: int) -> DrawnView:
    return DrawnView(
        code=view,
        outline=both_halves(data["outline"], mirror),
        details=tuple(data["details"]),
        spine=tuple(data["spine"]),
        places=tuple(place for row in data["zone"] for place in _places(row, mirror, paired=leaves[row["code"]].paired)),
    )


def _places(row: Mapping[str, Any], mirror: int, *, paired: bool) -> Iterator[DrawnPlace]:
    code, path, (x, y) = row["code"], row["path"], row["label"]
    if not paired:
        yield DrawnPlace(Place(code, "both"), both_halves(path, mirror), (x, y))
        return
    yield DrawnPlace(Place(code, "right"), path, (x, y))
    yield DrawnPlace(Place(code, "left"), mirrored(path, mirror), (round(mirror - x, 1), y))


# Paths ----------------------------------------------------------------------------------------------------------------------
def points_of(path: str) -> tuple[Point, ...]:
    """All points of a path, handles of its curves included."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def mirrored(path: str, mirror: int) -> str:
    """The mirror image of a closed path; ``mirror`` is twice the middle line."""
    return f"{_drawn([(mirror - x, y) for x, y in points_of(path)])}Z"


def both_halves(path: str, mirror: int) -> str:
    """A half that begins and ends on the middle line, closed by its mirror image."""
    half = points_of(path)
    return f"{_drawn([*half, *((mirror - x, y) for x, y in half[-2::-1])])}Z"


def _drawn(points: list[Point]) -> str:
    """Path data: the first point, then three points for each curve."""
    words = [f"{x:.4g} {y:.4g}" for x, y in points]
    curves = (f"C{' '.join(words[start : start + 3])}" for start in range(1, len(words), 3))
    return f"M{words[0]}{''.join(curves)}"
