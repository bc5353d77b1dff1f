"""Inputs of a condition, and the facts that the condition answers by itself."""

from dataclasses import replace
from typing import Any

import pytest

from protocols.method.answers import Answers, Faults, parse_fact
from protocols.method.entries import AnyInput, InputComparison
from protocols.method.inputs import parse_inputs, with_implied
from protocols.method.places import Place
from protocols.method.roles import Inputs
from tests.method.screened import library

LIMB = {"affected_side": "left", "region": "knee"}
FRACTURE = {**LIMB, "days": 20, "union_confirmed": True}


def stated(facts: dict[str, Any] | None = None, unknown: tuple[str, ...] = ()) -> Answers:
    on = library()
    return Answers({code: parse_fact(on.facts[code], raw, on) for code, raw in (facts or {}).items()}, frozenset(unknown))


def parse(condition: str, stage: str, raw: dict[str, Any], facts: dict[str, Any] | None = None) -> Inputs:
    return parse_inputs(library(), library().conditions[condition], stage, raw, stated(facts))


def faults(condition: str, stage: str, raw: dict[str, Any], facts: dict[str, Any] | None = None) -> dict[str, str]:
    with pytest.raises(Faults) as refusal:
        parse(condition, stage, raw, facts)
    return {fault.field: fault.message for fault in refusal.value.faults}


def implied(condition: str, stage: str, raw: dict[str, Any], facts: dict[str, Any] | None = None, unknown: tuple[str, ...] = ()) -> Answers:
    inputs = parse(condition, stage, raw, facts)
    return with_implied(library(), library().conditions[condition], stage, inputs, stated(facts, unknown))


# Inputs ---------------------------------------------------------------------------------------------------------------------
def test_every_type_of_input_is_taken() -> None:
    raw = {"curve_shape": "c", "convex_side": "left", "brace": True, "cobb_degrees": 12, "progression_degrees": -3}
    assert parse("scoliosis", "degree-2", {**raw, "tense_convex_segments": ["scapula"]}) == {
        **raw,
        "tense_convex_segments": (Place("scapula", "both"),),
    }
    assert parse("hypotension", "stable", {"usual_pressure": " 95/60 "}) == {"usual_pressure": "95/60"}


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"mood": "good"}, "inputs.mood"),
        ({"curve_shape": "z"}, "inputs.curve_shape"),
        ({"brace": "yes"}, "inputs.brace"),
        ({"cobb_degrees": "12"}, "inputs.cobb_degrees"),
        ({"tense_convex_segments": ["tail"]}, "inputs.tense_convex_segments"),
    ],
)
def test_an_unknown_input_and_a_wrong_value_are_refused_by_name(raw: dict[str, Any], field: str) -> None:
    assert field in faults("scoliosis", "degree-2", {"curve_shape": "c", "convex_side": "left", **raw})


def test_days_and_weeks_are_never_below_nothing_and_text_is_text() -> None:
    assert "at least 0" in faults("limb-fracture", "post-immobilisation", {**FRACTURE, "days": -1})["inputs.days"]
    assert "must be text" in faults("hypotension", "stable", {"usual_pressure": 95})["inputs.usual_pressure"]


def test_all_faults_of_a_case_are_named_together() -> None:
    assert set(faults("scoliosis", "degree-2", {"mood": 1, "brace": 2})) == {
        "inputs.mood",
        "inputs.brace",
        "inputs.curve_shape",
        "inputs.convex_side",
    }


def test_an_input_is_required_for_the_stages_and_answers_that_need_it() -> None:
    assert "inputs.lumbar_convex_side" in faults("scoliosis", "degree-2", {"curve_shape": "s", "convex_side": "left"})
    assert "inputs.affected_side" in faults("osteochondrosis-lumbar", "subacute", {})
    assert parse("osteochondrosis-lumbar", "remission", {}) == {}


def test_a_required_input_may_be_missing_when_the_fact_it_fills_is_stated() -> None:
    assert parse("post-infarction", "early-convalescence", {}, {"history.infarction-weeks": 3}) == {}
    assert "inputs.weeks_since_infarction" in faults("post-infarction", "early-convalescence", {})
    assert parse("peptic-ulcer", "stable-remission", {}, {"history.ulcer-active": False}) == {}


