"""How stages, steps and forms of an edition are inspected, at their edges: each check is asked directly."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from protocols.method.entries import Comparison, Effect, Implied, SignCheck, Step
from protocols.method.frozen import FrozenMap
from protocols.method.inspection import steps as step_checks
from protocols.method.inspection.body import _area
from protocols.method.inspection.course import _bands, _parts
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.facts import _grave_facts
from protocols.method.inspection.forms import _within_reach
from protocols.method.inspection.inputs import _implied
from protocols.method.inspection.signs import _check
from protocols.method.inspection.stages import _condition, _input_bound, _numbers, _progression, _stage, _variant
from protocols.method.inspection.steps import STROKING_AT_THE_ENDS, _ends, _order, _shares, _step, inspect_plan
from protocols.method.inspection.supplements import _supplement, inspect_supplements
from protocols.method.parsing import FaultList
from protocols.method.vocabulary import Outcome
from tests.method.planned import LIBRARY

SCOLIOSIS = LIBRARY.conditions["scoliosis"]
STAGE = SCOLIOSIS.stages["degree-1"]
TREATED: Any = STAGE.treatment
FLAG = "history.pregnant"


def desk_of(**library):
    """A desk with these tables of the library; all the rest is the shipped one's."""
    return Desk(replace(LIBRARY, **library), FaultList())


def faults_of(check, *asked, **library):
    """What a check notes, without its place."""
    desk = desk_of(**library)
    check(desk, *asked)
    return [fault.removeprefix("here: ") for fault in desk.faults.faults]


def noted(faults, words):
    return any(words in fault for fault in faults)


# Body, course, facts, forms -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("over", "sound"), [(0.0, True), (0.009, True), (0.01, False)])
def test_the_minutes_of_an_area_are_those_of_its_units_to_under_a_hundredth(over, sound):
    area = replace(next(iter(LIBRARY.areas.values())), minutes=over, units=0)
    assert noted(faults_of(_area, area), "minutes are not") is not sound


@pytest.mark.parametrize(("bands", "wanted"), [(((0, 0), (1, 3)), []), (((0, 2), (3, 3)), []), (((0, 2), (3, 2)), ["is no range"])])
def test_a_band_may_hold_a_single_number(bands, wanted):
    assert [fault.rpartition("to 2 ")[2] for fault in faults_of(_bands, "x", bands)] == wanted


@pytest.mark.parametrize(
    ("low", "high", "sound"), [(0.5, 0.5, True), (0.5, 1, True), (1, 1, True), (0.5, 0.4, False), (0.5, 1.01, False), (0, 1, False)]
)
def test_a_part_may_have_a_fixed_share_and_the_whole_session(low, high, sound):
    code, row = next(iter(LIBRARY.part_shares.items()))
    shares = FrozenMap({**LIBRARY.part_shares, code: replace(row, share_min=low, share_max=high)})
    assert noted(faults_of(_parts, part_shares=shares), "a share lies") is not sound


@pytest.mark.parametrize(("outcome", "grave"), [(Outcome.MODIFY, False), (Outcome.DOCTOR, True), (Outcome.ABSOLUTE, True)])
def test_the_facts_of_a_rule_are_grave_from_doctor_on(outcome, grave):
    rule = replace(LIBRARY.rules["rf-07"], when=Comparison(FLAG, "is", True), outcome=outcome, effects=(), clearance=None)
    assert _grave_facts(desk_of(rules=FrozenMap(one=rule))) == ({FLAG} if grave else set())
    naming = replace(rule, outcome=Outcome.MODIFY, effects=(Effect("exclude-zones-from", fact="today.skin-lesion-zones"),))
    assert _grave_facts(desk_of(rules=FrozenMap(one=naming))) == {"today.skin-lesion-zones"}


@pytest.mark.parametrize(
    ("after", "reached"), [(("a",), True), (("a", "b"), True), (("a", "c"), True), (("d",), False), (("a", "d"), False)]
)
def test_a_follow_up_may_stand_after_everything_that_is_opened_before_it(after, reached):
    gate, staff = SimpleNamespace(opens=("a",)), SimpleNamespace(opens=("b",))
    opening = SimpleNamespace(after=("a", "b"), opens=("c",))
    form = SimpleNamespace(gate=(gate,), staff=(staff,), follow_up=(SimpleNamespace(after=after, opens=("e",)), opening))
    assert noted(faults_of(_within_reach, form), "can never be opened") is not reached


