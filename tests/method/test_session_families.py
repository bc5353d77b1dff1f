"""Families and techniques of a step: merged before findings, restricted after."""

import pytest

from protocols.method.findings import FamilyOut, ForcedCalm, Limits, PressureCap, TechniqueOut
from protocols.method.places import Place
from protocols.method.plans import Adaptation
from protocols.method.reasons import because
from tests.method.planned import LIBRARY, codes_of, leaves, rows_at, session_of, setting_of

WHY = because("rule-excludes-family", rule="bl-03", family="percussion")
NO_PERCUSSION = Limits(families_out=(FamilyOut("percussion", None, WHY),))


def families(plan, zone: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows_at(plan, zone):
        found[row.family] = found.get(row.family, 0) + row.seconds
    return found


def test_a_family_under_fifteen_seconds_goes_to_stroking_and_says_so():
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission"))
    # thigh: 60 s; stroking 9 s, rubbing 15 s, kneading 27 s, vibration 6.6 s, percussion 2.4 s
    assert families(plan, "thigh-posterior") == {"stroking": 18, "rubbing": 15, "kneading": 27}
    assert "family-too-short" in codes_of(plan)


def test_percussion_goes_to_vibration_first():
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission"))
    # buttock: 240 s; vibration 26.4 s + percussion 9.6 s
    assert families(plan, "gluteal") == {"stroking": 36, "rubbing": 60, "kneading": 108, "vibration": 36}


def test_stroking_under_fifteen_seconds_is_lifted_at_the_cost_of_the_largest_family():
    plan = session_of(setting_of("biliary-dyskinesia", "hypotonic"))
    # colon: 180 s; stroking 5 % and points 5 % make 18 s; shoulder blade: 60 s of a mix with 5 % stroking and barred breathing help
    assert all(families(plan, zone)["stroking"] >= 15 for zone, side in {(row.zone, row.side) for row in plan.rows if row.part == "main"})


@pytest.mark.parametrize("limits", [Limits(), NO_PERCUSSION])
def test_no_percussion_in_build_up_and_taper(limits):
    setting = setting_of("scoliosis", "degree-1", limits=limits)
    for number in (1, 2, 3, 11, 12):
        assert all(row.family != "percussion" for row in session_of(setting, number).rows)


def test_barred_percussion_goes_to_vibration_where_that_is_open():
    usual = families(session_of(setting_of("scoliosis", "degree-1")), "paravertebral-thoracic")
    barred = session_of(setting_of("scoliosis", "degree-1", limits=NO_PERCUSSION))
    rows = [row for row in barred.rows if row.zone == "paravertebral-thoracic" and row.side == "right"]
    assert {row.family for row in rows} == {"stroking", "rubbing", "kneading", "vibration"}
    assert usual["percussion"] > 0
    assert any(WHY in row.because for row in rows if row.family == "vibration")


def test_barred_vibration_goes_to_stroking():
    limits = Limits(families_out=(*NO_PERCUSSION.families_out, FamilyOut("vibration", None, WHY)))
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=limits))
    assert families(plan, "gluteal") == {"stroking": 72, "rubbing": 60, "kneading": 108}


def test_a_family_barred_on_one_side_is_worked_on_the_other_and_the_row_says_what_it_avoids():
    limits = Limits(families_out=(FamilyOut("kneading", leaves("gluteal", side="left"), WHY),))
    row = next(
        row
        for row in rows_at(session_of(setting_of("osteochondrosis-lumbar", "remission", limits=limits)), "gluteal")
        if row.family == "kneading"
    )
    assert row.avoid == (Place("gluteal", "left"),)
    assert WHY in row.because


def test_a_barred_technique_is_replaced_by_another_of_its_family():
    setting = setting_of("osteochondrosis-lumbar", "remission")
    usual = next(row.technique for row in rows_at(session_of(setting), "gluteal") if row.family == "kneading")
    why = because("rule-excludes-technique", rule="bl-03", technique=usual)
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=Limits(techniques_out=(TechniqueOut(usual, None, why),))))
    assert [row.technique != usual for row in rows_at(plan, "gluteal") if row.family == "kneading"] == [True]
    assert [omission.code for omission in plan.omissions if omission.kind == "technique"] == [usual]


def test_a_technique_that_a_record_leaves_out_is_not_used():
    setting = setting_of("osteochondrosis-lumbar", "remission")
    usual = next(row.technique for row in rows_at(session_of(setting), "gluteal") if row.family == "rubbing")
    plan = session_of(setting, adaptation=Adaptation(leave_out=(usual,)))
    assert usual not in {row.technique for row in plan.rows}


@pytest.mark.parametrize(("first", "family", "stage"), [(4, "kneading", "subacute")])
def test_a_family_that_waits_for_its_session(first, family, stage):
    setting = setting_of("osteochondrosis-lumbar", stage)
    for number in range(1, 8):
        rows = [row for row in session_of(setting, number).rows if (row.zone, row.side) == ("gluteal", "right")]
        assert (family in {row.family for row in rows}) is (number >= first)
    healthy = [row for row in session_of(setting, 3).rows if (row.zone, row.side) == ("gluteal", "left")]
    assert family in {row.family for row in healthy}


