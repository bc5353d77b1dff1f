"""Roles and sides become zones on a side, from the inputs alone."""

from dataclasses import replace

import pytest

from protocols.method.entries import Forbid
from protocols.method.places import Place
from protocols.method.roles import RoleUnresolved, forbid_places, planned_places, refused_places, resolve_steps, role_places
from tests.each import of_each
from tests.method.planned import LIBRARY, OPEN_STAGES, inputs_for, leaves, stage_of

SCOLIOSIS = LIBRARY.conditions["scoliosis"]
S_CURVE = {"curve_shape": "s", "convex_side": "right", "lumbar_convex_side": "left"}
FRACTURE = LIBRARY.conditions["limb-fracture"]


def steps(condition: str, stage: str, **inputs: object):
    entry = LIBRARY.conditions[condition]
    return resolve_steps(LIBRARY, entry, entry.stages[stage], inputs_for(entry, **inputs))


def sides_at(found, zone: str, role_side: str) -> set[str]:
    return {step.place.side for step in found if step.role == zone and step.role_side == role_side}


@pytest.mark.parametrize(("affected", "wanted"), [("left", ("right", "left")), ("right", ("left", "right"))])
def test_healthy_and_affected_follow_the_input(affected, wanted):
    found = steps("osteochondrosis-lumbar", "subacute", affected_side=affected)
    assert tuple(step.place.side for step in found if step.place.zone == "gluteal") == wanted


def test_with_both_sides_affected_the_affected_become_both_and_the_healthy_fall_away():
    found = steps("osteochondrosis-lumbar", "subacute", affected_side="both")
    assert [step.place.side for step in found if step.place.zone == "gluteal"] == ["both"]
    assert not any(step.role_side == "healthy" for step in found)


def test_an_s_curve_swaps_sides_per_level():
    found = steps("scoliosis", "degree-2", **S_CURVE)
    assert sides_at(found, "paravertebral-thoracic", "convex") == {"right"}
    assert sides_at(found, "paravertebral-lumbar", "convex") == {"left"}
    assert sides_at(found, "paravertebral-lumbar", "concave") == {"right"}
    assert sides_at(found, "pectoral", "convex") == {"right"}


def test_the_one_convex_side_of_a_c_curve_counts_for_every_zone():
    found = steps("scoliosis", "degree-2", curve_shape="c", convex_side="left", lumbar_convex_side="right")
    assert {step.place.side for step in found if step.role_side == "convex"} == {"left"}
    assert {step.place.side for step in found if step.role_side == "concave"} == {"right"}


def test_a_forbid_row_of_all_and_concave_means_each_curve():
    places = forbid_places(LIBRARY, SCOLIOSIS, S_CURVE, Forbid(zone="all", side="concave", family="percussion"))
    assert Place("paravertebral-thoracic-upper", "left") in places
    assert Place("paravertebral-thoracic-upper", "right") not in places
    assert Place("paravertebral-lumbar", "right") in places
    assert Place("sacrum", "both") in places  # an unpaired zone is bound by any side


@pytest.mark.parametrize("named", ["paravertebral-thoracic", "paravertebral-thoracic-upper", "back"])
def test_a_tense_convex_segment_is_relaxed_and_says_so(named):
    found = steps("scoliosis", "degree-2", **S_CURVE, tense_convex_segments=(Place(named, "both"),))
    tense = [step for step in found if step.role == "paravertebral-thoracic"]
    assert [(step.role_side, step.profile) for step in tense] == [("concave", "lengthening"), ("convex", "relaxing")]
    assert [reason.code for reason in tense[1].because] == ["tense-convex"]


@pytest.mark.parametrize("named", ["paravertebral-thoracic", "paravertebral-thoracic-lower", "back"])
def test_a_flaccid_concave_segment_is_worked_neutrally_and_says_so(named):
    found = steps("scoliosis", "degree-2", **S_CURVE, flaccid_concave_segments=(Place(named, "both"),))
    flaccid, convex = (step for step in found if step.role == "paravertebral-thoracic")
    assert (flaccid.role_side, flaccid.profile, [reason.code for reason in flaccid.because]) == ("concave", "neutral", ["flaccid-concave"])
    assert (convex.role_side, convex.profile, convex.because) == ("convex", "toning", ())


def test_a_tense_segment_of_the_other_side_changes_nothing():
    usual = steps("scoliosis", "degree-2", **S_CURVE)
    assert steps("scoliosis", "degree-2", **S_CURVE, tense_convex_segments=(Place("paravertebral-thoracic", "left"),)) == usual