# Inputs and signs -----------------------------------------------------------------------------------------------------------
REGIONAL = next(one for one in LIBRARY.conditions.values() if any(item.code == "region" for item in one.inputs))
SIDED = next(item.code for item in REGIONAL.inputs if item.code != "region")
ZONES = next(code for code, fact in LIBRARY.facts.items() if fact.type == "zones")


@pytest.mark.parametrize(("fact", "condition", "sound"), [(ZONES, REGIONAL, True), (FLAG, REGIONAL, False), (ZONES, SCOLIOSIS, False)])
def test_a_role_fills_only_zones_and_only_where_a_region_is_asked(fact, condition, sound):
    row = Implied(fact, from_role="joint", side_from=SIDED)
    assert noted(faults_of(_implied, condition, row), "a role fills zones") is not sound


SHAPE = next(item for item in SCOLIOSIS.inputs if item.code == "curve_shape")


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (SignCheck("is", SHAPE.values[0], input="curve_shape"), None),
        (SignCheck("is", "no-such", input="curve_shape"), "is no answer to curve_shape"),
        (SignCheck("ge", 3, input="curve_shape"), "does not compare"),
        (SignCheck("is", True, fact=FLAG), None),
        (SignCheck("is", "yes", fact=FLAG), f"is no answer to {FLAG}"),
        (SignCheck("in", SHAPE.values, input="curve_shape"), None),
        (SignCheck("in", SHAPE.values[:1], input="curve_shape"), None),
        (SignCheck("in", (*SHAPE.values, "no-such"), input="curve_shape"), "is no answer to curve_shape"),
    ],
)
def test_a_sign_asks_an_input_or_a_fact_for_one_of_its_answers(check, words):
    found = faults_of(_check, SCOLIOSIS, check, "here")
    assert noted(found, words) if words else found == []


# Conditions and stages ------------------------------------------------------------------------------------------------------
def test_a_condition_may_ask_nothing_but_the_sides_of_its_curves():
    curves = SCOLIOSIS.curve_sides
    assert curves is not None
    needed = {curves.thoracic_convex_from, curves.lumbar_convex_from, curves.c_shape_from}
    inputs = tuple(replace(SHAPE, code=code) for code in sorted(needed))
    assert not noted(faults_of(_condition, replace(SCOLIOSIS, inputs=inputs)), "curve_sides: inputs")
    assert noted(faults_of(_condition, replace(SCOLIOSIS, inputs=inputs[1:])), "curve_sides: inputs")


@pytest.mark.parametrize(
    ("guide", "degrees", "name", "told"),
    [
        ({}, {}, "", False),
        ({"degree-1": "x"}, {}, "", True),
        ({}, {"degree-1": (1, 2)}, "", True),
        ({}, {}, "a name", True),
        ({"other": "x"}, {"other": (1, 2)}, "", False),
    ],
)
def test_one_of_several_stages_is_told_apart_by_guide_degrees_or_name(guide, degrees, name, told):
    condition = replace(SCOLIOSIS, stage_guide=FrozenMap(guide), degrees=FrozenMap(degrees))
    assert len(condition.stages) > 1
    found = faults_of(_stage, condition, replace(STAGE, definition="", name=name), "here")
    assert noted(found, "nothing tells it") is not told


def numbers(**changes):
    return faults_of(_numbers, replace(TREATED, **changes), "here")


PER_UNIT = LIBRARY.course.capacity.minutes_per_unit


@pytest.mark.parametrize(("over", "sound"), [(0, True), (3, True), (-3, True), (3.5, False), (-3.5, False)])
def test_the_minutes_of_a_stage_are_those_of_its_units_to_three(over, sound):
    minutes = replace(TREATED.minutes, first=1, full=PER_UNIT * 2 + over, max=99)
    assert noted(numbers(minutes=minutes, units=2), "units") is not sound


