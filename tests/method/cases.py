"""A valid raw case that tests change in one place."""

from typing import Any

from protocols.method.entries import Condition, ConditionInput, Stage
from protocols.method.inputs import input_is_required
from protocols.method.library import Library

# Readings that are taken before each session, all normal.
MEASURED = {"today.systolic": 120, "today.diastolic": 76, "today.pulse": 70, "today.temperature-c": 36.6}


def a_case(**changes: Any) -> dict[str, Any]:
    """A healthy woman of 41 with a C-shaped curve of degree I, session 6 of 12; ``changes`` replace whole fields."""
    case: dict[str, Any] = {
        "patient": {"age": 41, "sex": "female"},
        "condition": "scoliosis",
        "stage": "degree-1",
        "inputs": {"curve_shape": "c", "convex_side": "left"},
        "facts": {},
        "unknown": [],
        "clearances": {},
        "session": {"number": 6, "of": 12},
    }
    return case | changes


def a_case_of(library: Library, condition: Condition, stage: Stage, *, number: int = 6, of: int = 12, **changes: Any) -> dict[str, Any]:
    """A case of this stage with its required inputs, its document and normal readings."""
    treatment = stage.treatment
    documents = dict.fromkeys(library.documents, 1)
    age = 9 if "child" in stage.code else 41
    inputs = required_inputs(condition, stage)
    facts = MEASURED | ({"consent.guardian": True} if age < 18 else {})
    clearances = documents if treatment is not None else {}
    case = {
        "patient": {"age": age, "sex": "male"},
        "condition": condition.code,
        "stage": stage.code,
        "inputs": inputs,
        "facts": facts,
        "clearances": clearances,
    }
    return a_case(**case, session={"number": number, "of": of}) | changes


def required_inputs(condition: Condition, stage: Stage) -> dict[str, Any]:
    """An answer to every input that this stage needs."""
    answers: dict[str, Any] = {}
    for row in condition.inputs:
        if input_is_required(row, stage.code, answers):
            answers[row.code] = _answer(row)
    return answers


# Chosen so that no implied fact bars the stage: healed, long ago, nothing broken.
_ZONES = {"short_muscles": ["thigh-posterior"], "weak_muscles": ["thigh-anterior"], "scar": ["knee"]}
_NUMBERS = {"days": 120, "weeks_since_operation": 20, "weeks_since_infarction": 20, "weeks_since_stroke": 20, "hours_since_injury": 400}
_WORDS = {"affected_side": "right", "region": "knee"}


def _answer(row: ConditionInput) -> Any:
    if row.type == "zones":
        return _ZONES[row.code]
    if row.type == "bool":
        return True
    return _NUMBERS[row.code] if row.type == "int" else _WORDS.get(row.code, row.values[0] if row.values else "text")
