"""Condition trees: every fact is known and every value fits its type."""

from collections.abc import Iterator

from protocols.method.entries import (
    AllInputs,
    AllOf,
    Always,
    AnyInput,
    AnyOf,
    Comparison,
    Condition,
    Fact,
    InputComparison,
    InputTree,
    Not,
    Scalar,
    Tree,
)
from protocols.method.inspection.desk import Desk
from protocols.method.parsing.trees import FACT_OPERATORS

NUMBERS = ("int", "number")
LIST_OPERATORS = ("in", "touches")


def comparisons(tree: Tree | None) -> Iterator[Comparison]:
    """Every question of a tree, in order."""
    if isinstance(tree, Comparison):
        yield tree
    elif isinstance(tree, (AllOf, AnyOf)):
        for branch in tree.branches:
            yield from comparisons(branch)
    elif isinstance(tree, Not):
        yield from comparisons(tree.branch)
    elif tree is not None and not isinstance(tree, Always):
        raise TypeError(f"not a tree: {tree!r}")


def facts_of(tree: Tree | None) -> frozenset[str]:
    """Codes of all facts that a tree asks for."""
    return frozenset(item.fact for item in comparisons(tree))


def inspect_tree(desk: Desk, tree: Tree | None, place: str) -> None:
    """Note unknown facts and values that do not fit."""
    for item in comparisons(tree):
        fact = desk.library.facts.get(item.fact)
        if fact is None:
            desk.faults.add(place, f"unknown fact {item.fact!r}")
        else:
            _comparison(desk, fact, item, f"{place} {item.fact} {item.op}")


def _comparison(desk: Desk, fact: Fact, item: Comparison, place: str) -> None:
    many = item.value if isinstance(item.value, tuple) else ()
    if item.op not in FACT_OPERATORS or bool(many) != (item.op in LIST_OPERATORS):
        desk.faults.add(place, f"the operator does not take {item.value!r}")
        return
    if item.op == "nonempty":
        desk.expect(fact.type in ("set", "zones"), place, "needs a set")
    elif item.op == "touches":
        desk.expect(fact.type == "zones", place, "needs zones")
        desk.known([str(value) for value in many], desk.library.zones, place)
    elif item.op == "in":
        for value in many:
            inspect_value(desk, fact, value, place)
    elif item.op != "known":
        desk.expect(item.op == "is" or fact.type in NUMBERS, place, "needs a number")
        inspect_value(desk, fact, None if isinstance(item.value, tuple) else item.value, place)


def inspect_value(desk: Desk, fact: Fact, value: Scalar | None, place: str) -> None:
    """Note a value that a fact of this type cannot have."""
    if fact.type == "bool":
        desk.expect(isinstance(value, bool), place, f"{value!r} is not true or false")
    elif fact.type == "enum":
        desk.expect(value in fact.values, place, f"{value!r} is not a value of {fact.code}")
    elif fact.type in NUMBERS:
        _number(desk, fact, value, place)
    else:
        desk.faults.add(place, f"cannot compare a {fact.type}")


def _number(desk: Desk, fact: Fact, value: Scalar | None, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or (fact.type == "int" and isinstance(value, float)):
        desk.faults.add(place, f"{value!r} is not of type {fact.type}")
    elif fact.min is not None and fact.max is not None:
        desk.expect(fact.min <= value <= fact.max, place, f"{value} is outside {fact.min} to {fact.max}")


def input_comparisons(tree: InputTree | None) -> Iterator[InputComparison]:
    """Every question of a tree over inputs."""
    if isinstance(tree, InputComparison):
        yield tree
    elif isinstance(tree, (AllInputs, AnyInput)):
        for branch in tree.branches:
            yield from input_comparisons(branch)


def inspect_input_tree(desk: Desk, tree: InputTree | None, condition: Condition, place: str) -> None:
    """Note unknown inputs and stages, and values that an input cannot have."""
    inputs = {item.code: item for item in condition.inputs}
    for item in input_comparisons(tree):
        values = item.value if isinstance(item.value, tuple) else (item.value,)
        if item.input is None:
            desk.known([str(value) for value in values], condition.stages, f"{place} stage")
            continue
        asked = inputs.get(item.input)
        if asked is None:
            desk.faults.add(place, f"unknown input {item.input!r}")
        elif asked.type == "enum":
            desk.known([str(value) for value in values], asked.values, f"{place} {item.input}")
        elif asked.type in ("bool", "int", "number"):
            flags = [isinstance(value, bool) for value in values]
            desk.expect(all(flags) if asked.type == "bool" else not any(flags), f"{place} {item.input}", f"{item.value!r} does not fit")
