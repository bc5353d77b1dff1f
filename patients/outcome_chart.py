"""Pain before and after each session as a picture: one upright line a session, from before to after. Units are those of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from patients.referrals import Felt

LEFT: Final = 30.0
TOP: Final = 12.0
FLOOR: Final = 132.0
HEIGHT: Final = 156
STEP_MIN: Final = 18.0
STEP_MAX: Final = 52.0
WIDE: Final = 560.0
WORST: Final = 10
FEWEST: Final = 2  # one session is no course of anything


@dataclass(frozen=True, slots=True)
class Mark:
    """One session: ``before`` and ``after`` are heights in the drawing, None where nobody asked."""

    number: int
    x: float
    day: date
    before: float | None
    after: float | None
    felt: Felt
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class OutcomeChart:
    """The whole drawing; ``path_before`` and ``path_after`` join what was said, over gaps."""

    marks: tuple[Mark, ...]
    path_before: str
    path_after: str
    scale: tuple[tuple[float, int], ...]
    width: int
    right: float
    height: int = HEIGHT


def outcome_chart(felt: Sequence[Felt]) -> OutcomeChart | None:
    """The drawing of these sessions, oldest first; None where too little was asked to show anything."""
    if sum(one.pain_before is not None for one in felt) < FEWEST:
        return None
    step = min(STEP_MAX, max(STEP_MIN, WIDE / len(felt)))
    every = 1 if step >= 26 else 5
    marks = tuple(
        Mark(number, LEFT + step * (number - 0.5), one.day, _height(one.pain_before), _height(one.pain_after), one, _shown(number, every))
        for number, one in enumerate(felt, 1)
    )
    right = LEFT + step * len(felt)
    before, after = _path([(mark.x, mark.before) for mark in marks]), _path([(mark.x, mark.after) for mark in marks])
    scale = tuple((_height(level) or FLOOR, level) for level in (0, 5, WORST))
    return OutcomeChart(marks, before, after, scale, int(right) + 14, right)


def _shown(number: int, every: int) -> bool:
    return number == 1 or number % every == 0


def _height(level: int | None) -> float | None:
    return None if level is None else FLOOR - (FLOOR - TOP) * level / WORST


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    said = [f"{x:.1f} {y:.1f}" for x, y in points if y is not None]
    return f"M{'L'.join(said)}" if said else ""
