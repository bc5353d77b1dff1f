"""What is done beside the steps: supplementary methods as they would be, and the order of the day with exercise and partner therapies."""

from dataclasses import replace

import pytest

from protocols.method.course import plan_course
from protocols.method.findings import NO_LIMITS, PlacesOut
from protocols.method.partners import clauses_of, partners_of
from protocols.method.places import Place
from protocols.method.reasons import because
from protocols.method.session import build_session
from protocols.method.session.offered import codes_of_stage, offers
from protocols.method.session.supplements import UPWARDS
from tests.method.hand_made import with_limits
from tests.method.planned import LIBRARY, OPEN_STAGES, setting_of, stage_of


def offer_of(setting, code, number=3):
    dose = plan_course(setting, count=10).doses[number - 1]
    return next(iter(offers(setting, dose, (code,)))), dose


# Supplements ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("condition", "stage"), OPEN_STAGES[::3])
def test_what_is_offered_alone_is_what_the_builder_plans_and_what_is_barred_is_explained(condition, stage):
    setting = setting_of(condition, stage)
    dose = plan_course(setting, count=10).doses[2]
    found = offers(setting, dose, LIBRARY.supplements)
    assert {each.code for each in found if each.is_of_stage} == set(codes_of_stage(setting))
    for each in found:
        built = build_session(setting, dose=dose, supplements=(each.code,))
        assert each.planned == built.supplements
        assert bool(each.planned) != (each.barred is not None)


def test_levels_go_from_below_upwards_and_those_that_are_taken_say_why():
    setting = setting_of("chronic-bronchitis", "remission-dry")
    out = PlacesOut(frozenset({Place("paravertebral-thoracic-upper", "left")}), because("finding", rule="sk-04"))
    sore = with_limits(setting, replace(NO_LIMITS, places_out=(out,)))
    open_levels, dose = offer_of(setting, "segmental")
    heights = [UPWARDS.index(level.code) for level in open_levels.levels]
    assert heights == sorted(heights)
    assert all(level.barred is None for level in open_levels.levels)
    (barred,) = offers(sore, dose, ("segmental",))
    taken = {level.code for level in barred.levels if level.barred}
    assert taken == {"T3", "T4", "T5", "T6"}
    assert set(barred.planned[0].levels) == {level.code for level in barred.levels} - taken


# Partners -------------------------------------------------------------------------------------------------------------------
def lines_of(condition, stage, facts=(), chosen=()):
    entry = LIBRARY.conditions[condition]
    return partners_of(LIBRARY, entry, entry.stages[stage], dict(facts), chosen)


def whens(condition, stage, **facts):
    return [(line.when, line.clauses) for line in lines_of(condition, stage, facts) if line.is_exercise_in_general]


def test_the_order_of_the_day_is_that_of_the_rule_and_nothing_where_the_rule_is_silent():
    assert whens("joint-stiffness", "standard") == [("after", ("pain",))]
    assert whens("hypertension", "stage-1") == [("before", ("hypertension",))]
    assert whens("emphysema", "stable") == [("after", ("lungs",))]
    assert whens("chronic-gastritis", "hyposecretory") == [("open", ())]


def test_where_two_parts_of_the_rule_meet_nothing_is_decided():
    assert whens("joint-stiffness", "standard", **{"history.hypertension-known": True}) == [("open", ("hypertension", "pain"))]


def test_every_partner_of_the_library_has_its_place_in_the_day():
    found: dict[str, str] = {}
    for condition, stage in OPEN_STAGES:
        treatment = stage_of(condition, stage).treatment
        assert treatment is not None
        words = treatment.partners
        found |= {words[line.row]: line.when for line in lines_of(condition, stage) if line.row >= 0}
    assert {words for words, when in found.items() if when == "before"} == {"warmth before", "warm bath before"}
    beside = {"self-massage", "scar work", "warm shower", "drink"}
    assert {words for words, when in found.items() if when == "beside"} >= beside
    assert all(found[words] == "after" for words in found if "exercise" in words or "movement" in words)


def test_a_warm_pack_comes_before_the_session():
    (line,) = (each for each in lines_of("joint-stiffness", "standard", chosen=("heat",)) if each.supplement)
    assert (line.supplement, line.when) == ("heat", "before")


def test_the_rule_reads_the_condition_and_the_patient():
    assert clauses_of(LIBRARY.conditions["hypertension"], has_hypertension=False) == ("hypertension",)
    assert clauses_of(LIBRARY.conditions["scoliosis"], has_hypertension=False) == ("pain",)
