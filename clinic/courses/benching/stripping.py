"""A course as a case, stripped of identity. What is kept is listed here, key by key; whatever is not listed stays behind.

Kept: age in years, sex, what the condition asks without free words, facts without dates or words, documents by their kind and age in
days, which session of how many, supplements, and of earlier sessions numbers and places only.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any, Final

from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.planning import case_of
from clinic.courses.queries import request_of
from clinic.courses.so_far import before_plan
from protocols.method.case import Case
from protocols.method.findings import Bar, Clearance
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import SessionRecord

SAID_ANYWAY: Final = ("patient.", "plan.")  # age and sex stand in the patient; the planner works out the rest itself
NUMBERS: Final = ("comfort", "pain_before", "pain_after", "pain_next_day", "systolic_before", "systolic_after")
TOLD: Final = ("skin_or_swelling", "sleep_or_headache")


def case_of_course(course: Course, *, on: date | None = None, at: datetime | None = None) -> Case:
    """The case of a course as it was planned on its day, or as it was known at another moment. Raises ``Faults``.

    At most twenty queries. The case holds nothing of who it was, but dates: ``stripped`` takes them out.
    """
    then = copy(course)
    then.planned_on, then.planned_at = on or course.planned_on, at or course.planned_at
    library = library_of(course)
    return case_of(course.patient, request_of(course), library, on=then.planned_on, so_far=before_plan(then))


def stripped(case: Case, library: Library) -> dict[str, Any]:
    """What of a case is kept, as the command takes it. Every value is a code of the library, a number, or yes and no."""
    stated: dict[str, Any] = {
        "patient": {"age": case.age, "sex": case.sex},
        "condition": case.condition.code,
        "stage": case.stage.code,
        "inputs": dict(_inputs(case)),
        "facts": dict(_facts(case, library)),
        "unknown": sorted(code for code in case.answers.unknown if code in library.facts and not code.startswith(SAID_ANYWAY)),
        "clearances": _clearances(case),
        "session": {"number": case.number, "of": case.of},
    }
    more = {
        "supplements": [code for code in case.supplements if code in library.supplements],
        "records": [_record(record) for record in case.records],
        "missed_days": case.missed_days,
    }
    return stated | {key: value for key, value in more.items() if value}


def _inputs(case: Case) -> Iterator[tuple[str, Any]]:
    for row in case.condition.inputs:
        if row.type != "text" and row.code in case.inputs:
            yield row.code, _plain(case.inputs[row.code])


def _facts(case: Case, library: Library) -> Iterator[tuple[str, Any]]:
    """Answers that say something: a "no" where silence is a "no" as well is left out."""
    for code, value in sorted(case.answers.known.items()):
        fact = library.facts.get(code)
        if fact is None or code.startswith(SAID_ANYWAY):
            continue
        is_silence = (value is False and fact.absent is not True) or value in ((), frozenset())
        if not is_silence:
            yield code, _plain(value)


def _plain(value: Any) -> Any:
    """A value as a case states it: places by zone and side, codes in their order."""
    if isinstance(value, tuple):
        return [{"zone": place.zone, "side": place.side} for place in value if isinstance(place, Place)]
    return sorted(value) if isinstance(value, frozenset) else value


def _clearances(case: Case) -> dict[str, Any]:
    """Of several documents of a kind the newest; one that is dated after the day of the plan says nothing of an age."""
    newest: dict[str, Clearance] = {}
    for paper in sorted(case.clearances, key=lambda paper: paper.issued_on):
        if paper.issued_on <= case.on:
            newest[paper.document] = paper
    return {code: {"age_days": (case.on - paper.issued_on).days, "rules": sorted(paper.rules)} for code, paper in sorted(newest.items())}


def _record(record: SessionRecord) -> dict[str, Any]:
    numbers = {key: getattr(record, key) for key in (*NUMBERS, *TOLD)}
    found: dict[str, Any] = {"number": record.number, **{key: value for key, value in numbers.items() if value is not None}}
    if record.bad_reaction:
        found["bad_reaction"] = True
    hurts = [{"zone": hurt.place.zone, "side": hurt.place.side} for hurt in record.hurts]
    return found | ({"hurts": hurts} if hurts else {})


def left_behind(case: Case, course: Course) -> Mapping[str, bool]:
    """What decided about the plan and stays behind, because it may say who it was or because no case can hold it."""
    words = any(row.type == "text" and case.inputs.get(row.code) for row in case.condition.inputs)
    return {
        "words": words,
        "bars": any(map(_bars_anything, case.bars)),
        "edits": bool(course.request.get("by_hand")),
        "decided": case.decided is not None,
    }


def _bars_anything(bar: Bar) -> bool:
    return bool(bar.places or bar.families or bar.techniques or bar.supplements or bar.pressure_max)
