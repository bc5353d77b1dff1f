"""A home sheet never works what the plan of the same patient may not work."""

from collections.abc import Mapping

import pytest

from protocols.method.entries import HomeSheet
from protocols.method.findings import FamilyOut, Limits, MinutesCap, PlacesOut, PositionOut, PressureCap, Spot, SupplementOut, TechniqueOut
from protocols.method.home import HomeCase, HomePlan, home_plan, places_of
from protocols.method.places import Place
from protocols.method.reasons import because
from protocols.method.roles import RoleUnresolved
from protocols.shelf import shipped_library

LIBRARY = shipped_library()
WHY = because("rule-excludes-zone", rule="sk-01")
LIMB = {"affected_side": "left", "region": "knee"}


def a_case(condition: str, limits: Limits, inputs: Mapping[str, object] | None = None, stage: str = "") -> HomeCase:
    entry = LIBRARY.conditions[condition]
    chosen = entry.stages[stage] if stage else next(each for each in entry.stages.values() if each.treatment is not None)
    return HomeCase(LIBRARY, entry, chosen, inputs or {}, limits)


def plan_of(code: str, limits: Limits, inputs: Mapping[str, object] | None = None, stage: str = "") -> HomePlan:
    sheet = LIBRARY.sheets[code]
    return home_plan(a_case(sheet.conditions[0], limits, inputs, stage), sheet)


def out(*places: Place) -> Limits:
    return Limits(places_out=(PlacesOut(frozenset(leaf for place in places for leaf in LIBRARY.tree.leaf_places(place)), WHY),))


def test_a_barred_zone_takes_every_step_that_touches_it_off_the_sheet() -> None:
    plan = plan_of("neck", out(Place("trapezius-upper", "left")))
    assert sorted(plan.out) == [0, 2, 4, 5]  # stroking to the shoulder, the squeeze, the last stroking, and the circles of the shoulders
    assert set(plan.out.values()) == {(WHY,)}
    assert plan.is_left(6)


@pytest.mark.parametrize("sheet", LIBRARY.sheets.values(), ids=lambda sheet: sheet.code)
def test_whatever_zone_is_barred_no_step_touches_it(sheet: HomeSheet) -> None:
    for condition in sheet.conditions:
        for zone in (zone for zone in LIBRARY.zones if not LIBRARY.tree.children(zone)):
            limits = out(Place(zone, "both"))
            case = a_case(condition, limits, LIMB)
            kept = [work for at, work in enumerate(sheet.work) if at not in home_plan(case, sheet).out]
            barred = limits.places_out[0].places
            assert not any(places_of(case, work) & barred for work in kept), (condition, zone)


def test_families_techniques_points_and_marked_spots_count_as_well() -> None:
    assert sorted(plan_of("desk-break", Limits(families_out=(FamilyOut("percussion", None, WHY),))).out) == [3]
    assert sorted(plan_of("neck", Limits(techniques_out=(TechniqueOut("kneading-compression", None, WHY),))).out) == [2, 3]
    assert 3 in plan_of("pressure", Limits(supplements_out=(SupplementOut("points-inhibitory", None, None, WHY),))).out
    assert sorted(plan_of("neck", Limits(spots=(Spot(frozenset({Place("occiput", "left")}), WHY),))).out) == [3]


def test_what_is_worked_on_nobody_is_not_done_at_home_either() -> None:
    found = plan_of("loin", Limits()).out
    assert {reason.code for reason in found[4]} == {"danger-spot"}  # a point in the hollow of the knee


def test_a_position_minutes_and_pressure_hold_for_the_sheet() -> None:
    plan = plan_of("neck", Limits(positions_out=(PositionOut("sitting", WHY),), minutes_caps=(MinutesCap(3, WHY),)))
    assert plan.position_out == WHY
    assert not plan.is_left(6)
    assert plan.minutes == 3
    assert plan_of("neck", Limits(pressure_caps=(PressureCap(2, None, WHY),))).is_light
    assert not plan_of("neck", Limits(pressure_caps=(PressureCap(2, frozenset({Place("foot", "left")}), WHY),))).is_light


def test_a_sheet_of_a_limb_works_the_limb_of_the_patient() -> None:
    case = a_case("osteoarthritis", Limits(), LIMB)
    sheet = LIBRARY.sheets["limb"]
    touched = frozenset(place for work in sheet.work for place in places_of(case, work))
    assert {place.side for place in touched} == {"left"}
    assert Place("knee", "left") in touched
    assert home_plan(a_case("osteoarthritis", out(Place("knee", "right")), LIMB), sheet).out == home_plan(case, sheet).out
    with pytest.raises(RoleUnresolved):
        home_plan(a_case("osteoarthritis", Limits()), sheet)
