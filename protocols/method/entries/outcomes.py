"""Outcome measures and home sheets."""

from dataclasses import dataclass
from typing import Literal

from protocols.method.vocabulary import Provenance

MeasureTime = Literal[
    "start",
    "middle",
    "end",
    "session",
    "session-before",
    "session-during",
    "session-after",
    "next-day",
    "every-3-sessions",
    "weekly",
    "every-2-weeks",
    "week-8",
    "follow-up",
    "diary",
    "doctor",
]


@dataclass(frozen=True, slots=True)
class MeaningfulChange:
    """What counts as a real change: points, percent of the start value (whichever is reached first), or a target range."""

    text: str
    points: float | None = None
    percent: float | None = None
    target: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that shows whether the course helps."""

    code: str
    name: str
    unit: str
    min: float
    max: float
    better: Literal["lower", "higher", "to range", "compare"]
    meaningful_change: MeaningfulChange
    when: tuple[MeasureTime, ...]
    who: Literal["patient", "therapist", "doctor"]
    sources: tuple[str, ...]
    licence: str = ""


@dataclass(frozen=True, slots=True)
class HomeWork:
    """What one step of a home sheet touches and how; both are empty where it touches nobody."""

    zones: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HomeSheet:
    """What patients or parents do at home. ``work`` goes along with ``steps``; ``needs`` are positions that nothing can stand in for."""

    code: str
    conditions: tuple[str, ...]
    minutes: int
    times_per_day: tuple[int, int]
    position: str
    steps: tuple[str, ...]
    needs: tuple[str, ...]
    work: tuple[HomeWork, ...]
    avoid: tuple[str, ...]
    who: Literal["patient", "parent", "parent under 12"]
    provenance: Provenance
    sources: tuple[str, ...]
    note: str = ""
