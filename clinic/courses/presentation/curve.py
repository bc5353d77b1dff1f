"""The course as a picture: one column a session, as high as its minutes and filled with its families, phases behind, pressure below.

Units are those of the drawing; the template only writes them down. Nothing here decides anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from clinic.courses.presentation.lines import DoseLine

LEFT: Final = 40.0
RIGHT: Final = 14.0
TOP: Final = 64.0  # where the highest column ends; phase names and minutes stand above it
FLOOR: Final = 190.0  # where columns stand
PRESSURE_TOP: Final = 248.0  # level 4
PRESSURE_STEP: Final = 13.0
HEIGHT: Final = 304.0
WIDE: Final = 720.0  # what the columns of a usual course share
STEP_MIN: Final = 44.0
STEP_MAX: Final = 104.0
LONG: Final = 16  # from so many sessions on the drawing scrolls in its frame instead of shrinking
TICKS: Final = (5, 10, 15, 20)


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a column that one family takes."""

    family: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One session. ``x`` and ``width`` are of the whole column that can be pressed, ``bar_x`` and ``bar_width`` of what is filled."""

    dose: DoseLine
    is_current: bool
    is_given: bool
    x: float
    width: float
    middle: float
    bar_x: float
    bar_width: float
    top: float
    height: float
    slices: tuple[Slice, ...]
    pressure_y: float
    minutes: int


@dataclass(frozen=True, slots=True)
class Band:
    """A phase behind its sessions."""

    code: str
    name: str
    x: float
    width: float
    middle: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a scale with its figure."""

    y: float
    label: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The whole drawing. ``review_x`` is where the flag stands, 0 where there is none."""

    columns: tuple[Column, ...]
    bands: tuple[Band, ...]
    minutes: tuple[Line, ...]
    pressure: tuple[Line, ...]
    pressure_path: str
    ceiling_path: str
    review_x: float
    width: float
    height: float
    right: float
    pixels: int
    is_long: bool

    @property
    def has_percussion(self) -> bool:
        """Whether a session gives any, so that the key explains its mark."""
        return any(each.dose.percussion == "planned" for each in self.columns)


def curve_of(doses: Sequence[DoseLine], current: int, *, given: int = 0) -> Curve:
    """The curve of a course. ``current`` is the number of the session at hand, ``given`` how many are over.

    A course without any minutes has columns of no height.
    """
    step = min(max(WIDE / max(len(doses), 1), STEP_MIN), STEP_MAX)
    longest = max((dose.seconds for dose in doses), default=0) or 1
    columns = tuple(_column(dose, LEFT + index * step, step, longest, current=current, given=given) for index, dose in enumerate(doses))
    width, is_long = LEFT + step * len(doses) + RIGHT, len(doses) > LONG
    return Curve(
        columns=columns,
        bands=tuple(_bands(columns)),
        minutes=tuple(_minute_lines(longest)),
        pressure=tuple(Line(pressure_y(level), level) for level in (1, 2, 3, 4)),
        pressure_path=steps_through([(each.x, pressure_y(each.dose.pressure)) for each in columns], step),
        ceiling_path=steps_through([(each.x, pressure_y(each.dose.pressure_max)) for each in columns], step),
        review_x=next((each.x + each.width for each in columns if each.dose.is_review), 0.0),
        width=width,
        height=HEIGHT,
        right=width - RIGHT,
        pixels=round(width * (1.1 if is_long else 1.4)),
        is_long=is_long,
    )


def pressure_y(level: int) -> float:
    """Where a level of pressure stands; none lies one step below the first."""
    return PRESSURE_TOP + PRESSURE_STEP * (4 - level)


def steps_through(points: Sequence[tuple[float, float]], step: float) -> str:
    """A line that keeps each height for the width of its column, as the ``d`` of a path; "" for no points."""
    if not points:
        return ""
    (x, y), *rest = points
    return f"M{x:.1f} {y:.1f}h{step:.1f}" + "".join(f"V{height:.1f}h{step:.1f}" for _x, height in rest)


def _column(dose: DoseLine, x: float, step: float, longest: int, *, current: int, given: int) -> Column:
    height = (FLOOR - TOP) * dose.seconds / longest
    bar = min(step * 0.62, 48.0)
    return Column(
        dose=dose,
        is_current=dose.number == current,
        is_given=dose.number <= given,
        x=x,
        width=step,
        middle=x + step / 2,
        bar_x=x + (step - bar) / 2,
        bar_width=bar,
        top=FLOOR - height,
        height=height,
        slices=tuple(_slices(dose, longest)),
        pressure_y=pressure_y(dose.pressure),
        minutes=round(dose.seconds / 60),
    )


def _slices(dose: DoseLine, longest: int) -> Iterator[Slice]:
    """The families of a session one upon the other, stroking at the floor."""
    y = FLOOR
    for family, seconds in dose.families:
        height = (FLOOR - TOP) * seconds / longest
        y -= height
        yield Slice(family, y, height)


def _bands(columns: Sequence[Column]) -> Iterator[Band]:
    for code, grouped in groupby(columns, key=lambda column: column.dose.phase_code):
        of_phase = tuple(grouped)
        x, width = of_phase[0].x, sum(column.width for column in of_phase)
        yield Band(code, of_phase[0].dose.phase, x, width, x + width / 2)


def _minute_lines(longest: int) -> Iterator[Line]:
    """Round minutes, far enough apart to be read."""
    every = next((tick for tick in TICKS if longest / 60 / tick <= 4), TICKS[-1])
    for minutes in range(every, longest // 60 + 1, every):
        yield Line(FLOOR - (FLOOR - TOP) * 60 * minutes / longest, minutes)
