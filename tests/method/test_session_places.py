"""Places, pressure and positions of a session."""

from dataclasses import replace

import pytest

from protocols.method.checking import check_plan
from protocols.method.findings import Limits, PlacesOut, PositionOut, PressureCap, Screening
from protocols.method.places import Place
from protocols.method.plans import Adaptation
from protocols.method.reasons import because
from protocols.method.vocabulary import Outcome
from tests.method.planned import LIBRARY, codes_of, leaves, rows_at, session_of, setting_of, zones_of

OUT = because("rule-excludes-zone", rule="va-03")


def without(*zones: str, side: str = "both") -> Limits:
    return Limits(places_out=(PlacesOut(leaves(*zones, side=side), OUT),))


# Zones ------------------------------------------------------------------------------------------------------------------------
def test_an_excluded_zone_is_not_worked_and_its_time_goes_to_the_others():
    usual = session_of(setting_of("osteochondrosis-lumbar", "remission"))
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=without("thigh-posterior")))
    assert ("thigh-posterior", "both") not in zones_of(plan)
    assert plan.total_seconds == usual.total_seconds
    assert any((omission.code, omission.because) == ("thigh-posterior", OUT) for omission in plan.omissions)


def test_a_step_on_a_zone_with_an_excluded_part_works_the_rest_and_says_what_it_avoids():
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=without("scapula", side="left")))
    opening = next(row for row in plan.rows if row.part == "opening")
    assert (opening.zone, opening.side, opening.avoid) == ("back", "both", (Place("scapula", "left"),))
    assert OUT in opening.because


def test_the_zone_named_is_the_one_really_worked():
    plan = session_of(setting_of("scoliosis", "postural", limits=without("paravertebral-thoracic-lower", "interscapular", side="left")))
    assert ("interscapular", "right") in zones_of(plan)
    plan = session_of(setting_of("scoliosis", "postural", limits=without("paravertebral-thoracic-lower")))
    assert ("paravertebral-thoracic-upper", "both") in zones_of(plan)


def test_what_the_danger_map_always_excludes_is_avoided():
    row = rows_at(session_of(setting_of("bronchial-asthma", "between-attacks")), "chest-anterior")[0]
    assert row.avoid == (Place("breast", "both"),)


def test_a_forbidden_place_of_the_stage_is_never_worked():
    worked = {zone for zone, _ in zones_of(session_of(setting_of("osteochondrosis-lumbar", "acute"), 2, 4))}
    assert worked == {"paravertebral-thoracic-upper", "trapezius-upper"}


# Target -----------------------------------------------------------------------------------------------------------------------
def test_without_a_target_zone_the_session_is_deferred():
    plan = session_of(setting_of("osteochondrosis-cervical", "acute", limits=without("back", "collar", "head", "upper-limb")), 1, 4)
    assert (plan.outcome, plan.may_start) == (Outcome.DEFER, False)
    assert "target-gone" in codes_of(plan)


def test_with_more_than_half_of_the_minutes_gone_the_session_is_deferred():
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=without("gluteal", "latissimus", "paravertebral-lumbar")))
    assert (plan.outcome, plan.may_start) == (Outcome.DEFER, False)
    assert plan.rows  # a draft
    assert "half-gone" in codes_of(plan)


def test_half_or_less_gone_is_no_reason_to_defer():
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=without("gluteal", "latissimus")))
    assert plan.may_start


@pytest.mark.parametrize("outcome", [Outcome.ABSOLUTE, Outcome.EMERGENCY])
def test_absolute_and_emergency_give_no_rows(outcome):
    setting = setting_of("osteochondrosis-lumbar", "remission")
    refused = replace(setting, screening=Screening(outcome, (), (), (), Limits(), ()))
    plan = session_of(refused)
    assert (plan.rows, plan.may_start, plan.outcome) == ((), False, outcome)
    assert plan.omissions


def test_a_barred_stage_gives_no_rows():
    plan = session_of(setting_of("constipation", "alarm"), 1, 3)
    assert (plan.rows, plan.may_start, plan.outcome) == ((), False, Outcome.ABSOLUTE)
    assert session_of(setting_of("bronchial-asthma", "attack"), 1, 1).outcome == Outcome.EMERGENCY


# Pressure ---------------------------------------------------------------------------------------------------------------------
def test_pressure_of_a_step_is_the_lowest_ceiling_over_its_parts():
    plan = session_of(setting_of("preventive-massage", "general"))
    assert {row.pressure for row in rows_at(plan, "back")} == {2}  # the loin lateral of the long muscles, danger map
    assert {row.pressure for row in rows_at(plan, "nape") if row.family == "kneading"} == {4}


def test_leaving_out_the_part_with_the_ceiling_does_not_raise_the_rest():
    plan = session_of(setting_of("preventive-massage", "general", limits=without("loin-side")))
    assert {row.pressure for row in plan.rows if row.zone == "back"} == {2}


