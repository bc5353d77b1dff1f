"""What differs between two plans: nothing is lost, nothing is made up, and the way back is the mirror of the way there."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from protocols.comparing import CourseDifference, compare_courses, compare_sessions, may_start, outcome_of
from protocols.comparing_rows import essence
from protocols.differences import Difference
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.planning import PlannedCourse, plan_session, plan_whole_course
from protocols.method.plans import SessionPlan
from protocols.shelf import shipped_library
from tests.method.cases import a_case_of
from tests.method.strategies import cases

LIBRARY = shipped_library()
QUIET = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
LUMBAR = "osteochondrosis-lumbar"


def a_course(condition: str = LUMBAR, stage: str = "subacute", *, of: int = 6, **changes: Any) -> PlannedCourse:
    entry = LIBRARY.conditions[condition]
    raw = a_case_of(LIBRARY, entry, entry.stages[stage], number=1, of=of)
    raw |= {key: {**raw[key], **value} if isinstance(value, dict) else value for key, value in changes.items()}
    return plan_whole_course(parse_case(raw, LIBRARY), LIBRARY)


@st.composite
def sessions(draw) -> SessionPlan:
    try:
        return plan_session(draw(cases()), LIBRARY).session
    except Faults:
        assume(False)
        raise


@st.composite
def pairs(draw) -> tuple[SessionPlan, SessionPlan]:
    """Two sessions, most often of one stage: plans that have nothing in common compare too easily."""
    first = draw(cases(milder=True))
    second = draw(cases(stage=(first.condition.code, first.stage.code)))
    try:
        return plan_session(first, LIBRARY).session, plan_session(second, LIBRARY).session
    except Faults:
        assume(False)
        raise


def applied(plan: SessionPlan, found: tuple[Difference[Any], ...]) -> Counter[Any]:
    """The rows of a plan after its row differences."""
    rows = Counter(essence(row) for row in plan.rows)
    for item in (item for item in found if item.kind == "row"):
        rows.subtract([essence(item.before)] if item.before else [])
        rows.update([essence(item.after)] if item.after else [])
    assert min(rows.values(), default=0) >= 0, "a difference takes a row away that is not there"
    return +rows


@given(sessions())
@QUIET
def test_a_plan_does_not_differ_from_itself(plan):
    assert compare_sessions(plan, plan) == ()
    assert compare_sessions(plan, replace(plan, rows=tuple(replace(row) for row in plan.rows))) == ()


@given(pairs())
@QUIET
def test_the_row_differences_turn_one_plan_into_the_other(pair):
    before, after = pair
    assert applied(before, compare_sessions(before, after)) == Counter(essence(row) for row in after.rows)
    assert applied(after, compare_sessions(after, before)) == Counter(essence(row) for row in before.rows)


@given(pairs())
@QUIET
def test_the_way_back_is_the_mirror_of_the_way_there(pair):
    before, after = pair
    there, back = compare_sessions(before, after), compare_sessions(after, before)
    assert Counter(there) == Counter(item.mirrored() for item in back)


@given(pairs())
@QUIET
def test_every_row_and_every_omission_that_differs_carries_a_reason(pair):
    before, after = pair
    told = {reason for plan in pair for row in plan.rows for reason in row.because}
    told |= {item.because for plan in pair for item in plan.omissions}
    told |= {reason for plan in pair if plan.dose for reason in plan.dose.because}
    told |= {reason for plan in pair for item in plan.supplements for reason in item.because}
    for item in compare_sessions(before, after):
        assert set(item.because) <= told
        if item.kind == "omission" or (item.kind == "row" and item.change != "changed"):
            assert item.because, item


@given(pairs())
@QUIET
def test_what_is_in_one_plan_alone_is_named_for_that_plan_only(pair):
    before, after = pair
    for item in compare_sessions(before, after):
        if item.kind == "omission":
            assert (item.before in before.omissions) if item.after is None else (item.after in after.omissions)
        assert item.before != item.after


def test_an_order_is_only_told_where_the_places_named_stand_in_another_order():
    plan = a_course().sessions[0]
    place = lambda row: (row.part, row.zone, row.side)  # noqa: E731
    spot = next(number for number, (one, two) in enumerate(zip(plan.rows, plan.rows[1:], strict=False)) if place(one) == place(two))
    rows = list(plan.rows)
    rows[spot], rows[spot + 1] = rows[spot + 1], rows[spot]
    assert all(item.before != item.after for item in compare_sessions(plan, replace(plan, rows=tuple(rows))))


# Whole courses --------------------------------------------------------------------------------------------------------------
def turned(items: tuple[Difference[Any], ...]) -> tuple[Difference[Any], ...]:
    return tuple(item.mirrored() for item in items)


def mirrored(found: CourseDifference) -> CourseDifference:
    sessions = tuple((number, turned(rows)) for number, rows in found.sessions)
    return CourseDifference(turned(found.whole), turned(found.findings), turned(found.open_rules), turned(found.obstacles), sessions)


def as_sets(found: CourseDifference) -> tuple[Any, ...]:
    parts: tuple[tuple[Difference[Any], ...], ...] = (found.whole, found.findings, found.open_rules, found.obstacles)
    return (*(Counter(part) for part in parts), {number: Counter(rows) for number, rows in found.sessions})


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "stage": ({"stage": "acute"}, {}),
    "fact": ({}, {"facts": {"medicine.anticoagulant": True}}),
    "unknown": ({}, {"unknown": ["history.varicose-zones"]}),
    "side": ({}, {"inputs": {"affected_side": "left"}}),
    "count": ({"of": 9}, {}),
    "supplement": ({}, {"supplements": ["segmental"]}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_courses_compare_and_mirror(name):
    where, what = CHANGES[name]
    before, after = a_course(), a_course(**where, **what)
    there, back = compare_courses(before, after), compare_courses(after, before)
    assert not there.is_empty
    assert as_sets(there) == as_sets(mirrored(back))
    assert compare_courses(before, before).is_empty
    for number, (old, new) in enumerate(zip(before.sessions, after.sessions, strict=False), start=1):
        assert applied(old, there.session(number)) == Counter(essence(row) for row in new.rows)


def test_an_anticoagulant_takes_percussion_away_and_softens_kneading_and_the_rule_says_so():
    found = compare_courses(a_course("neck-collar", "tonic"), a_course("neck-collar", "tonic", facts={"medicine.anticoagulant": True}))
    assert [item.subject for item in found.findings if item.change == "added"] == ["bl-03"]
    assert all(item.reasons_after for item in found.findings)
    rows = [item for item in found.session(4) if item.kind == "row"]
    assert "percussion" in {item.before.family for item in rows if item.before and not item.after}
    softer = [item for item in rows if item.before and item.after and item.before.family == "kneading"]
    assert any("pressure" in item.aspects for item in softer)
    named = {("rule", "bl-03"), ("fact", "medicine.anticoagulant")}
    for item in rows:
        assert item.aspects == ("seconds",) or any(named & set(reason.about) for reason in item.because), item


def test_another_stage_changes_headline_and_rows_and_each_row_says_its_protocol():
    found = compare_courses(a_course(), a_course(stage="acute"))
    session: dict[str, Any] = {item.kind: item for item in found.session(4)}
    assert session["seconds"].before > session["seconds"].after
    assert session["pressure"].before > session["pressure"].after
    rows = [item for item in found.session(4) if item.kind == "row"]
    assert {reason.code for item in rows for reason in item.because} >= {"protocol-row"}


def test_a_barred_stage_says_what_bars_it():
    before, after = a_course("constipation", "atonic"), a_course("constipation", "alarm")
    found = compare_courses(before, after)
    outcome = next(item for item in found.whole if item.kind == "outcome")
    assert (outcome.before, outcome.after) == (outcome_of(before), outcome_of(after))
    assert "stage-barred" in {reason.code for reason in outcome.reasons_after}
    assert may_start(after) is False


def test_one_side_less_is_a_change_of_side_and_not_two_rows():
    only_left: dict[str, Any] = {"facts": {"today.contagious-skin-zones": [{"zone": "gluteal", "side": "left"}]}}
    before, after = a_course(stage="remission"), a_course(stage="remission", **only_left)
    sides = [item for item in compare_sessions(before.sessions[3], after.sessions[3]) if "side" in item.aspects]
    shown = {(item.subject, getattr(item.before, "side", ""), getattr(item.after, "side", "")) for item in sides}
    assert shown == {("gluteal", "both", "right")}
    assert all(item.because for item in sides)
