"""What the independent check decides, at its edges: each question is asked directly, with steps and bars made by hand."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from protocols.method.checking.body import Body
from protocols.method.checking.order import OrderCheck
from protocols.method.checking.protocol import Asked, Protocol
from protocols.method.checking.refusals import target_problems
from protocols.method.checking.rows import RowCheck, _may_become
from protocols.method.checking.steps import worked_alone
from protocols.method.entries import Step
from protocols.method.places import Place
from protocols.method.vocabulary import Outcome
from tests.method.hand_made import BRISK, a_row, a_setting
from tests.method.planned import LIBRARY, leaves

BODY = Body(LIBRARY)
CALF, HIP, THIGH = leaves("calf"), leaves("hip"), leaves("thigh-posterior")


def stand_in(**parts: Any) -> Any:
    """Has just what the question asks for."""
    return SimpleNamespace(**parts)


def asked(zone="calf", part="main", role_side="both", places=CALF, minutes=4.0, role=None):
    row = Step(part, zone, role_side, minutes, "relaxing")
    return Asked(part, zone, role or zone, role_side, places, minutes, ("relaxing",), row)


# Order ----------------------------------------------------------------------------------------------------------------------
def order_check(*steps):
    check = OrderCheck.__new__(OrderCheck)
    check.steps = steps
    check.protocol = stand_in(setting=BRISK)
    return check


def worked_as(number, *may_be, zone="calf"):
    row = a_row(number, "main", zone, "stroking-planar-superficial", 60)
    return stand_in(asked=may_be, may_be=may_be, rows=((number, row), (number + 1, row)), first=row)


def test_a_limb_worked_from_far_to_near_is_told_at_the_first_row_of_the_nearer_part():
    near, far = LIBRARY.limb_order[:2]
    check = order_check(worked_as(0, asked(role=far)), worked_as(2, asked(role=near)))
    (found,) = check._drainage_proximal_first("error")
    assert (found.code, found.row) == ("proximal-first", 2)


def test_a_step_that_may_be_two_counts_as_the_first_of_them_for_the_order_of_sides():
    either = worked_as(0, asked(role_side="both"), asked(role_side="affected"))
    healthy = worked_as(2, asked(role_side="healthy"))
    assert list(order_check(either, healthy)._healthy_before_affected("error")) == []
    affected = worked_as(0, asked(role_side="affected"))
    (found,) = order_check(affected, healthy)._healthy_before_affected("error")
    assert (found.code, found.row) == ("healthy-before-affected", 2)


# Protocol -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "wanted"), [(2, CALF), (3, CALF | HIP), (4, CALF | HIP)])
def test_a_closing_that_waits_closes_on_what_has_begun_by_its_session(number, wanted):
    steps = (
        Step("main", "calf", "both", 4, "relaxing"),
        Step("main", "hip", "both", 4, "relaxing", from_session=3),
        Step("closing", "thigh-posterior", "both", 2, "relaxing", from_session=5),
    )
    protocol = Protocol(BRISK, replace(BRISK.treatment, steps=steps, variants=()), number)
    assert protocol.asked[-1].places == wanted


@pytest.mark.parametrize(
    ("tense", "wanted"),
    [
        ((Place("calf", "both"),), ("relaxing",)),
        ((Place("calf", "both"), Place("hip", "both")), ("relaxing",)),
        ((Place("calf", "left"),), ("relaxing", "usual")),
        ((Place("hip", "both"),), ("usual",)),
        ((), ("usual",)),
    ],
)
def test_a_convex_step_is_relaxing_where_all_of_it_is_tense_and_may_be_either_where_a_part_is(tense, wanted):
    setting = a_setting("scoliosis", "postural", tense_convex_segments=tense)
    protocol = Protocol(setting, setting.treatment, 5)
    protocol.__dict__["variants"] = ()
    assert protocol._profiles(Step("main", "calf", "convex", 4, "usual"), CALF) == wanted


@pytest.mark.parametrize(
    ("flaccid", "wanted"),
    [((Place("calf", "both"),), ("neutral",)), ((Place("calf", "left"),), ("neutral", "usual")), ((Place("hip", "both"),), ("usual",))],
)
def test_a_concave_step_is_neutral_where_it_is_flaccid_and_a_convex_one_is_not(flaccid, wanted):
    setting = a_setting("scoliosis", "postural", flaccid_concave_segments=flaccid)
    protocol = Protocol(setting, setting.treatment, 5)
    protocol.__dict__["variants"] = ()
    assert protocol._profiles(Step("main", "calf", "concave", 4, "usual"), CALF) == wanted
    assert protocol._profiles(Step("main", "calf", "convex", 4, "usual"), CALF) == ("usual",)


# What is left of a session --------------------------------------------------------------------------------------------------
def target_gone(*steps, excluded=frozenset(), never=frozenset(), minutes=10.0, outcome=Outcome.MODIFY):
    protocol = stand_in(asked=steps, minutes=minutes)
    bars = stand_in(protocol=protocol, excluded=excluded, body=stand_in(never_worked=never))
    return [found.code for found in target_problems(stand_in(outcome=outcome, rows=()), bars)] == ["target-gone"]


HALF, MORE = asked(minutes=5.0), asked(minutes=5.1)
REST = asked("hip", places=HIP, minutes=5.0)


def test_a_session_that_keeps_half_of_its_minutes_is_given_and_one_that_keeps_less_is_not():
    assert not target_gone(HALF, REST, excluded=CALF)
    assert target_gone(MORE, REST, excluded=CALF)
    assert not target_gone(MORE, REST)


def test_a_step_whose_places_are_out_for_two_reasons_together_is_gone():
    left, right = leaves("calf", side="left"), leaves("calf", side="right")
    assert target_gone(MORE, REST, excluded=left, never=right)
    assert target_gone(MORE, REST, excluded=HIP - HIP, never=CALF)
    assert not target_gone(MORE, REST, excluded=left)


def test_a_session_without_its_target_is_deferred_whatever_minutes_are_left():
    opening = asked("hip", part="opening", places=HIP, minutes=8.0)
    assert target_gone(opening, asked(minutes=2.0), excluded=CALF)
    assert target_gone(opening, asked(minutes=2.0), excluded=CALF | THIGH)
    assert not target_gone(opening, asked(minutes=2.0), excluded=HIP)


@pytest.mark.parametrize(("outcome", "wrong"), [(Outcome.DOCTOR, True), (Outcome.DEFER, False), (Outcome.ABSOLUTE, False)])
def test_a_session_without_its_target_is_at_least_deferred(outcome, wrong):
    assert target_gone(MORE, REST, excluded=CALF | HIP, outcome=outcome) is wrong
    assert target_gone(MORE, REST, excluded=CALF, outcome=outcome) is wrong


# Rows -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tempo", "may_be", "wrong"),
    [
        ("calm", (asked(places=CALF | HIP),), False),
        ("calm", (asked(places=CALF),), True),
        ("calm", (asked(places=CALF), asked(places=HIP)), False),
        ("tonic", (asked(places=CALF | HIP),), True),
    ],
)
def test_a_row_may_be_calmer_than_planned_only_where_a_part_of_its_step_is_calmed(tempo, may_be, wrong):
    check = RowCheck.__new__(RowCheck)
    check.bars, check.library, check.soft = stand_in(calm=HIP), LIBRARY, "error"
    check.protocol = stand_in(number=5, treatment=stand_in(calm_until_session=0), profiles_of=lambda _asked: (stand_in(tempo="other"),))
    row = a_row(0, "main", "calf", "stroking-planar-superficial", 60, tempo=tempo)
    found = [one.code for one in check._tempo(0, row, CALF, stand_in(may_be=may_be))]
    assert ("tempo-not-planned" in found) is wrong


def test_vibration_stands_in_only_where_percussion_was_planned():
    assert _may_become((stand_in(shares={"percussion": 10}),)) == {"stroking", "percussion", "vibration"}
    assert _may_become((stand_in(shares={"kneading": 10}),)) == {"stroking", "kneading"}


# Steps ----------------------------------------------------------------------------------------------------------------------
def worked_in(*steps, zone="calf"):
    row = a_row(0, "main", zone, "stroking-planar-superficial", 60)
    return worked_alone(((0, row),), stand_in(body=BODY, asked=steps))


def test_a_row_belongs_to_the_step_of_its_own_zone_before_wider_ones():
    wide, own = asked("lower-limb", places=leaves("lower-limb")), asked()
    assert worked_in(wide, own).asked == (own,)
    assert worked_in(wide, own).may_be == (wide, own)
    assert worked_in(wide).asked == (wide,)
    assert worked_in(asked("hip", places=HIP)).asked == ()
