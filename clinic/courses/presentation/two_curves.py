"""The minutes of two courses in one drawing: the saved one and the supposed one. Units are those of the drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from protocols.method.plans import SessionPlan

LEFT: Final = 34
TOP: Final = 14
FLOOR: Final = 150
STEP: Final = 34
RIGHT: Final = 16


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: float


@dataclass(frozen=True, slots=True)
class Beat:
    """One session of both courses; None where a course has no such session."""

    number: int
    x: int
    before: int | None
    after: int | None

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TwoCurves:
    """Both lines as points of a polyline, the scale, and the same as rows."""

    before: tuple[Point, ...]
    after: tuple[Point, ...]
    beats: tuple[Beat, ...]
    scale: tuple[tuple[int, float], ...]
    width: int

    @property
    def before_line(self) -> str:
        return _line(self.before)

    @property
    def after_line(self) -> str:
        return _line(self.after)


def two_curves(before: Sequence[SessionPlan], after: Sequence[SessionPlan]) -> TwoCurves:
    """The curves of two courses of any length."""
    old, new = _seconds(before), _seconds(after)
    longest = max((*old, *new), default=0) or 60
    beats = tuple(
        Beat(number, LEFT + STEP * (number - 1) + STEP // 2, left, right)
        for number, (left, right) in enumerate(zip_longest(old, new), start=1)
    )
    every = 5 if longest <= 25 * 60 else 10
    scale = tuple((minutes, _height(60 * minutes, longest)) for minutes in range(0, longest // 60 + 1, every))
    return TwoCurves(_points(old, longest), _points(new, longest), beats, scale, LEFT + STEP * len(beats) + RIGHT)


def _seconds(sessions: Iterable[SessionPlan]) -> tuple[int, ...]:
    return tuple(session.total_seconds for session in sessions)


def _points(seconds: Sequence[int], longest: int) -> tuple[Point, ...]:
    return tuple(Point(LEFT + STEP * place + STEP // 2, _height(each, longest)) for place, each in enumerate(seconds))


def _height(seconds: int, longest: int) -> float:
    return round(FLOOR - (FLOOR - TOP) * seconds / longest, 1)


def _line(points: Iterable[Point]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in points)
