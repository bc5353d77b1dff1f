"""What a therapist types into the form of a course, made from the inputs that the method needs."""

from collections.abc import Mapping
from typing import Any

from protocols.method.entries import Condition, ConditionInput, Stage
from protocols.shelf import shipped_library
from tests.method.cases import required_inputs

LIBRARY = shipped_library()


def typed(condition: Condition, stage: Stage, inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The fields of the form for these raw inputs; without them the ones that the stage needs are made up."""
    rows = {row.code: row for row in condition.inputs}
    raw = required_inputs(condition, stage) if inputs is None else inputs
    count = {"count": str(stage.treatment.sessions.usual)} if stage.treatment else {}
    return {code: as_typed(rows[code], value) for code, value in raw.items()} | count | {"csrfmiddlewaretoken": "x"}


def as_typed(row: ConditionInput, value: Any) -> Any:
    """One raw input as the browser sends it."""
    if row.type == "bool":
        return "yes" if value else "no"
    if row.type == "zones":
        return [
            f"{item}|{'left' if LIBRARY.zones[item].paired else 'both'}" if isinstance(item, str) else "|".join(item.values())
            for item in value
        ]
    return str(value)
