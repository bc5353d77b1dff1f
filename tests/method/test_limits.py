"""From effects to limits: each type of effect, in leaf places, each with its reason."""

from typing import Any

import pytest

from protocols.method.entries import Always, Comparison, Effect
from protocols.method.findings import Limits, Screening
from protocols.method.places import Place
from protocols.method.reasons import because
from tests.method.screened import Patient, library, obstacles, places, places_out, screened, screened_facts, with_rule

SEX = {"sex": "female"}


def limits(facts: dict[str, Any], **patient: Any) -> Limits:
    return screened_facts(facts, **patient).limits


def effect(*effects: Effect, facts: dict[str, Any] | None = None, unknown: tuple[str, ...] = ()) -> Screening:
    """A patient under one rule that always holds and has just these effects."""
    return screened(Patient(facts or {}, unknown), shelf=with_rule("rx-04", when=Always(), effects=effects))


# Zones ----------------------------------------------------------------------------------------------------------------------
def test_an_excluded_zone_is_out_on_both_sides_with_everything_in_it() -> None:
    (out,) = limits({"history.stoma-or-tube": True}).places_out
    assert out.places == places("abdomen")
    assert out.because == because("rule-excludes-zone", sources=library().rules["gi-09"].sources, rule="gi-09")


def test_an_exclusion_may_bind_one_side() -> None:
    out = places_out(screened_facts({"history.gallstones": True}))
    assert out == places("hypochondrium", side="right") | places("flank")


@pytest.mark.parametrize(("sides", "side"), [(["left"], "left"), (["right"], "right"), (["left", "right"], "both")])
def test_a_pacemaker_bars_the_chest_on_its_own_side(sides: list[str], side: str) -> None:
    out = places_out(screened_facts({"history.pacemaker-side": sides, "history.pacemaker-weeks": 20}))
    assert out == places("chest-upper", side=side)


def test_a_side_that_nobody_names_is_both() -> None:
    exclusion = Effect("exclude-zones", zones=("chest-upper",), side_from="history.pacemaker-side")
    assert places_out(effect(exclusion)) == places("chest-upper")


def test_varicose_veins_bar_the_zone_and_all_below_it_on_that_leg_only() -> None:
    out = places_out(screened_facts({"history.varicose-zones": [{"zone": "thigh-posterior", "side": "left"}]}))
    below = places("knee", "calf", "shin", "ankle", "foot", "popliteal", side="left")
    assert places("thigh-posterior", side="left") | below <= out
    assert not out & places("lower-limb", side="right")
    assert not out & places("upper-limb", "gluteal")
    assert not out & places("thigh-anterior", side="left")


def test_veins_of_the_calf_leave_the_thigh() -> None:
    out = places_out(screened_facts({"history.varicose-zones": ["calf"]}))
    assert places("calf", "foot") <= out
    assert not out & places("thigh-posterior", "thigh-anterior")


def test_a_zone_off_the_limbs_has_nothing_below_it() -> None:
    distal = Effect("exclude-zones-from", fact="history.varicose-zones", extend="distal")
    assert places_out(effect(distal, facts={"history.varicose-zones": ["abdomen"]})) >= places("abdomen")
    assert not places_out(effect(distal, facts={"history.varicose-zones": ["abdomen"]})) & places("lower-limb")


def test_an_exclusion_from_an_empty_fact_takes_the_default_else_nothing() -> None:
    assert places_out(screened_facts({"history.thrombosis-past": True})) == places("lower-limb")
    assert not places_out(screened_facts({"history.eczema-or-psoriasis": True}))


def test_zones_that_an_unknown_fact_should_name_keep_the_session_from_starting() -> None:
    fired = screened_facts({"history.eczema-or-psoriasis": True}, ("today.eczema-flare-zones",))
    opened = screened_facts({}, ("today.skin-lesion-zones",))
    assert ("fact", "today.eczema-flare-zones") in obstacles(fired)
    assert ("fact", "today.skin-lesion-zones") in obstacles(opened)
    assert not fired.may_start
    assert not opened.may_start


def test_a_margin_leaves_the_zone_out_and_names_the_distance() -> None:
    screening = screened_facts({"today.skin-lesion-zones": ["calf"]})
    assert places_out(screening) == places("calf")
    assert any("5 cm" in advice.text for advice in screening.advice if advice.rule == "sk-04")


