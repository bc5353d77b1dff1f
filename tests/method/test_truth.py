"""Condition trees with three values. Unknown is never "no"; what nobody mentions is."""

from typing import Any

import pytest

from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Not, Tree
from protocols.method.places import Place
from protocols.method.truth import Evidence, decide, facts_of, undecided_facts
from tests.method.screened import library

YES = Comparison("today.dizzy", "is", value=True)
NO = Comparison("today.faint", "is", value=True)
MAYBE = Comparison("today.hives", "is", value=True)
LATER = Comparison("today.bleeding", "is", value=True)


def evidence(known: dict[str, Any] | None = None, unknown: set[str] | None = None) -> Evidence:
    facts = {"today.dizzy": True, "today.faint": False} if known is None else known
    return Evidence(facts, frozenset(unknown or {"today.hives", "today.bleeding"}), library().facts, library().tree)


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        (YES, True),
        (NO, False),
        (MAYBE, None),
        (Always(), True),
        (Not(YES), False),
        (Not(NO), True),
        (Not(MAYBE), None),
        (AllOf((YES, YES)), True),
        (AllOf((YES, NO)), False),
        (AllOf((YES, MAYBE)), None),
        (AllOf((MAYBE, NO)), False),
        (AllOf((NO, MAYBE)), False),
        (AnyOf((NO, NO)), False),
        (AnyOf((NO, YES)), True),
        (AnyOf((NO, MAYBE)), None),
        (AnyOf((MAYBE, YES)), True),
        (AnyOf((MAYBE, NO)), None),
        (AllOf((MAYBE, YES)), None),
    ],
)
def test_three_values_combine_so_that_unknown_decides_nothing(tree: Tree, value: bool | None) -> None:
    assert decide(tree, evidence()) is value


@pytest.mark.parametrize(
    ("op", "value", "holds_at"),
    [
        ("lt", 6, {5}),
        ("le", 6, {5, 6}),
        ("ge", 6, {6, 7}),
        ("gt", 6, {7}),
        ("is", 6, {6}),
        ("in", (5, 7), {5, 7}),
        ("known", None, {5, 6, 7}),
    ],
)
def test_comparisons_of_a_number_hold_exactly_up_to_their_border(op: str, value: Any, holds_at: set[int]) -> None:
    question = Comparison("history.surgery-weeks", op, value)
    assert {weeks for weeks in (5, 6, 7) if decide(question, evidence({"history.surgery-weeks": weeks}))} == holds_at


@pytest.mark.parametrize("op", ["lt", "le", "ge", "gt", "is", "in", "known"])
def test_a_number_that_nobody_mentions_never_happened(op: str) -> None:
    assert decide(Comparison("history.surgery-weeks", op, (6,) if op == "in" else 6), evidence({})) is False


def test_an_answer_that_nobody_mentions_is_no_and_a_reading_is_normal() -> None:
    nothing = evidence({})
    assert decide(Comparison("today.dizzy", "is", value=False), nothing) is True
    assert decide(Comparison("today.dizzy", "known"), nothing) is False
    assert decide(Comparison("history.varicose-zones", "nonempty"), nothing) is False
    assert decide(Comparison("plan.zones", "touches", ("back",)), nothing) is False
    assert decide(Comparison("today.consent", "is", value=True), nothing) is True
    assert decide(Comparison("consent.guardian", "is", value=True), nothing) is False
    assert decide(Comparison("today.diastolic", "lt", 100), nothing) is True
    assert decide(Comparison("today.diastolic", "ge", 90), nothing) is False


@pytest.mark.parametrize("op", ["is", "known", "nonempty", "lt", "touches"])
def test_an_unknown_fact_leaves_every_comparison_undecided(op: str) -> None:
    assert decide(Comparison("history.hypertension-stage", op, 3), evidence({}, {"history.hypertension-stage"})) is None


def test_zones_touch_where_they_share_a_leaf() -> None:
    collar = Comparison("plan.zones", "touches", ("collar", "head"))
    assert decide(collar, evidence({"plan.zones": (Place("nape", "left"),)})) is True
    assert decide(collar, evidence({"plan.zones": (Place("neck", "both"),)})) is True
    assert decide(collar, evidence({"plan.zones": (Place("gluteal", "left"),)})) is False


def test_a_set_is_not_empty_and_may_share_a_value() -> None:
    left = evidence({"history.pacemaker-side": frozenset({"left"})})
    assert decide(Comparison("history.pacemaker-side", "nonempty"), left) is True
    assert decide(Comparison("history.varicose-zones", "nonempty"), evidence({"history.varicose-zones": ()})) is False


def test_only_the_facts_that_keep_a_tree_undecided_are_named_each_once() -> None:
    tree = AllOf((YES, AnyOf((NO, MAYBE, Not(LATER), MAYBE)), Not(NO)))
    assert undecided_facts(tree, evidence()) == ("today.hives", "today.bleeding")
    assert undecided_facts(AllOf((MAYBE, NO)), evidence()) == ()
    assert undecided_facts(Always(), evidence()) == ()


def test_every_fact_of_a_tree_is_found() -> None:
    assert facts_of(AllOf((YES, AnyOf((NO, Not(MAYBE))), Always()))) == {"today.dizzy", "today.faint", "today.hives"}


@pytest.mark.parametrize("tree", [None, "today.dizzy", 1])
def test_what_is_no_condition_is_refused(tree: Any) -> None:
    with pytest.raises(TypeError, match="no condition"):
        decide(tree, evidence())
    with pytest.raises(TypeError, match="no condition"):
        facts_of(tree)


@pytest.mark.parametrize(
    ("value", "present"),
    [(True, True), (False, False), (0, False), (1, True), (0.5, True), ((), False), ((Place("back", "both"),), True), (frozenset(), False)],
)
def test_a_fact_is_present_when_it_is_true_not_empty_or_above_nothing(value: Any, present: bool) -> None:
    assert evidence({"history.stroke-weeks": value}).may_be_present("history.stroke-weeks") is present


def test_an_unknown_fact_may_be_present_and_an_unmentioned_one_is_not() -> None:
    assert evidence().may_be_present("today.hives")
    assert not evidence().may_be_present("history.stroke-weeks")
    assert not evidence().is_true("today.hives")


def test_places_of_a_fact_that_names_none_are_refused() -> None:
    with pytest.raises(TypeError, match="names no zones"):
        evidence({"today.dizzy": True}).places("today.dizzy")