@pytest.mark.parametrize("region", list(LIBRARY.resolutions))
def test_role_zones_come_from_the_row_of_the_region(region):
    row = LIBRARY.resolutions[region]
    inputs = {"region": region, "affected_side": "left"}
    proximal = role_places(LIBRARY, "limb-proximal", inputs, "left")
    assert tuple(place.zone for place in proximal) == row.limb_proximal
    distal = role_places(LIBRARY, "limb-distal", inputs, "left")
    assert tuple(place.zone for place in distal) == (row.limb_distal or row.limb_proximal)  # nothing lies below the hand or foot
    healthy = role_places(LIBRARY, "limb-healthy", inputs, "right")
    assert healthy == tuple(Place(zone, "right") for zone in row.limb_injured)


def test_several_zones_of_a_role_share_the_minutes_equally():
    found = [step for step in steps("limb-fracture", "restorative", region="knee") if step.role == "limb-distal"]
    assert [(step.place.zone, step.minutes) for step in found] == [("calf", 1.5), ("shin", 1.5)]


def test_an_unpaired_zone_of_a_role_has_side_both():
    found = [step for step in steps("limb-fracture", "restorative", region="knee") if step.role == "segment-zone"]
    assert [step.place for step in found] == [Place("paravertebral-lumbar", "both"), Place("sacrum", "both")]


def test_zones_from_an_input_take_the_roles_side_unless_they_were_drawn_on_one():
    inputs = {"short_muscles": (Place("calf", "both"), Place("pectoral", "left"))}
    assert role_places(LIBRARY, "short-muscles", inputs, "right") == (Place("calf", "right"), Place("pectoral", "left"))


@of_each(("condition", "stage"), OPEN_STAGES)
def test_minutes_are_kept_whatever_the_roles(condition, stage):
    treatment = stage_of(condition, stage).treatment
    assert treatment is not None
    assert sum(step.minutes for step in steps(condition, stage)) == pytest.approx(treatment.minutes.full)


def test_a_missing_side_or_region_is_named():
    with pytest.raises(RoleUnresolved, match="affected_side"):
        resolve_steps(LIBRARY, FRACTURE, FRACTURE.stages["restorative"], {"region": "knee"})
    with pytest.raises(RoleUnresolved, match="region"):
        resolve_steps(LIBRARY, FRACTURE, FRACTURE.stages["restorative"], {"affected_side": "left"})
    with pytest.raises(RoleUnresolved, match="short_muscles"):
        role_places(LIBRARY, "short-muscles", {}, "left")


def test_planned_places_hold_what_may_be_worked_and_nothing_else():
    neck = LIBRARY.conditions["osteochondrosis-lumbar"]
    planned = planned_places(LIBRARY, neck, neck.stages["acute"], {})
    assert planned == leaves("paravertebral-thoracic-upper", "trapezius-upper")
    assert not planned & LIBRARY.tree.always_out


def test_a_both_step_is_split_where_only_one_side_is_forbidden_and_the_healthy_side_comes_first():
    stage = stage_of("post-stroke", "spastic")
    assert stage.treatment is not None
    barred = Forbid(zone="back-thoracic", side="affected", family="rubbing")
    changed = replace(stage, treatment=replace(stage.treatment, forbid=(*stage.treatment.forbid, barred)))
    found = resolve_steps(LIBRARY, LIBRARY.conditions["post-stroke"], changed, {"affected_side": "left"})
    halves = [(step.place.side, step.minutes) for step in found if step.place.zone == "back-thoracic" and step.part == "main"]
    assert halves == [("right", 1.25), ("left", 1.25)]


def test_an_input_that_names_a_zone_the_stage_forbids_is_refused():
    condition = LIBRARY.conditions["orthopaedic-operation"]
    stage = condition.stages["late"]
    inputs = {"affected_side": "left", "region": "knee", "scar": (Place("popliteal", "left"),)}
    assert refused_places(LIBRARY, condition, stage, inputs) == (("scar", Place("popliteal", "left")),)
    assert refused_places(LIBRARY, condition, stage, {**inputs, "scar": (Place("knee", "left"),)}) == ()


@pytest.mark.parametrize("region", list(LIBRARY.resolutions))
@pytest.mark.parametrize(("condition", "stage"), [pair for pair in OPEN_STAGES if pair[0] in ("limb-fracture", "soft-tissue-injury")])
def test_no_region_puts_a_role_into_a_zone_that_its_stage_forbids(condition, stage, region):
    entry = LIBRARY.conditions[condition]
    assert refused_places(LIBRARY, entry, entry.stages[stage], inputs_for(entry, region=region)) == ()