@pytest.mark.parametrize(
    ("low", "high", "minutes", "sound"),
    [(3, 3, 5, True), (3, 4, 20, True), (3, 4, 20.5, False), (3, 4, 0, False), (4, 3, 5, False)],
)
def test_a_band_of_ages_may_be_one_year_and_have_all_the_minutes(low, high, minutes, sound):
    band = SimpleNamespace(age_min=low, age_max=high, minutes=minutes)
    found = numbers(minutes=replace(TREATED.minutes, first=1, full=10, max=20), minutes_by_age=(band,))
    assert noted(found, "minutes_by_age") is not sound


def a_step(part="main", minutes=5.0, from_session=1, zone="back", side="both", profile="relaxing"):
    return Step(part, zone, side, minutes, profile, from_session=from_session)


@pytest.mark.parametrize(
    ("steps", "sound"),
    [
        ((a_step(), a_step(from_session=2)), True),
        ((a_step(minutes=4.9), a_step(from_session=2)), False),
        ((a_step("opening", 20.0), a_step(minutes=4.0), a_step(from_session=2)), False),
        ((a_step("opening", 20.0, 2), a_step(minutes=5.0), a_step(from_session=2)), True),
        ((a_step(minutes=4.0), a_step(minutes=5.9, from_session=2)), False),
    ],
)
def test_half_of_the_main_work_is_there_from_the_first_session_on(steps, sound):
    found = faults_of(_progression, replace(TREATED, steps=steps, family_from=FrozenMap()), "here")
    assert noted(found, "more than half") is not sound


def test_an_area_by_region_is_wanted_only_where_a_region_is_asked_and_for_every_region():
    area = next(iter(LIBRARY.resolutions["knee"].areas))
    treated = replace(TREATED, area_by_region=area)
    assert faults_of(_input_bound, SCOLIOSIS, treated, "here") == []
    (region,) = [item for item in REGIONAL.inputs if item.code == "region"]
    asking = replace(REGIONAL, inputs=(replace(region, values=("knee", "no-such")),))
    assert faults_of(_input_bound, asking, treated, "here") == ["no procedure area for region no-such"]
    other = replace(treated, area_by_region="no-such-area")
    knee = replace(REGIONAL, inputs=(replace(region, values=("knee",)),))
    assert faults_of(_input_bound, knee, other, "here") == ["no procedure area for region knee"]


@pytest.mark.parametrize(
    ("requires", "from_session", "words"),
    [
        (FLAG, 2, None),
        (FLAG, TREATED.sessions.min, None),
        (FLAG, 1, "from_session"),
        (FLAG, TREATED.sessions.min + 1, "from_session"),
        ("today.systolic", 2, "requires names no yes/no fact"),
        ("history.no-such", 2, "requires names no yes/no fact"),
    ],
)
def test_a_variant_waits_for_a_yes_and_begins_within_the_shortest_course(requires, from_session, words):
    variant = SimpleNamespace(requires=requires, from_session=from_session, lifts_forbid=(), profile_at=())
    found = [fault for fault in faults_of(_variant, TREATED, variant, "here") if fault != "changes nothing"]
    assert noted(found, words) if words else found == []


# Steps ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "sound"), [(0.0, True), (0.0009, True), (0.001, False)])
def test_steps_add_up_to_the_minutes_of_the_stage_and_are_counted_from_one(monkeypatch, minutes, sound):
    seen = []
    monkeypatch.setattr(step_checks, "_step", lambda *asked: seen.append(asked[-1]))
    for name in ("_ends", "_shares", "_order"):
        monkeypatch.setattr(step_checks, name, lambda *_: None)
    treated = replace(TREATED, steps=(a_step(minutes=minutes), a_step(minutes=0.0)), minutes=replace(TREATED.minutes, full=0.0))
    assert noted(faults_of(inspect_plan, None, treated, "here"), "steps take") is not sound
    assert seen == ["here step 1 (back, both)", "here step 2 (back, both)"]


