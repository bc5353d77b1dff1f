"""Pain before and after each session as a picture: one upright line a session, from before to after. Units are those of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format

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
    """One session in words that are printed as they stand: places in the drawing, empty where nobody asked, and a line of the table."""

    number: int
    x: str
    day: str
    before: str
    after: str
    felt: tuple[str, str, str]  # pain before and after, comfort
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class OutcomeChart:
    """The whole drawing; ``path_before`` and ``path_after`` join what was said, over gaps."""

    marks: tuple[Mark, ...]
    path_before: str
    path_after: str
    scale: tuple[tuple[str, int], ...]
    width: int
    right: str
    height: int = HEIGHT


def outcome_chart(felt: Sequence[Felt]) -> OutcomeChart | None:
    """The drawing of these sessions, oldest first; None where too little was asked to show anything."""
    if sum(one.pain_before is not None for one in felt) < FEWEST:
        return None
    step = min(STEP_MAX, max(STEP_MIN, WIDE / len(felt)))
    every = 1 if step >= 26 else 5
    marks = tuple(_mark(number, one, LEFT + step * (number - 0.5), every) for number, one in enumerate(felt, 1))
    right = LEFT + step * len(felt)
    before, after = _path([(mark.x, mark.before) for mark in marks]), _path([(mark.x, mark.after) for mark in marks])
    scale = tuple((_height(level), level) for level in (0, 5, WORST))
    return OutcomeChart(marks, before, after, scale, int(right) + 14, f"{right:.1f}")


def _mark(number: int, one: Felt, x: float, every: int) -> Mark:
    said = ["–" if each is None else str(each) for each in (one.pain_before, one.pain_after, one.comfort)]
    day = date_format(one.day, "SHORT_DATE_FORMAT")
    heights = _height(one.pain_before), _height(one.pain_after)
    return Mark(number, f"{x:.1f}", day, *heights, (said[0], said[1], said[2]), number == 1 or number % every == 0)


def _height(level: int | None) -> str:
    return "" if level is None else f"{FLOOR - (FLOOR - TOP) * level / WORST:.1f}"


def _path(points: Sequence[tuple[str, str]]) -> str:
    said = [f"{x} {y}" for x, y in points if y]
    return f"M{'L'.join(said)}" if said else ""
