"""Steps that the protocol does not have, and what new findings make of changes by hand: they are set aside for the day, never added to."""

import pytest

from protocols.method.editing import step_keys
from protocols.method.findings import ForcedCalm, Limits, PlacesOut, PositionOut
from protocols.method.places import Place
from protocols.method.reasons import because
from protocols.method.vocabulary import Outcome
from tests.method.edited import (
    AT,
    SCOLIOSIS,
    a_step,
    codes_aside,
    edit,
    edited,
    hand_codes,
    one,
    override,
    rows_of,
)  # fmt: skip
from tests.method.hand_made import a_setting
from tests.method.planned import LIBRARY, inputs_for, leaves, setting_of

WHY = because("rule-excludes-zone", rule="nobody")
CONCAVE, CONVEX, BETWEEN = "2:paravertebral-thoracic:left", "3:paravertebral-thoracic:right", "4:interscapular:right"


# Adding ---------------------------------------------------------------------------------------------------------------------
SHOULDER = a_step("shoulder-girdle", "kneading-circular", "stroking-planar-deep", side="left")
BACK = a_step("back-thoracic", "stroking-planar-deep", "kneading-circular", side="left")
NOT_OF_THE_STAGE = tuple(
    override(code, "+1")
    for code in ("zone-not-planned", "family-not-planned", "tempo-not-planned", "limbs-before-back", "place-overworked")
)


def test_an_added_step_is_worked_like_any_other_and_says_who_added_it():
    added = edit("add", "+1", after=BETWEEN, value=60, from_others=True, new=SHOULDER)
    assert {"zone-not-planned", "family-not-planned"} <= codes_aside(edited(added))
    plan = one(added, overrides=NOT_OF_THE_STAGE)
    assert step_keys(plan)[4] == "+1"
    assert [(row.family, row.seconds, row.position) for row in rows_of(plan, "+1")] == [
        ("stroking", 36, "prone"),
        ("kneading", 36, "prone"),
    ]
    assert all("hand-added" in {reason.code for reason in row.because} for row in rows_of(plan, "+1"))
    assert plan.total_seconds == 1200


def test_an_added_step_leaves_out_what_a_finding_took_and_what_is_never_worked():
    out = Limits(places_out=(PlacesOut(leaves("scapula", side="left"), WHY),))
    added = edit("add", "+1", after=BETWEEN, value=60, from_others=True, new=BACK)
    rows = rows_of(one(added, setting=setting_of(*SCOLIOSIS, limits=out), is_draft=True), "+1")
    assert {Place("scapula", "left")} <= set(rows[0].avoid)
    whole = Limits(places_out=(PlacesOut(leaves("back-thoracic", side="left"), WHY),))
    assert "zone-excluded" in codes_aside(edited(added, setting=setting_of(*SCOLIOSIS, limits=whole), is_draft=True))


def test_an_added_step_turns_the_patient_only_where_the_position_does_not_reach():
    belly = edit("add", "+1", after=BETWEEN, value=60, from_others=True, new=a_step("thigh-anterior", "stroking-planar-deep"))
    assert {row.position for row in rows_of(one(belly, is_draft=True), "+1")} == {"supine"}
    first = edit("add", "+1", value=60, from_others=True, new=a_step("back", "stroking-planar-superficial", part="opening"))
    assert {row.position for row in rows_of(one(first, is_draft=True), "+1")} == {"prone"}


def test_a_zone_that_no_open_position_reaches_is_not_added():
    lying = setting_of(*SCOLIOSIS)
    others = tuple(PositionOut(code, WHY) for code in lying.treatment.positions if code != "prone")
    added = edit("add", "+1", after=BETWEEN, value=60, from_others=True, new=a_step("thigh-anterior", "stroking-planar-deep"))
    assert codes_aside(edited(added, setting=setting_of(*SCOLIOSIS, limits=Limits(positions_out=others)))) == {"position-does-not-reach"}