def test_up_to_its_session_a_stage_stays_calm_without_percussion():
    setting = setting_of("neurasthenia", "hyposthenic")
    assert {row.tempo for row in session_of(setting, 3).rows} == {"calm"}
    assert {row.tempo for row in session_of(setting, 4).rows} != {"calm"}


def test_forced_calm_halves_kneading_and_marks_a_tonic_stage_as_replanned():
    calm = Limits(calm=(ForcedCalm(None, because("rule-forces-calm", rule="ca-07")),))
    usual = families(session_of(setting_of("scoliosis", "postural")), "interscapular")
    plan = session_of(setting_of("scoliosis", "postural", limits=calm))
    assert plan.replanned
    assert {row.tempo for row in plan.rows} == {"calm"}
    assert "percussion" not in {row.family for row in plan.rows}
    assert abs(families(plan, "interscapular")["kneading"] - usual["kneading"] / 2) <= 1


def test_at_pressure_one_there_is_no_kneading_but_twitching_in_a_tonic_mix():
    cap = Limits(pressure_caps=(PressureCap(1, None, because("rule-caps-pressure", rule="bl-03", level=1)),))
    assert "kneading" not in {row.family for row in session_of(setting_of("osteochondrosis-lumbar", "remission", limits=cap)).rows}
    tonic = session_of(setting_of("scoliosis", "postural", limits=cap))
    assert {row.technique for row in tonic.rows if row.family == "kneading"} == {"kneading-twitching"}


def test_points_are_stroked_unless_their_supplement_is_on():
    setting = setting_of("constipation", "spastic")
    assert "points" not in {row.family for row in session_of(setting).rows}
    assert "points-off" in codes_of(session_of(setting))
    plan = session_of(setting, supplements=("points-inhibitory",))
    assert {planned.supplement for planned in plan.supplements} == {"points-inhibitory"}
    assert any(row.family == "points" for row in plan.rows)


# Percussion policy ------------------------------------------------------------------------------------------------------------
def struck(plan) -> list[tuple[str, str, int]]:
    return [(row.zone, row.technique, row.pressure) for row in plan.rows if row.family == "percussion"]


def test_light_zones_take_light_techniques_at_pressure_two():
    found = struck(session_of(setting_of("scoliosis", "postural")))
    assert ("interscapular", 2) in {(zone, pressure) for zone, _, pressure in found}
    assert all(LIBRARY.techniques[technique].light for zone, technique, _ in found if zone == "interscapular")


def test_muscle_zones_are_struck_at_pressure_three_at_most_and_their_other_parts_avoided():
    rows = [
        row
        for row in session_of(setting_of("scoliosis", "degree-1")).rows
        if row.family == "percussion" and row.zone == "paravertebral-thoracic"
    ]
    assert [(row.pressure <= 3, row.avoid) for row in rows] == [(True, (Place("paravertebral-thoracic-lower", "right"),))]


@pytest.mark.parametrize(("age", "light"), [(14, True), (70, True), (40, False)])
def test_age_may_leave_light_techniques_only(age, light):
    found = struck(session_of(setting_of("preventive-massage", "short-tonic", age=age)))
    assert found
    assert all(LIBRARY.techniques[technique].light and pressure <= 2 for _, technique, pressure in found) is light


@pytest.mark.parametrize("age", [7, 80])
def test_age_may_leave_no_percussion(age):
    assert not struck(session_of(setting_of("preventive-massage", "short-tonic", age=age)))


def test_the_abdomen_is_struck_only_by_the_fingertips_and_only_where_the_stage_names_it():
    found = struck(session_of(setting_of("constipation", "atonic")))
    assert {technique for zone, technique, _ in found if zone == "colon-path"} == {"percussion-fingertip"}
    assert not struck(session_of(setting_of("biliary-dyskinesia", "hypotonic")))


def test_the_chest_is_struck_only_as_prescribed_airway_clearance():
    free = struck(session_of(setting_of("chronic-bronchitis", "remission-productive")))
    ordered = struck(session_of(setting_of("chronic-bronchitis", "remission-productive", limits=Limits(airway_clearance=True))))
    assert not free
    assert {"chest-lateral", "back-thoracic"} <= {zone for zone, _, _ in ordered}


def test_a_variant_strikes_the_back_from_its_session_on_when_its_fact_and_document_hold():
    limits = Limits(airway_clearance=True, variants_open=frozenset({"with-sputum"}))
    setting = setting_of("pneumonia", "resolution", limits=limits)
    assert not struck(session_of(setting, 3))
    assert {(zone, technique) for zone, technique, _ in struck(session_of(setting, 4))} == {("back-thoracic", "percussion-cupping")}
    assert not struck(session_of(setting_of("pneumonia", "resolution"), 4))
