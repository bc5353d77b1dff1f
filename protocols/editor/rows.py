"""Rows that a stage forbids, and places that it presses less: what ships stays, the clinic adds and takes back its own. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Stage = Mapping[str, Any]


def rows_of(stage: Stage, key: str) -> Sequence[Row]:
    """The rows under a key of the stage."""
    found: Sequence[Row] = stage.get(key, ())
    return found


def ships(row: Row, key: str, shipped: Stage) -> bool:
    """Whether this very row is shipped: then it stays."""
    return any(dict(row) == dict(other) for other in rows_of(shipped, key))


def with_row(stage: Stage, key: str, row: Row) -> dict[str, Any]:
    """The stage with one more row; one that is there already is not doubled."""
    there = rows_of(stage, key)
    return dict(stage) if row in there else {**stage, key: [*there, dict(row)]}


def with_level(stage: Stage, zone: str, level: int) -> dict[str, Any]:
    """The stage with this highest pressure at a zone, in the place of the one that it had there."""
    others = [row for row in rows_of(stage, "pressure_max_at") if row["zone"] != zone]
    return {**stage, "pressure_max_at": [*others, {"zone": zone, "level": level}]}


def without_row(stage: Stage, key: str, place: int, shipped: Stage) -> dict[str, Any]:
    """The stage without the row at this place; one that ships, or that is not there, stays.

    A place that the clinic presses less than the shipped stage gets the shipped level back.
    """
    rows = rows_of(stage, key)
    if not 0 <= place < len(rows) or ships(rows[place], key, shipped):
        return dict(stage)
    back = [row for row in rows_of(shipped, key) if key == "pressure_max_at" and row["zone"] == rows[place]["zone"]]
    left = [*rows[:place], *back, *rows[place + 1 :]]
    return {**stage, key: left} if left or key in shipped else {name: value for name, value in stage.items() if name != key}
