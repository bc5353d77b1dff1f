"""Random cases for the properties of the method: any stage, inputs, facts, unknowns, documents and records, made so that rules fire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from protocols.method.answers import Answers, FactValue, Faults
from protocols.method.case import CASE_DAY, Case
from protocols.method.entries import AllOf, AnyOf, Comparison, Condition, ConditionInput, Fact, Rule, Stage, Tree
from protocols.method.findings import Clearance
from protocols.method.inputs import input_is_required, parse_inputs
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.planning import setting_of
from protocols.method.plans import Hurt, SessionRecord
from protocols.method.setting import Setting
from protocols.shelf import shipped_library

LIBRARY = shipped_library()
CHILD_STAGES = {"between-attacks-child"}
# Facts that the planner makes, and the paperwork of any course: without it a case is refused for that alone.
PLANNERS = {"plan.zones", "plan.first-session"}
PAPERWORK: Mapping[str, FactValue] = {"document.referral-age-days": 5, "consent.guardian": True}
MUSCLES = ("pectoral", "deltoid", "upper-arm", "forearm", "thigh-anterior", "calf")


@dataclass(frozen=True, slots=True, repr=False)
class ShownCase(Case):
    """A case that a failing test shows in a few lines: what to type to have it again."""

    def __repr__(self) -> str:
        told = {"inputs": dict(self.inputs), "known": dict(self.answers.known), "unknown": sorted(self.answers.unknown)}
        rest = {"clearances": self.clearances, "session": (self.number, self.of), "records": self.records}
        return f"<{self.condition.code}/{self.stage.code} {told | rest}>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


# Hypothesis looks through every strategy before it draws from it for the first time, so those that are always the same are made once.
@cache
def sides() -> st.SearchStrategy[str]:
    return st.sampled_from(["left", "right", "both"])


@cache
def places() -> st.SearchStrategy[Place]:
    """A zone of any level on a side; an unpaired zone on both."""
    codes = st.sampled_from(sorted(LIBRARY.zones))
    return st.builds(lambda code, side: Place(code, side if LIBRARY.zones[code].paired else "both"), codes, sides())


@cache
def zone_sets(most: int = 3) -> st.SearchStrategy[tuple[Place, ...]]:
    return st.lists(places(), min_size=1, max_size=most, unique=True).map(lambda found: tuple(sorted(found)))


# Facts ----------------------------------------------------------------------------------------------------------------------
def fact_values(fact: Fact) -> st.SearchStrategy[Any]:
    """Any value of a fact, within its range."""
    return _values(fact.type, fact.min, fact.max, fact.values)


@cache
def _values(kind: str, least: float | None, most: float | None, words: tuple[str, ...]) -> st.SearchStrategy[Any]:
    low, high = least or 0, most if most is not None else 100
    return {
        "bool": st.booleans(),
        "int": st.integers(int(low), int(high)),
        "number": st.floats(low, high, allow_nan=False).map(lambda value: round(value, 1)),
        "enum": st.sampled_from(words or ("",)),
        "set": st.sets(st.sampled_from(words or ("",)), min_size=1).map(frozenset),
        "zones": zone_sets(),
        "text": st.just("told"),
    }[kind]


def _fitting(fact: Fact, op: str, value: Any) -> st.SearchStrategy[Any]:
    """A value that makes one comparison true, or any value of the fact where none needs to."""
    if op == "is":
        return st.just(value)
    if op == "in":
        return st.sampled_from([frozenset({item}) for item in value] if fact.type == "set" else list(value))
    if op in ("nonempty", "known"):
        return fact_values(fact)
    if fact.type in ("int", "number"):
        step = 1 if fact.type == "int" else 0.1
        edge = {"ge": value, "gt": value + step, "le": value, "lt": value - step}.get(op, value)
        bounded = min(max(edge, fact.min if fact.min is not None else edge), fact.max if fact.max is not None else edge)
        return st.sampled_from([int(bounded) if fact.type == "int" else round(bounded, 1)])
    return fact_values(fact)


@st.composite
def answers_that_fire(draw: st.DrawFn, tree: Tree) -> dict[str, FactValue]:
    """Facts that make a condition tree true, as far as facts alone can."""
    found: dict[str, FactValue] = {}
    if isinstance(tree, AllOf):
        for branch in tree.branches:
            found |= draw(answers_that_fire(branch))
    elif isinstance(tree, AnyOf):
        found |= draw(answers_that_fire(draw(st.sampled_from(tree.branches))))
    elif isinstance(tree, Comparison) and tree.fact not in PLANNERS:
        found[tree.fact] = draw(_fitting(LIBRARY.facts[tree.fact], tree.op, tree.value))
    return found


@cache
def rules(*, milder: bool = False) -> st.SearchStrategy[Rule]:
    """Any rule; with ``milder`` only those that leave steps to build."""
    return st.sampled_from([rule for rule in LIBRARY.rules.values() if not milder or rule.outcome.allows_steps])


# Inputs ---------------------------------------------------------------------------------------------------------------------
def _input_values(entry: ConditionInput, stage: Stage) -> st.SearchStrategy[Any]:
    if entry.type == "enum":
        fitting = [value for value in entry.values if stage.code in entry.stage_of.get(value, (stage.code,))]
        return st.sampled_from(fitting) if fitting else st.nothing()
    if entry.type == "zones":
        if entry.code in ("tense_convex_segments", "flaccid_concave_segments"):
            return st.just([{"zone": "paravertebral-lumbar", "side": "left"}, "paravertebral-thoracic-upper"])
        return st.lists(st.sampled_from(MUSCLES), min_size=1, max_size=2, unique=True)
    return {"int": st.integers(0, 400), "bool": st.booleans()}.get(entry.type, st.just("as told"))


@st.composite
def raw_inputs(draw: st.DrawFn, condition: Condition, stage: Stage) -> dict[str, Any]:
    """Every required input and some of the others, in the form of JSON."""
    raw: dict[str, Any] = {}
    for entry in condition.inputs:
        if input_is_required(entry, stage.code, raw) or draw(st.booleans()):
            fitting = _input_values(entry, stage)
            if not fitting.is_empty:
                raw[entry.code] = draw(fitting)
    return raw


# Cases ----------------------------------------------------------------------------------------------------------------------
SCALE = st.none() | st.integers(0, 10)


@st.composite
def records(draw: st.DrawFn, before: int) -> tuple[SessionRecord, ...]:
    """What was felt in the sessions before, each scale from 0 to 10 or not answered."""
    found = []
    for number in range(max(1, before - draw(st.integers(0, 3))), before):
        hurts = tuple(Hurt(place) for place in draw(st.lists(places(), max_size=1)))
        comfort, before_it, after_it, next_day = (draw(SCALE) for _ in range(4))
        bad = draw(st.booleans()) and draw(st.booleans())
        found.append(SessionRecord(number, comfort, before_it, after_it, next_day, bad_reaction=bad, hurts=hurts))
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn, *, most_rules: int = 3, milder: bool = False, stage: tuple[str, str] | None = None) -> Case:
    """A case that the strict reader would accept, biased so that rules fire."""
    condition = LIBRARY.conditions[stage[0]] if stage else draw(st.sampled_from(list(LIBRARY.conditions.values())))
    stages = [entry for entry in condition.stages.values() if not milder or entry.treatment is not None]
    chosen = condition.stages[stage[1]] if stage else draw(st.sampled_from(stages))
    age = draw(st.integers(4, 17) if chosen.code in CHILD_STAGES else st.sampled_from([3, 9, 14, 17, 25, 40, 40, 40, 60, 68, 74, 75, 90]))
    known: dict[str, FactValue] = {**PAPERWORK, "patient.sex": draw(st.sampled_from(["female", "male"]))}
    fired = draw(st.lists(rules(milder=milder), max_size=most_rules, unique_by=lambda rule: rule.code))
    for rule in fired:
        known |= draw(answers_that_fire(rule.when))
    known["patient.age"] = age
    unknown = frozenset(draw(st.lists(st.sampled_from(sorted(LIBRARY.facts)), max_size=2))) - known.keys() - PLANNERS
    papers = tuple(draw(_paper(rule)) for rule in fired if rule.clearance is not None and draw(st.booleans()))
    of = draw(st.integers(1, 20))
    number = draw(st.integers(1, of))
    answers = Answers(known, unknown)
    inputs = parse_inputs(LIBRARY, condition, chosen.code, draw(raw_inputs(condition, chosen)), answers)
    after: dict[str, Any] = {"records": draw(records(number)), "missed_days": draw(st.sampled_from([0, 0, 5, 9, 20]))}
    return ShownCase(age, str(known["patient.sex"]), condition, chosen, inputs, answers, papers, number=number, of=of, **after)


@st.composite
def _paper(draw: st.DrawFn, rule: Rule) -> Clearance:
    assert rule.clearance is not None
    days = draw(st.sampled_from([0, rule.clearance.valid_days, rule.clearance.valid_days + 1]))
    return Clearance(rule.clearance.document, CASE_DAY - timedelta(days=days), frozenset({rule.code}))


def setting_or_none(case: Case, library: Library = LIBRARY) -> Setting | None:
    """The case screened; None where its facts clash with what the condition implies, which is a fault of the input."""
    try:
        return setting_of(case, library)
    except Faults:
        return None