def test_an_answer_of_other_stages_only_is_refused() -> None:
    assert "belongs to stage atonic, not to spastic" in faults("constipation", "spastic", {"form": "atonic"})["inputs.form"]
    assert parse("constipation", "spastic", {"form": "spastic"}) == {"form": "spastic"}
    assert parse("preventive-massage", "general", {"fatigue_type": "none"}) == {"fatigue_type": "none"}


def test_a_role_zone_never_lies_where_the_stage_forbids_every_family() -> None:
    shelf = library()
    condition = shelf.conditions["orthopaedic-operation"]
    treatment = condition.stages["late"].treatment
    assert treatment is not None
    row = replace(treatment.forbid[0], zone="thigh", side="both", family="all", technique=None, scope=None)
    late = replace(condition.stages["late"], treatment=replace(treatment, forbid=(row,)))
    barring = replace(condition, stages={**condition.stages, "late": late})
    raw = {**LIMB, "weeks_since_operation": 20, "scar": ["thigh-anterior"]}
    with pytest.raises(Faults, match="which stage late forbids"):
        parse_inputs(shelf, barring, "late", raw, stated())
    assert parse_inputs(shelf, condition, "late", {**raw, "scar": ["knee"]}, stated())["scar"] == (Place("knee", "both"),)


# Implied facts --------------------------------------------------------------------------------------------------------------
def test_a_condition_answers_what_it_is() -> None:
    answers = implied("bronchial-asthma", "between-attacks", {})
    assert answers.known == {"course.therapeutic": True, "history.asthma": True, "history.lung-disease": True}


def test_what_is_implied_is_no_longer_unknown() -> None:
    assert implied("bronchial-asthma", "between-attacks", {}, unknown=("history.asthma", "today.dizzy")).unknown == {"today.dizzy"}


@pytest.mark.parametrize(("days", "weeks"), [(6, 0), (7, 1), (41, 5), (42, 6)])
def test_days_become_whole_weeks_rounded_down(days: int, weeks: int) -> None:
    answers = implied("limb-fracture", "post-immobilisation", {**FRACTURE, "days": days, "method": "osteosynthesis"})
    assert answers.known["history.surgery-weeks"] == weeks


@pytest.mark.parametrize(("days", "fresh"), [(83, True), (84, False)])
def test_a_role_fills_the_zones_of_the_injured_segment_on_the_affected_side(days: int, fresh: bool) -> None:
    known = implied("limb-fracture", "post-immobilisation", {**FRACTURE, "days": days, "method": "osteosynthesis"}).known
    zones = known["history.implant-zones"]
    assert isinstance(zones, tuple)
    assert {place.side for place in zones} == {"left"}
    assert ("history.implant-recent-zones" in known) is fresh


def test_stated_and_implied_zones_add_up() -> None:
    raw = {**FRACTURE, "method": "osteosynthesis"}
    added = implied("limb-fracture", "post-immobilisation", raw, {"history.implant-zones": ["hand"]}).known["history.implant-zones"]
    alone = implied("limb-fracture", "post-immobilisation", raw).known["history.implant-zones"]
    assert isinstance(added, tuple)
    assert isinstance(alone, tuple)
    assert set(added) == {*alone, Place("hand", "both")}


def test_a_true_answer_adds_up_whichever_side_gives_it() -> None:
    assert implied("bronchial-asthma", "between-attacks", {}, {"history.asthma": False}).known["history.asthma"] is True
    assert implied("preventive-massage", "general", {}, {"course.therapeutic": True}).known["course.therapeutic"] is True


def test_a_stage_implies_its_own_degree() -> None:
    assert implied("hypertension", "stage-2", {}).known["history.hypertension-stage"] == 2


