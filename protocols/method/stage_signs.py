"""Where data contradict the chosen stage. A warning with its sentence and source; the person who treats decides, nothing is barred.

Source: ``stage_signs`` of the condition files, which put the figures of the stage definitions into comparisons.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from protocols.method.answers import Answers
from protocols.method.entries import Condition, SignCheck, StageSign
from protocols.method.vocabulary import Provenance


@dataclass(frozen=True, slots=True)
class StageWarning:
    """One sign against a stage. ``told`` are the data that it rests on: (input or fact, its code, its value)."""

    condition: str
    stage: str
    sign: str
    points_to: tuple[str, ...]
    provenance: Provenance
    sources: tuple[str, ...]
    told: tuple[tuple[str, str, object], ...]


def stage_warnings(condition: Condition, stage: str, inputs: Mapping[str, object], answers: Answers) -> tuple[StageWarning, ...]:
    """The signs that speak against ``stage`` (a code), in the order of the file.

    ``inputs`` are answers by input code, raw or parsed; ``answers`` what the record knows. An input counts before a fact, and what is
    not known meets no check: nothing is warned of on a guess.
    """
    rows = (sign for sign in condition.stage_signs if stage in sign.stages)
    found = ((sign, _told(sign, inputs, answers)) for sign in rows)
    return tuple(
        StageWarning(condition.code, stage, sign.code, sign.points_to, sign.provenance, sign.sources, told)
        for sign, told in found
        if told is not None
    )


def _told(sign: StageSign, inputs: Mapping[str, object], answers: Answers) -> tuple[tuple[str, str, object], ...] | None:
    """The data that meet every check; None where one is not met."""
    told = []
    for check in sign.when:
        kind, code, value = _value(check, inputs, answers)
        if value is None or not _OPERATORS[check.op](value, check.value):
            return None
        told.append((kind, code, value))
    return tuple(told)


def _value(check: SignCheck, inputs: Mapping[str, object], answers: Answers) -> tuple[str, str, object]:
    if check.input is not None and inputs.get(check.input) is not None:
        return "input", check.input, inputs[check.input]
    return ("fact", check.fact, answers.known.get(check.fact)) if check.fact is not None else ("input", str(check.input), None)


_OPERATORS: Mapping[str, Callable[..., bool]] = {
    "is": lambda value, expected: bool(value == expected),
    "is-not": lambda value, expected: bool(value != expected),
    "in": lambda value, expected: value in expected,
    "lt": lambda value, expected: bool(value < expected),
    "le": lambda value, expected: bool(value <= expected),
    "gt": lambda value, expected: bool(value > expected),
    "ge": lambda value, expected: bool(value >= expected),
}
