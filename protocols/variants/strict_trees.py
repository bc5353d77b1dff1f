"""Whether one condition tree holds whenever another does. Sound and careful: where it cannot be told from the shape, it does not. Pure.

With three values (false < unknown < true): ``implies(a, b)`` says that whatever the answers, ``b`` comes out no lower than ``a``, so
that a rule with ``b`` in the place of ``a`` fires, or stays open, at least as often. All is the least of its branches, any the greatest.
"""

from collections.abc import Callable, Mapping
from typing import Final

from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Not, Tree


def implies(one: Tree, other: Tree) -> bool:
    """Whether ``other`` holds, or is undecided, at least wherever ``one`` is."""
    if one == other or isinstance(other, Always):
        return True
    if isinstance(one, AnyOf):
        return all(implies(branch, other) for branch in one.branches)
    if isinstance(other, AllOf):
        return all(implies(one, branch) for branch in other.branches)
    if isinstance(one, Not) and isinstance(other, Not):
        return implies(other.branch, one.branch)
    if isinstance(one, Comparison) and isinstance(other, Comparison):
        return one.fact == other.fact and _compare(one, other)
    by_one = isinstance(one, AllOf) and any(implies(branch, other) for branch in one.branches)
    return by_one or (isinstance(other, AnyOf) and any(implies(one, branch) for branch in other.branches))


def _compare(one: Comparison, other: Comparison) -> bool:
    found = PAIRS.get((one.op, other.op))
    return found is not None and found(one.value, other.value)


def _numbers(holds: Callable[[float, float], bool]) -> Callable[[object, object], bool]:
    """A comparison of two thresholds, which holds for numbers alone."""
    return lambda one, other: _is_number(one) and _is_number(other) and holds(one, other)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _within(one: object, other: object) -> bool:
    """Whether every value of the first list stands in the second; one value counts as a list of one."""
    first = one if isinstance(one, tuple) else (one,)
    return isinstance(other, tuple) and all(any(same_value(value, there) for there in other) for value in first)


def same_value(one: object, other: object) -> bool:
    """Whether two answers are the same one: ``true`` is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


# Operators of the first and the second comparison of one fact -> when the second follows from the first.
PAIRS: Final[Mapping[tuple[str, str], Callable[[object, object], bool]]] = {
    ("ge", "ge"): _numbers(lambda one, other: other <= one),
    ("gt", "gt"): _numbers(lambda one, other: other <= one),
    ("gt", "ge"): _numbers(lambda one, other: other <= one),
    ("ge", "gt"): _numbers(lambda one, other: other < one),
    ("le", "le"): _numbers(lambda one, other: other >= one),
    ("lt", "lt"): _numbers(lambda one, other: other >= one),
    ("lt", "le"): _numbers(lambda one, other: other >= one),
    ("le", "lt"): _numbers(lambda one, other: other > one),
    ("is", "ge"): _numbers(lambda one, other: one >= other),
    ("is", "gt"): _numbers(lambda one, other: one > other),
    ("is", "le"): _numbers(lambda one, other: one <= other),
    ("is", "lt"): _numbers(lambda one, other: one < other),
    ("is", "in"): _within,
    ("in", "in"): _within,
    ("touches", "touches"): _within,
}