def test_a_marked_spot_leaves_its_zone_to_be_worked() -> None:
    screening = screened_facts({"history.benign-skin-zones": ["calf"]})
    assert not screening.limits.places_out
    assert [spot.places for spot in screening.limits.spots] == [places("calf")]
    assert any("2 cm" in advice.text for advice in screening.advice)


def test_early_pregnancy_leaves_only_a_few_zones() -> None:
    out = places_out(screened_facts({"history.pregnant": True, "history.pregnancy-week": 12}, **SEX))
    kept = library().tree.all_places() - out
    assert kept <= places("head-scalp", "face", "neck-posterior", "shoulder-girdle", "interscapular", "upper-arm", "forearm", "hand")
    assert places("hand") <= kept


# Families, techniques, pressure, minutes ------------------------------------------------------------------------------------
def test_families_are_out_everywhere_or_in_zones() -> None:
    everywhere = limits({"medicine.steroids-long": True}).families_out
    there = limits({"history.artery-disease-mild": True}).families_out
    assert [(out.family, out.places) for out in everywhere] == [("percussion", None)]
    assert [(out.family, out.places) for out in there] == [("percussion", places("lower-limb"))]


def test_families_are_out_where_a_fact_says_and_everywhere_while_it_is_unknown() -> None:
    out = Effect("exclude-families", families=("percussion",), zones_from="history.dense-hair-zones")
    assert effect(out).limits.families_out == ()
    assert [found.places for found in effect(out, facts={"history.dense-hair-zones": ["hip"]}).limits.families_out] == [places("hip")]
    assert [found.places for found in effect(out, unknown=("history.dense-hair-zones",)).limits.families_out] == [None]


@pytest.mark.parametrize(("age", "prescribed", "barred"), [(11, False, True), (11, True, False), (75, False, True), (75, True, False)])
def test_age_bars_percussion_unless_airway_clearance_is_prescribed(age: int, prescribed: bool, barred: bool) -> None:
    found = limits({"consent.guardian": True, "history.airway-clearance-prescribed": prescribed}, age=age)
    assert ("percussion" in {out.family for out in found.families_out}) is barred
    assert found.airway_clearance is prescribed


def test_single_techniques_are_out() -> None:
    out = {found.technique for found in limits({"history.dense-hair-zones": ["calf"]}).techniques_out}
    named = {code for effect in library().rules["sk-12"].effects for code in effect.techniques}
    assert out == named >= {"rubbing-hatching", "rubbing-sawing"}


def test_pressure_is_capped_everywhere_in_zones_or_where_a_fact_says() -> None:
    assert [(cap.level, cap.places) for cap in limits({"history.fragile-skin": True}).pressure_caps] == [(2, None)]
    numb = limits({"history.numb-zones": [{"zone": "foot", "side": "right"}]}).pressure_caps
    assert [(cap.level, cap.places) for cap in numb] == [(2, places("foot", side="right"))]
    assert effect(Effect("max-pressure", level=2, zones_from="history.numb-zones")).limits.pressure_caps == ()


@pytest.mark.parametrize(
    ("age", "minutes"), [(3, 8), (4, 10), (6, 10), (7, 15), (11, 15), (12, 20), (17, 20), (18, None), (74, None), (75, 20)]
)
def test_minutes_are_capped_by_age(age: int, minutes: int | None) -> None:
    found = limits({"consent.guardian": True}, age=age).minutes_caps
    assert [cap.minutes for cap in found] == ([] if minutes is None else [minutes])


def test_calm_is_forced_everywhere_or_in_zones() -> None:
    assert [calm.places for calm in limits({"today.systolic": 145}).calm] == [None]
    assert [calm.places for calm in limits({"history.ulcer-remission": True}).calm] == [places("abdomen")]


# Positions, dose, measures, advice ------------------------------------------------------------------------------------------
def test_forbidden_positions_add_up_and_allowed_ones_meet() -> None:
    pregnant = {"history.pregnant": True, "history.pregnancy-week": 20}
    out = {found.position for found in limits({**pregnant, "history.cannot-lie-flat": True}, **SEX).positions_out}
    assert library().positions.keys() - out == {"sitting", "side-lying-left", "side-lying-right", "semi-recumbent"}


def test_steps_down_add_up_to_two_at_most() -> None:
    assert limits({"today.bad-reaction-last": True}).rungs_down == 1
    steps = tuple(Effect("lower-dose", steps=1) for _ in range(3))
    found = effect(*steps).limits
    assert (found.rungs_down, len(found.rungs_because)) == (2, 3)


