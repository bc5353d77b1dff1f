"""Condition trees from TOML: ``{ any = [..] }``, ``{ all = [..] }``, ``{ not = {..} }``, ``{ fact, op, value }``, ``{ always = true }``."""

from collections.abc import Mapping
from typing import Any

from protocols.method.entries import (
    AllInputs,
    AllOf,
    Always,
    AnyInput,
    AnyOf,
    Comparison,
    InputComparison,
    InputTree,
    Not,
    Scalar,
    Tree,
)
from protocols.method.parsing.faults import FaultList

FACT_OPERATORS = ("is", "ge", "gt", "le", "lt", "in", "nonempty", "known", "touches")
INPUT_OPERATORS = ("is", "ge", "gt", "le", "lt", "in")


def read_tree(data: Any, place: str, faults: FaultList) -> Tree | None:
    """A tree over facts; None when a fault was noted."""
    if data == {"always": True}:
        return Always()
    if _is_branch(data, "not"):
        inner = read_tree(data["not"], f"{place} not", faults)
        return None if inner is None else Not(inner)
    for word, kind in (("any", AnyOf), ("all", AllOf)):
        if _is_branch(data, word):
            branches = _branches([read_tree(item, f"{place} {word}[{n}]", faults) for n, item in _items(data[word], place, faults)])
            return None if branches is None else kind(branches)
    if not _has_keys(data, "fact", FACT_OPERATORS, place, faults):
        return None
    return Comparison(data["fact"], data["op"], _value(data))


def read_input_tree(data: Any, place: str, faults: FaultList) -> InputTree | None:
    """A tree over the inputs of a condition; ``{ stage = [..] }`` asks for the chosen stage. None when a fault was noted."""
    if _is_branch(data, "stage") and isinstance(data["stage"], list):
        return InputComparison(None, "in", tuple(data["stage"]))
    for word, kind in (("any", AnyInput), ("all", AllInputs)):
        if _is_branch(data, word):
            branches = _branches([read_input_tree(item, f"{place} {word}[{n}]", faults) for n, item in _items(data[word], place, faults)])
            return None if branches is None else kind(branches)
    if not _has_keys(data, "input", INPUT_OPERATORS, place, faults):
        return None
    return InputComparison(data["input"], data["op"], _value(data))


def _is_branch(data: Any, word: str) -> bool:
    return isinstance(data, Mapping) and data.keys() == {word}


def _items(data: Any, place: str, faults: FaultList) -> list[tuple[int, Any]]:
    if not isinstance(data, list) or not data:
        faults.add(place, "a branch needs a list of conditions that is not empty")
        return [(1, None)]
    return list(enumerate(data, 1))


def _branches(trees: list[Any]) -> Any:
    return None if any(tree is None for tree in trees) else tuple(trees)


def _has_keys(data: Any, subject: str, operators: tuple[str, ...], place: str, faults: FaultList) -> bool:
    if not isinstance(data, Mapping) or not {subject, "op"} <= data.keys() <= {subject, "op", "value"}:
        faults.add(place, f"not a condition: {data!r}")
        return False
    if not isinstance(data[subject], str) or data["op"] not in operators:
        faults.add(place, f"unknown operator or {subject} in {data!r}")
        return False
    bare = data["op"] in ("known", "nonempty")
    many = data["op"] in ("in", "touches")
    value = data.get("value")
    right = value is None if bare else isinstance(value, list) and bool(value) if many else isinstance(value, (bool, int, float, str))
    return faults.expect(right, place, f"{data['op']} does not take {value!r}")


def _value(data: Mapping[str, Any]) -> Scalar | tuple[Scalar, ...] | None:
    value = data.get("value")
    return tuple(value) if isinstance(value, list) else value