@pytest.mark.parametrize(
    ("new", "value", "key", "code"),
    [
        (a_step("moon", "stroking-planar-deep"), 60, "+1", "unknown-code"),
        (a_step("latissimus", "stroking-by-feet"), 60, "+1", "unknown-code"),
        (a_step("latissimus", "stroking-planar-deep"), 60, "1", "unknown-code"),
        (a_step("latissimus"), 60, "+1", "nothing-worked"),
        (a_step("latissimus", "stroking-planar-deep", "stroking-rake"), 60, "+1", "family-twice"),
        (a_step("latissimus", "stroking-planar-deep"), 20, "+1", "step-too-short"),
        (a_step("latissimus", "stroking-planar-deep", "rubbing-circular", "kneading-circular"), 30, "+1", "row-too-short"),
    ],
)
def test_a_step_that_could_be_none_is_not_added(new, value, key, code):
    assert codes_aside(edited(edit("add", key, after=BETWEEN, value=value, new=new), is_draft=True)) == {code}


def test_a_key_is_given_once():
    added = edit("add", "+1", after=BETWEEN, value=40, from_others=True, new=SHOULDER)
    assert codes_aside(edited(added, added, is_draft=True)) == {"unknown-code"}


def test_percussion_in_an_added_step_is_prepared_and_closed_with_stroking():
    new = a_step("latissimus", "percussion-cupping", "stroking-planar-deep", "kneading-circular", side="right", tempo="tonic")
    plan = one(edit("add", "+1", after=CONVEX, value=90, from_others=True, new=new), is_draft=True)
    assert [row.family for row in rows_of(plan, "+1")] == ["stroking", "kneading", "percussion", "stroking"]


# Findings -------------------------------------------------------------------------------------------------------------------
def test_a_new_finding_sets_an_edit_aside_for_today_and_it_comes_back_when_the_finding_goes():
    added = edit("add", "+1", after=BETWEEN, value=60, from_others=True, new=SHOULDER)
    calm = Limits(calm=(ForcedCalm(None, WHY),))
    brisk = edit("tempo", BETWEEN, code="tonic")
    today = edited(added, brisk, setting=setting_of(*SCOLIOSIS, limits=calm), overrides=NOT_OF_THE_STAGE)
    assert {aside.edit.kind for aside in today.aside if aside.session == AT} == {"tempo"}
    assert "hand-aside-at" in hand_codes(today.sessions[AT - 1])
    assert not edited(added, brisk, overrides=NOT_OF_THE_STAGE).aside


@pytest.mark.parametrize("zone", ["trapezius-upper", "paravertebral-thoracic-upper", "scapula", "abdomen"])
def test_under_a_new_finding_no_place_of_it_is_worked_whatever_a_hand_added(zone):
    added = edit("add", "+1", after=BETWEEN, value=60, from_others=True, new=a_step("back", "stroking-planar-deep", "kneading-circular"))
    out = Limits(places_out=(PlacesOut(leaves(zone), WHY),))
    plan = one(added, edit("minutes", CONCAVE, value=1200, from_others=True), setting=setting_of(*SCOLIOSIS, limits=out), is_draft=True)
    worked = {
        place
        for row in plan.rows
        for place in LIBRARY.tree.leaf_places(Place(row.zone, row.side))
        if place not in {leaf for avoid in row.avoid for leaf in LIBRARY.tree.leaf_places(avoid)}
    }
    assert worked
    assert not worked & leaves(zone)


def test_a_session_without_steps_is_as_it_was_built_whatever_a_hand_wants():
    barred = a_setting(*SCOLIOSIS, outcome=Outcome.ABSOLUTE, **inputs_for(LIBRARY.conditions["scoliosis"]))
    course = edited(edit("dose", value=70), edit("remove", CONCAVE), setting=barred)
    assert course.sessions == course.built
    assert not course.aside