def test_a_required_measure_must_be_answered() -> None:
    facts = {"history.hypertension-stage": 1}
    assert screened_facts(facts).measures_required == ("today.systolic", "today.diastolic")
    assert screened_facts(facts).may_start
    unknown = screened_facts(facts, ("today.systolic",))
    assert ("fact", "today.systolic") in obstacles(unknown)


@pytest.mark.parametrize(("facts", "required"), [({}, False), ({"medicine.insulin": True}, True), ({"medicine.insulin": False}, False)])
def test_a_measure_may_be_required_only_under_a_condition(facts: dict[str, Any], required: bool) -> None:
    assert ("today.glucose-mmol" in screened_facts({"history.diabetes": True, **facts}).measures_required) is required


def test_a_condition_that_is_not_known_requires_the_measure() -> None:
    screening = screened_facts({"history.diabetes": True}, ("medicine.insulin",))
    assert "today.glucose-mmol" in screening.measures_required


def test_advice_names_its_rule_and_comes_once() -> None:
    advice = Effect("advice", topic="note", text="Warm hands.")
    assert [(found.topic, found.text) for found in effect(advice, advice).advice] == [("note", "Warm hands.")]


# Supplements ----------------------------------------------------------------------------------------------------------------
def supplements(found: Limits) -> set[str]:
    return {out.supplement for out in found.supplements_out if out.points is None and out.places is None}


def test_a_word_bars_the_class_or_the_supplement_that_it_names() -> None:
    assert {"imaz", "vacuum", "points-inhibitory", "points-tonic"} <= supplements(limits({"medicine.anticoagulant": True}))
    single = effect(Effect("exclude-supplements", supplements=("percussion-gun",))).limits
    assert "percussion-gun" in supplements(single)


def test_pregnancy_bars_its_points_and_every_point_over_the_sacrum() -> None:
    found = limits({"history.pregnant": True, "history.pregnancy-week": 20}, **SEX).supplements_out
    bars = [(out.points, out.places) for out in found if out.supplement == "points-tonic"]
    barred = library().supplement_classes["points-pregnancy"].points
    assert (frozenset(barred), None) in bars
    assert (None, frozenset({Place("sacrum", "both")})) in bars


def test_a_supplement_has_its_own_avoid_list_and_age() -> None:
    assert "cold" in supplements(limits({"history.numb-zones": ["foot"]}))
    assert "imaz" in supplements(limits({}, age=61))
    assert "imaz" not in supplements(limits({}, age=60))
    assert "imaz" not in supplements(limits({}, age=18))
    assert "magnet" in supplements(screened_facts({}, ("history.pump-zones",)).limits)


def test_a_supplement_may_be_barred_in_zones_only() -> None:
    found = limits({"history.pregnant": True, "history.pregnancy-week": 20}, **SEX).supplements_out
    assert [out.places for out in found if out.supplement == "segmental"] == [places("lumbosacral")]


def test_a_stage_may_forbid_supplements() -> None:
    found = screened_facts(condition="hypertension", stage="stage-2").limits
    reasons = {out.because.code for out in found.supplements_out if out.supplement == "points-tonic"}
    assert "stage-forbids-supplement" in reasons


# Techniques -----------------------------------------------------------------------------------------------------------------
def bars(found: Limits, technique: str) -> list[Any]:
    return [out.places for out in found.techniques_out if out.technique == technique]


def test_a_technique_has_facts_that_bar_it_everywhere_or_in_zones() -> None:
    assert bars(limits({"history.neck-instability": True}), "kneading-stretching") == [None]
    assert bars(limits({"history.fracture-zones": ["hip"]}), "vibration-limb-shaking") == [places("hip")]
    assert bars(limits({}), "vibration-limb-shaking") == []


def test_an_unknown_fact_bars_a_technique_like_a_present_one() -> None:
    assert bars(screened_facts({}, ("history.fracture-zones",)).limits, "vibration-limb-shaking") == [None]
    assert bars(screened_facts({}, ("history.neck-instability",)).limits, "kneading-stretching") == [None]


def test_a_comparison_in_a_measure_keeps_its_own_fact() -> None:
    when = Comparison("medicine.insulin", "is", value=True)
    screening = effect(Effect("require-measure", facts=("today.pulse",), when=when), facts={"medicine.insulin": True})
    assert "today.pulse" in screening.measures_required
