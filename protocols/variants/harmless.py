"""Fields of entries that nothing is held against, each with the reason. A test finds every field that is neither compared nor here."""

from collections.abc import Mapping
from typing import Final

from protocols.method.entries import (
    AgeFactor,
    Cadence,
    Capacity,
    ClearanceTerms,
    Condition,
    CourseRules,
    Discomfort,
    Effect,
    Gap,
    LastingPain,
    LowComfort,
    MarkedZone,
    Minutes,
    Pace,
    PhaseRule,
    Phases,
    Repeat,
    Review,
    Rule,
    SessionCount,
    Stage,
    StopSet,
    Treatment,
    Variant,
)
from protocols.method.library import Library

KEY: Final = "names the entry, which is found by it"
WORDS: Final = "words for people, which no plan and no screening reads; the doctor reads every change of them before signing"
SOURCE: Final = "says where something was read"
COUNTED: Final = "is compared as part of what every session comes to"

HARMLESS: Final[Mapping[type, Mapping[str, str]]] = {
    Library: {
        "edition": "the name of the edition",
        "digest": "follows from the content",
        "tree": "grown from zones and danger map, which are compared",
        "profiles": "own ones are free; a step is measured by what its profile does, and those of the release may not change",
    },
    Condition: {
        "code": KEY,
        "name": WORDS,
        "name_ru": WORDS,
        "icd10": "codes for the search and for papers",
        "sources": SOURCE,
        "evidence": WORDS,
        "measures": "what is measured to see whether the course helps; no plan reads it",
        "notes": WORDS,
        "stage_guide": WORDS,
    },
    Stage: {
        "code": KEY,
        "name": WORDS,
        "basis": SOURCE,
        "definition": WORDS,
        "notes": WORDS,
        "advice": WORDS,
        "reason": WORDS,
    },
    Treatment: {
        "goals": WORDS,
        "procedure_area": "what is billed",
        "units": "what is billed; the library's own check holds it to the minutes",
        "shares": "a sum of the steps that the library's own check reckons again",
        "provenance": SOURCE,
        "position_note": WORDS,
        "repeat_note": WORDS,
        "measures": "what is measured to see whether the course helps; no plan reads it",
        "area_by_region": "what is billed",
        "partners": WORDS,
    },
    Minutes: {},
    SessionCount: {
        "min": "lies under the highest number, which is compared",
        "usual": "lies under the highest number, which is compared",
    },
    Cadence: {"every_days_max": "a longer wait is no more work", "note": WORDS},
    Variant: {"code": KEY, "shares": "a sum of the steps that the library's own check reckons again", "note": WORDS},
    Rule: {
        "code": KEY,
        "group": "a heading of lists",
        "title": WORDS,
        "explanation": WORDS,
        "sources": SOURCE,
        "ask_day": WORDS,
        "ask_intake": WORDS,
        "disagreement": WORDS,
    },
    ClearanceTerms: {"note": WORDS},
    Effect: {},
    PhaseRule: {"code": KEY},
    AgeFactor: {"age_min": "rows are compared age by age", "age_max": "rows are compared age by age", "note": WORDS},
    Gap: {"missed_days_min": "rows are compared day by day", "missed_days_max": "rows are compared day by day", "text": WORDS},
    StopSet: {"code": KEY, "name": WORDS},
    Phases: {"step_rule": WORDS, "sources": SOURCE, "build_up": COUNTED, "taper": COUNTED},
    Review: {"session": COUNTED, "share": COUNTED, "round": COUNTED, "text": WORDS},
    Repeat: {"text": WORDS, "sources": SOURCE},
    Capacity: {"status": WORDS, "sources": SOURCE},
    Pace: {},
    LowComfort: {},
    MarkedZone: {},
    LastingPain: {},
    Discomfort: {"ask": WORDS, "expected": WORDS, "sources": SOURCE},
    CourseRules: {},
}