@pytest.mark.parametrize(("capped", "sound"), [("calf", False), ("hip", True)])
def test_a_cap_of_pressure_binds_the_steps_of_its_zone_only(capped, sound):
    usable = SimpleNamespace(parts=lambda _zone: ("calf",), family=lambda *_: True)
    cap = SimpleNamespace(zone=capped, level=1)
    treated = replace(TREATED, pressure_max=4, pressure_max_at=(cap,))
    profiles = FrozenMap({**LIBRARY.profiles, "firm": replace(LIBRARY.profiles["relaxing"], pressure=(2, 3))})
    found = faults_of(_step, usable, treated, a_step(zone="calf", profile="firm"), "here", profiles=profiles)
    assert noted(found, "begins above pressure 1") is not sound


def with_mix(**shares):
    return {"profiles": FrozenMap(mix=replace(LIBRARY.profiles["relaxing"], code="mix", shares=FrozenMap(shares)))}


@pytest.mark.parametrize(
    ("shares", "wanted"),
    [
        ({"stroking": STROKING_AT_THE_ENDS}, []),
        ({"stroking": STROKING_AT_THE_ENDS - 1}, ["opens with 69 % stroking", "closes with 69 % stroking"]),
        ({"rubbing": 100}, ["opens with 0 % stroking", "closes with 0 % stroking"]),
    ],
)
def test_the_ends_of_a_session_are_mostly_stroking(shares, wanted):
    assert faults_of(_ends, (a_step(profile="mix"), a_step(profile="mix")), "here", **with_mix(**shares)) == wanted


def share_faults(intended, **shares):
    treated = replace(TREATED, steps=(a_step(profile="mix", minutes=1.0),), shares=FrozenMap(intended))
    return faults_of(_shares, treated, 1.0, "here", **with_mix(**shares))


def test_the_shares_of_a_stage_come_out_to_two_points():
    assert share_faults({"stroking": 100}, stroking=100, rubbing=2.01) == []
    assert share_faults({"stroking": 98, "rubbing": 2}, stroking=98, rubbing=2) == []
    assert share_faults({"stroking": 100}, stroking=100, rubbing=2.011) == ["rubbing is 2.0 %, not 0"]
    assert share_faults({"stroking": 100}, stroking=97.5, rubbing=2.5)[1:] == ["rubbing is 2.5 %, not 0"]
    assert share_faults({"stroking": 97, "rubbing": 3}, stroking=100) == ["stroking is 100.0 %, not 97", "rubbing is 0.0 %, not 3"]


@pytest.mark.parametrize(("intended", "sound"), [(98, False), (99, True), (100, True), (101, True), (102, False)])
def test_intended_shares_are_a_hundred_to_one(intended, sound):
    assert noted(share_faults({"stroking": intended}, stroking=intended), "intended shares") is not sound


HEALTHY, AFFECTED = a_step(zone="gluteal", side="healthy"), a_step(zone="gluteal", side="affected")
ELSEWHERE = a_step(zone="calf", side="healthy")


@pytest.mark.parametrize(
    ("main", "sound"), [((HEALTHY, AFFECTED), True), ((AFFECTED, HEALTHY), False), ((AFFECTED, ELSEWHERE), True), ((AFFECTED,), True)]
)
def test_of_one_zone_the_healthy_side_comes_before_the_affected(main, sound):
    ends = a_step("opening"), a_step("closing")
    assert noted(faults_of(_order, (ends[0], *main, ends[1]), "here"), "affected before healthy") is not sound
    aside = (replace(AFFECTED, part="opening"), replace(HEALTHY, part="closing"))
    assert faults_of(_order, (aside[0], a_step(), aside[1]), "here") == []


# Supplements ----------------------------------------------------------------------------------------------------------------
def test_a_segment_without_a_known_source_is_named_from_one():
    first, *others = LIBRARY.segments
    found = faults_of(inspect_supplements, segments=(replace(first, sources=("z-1",)), *others))
    assert found == ["supplements: segment [1] sources: unknown code 'z-1'"]


def test_a_supplement_for_every_age_names_none():
    supplement = next(row for row in LIBRARY.supplements.values() if row.age is None)
    assert faults_of(_supplement, supplement) == []
