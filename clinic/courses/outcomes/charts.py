"""One measure over the days of a course as a drawing. Units are those of the drawing; every number is made here, none in the template.

The drawing is as narrow as a phone, so that its words are of the same size everywhere: wide pages set several side by side.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import Final

from django.utils.formats import number_format

from clinic.courses.outcomes.trends import has_direction, is_reached, meaningful_change, numbers
from clinic.courses.outcomes.values import Valued
from protocols.method.entries import Measure

WIDTH: Final = 360
HEIGHT: Final = 198
LEFT: Final = 34.0
RIGHT: Final = 296.0  # the words of the lines stand right of it
TOP: Final = 14.0
FLOOR: Final = 150.0
TICKS: Final = 4
ROOM: Final = 13.0  # between two lines of words
NUMBER_ROOM: Final = 15.0  # between two numbers of sessions
WHOLE_SCALE: Final = 10  # a scale of so many steps is drawn whole


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    text: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of points, oldest first; ``kind`` chooses how it looks, ``name`` stands in the legend."""

    kind: str
    name: str
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The line that joins the points."""
        return f"M{'L'.join(f'{point.x:.1f} {point.y:.1f}' for point in self.points)}" if self.points else ""


@dataclass(frozen=True, slots=True)
class Band:
    """A lying band: the meaningful change around the start, or the target."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A lying line with its word at the right; ``at`` is the height of the word, moved where words would meet."""

    kind: str
    y: float
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis; an empty text is a mark alone."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class DayTick:
    place: float
    day: date


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing."""

    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    rules: tuple[Rule, ...]
    scale: tuple[Tick, ...]
    sessions: tuple[Tick, ...]
    days: tuple[DayTick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    floor: float = FLOOR

    @property
    def wide(self) -> float:
        """The width between the axes."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn as one line: values of one side or one question, oldest first."""

    kind: str
    name: str
    values: tuple[Valued, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn besides: the days of the sessions, the words of the lines, and a limit that the library names in words alone."""

    sessions: tuple[date, ...]
    start_word: str
    good_word: str
    target_word: str
    limit: tuple[float, str] | None = None


def chart_of(measure: Measure, series: Sequence[Series], marks: Marks) -> Chart | None:
    """The drawing of a measure; None while there is no number. ``series`` without numbers are left out."""
    drawn = tuple(each for each in series if numbers(each.values))
    if not drawn:
        return None
    start = numbers(drawn[0].values)[0]
    scale = _Scale.of(measure, drawn, start, marks)
    axis = _Axis.of([each.day for one in drawn for each in one.values if each.value is not None], marks.sessions)
    return Chart(
        lines=tuple(_line(each, axis, scale) for each in drawn),
        bands=tuple(_bands(measure, drawn, start, scale)),
        rules=_apart(_rules(measure, drawn, start, scale, marks)),
        scale=tuple(Tick(scale.height(each), figure(each)) for each in scale.ticks),
        sessions=_session_ticks(marks.sessions, axis),
        days=axis.ticks(),
    )


def figure(value: float) -> str:
    """A number to a tenth, without needless noughts, as the language of the page writes it."""
    return number_format(f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}")


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    step: float

    @classmethod
    def of(cls, measure: Measure, series: Sequence[Series], start: float, marks: Marks) -> "_Scale":
        """A short scale is drawn whole; a long one as far as its values, its change and the near end of its target reach."""
        if (steps := measure.max - measure.min) <= WHOLE_SCALE:
            return cls(measure.min, measure.max, 5 if steps == WHOLE_SCALE else 1 if steps <= 7 else 2)
        seen = [value for each in series for value in numbers(each.values)]
        change = meaningful_change(measure, start) or 0.0
        seen += [start - change, start + change, *([marks.limit[0]] if marks.limit else [])]
        if (target := measure.meaningful_change.target) is not None:
            seen.append(min(max(start, target[0]), target[1]))
        low, high = max(min(seen), measure.min), min(max(seen), measure.max)
        step = _nice(high - low or 1.0)
        return cls(max(floor(low / step) * step, 0 if measure.min >= 0 else low), ceil(high / step) * step or step, step)

    @property
    def ticks(self) -> tuple[float, ...]:
        return tuple(self.low + self.step * turn for turn in range(int((self.high - self.low) / self.step + 1e-6) + 1))

    def height(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        inside = min(max(value, self.low), self.high)
        return round(FLOOR - (FLOOR - TOP) * (inside - self.low) / span, 1)


def _nice(span: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, so that about four of them make the span."""
    rough = span / TICKS
    power: float = 10.0 ** floor(log10(rough))
    return next(float(power * each) for each in (1, 2, 5, 10) if power * each >= rough - 1e-9)


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date

    @classmethod
    def of(cls, days: Iterable[date], sessions: Sequence[date]) -> "_Axis":
        known = (*days, *sessions)
        return cls(min(known), max(known))

    def place(self, day: date) -> float:
        """One day alone stands in the middle."""
        span = (self.last - self.first).days
        inner = RIGHT - LEFT - 16
        return round(LEFT + 8 + (inner * (day - self.first).days / span if span else inner / 2), 1)

    def ticks(self) -> tuple[DayTick, ...]:
        """The first and the last day, and the one half-way where the words have room."""
        span = (self.last - self.first).days
        days = [self.first] if not span else [self.first, self.last]
        if span >= 8:
            days.insert(1, self.first + timedelta(days=span // 2))
        return tuple(DayTick(self.place(day), day) for day in days)


def _line(series: Series, axis: _Axis, scale: _Scale) -> Line:
    known = [each for each in series.values if each.value is not None]
    points = (
        Point(axis.place(each.day), scale.height(each.value or 0.0), figure(each.value or 0.0), is_last=each is known[-1]) for each in known
    )
    return Line(series.kind, series.name, tuple(points))


def _bands(measure: Measure, series: Sequence[Series], start: float, scale: _Scale) -> Iterable[Band]:
    """Around the start no change is real yet: drawn where one line has one start. A target is drawn whatever the start."""
    change = meaningful_change(measure, start)
    if change is not None and len(_starts(series)) == 1:
        yield _band("change", start - change, start + change, scale)
    if (target := measure.meaningful_change.target) is not None:
        yield _band("target", target[0], target[1], scale)


def _starts(series: Sequence[Series]) -> set[float]:
    """The start values of the lines that the change is counted from: sides have one each, questions about a session share the first's."""
    return {numbers(each.values)[0] for each in series if each.kind in ("now", "left", "right", "before")}


def _band(kind: str, low: float, high: float, scale: _Scale) -> Band:
    top, bottom = scale.height(high), scale.height(low)
    return Band(kind, top, round(bottom - top, 1))


def _rules(measure: Measure, series: Sequence[Series], start: float, scale: _Scale, marks: Marks) -> list[Rule]:
    found: list[tuple[str, float, str]] = []
    if len(_starts(series)) == 1:
        found.append(("start", start, f"{marks.start_word} {figure(start)}"))
        change = meaningful_change(measure, start)
        if change is not None and measure.better in ("lower", "higher") and not is_reached(measure, start):
            good = start - change if measure.better == "lower" else start + change
            if measure.min <= good <= measure.max:
                found.append(("good", good, f"{marks.good_word} {figure(good)}"))
    if (target := measure.meaningful_change.target) is not None and has_direction(measure):
        edge = min(max(start, target[0]), target[1])
        found.append(("target", edge, marks.target_word))
    if marks.limit is not None:
        found.append(("limit", marks.limit[0], marks.limit[1]))
    return [Rule(kind, scale.height(value), scale.height(value), text) for kind, value, text in found]


def _apart(rules: list[Rule]) -> tuple[Rule, ...]:
    """The same lines with their words at least ``ROOM`` apart, moved down, and up again where they would leave the drawing."""
    placed: list[Rule] = []
    for rule in sorted(rules, key=lambda each: each.y):
        at = max(rule.y, placed[-1].at + ROOM if placed else TOP)
        placed.append(Rule(rule.kind, rule.y, round(at, 1), rule.text))
    over = max((placed[-1].at - FLOOR) if placed else 0.0, 0.0)
    return tuple(Rule(each.kind, each.y, round(each.at - over, 1), each.text) for each in placed)


def _session_ticks(sessions: Sequence[date], axis: _Axis) -> tuple[Tick, ...]:
    """A mark for each session; its number where it has room beside the number before."""
    ticks: list[Tick] = []
    free_from = 0.0
    for number, day in enumerate(sessions, 1):
        place = axis.place(day)
        has_room = place >= free_from
        free_from = place + NUMBER_ROOM if has_room else free_from
        ticks.append(Tick(place, str(number) if has_room else ""))
    return tuple(ticks)
