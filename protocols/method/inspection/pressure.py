"""Blood-pressure bands: no reading falls into a hole between two rules, and a higher reading is never judged more mildly."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Not, Rule, Tree
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.trees import comparisons, facts_of
from protocols.method.vocabulary import Outcome

UPPER, LOWER = "today.systolic", "today.diastolic"
# Readings of a person with normal pressure; below them other rules (low pressure) speak.
NORMAL = {UPPER: 120, LOWER: 80}
RAISED = {UPPER: 140, LOWER: 90}


def inspect_blood_pressure(desk: Desk) -> None:
    """Try every pair of readings next to a threshold, with all other facts answered "no"."""
    said_yes = frozenset(code for code, fact in desk.library.facts.items() if fact.absent is True)
    rules = [rule for rule in desk.library.rules.values() if facts_of(rule.when) & {UPPER, LOWER}]
    readings = {fact: _edges(rules, fact) for fact in (UPPER, LOWER)}
    for fixed, moved in ((UPPER, LOWER), (LOWER, UPPER)):
        for value in readings[fixed]:
            judged = [(other, _worst(rules, {fixed: value, moved: other}, said_yes)) for other in readings[moved]]
            for (low, milder), (high, graver) in pairwise(judged):
                sentence = f"{fixed} {value}: {moved} {low} is {milder.code}, {high} is {graver.code}"
                desk.expect(milder <= graver, "contraindications: blood pressure", sentence)
            for other, outcome in judged:
                raised = value >= RAISED[fixed] or other >= RAISED[moved]
                unseen = raised and outcome is Outcome.CLEAR
                desk.expect(not unseen, "contraindications: blood pressure", f"{fixed} {value}, {moved} {other}: no rule sees it")


def _worst(rules: Iterable[Rule], readings: Mapping[str, int], said_yes: frozenset[str]) -> Outcome:
    """The worst rule that these readings alone fire."""
    return max((rule.outcome for rule in rules if _holds(rule.when, readings, said_yes)), default=Outcome.CLEAR)


def _edges(rules: Iterable[Rule], fact: str) -> list[int]:
    """Readings at and next to every threshold of a rule, from normal upwards."""
    found = {NORMAL[fact]}
    for rule in rules:
        for item in comparisons(rule.when):
            if item.fact == fact and isinstance(item.value, int):
                found |= {item.value - 1, item.value, item.value + 1}
    return sorted(value for value in found if value >= NORMAL[fact])


def _holds(tree: Tree, readings: Mapping[str, int], said_yes: frozenset[str]) -> bool:
    """Two values only: a fact without a reading is "no", but for those that are taken as given."""
    if isinstance(tree, AllOf):
        return all(_holds(branch, readings, said_yes) for branch in tree.branches)
    if isinstance(tree, AnyOf):
        return any(_holds(branch, readings, said_yes) for branch in tree.branches)
    if isinstance(tree, Not):
        return not _holds(tree.branch, readings, said_yes)
    return isinstance(tree, Always) or _fits(tree, readings, said_yes)


def _fits(item: Comparison, readings: Mapping[str, int], said_yes: frozenset[str]) -> bool:
    if item.fact not in readings:
        return item.op == "is" and item.value is (item.fact in said_yes)
    reading, value = readings[item.fact], item.value
    if not isinstance(value, int):
        return item.op == "known"
    answers = {"is": reading == value, "ge": reading >= value, "gt": reading > value, "le": reading <= value, "lt": reading < value}
    return answers.get(item.op, False)
