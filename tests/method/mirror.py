"""Left and right exchanged: in places, inputs, facts, plans, and in the library itself, whose heart and liver lie on one side."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from protocols.method.answers import Answers
from protocols.method.case import Case
from protocols.method.library import Library
from protocols.method.plans import SessionPlan

OTHER = {"left": "right", "right": "left"}


def mirrored(value: Any) -> Any:
    """The value with every side exchanged: places, the words left and right, and fields named after a side, at any depth."""
    if isinstance(value, Mapping):
        return {key: mirrored(item) for key, item in value.items()}
    if isinstance(value, tuple | frozenset):
        return type(value)(mirrored(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: mirrored(getattr(value, field.name)) for field in fields(value) if field.init})
    return OTHER.get(value, value) if isinstance(value, str) else value


def mirrored_library(library: Library) -> Library:
    """The library of a world in which hearts lie on the right. Words stay, and so do the lists of choices of the inputs."""
    return replace(
        library,
        digest=f"{library.digest}-mirrored",
        dangers=_each(library.dangers, "side"),
        positions=_each(library.positions, "upper_side"),
        rules={
            code: replace(rule, effects=mirrored(rule.effects), clearance=mirrored(rule.clearance)) for code, rule in library.rules.items()
        },
        conditions={code: _condition(condition) for code, condition in library.conditions.items()},
    )


def _each(table: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {code: replace(row, **{field: OTHER.get(getattr(row, field), getattr(row, field))}) for code, row in table.items()}


def _condition(condition: Any) -> Any:
    stages = {code: replace(stage, treatment=_treatment(stage.treatment)) for code, stage in condition.stages.items()}
    return replace(condition, stages=stages)


def _treatment(treatment: Any) -> Any:
    if treatment is None:
        return None
    sided = ("steps", "forbid", "supplements", "variants")
    return replace(treatment, **{name: mirrored(getattr(treatment, name)) for name in sided})


def mirrored_case(case: Case, library: Library) -> Case:
    """The same patient in the mirror, read against the mirrored library."""
    condition = library.conditions[case.condition.code]
    answers = Answers({**mirrored(case.answers.known)}, case.answers.unknown)
    return replace(
        case,
        condition=condition,
        stage=condition.stages[case.stage.code],
        inputs={code: mirrored(value) for code, value in case.inputs.items()},
        answers=answers,
        records=mirrored(case.records),
    )


def shape(plan: SessionPlan) -> tuple[Any, ...]:
    """What is worked, in order, without the words for why; what is avoided without order."""
    rows = tuple(replace(row, because=(), avoid=tuple(sorted(row.avoid))) for row in plan.rows)
    left_out = sorted({(row.kind, row.code, row.side or "") for row in plan.omissions})
    return (plan.outcome, plan.may_start, plan.replanned, plan.positions, plan.total_seconds, plan.supplements, rows, tuple(left_out))