@pytest.mark.parametrize(
    ("condition", "stage", "raw", "facts", "field"),
    [
        (
            "post-infarction",
            "early-convalescence",
            {"weeks_since_infarction": 5},
            {"history.infarction-weeks": 3},
            "facts.history.infarction-weeks",
        ),
        ("hypertension", "stage-2", {}, {"history.hypertension-stage": 1}, "facts.history.hypertension-stage"),
        (
            "orthopaedic-operation",
            "early",
            {**LIMB, "weeks_since_operation": 2},
            {"history.surgery-weeks": 9},
            "facts.history.surgery-weeks",
        ),
    ],
)
def test_a_stated_history_that_says_something_else_is_refused(
    condition: str, stage: str, raw: dict[str, Any], facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Faults) as refusal:
        implied(condition, stage, raw, facts)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_a_stated_history_that_says_the_same_is_welcome() -> None:
    known = implied("post-infarction", "early-convalescence", {"weeks_since_infarction": 5}, {"history.infarction-weeks": 5}).known
    assert known["history.infarction-weeks"] == 5


def test_a_reading_of_today_is_filled_only_where_today_has_no_answer_of_its_own() -> None:
    filled = implied("osteochondrosis-lumbar", "remission", {"pain_nrs": 7}, unknown=("today.pain-nrs",))
    own = implied("osteochondrosis-lumbar", "remission", {"pain_nrs": 7}, {"today.pain-nrs": 2})
    assert (filled.known["today.pain-nrs"], own.known["today.pain-nrs"]) == (7, 2)
    assert not filled.unknown


def test_an_input_that_is_not_answered_implies_nothing() -> None:
    assert "today.pain-nrs" not in implied("osteochondrosis-lumbar", "remission", {}).known
    assert "history.gallstones" not in implied("biliary-dyskinesia", "hypotonic", {}).known
    assert implied("biliary-dyskinesia", "hypotonic", {"stones_excluded": False}).known["history.gallstones"] is True


@pytest.mark.parametrize(("onset", "acute"), [(41, True), (42, False)])
def test_root_signs_under_six_weeks_are_acute_root_pain(onset: int, acute: bool) -> None:
    known = implied("osteochondrosis-lumbar", "remission", {"root_syndrome": "irritation", "days_since_onset": onset}).known
    assert ("history.nerve-root-pain-acute" in known) is acute


def test_an_implied_reading_out_of_range_names_the_input() -> None:
    with pytest.raises(Faults, match=r"inputs\.pain_nrs"):
        implied("osteochondrosis-lumbar", "remission", {"pain_nrs": 11})


def test_a_role_without_its_region_is_refused_and_names_the_fact() -> None:
    condition = library().conditions["orthopaedic-operation"]
    with pytest.raises(Faults, match=r"facts\.history\.surgery-zones"):
        with_implied(library(), condition, "early", {"weeks_since_operation": 2}, stated())


def test_an_answer_can_be_translated_on_its_way_to_a_fact() -> None:
    shelf = library()
    condition = shelf.conditions["hypertension"]
    row = replace(
        condition.implies[1], fact="history.hypertension-stage", value=None, from_input="stage_by_doctor", map={"2": 2}, when=None
    )
    answers = with_implied(shelf, replace(condition, implies=(row,)), "stage-2", {"stage_by_doctor": "2"}, stated())
    assert answers.known == {"history.hypertension-stage": 2}


def test_any_of_several_inputs_may_be_enough() -> None:
    shelf = library()
    condition = shelf.conditions["peptic-ulcer"]
    either = AnyInput((InputComparison("healing_proved", "is", value=False), InputComparison(None, "in", ("exacerbation",))))
    row = replace(condition.implies[1], when=either)
    changed = replace(condition, implies=(row,))
    assert with_implied(shelf, changed, "exacerbation", {"healing_proved": True}, stated()).known == {"history.ulcer-active": True}
    assert with_implied(shelf, changed, "stable-remission", {"healing_proved": False}, stated()).known == {"history.ulcer-active": True}
    assert with_implied(shelf, changed, "stable-remission", {"healing_proved": True}, stated()).known == {}


def test_inputs_may_be_compared_and_joined_in_every_way_a_protocol_uses() -> None:
    shelf = library()
    soft = shelf.conditions["soft-tissue-injury"]
    raw = {**LIMB, "hours_since_injury": 72, "fracture_excluded": False}
    stage = next(code for code, found in soft.stages.items() if found.treatment is not None)
    known = with_implied(shelf, soft, stage, parse_inputs(shelf, soft, stage, raw, stated()), stated()).known
    assert known["today.suspected-fracture"] is True
    assert known["today.acute-injury-zones"]