def test_build_up_works_one_level_lower_where_the_stage_has_no_table():
    setting = setting_of("osteochondrosis-lumbar", "remission")
    strongest = [max(row.pressure for row in rows_at(session_of(setting, number), "gluteal")) for number in (1, 6, 12)]
    assert strongest == [3, 4, 3]


def test_a_stages_own_table_stands_instead_of_the_shift():
    setting = setting_of("constipation", "atonic")
    levels = [max(row.pressure for row in session_of(setting, number).rows) for number in (1, 6, 12)]
    assert levels == [2, 3, 3]


def test_a_local_ceiling_of_the_stage_is_kept():
    plan = session_of(setting_of("post-stroke", "spastic"))
    assert {row.pressure for row in plan.rows if row.zone in ("calf", "forearm", "thigh-anterior")} == {1}


def test_a_finding_caps_its_place_only():
    cap = PressureCap(2, leaves("gluteal"), because("rule-caps-pressure", rule="va-03", level=2))
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=Limits(pressure_caps=(cap,))))
    assert max(row.pressure for row in rows_at(plan, "gluteal")) == 2
    assert max(row.pressure for row in rows_at(plan, "paravertebral-lumbar")) == 4
    assert all(cap.because in row.because for row in rows_at(plan, "gluteal"))


def test_a_zone_that_hurt_is_worked_one_level_lower():
    mark = Adaptation(zone_shifts=((Place("gluteal", "left"), -1),))
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission"), adaptation=mark)
    assert max(row.pressure for row in rows_at(plan, "gluteal")) == 3
    assert max(row.pressure for row in rows_at(plan, "paravertebral-lumbar")) == 4


def test_a_ceiling_does_not_swallow_what_a_zone_that_hurt_takes_off():
    capped = Limits(pressure_caps=(PressureCap(3, None, because("rule-caps-pressure", rule="va-03", level=3)),))
    setting = setting_of("osteochondrosis-lumbar", "remission", limits=capped)
    plain, mark = session_of(setting), Adaptation(zone_shifts=((Place("gluteal", "left"), -1),))
    assert max(row.pressure for row in rows_at(plain, "gluteal")) == 3
    for lighter in (mark, Adaptation(pressure_shift=-1)):
        assert max(row.pressure for row in rows_at(session_of(setting, adaptation=lighter), "gluteal")) == 2
    assert plain.dose is not None
    found = check_plan(plain, setting, dose=plain.dose, adaptation=mark)
    assert "pressure-too-strong" in {problem.code for problem in found}


# Positions --------------------------------------------------------------------------------------------------------------------
def test_a_position_is_kept_for_as_long_as_it_reaches():
    plan = session_of(setting_of("scoliosis", "degree-1"))
    steps = dict.fromkeys((row.step, row.zone, row.position) for row in plan.rows)
    assert [position for _, _, position in steps] == [*["prone"] * 7, "supine", "supine", "prone"]


def test_a_forbidden_position_gives_way_to_the_next_of_the_stage():
    prone = Limits(positions_out=(PositionOut("prone", because("rule-forbids-position", rule="pr-03", position="prone")),))
    plan = session_of(setting_of("scoliosis", "adult-painful", limits=prone))
    assert "prone" not in plan.positions
    assert plan.may_start


def test_a_step_on_one_side_is_not_worked_while_the_patient_lies_on_it():
    prone = Limits(positions_out=(PositionOut("prone", because("rule-forbids-position", rule="pr-03", position="prone")),))
    plan = session_of(setting_of("scoliosis", "adult-painful", limits=prone))
    for row in plan.rows:
        upper = LIBRARY.positions[row.position].upper_side
        assert row.side in ("both", upper)


def test_a_step_that_no_position_reaches_is_left_out_with_its_reason():
    supine = Limits(positions_out=(PositionOut("supine", because("rule-forbids-position", rule="pr-03", position="supine")),))
    plan = session_of(setting_of("scoliosis", "degree-1", limits=supine))
    assert "no-position" in codes_of(plan)
    assert {zone for zone, _ in zones_of(plan)}.isdisjoint({"pectoral", "abdomen"})


def test_without_any_position_the_session_is_deferred():
    none = Limits(positions_out=(PositionOut("prone", because("rule-forbids-position", rule="pr-03", position="prone")),))
    plan = session_of(setting_of("osteochondrosis-lumbar", "remission", limits=none))
    assert (plan.rows, plan.outcome, plan.may_start) == ((), Outcome.DEFER, False)


def test_a_position_on_order_is_open_only_on_order():
    barred = tuple(
        PositionOut(code, because("rule-forbids-position", rule="pr-03", position=code)) for code in ("prone", "sitting-leaning-forward")
    )
    for ordered in (True, False):
        plan = session_of(
            setting_of("chronic-bronchitis", "remission-productive", limits=Limits(positions_out=barred, positions_ordered=ordered))
        )
        assert set(plan.positions) <= {"side-lying-left", "side-lying-right", *(["head-down"] if ordered else [])}
