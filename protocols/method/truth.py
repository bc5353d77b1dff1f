"""Condition trees with three values: true, false, and None for "not known"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from protocols.method.answers import FactValue
from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Fact, Not, Tree
from protocols.method.places import Place
from protocols.method.tree import ZoneTree


@dataclass(frozen=True, slots=True)
class Evidence:
    """What trees are read against: known values, unknown facts, and the dictionary that says what a fact means when nobody mentions it."""

    known: Mapping[str, FactValue]
    unknown: frozenset[str]
    facts: Mapping[str, Fact]
    zones: ZoneTree

    def is_true(self, code: str) -> bool:
        """True only for a fact known to be true."""
        return self.known.get(code) is True

    def may_be_present(self, code: str) -> bool:
        """True for a fact that is true, not empty or a number above 0, and for an unknown one: unknown is never "no"."""
        if code in self.unknown:
            return True
        value = self.known.get(code)
        return value > 0 if isinstance(value, int | float) else bool(value)

    def places(self, code: str) -> frozenset[Place]:
        """The leaf places of a known fact of type zones; none of an absent or unknown one."""
        value = self.known.get(code, ())
        if not isinstance(value, tuple):
            raise TypeError(f"{code} names no zones")
        return frozenset[Place]().union(*(self.zones.leaf_places(place) for place in value))


def decide(tree: Tree, evidence: Evidence) -> bool | None:
    """Whether a tree holds; None when unknown facts decide it.

    Raises ``KeyError`` or ``TypeError`` for a tree that is not sound (unknown fact, operator or node): never a silent False.
    """
    if isinstance(tree, Comparison):
        return _compare(tree, evidence)
    if isinstance(tree, AllOf):
        return _decide_all(tree.branches, evidence)
    if isinstance(tree, AnyOf):
        return _decide_any(tree.branches, evidence)
    if isinstance(tree, Not):
        verdict = decide(tree.branch, evidence)
        return None if verdict is None else not verdict
    if isinstance(tree, Always):
        return True
    raise TypeError(f"{tree!r} is no condition")


def undecided_facts(tree: Tree, evidence: Evidence) -> tuple[str, ...]:
    """The unknown facts that keep a tree undecided, each once, in the order of the tree; none where the tree is decided."""
    if decide(tree, evidence) is not None:
        return ()
    if isinstance(tree, Comparison):
        return (tree.fact,)
    branches = (tree.branch,) if isinstance(tree, Not) else tree.branches if isinstance(tree, AllOf | AnyOf) else ()
    return tuple(dict.fromkeys(fact for branch in branches for fact in undecided_facts(branch, evidence)))


def facts_of(tree: Tree) -> frozenset[str]:
    """Every fact that a tree asks for. Raises ``TypeError`` for a node that is no condition."""
    if isinstance(tree, Comparison):
        return frozenset((tree.fact,))
    if isinstance(tree, Not):
        return facts_of(tree.branch)
    if isinstance(tree, AllOf | AnyOf):
        return frozenset[str]().union(*(facts_of(branch) for branch in tree.branches))
    if isinstance(tree, Always):
        return frozenset()
    raise TypeError(f"{tree!r} is no condition")


def _decide_all(branches: tuple[Tree, ...], evidence: Evidence) -> bool | None:
    verdict: bool | None = True
    for branch in branches:
        found = decide(branch, evidence)
        if found is False:
            return False
        if found is None:
            verdict = None
    return verdict


def _decide_any(branches: tuple[Tree, ...], evidence: Evidence) -> bool | None:
    verdict: bool | None = False
    for branch in branches:
        found = decide(branch, evidence)
        if found is True:
            return True
        if found is None:
            verdict = None
    return verdict


def _compare(question: Comparison, evidence: Evidence) -> bool | None:
    code = question.fact
    if code in evidence.known:
        value = evidence.known[code]
        if question.op == "touches":
            return _touches(evidence.places(code), question.value, evidence.zones)
        return OPERATORS[question.op](value, question.value)
    if code in evidence.unknown:
        return None
    return _compare_absent(question, evidence.facts[code])


def _compare_absent(question: Comparison, fact: Fact) -> bool:
    """A fact nobody mentions is answered "no" or "normal": false, empty, never happened, or its ``absent`` value where it has one."""
    operator = OPERATORS[question.op]
    if question.op in _ASK_FOR_PRESENCE:
        return False
    normal = False if fact.absent is None and fact.type == "bool" else fact.absent
    return normal is not None and operator(normal, question.value)


def _touches(places: frozenset[Place], zones: object, tree: ZoneTree) -> bool:
    """True if a leaf is shared; a zone stands for its descendants."""
    if not isinstance(zones, tuple):
        raise TypeError(f"touches needs zones, not {zones!r}")
    leaves = {leaf for zone in zones for leaf in tree.leaves(zone)}
    return any(place.zone in leaves for place in places)


_ASK_FOR_PRESENCE = frozenset({"known", "nonempty", "touches"})

# The values of a comparison are checked against the type of its fact when the library is loaded, those of an answer when it is parsed.
OPERATORS: Mapping[str, Callable[..., bool]] = {
    "is": lambda value, expected: bool(value == expected),
    "ge": lambda value, expected: bool(value >= expected),
    "gt": lambda value, expected: bool(value > expected),
    "le": lambda value, expected: bool(value <= expected),
    "lt": lambda value, expected: bool(value < expected),
    "in": lambda value, expected: value in expected,
    "nonempty": lambda value, _: bool(value),
    "known": lambda _value, _: True,
    "touches": lambda value, expected: not set(value).isdisjoint(expected),
}
