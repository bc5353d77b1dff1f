"""Questions that hang on a zone: a place that a hand adds stays out, or holds the session up, until they are answered."""

from collections.abc import Iterator, Mapping
from typing import Any

from protocols.method.checking.body import Body
from protocols.method.entries import AllOf, Always, Comparison, Fact, Not, Tree
from protocols.method.places import Place

PLANNED = "plan.zones"
OF_PATIENT = frozenset({"patient.age", "patient.sex"})


def unanswered(added: frozenset[Place], planned: frozenset[Place], facts: Mapping[str, Any], body: Body) -> Iterator[Fact]:
    """The facts without an answer that must be known for these places, and that the stage's own places did not ask for."""
    for fact in body.library.facts.values():
        tree = fact.required_when
        if tree is None or fact.code in facts or not _names_zones(tree):
            continue
        if _holds(tree, added, facts, body) and not _holds(tree, planned, facts, body):
            yield fact


def _names_zones(tree: Tree) -> bool:
    if isinstance(tree, Not):
        return _names_zones(tree.branch)
    if isinstance(tree, Comparison):
        return tree.fact == PLANNED
    return not isinstance(tree, Always) and any(_names_zones(branch) for branch in tree.branches)


def _holds(tree: Tree, places: frozenset[Place], facts: Mapping[str, Any], body: Body) -> bool:
    """Whether a question belongs to these places. A patient of unknown age or sex is asked; any other fact that is not there means no."""
    if isinstance(tree, Not):
        return not _holds(tree.branch, places, facts, body)
    if isinstance(tree, Always):
        return True
    if isinstance(tree, Comparison):
        return _compares(tree, places, facts, body)
    found = (_holds(branch, places, facts, body) for branch in tree.branches)
    return all(found) if isinstance(tree, AllOf) else any(found)


def _compares(question: Comparison, places: frozenset[Place], facts: Mapping[str, Any], body: Body) -> bool:
    if question.fact == PLANNED:
        zones = question.value if isinstance(question.value, tuple) else (question.value,)
        return not places.isdisjoint(body.of_zones(str(zone) for zone in zones))
    if question.fact not in facts:
        return question.fact in OF_PATIENT
    value, limit = facts[question.fact], question.value
    if question.op in ("known", "is"):
        return question.op == "known" or bool(value == limit)
    if not isinstance(value, int | float) or not isinstance(limit, int | float):
        return False
    return {"ge": value >= limit, "gt": value > limit, "le": value <= limit, "lt": value < limit}.get(question.op, False)
