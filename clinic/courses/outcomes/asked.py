"""Which measures a course asks for, and what of them has a side or a scale to tap on."""

from typing import Final

from clinic.courses.models import Course
from protocols.method.entries import Measure
from protocols.method.library import Library

# Measures of one limb or one half: taken on the left and on the right.
SIDED: Final = frozenset(
    {"joint-range", "limb-girth", "muscle-power", "straight-leg-raise", "modified-ashworth", "shoulder-pain", "eye-closure"}
)
TAPPED: Final = frozenset({"points", "grade", "type", "days", "nights"})  # whole steps, few enough to be buttons
MOST_STEPS: Final = 10
TENTHS: Final = frozenset({"cm", "kg", "°C"})  # the rest is counted in whole numbers


def measures_asked(library: Library, condition: str, stage: str) -> tuple[Measure, ...]:
    """The measures of the stage, or without any those of the condition, in the library's order. None for entries it does not know."""
    entry = library.conditions.get(condition)
    if entry is None:
        return ()
    treatment = entry.stages[stage].treatment if stage in entry.stages else None
    codes = (treatment.measures if treatment else ()) or entry.measures
    return tuple(library.measures[code] for code in codes)


def measures_of(library: Library, course: Course) -> tuple[Measure, ...]:
    """What this course measures; the first is the main one."""
    return measures_asked(library, course.condition, course.stage)


def sides_of(measure: Measure) -> tuple[str, ...]:
    """The sides that are asked for; one without a name for a measure of the whole person."""
    return ("left", "right") if measure.code in SIDED else ("",)


def is_by_eye(measure: Measure) -> bool:
    """Whether it is compared in words."""
    return measure.better == "compare"


def steps_of(measure: Measure) -> tuple[int, ...]:
    """The steps of a short scale; empty where a number is typed."""
    if measure.unit not in TAPPED or measure.max - measure.min > MOST_STEPS or is_by_eye(measure):
        return ()
    return tuple(range(int(measure.min), int(measure.max) + 1))
