"""How an edition of the library is inspected, at its edges: what a stage leaves usable, blood pressure, trees and reach."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from protocols.method.entries import AllOf, Always, Comparison, DangerZone, Effect, Forbid, RoleZone, Rule, Technique
from protocols.method.frozen import FrozenMap
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.pressure import _fits, inspect_blood_pressure
from protocols.method.inspection.reach import _resolve, reaches
from protocols.method.inspection.rules import _changes_a_session
from protocols.method.inspection.trees import _comparison
from protocols.method.inspection.usable import AIRWAY_CLEARANCE, Usable
from protocols.method.parsing import FaultList
from protocols.method.places import Place
from protocols.method.vocabulary import Outcome
from tests.method.planned import LIBRARY

TREATED: Any = LIBRARY.conditions["scoliosis"].stages["degree-1"].treatment


def desk_of(**library):
    """A desk with these tables of the library; all the rest is the shipped one's."""
    return Desk(replace(LIBRARY, **library), FaultList())


# What a stage leaves usable -------------------------------------------------------------------------------------------------
ANY_TECHNIQUE = next(iter(LIBRARY.techniques.values()))
ANY_DANGER = next(iter(LIBRARY.dangers.values()))
ROLE = next(iter(LIBRARY.role_zones))


def technique(**changes) -> Technique:
    given = {"code": "tapping", "family": "percussion", "pressure": (2, 4), "light": False, "never": (), **changes}
    return replace(ANY_TECHNIQUE, **given)


def danger(**changes) -> DangerZone:
    given = {"extent": "zone", "zones": ("calf",), "side": "both", "barred": (), "barred_techniques": (), "pressure_max": None, **changes}
    return replace(ANY_DANGER, **given)


def is_stopped(part, side, row, **asked):
    return Usable(desk_of(dangers=FrozenMap(row=row)))._stopped(part, side, technique(**asked))


ALL = {"barred": ("all",)}


@pytest.mark.parametrize(
    ("part", "side", "row", "stopped"),
    [
        ("calf", "left", danger(**ALL), True),
        ("calf", "left", danger(**ALL, extent="spot"), False),
        ("calf", "left", danger(**ALL, zones=("thigh-posterior",)), False),
        ("calf", "left", danger(**ALL, side="left"), True),
        ("calf", "left", danger(**ALL, side="right"), False),
        ("sacrum", "both", danger(**ALL, zones=("sacrum",), side="left"), True),
        (ROLE, "left", danger(**ALL, zones=(ROLE,), side="right"), False),
    ],
)
def test_a_row_of_the_danger_map_stops_what_lies_in_its_zone_on_its_side(part, side, row, stopped):
    assert not LIBRARY.zones["sacrum"].paired
    assert is_stopped(part, side, row) is stopped


@pytest.mark.parametrize(
    ("bars", "stopped"),
    [
        ({}, False),
        ({"pressure_max": 1}, True),
        ({"pressure_max": 2}, False),
        ({"pressure_max": 3}, False),
        ({"barred": ("percussion",)}, True),
        ({"barred": ("kneading",)}, False),
        ({"barred_techniques": ("tapping",)}, True),
        ({"barred_techniques": ("clapping",)}, False),
    ],
)
def test_a_technique_is_stopped_by_its_least_pressure_its_family_or_its_name(bars, stopped):
    assert is_stopped("calf", "left", danger(**bars)) is stopped


@pytest.mark.parametrize(("never", "stopped"), [(("calf",), True), (("leg",), False), (("hip",), False)])
def test_a_technique_is_stopped_where_it_is_never_used(never, stopped):
    assert is_stopped("calf", "left", danger(), never=never) is stopped


@pytest.mark.parametrize(
    ("row", "allowed"),
    [
        (Forbid(zone="calf", side="both", family="kneading"), False),
        (Forbid(zone="all", side="both", family="kneading"), False),
        (Forbid(zone="all", side="both", family="all"), False),
        (Forbid(zone="calf", side="left", technique="tapping"), False),
        (Forbid(zone="calf", side="right", family="kneading"), True),
        (Forbid(zone="calf", side="both", family="rubbing"), True),
        (Forbid(zone="calf", side="both", technique="clapping"), True),
        (Forbid(zone="calf", side="both", family="kneading", scope="spot"), True),
        (Forbid(zone="hip", side="both", family="kneading"), True),
    ],
)
def test_a_forbid_row_takes_a_technique_by_family_or_name_in_its_zone_on_its_side(row, allowed):
    treatment = replace(TREATED, forbid=(row,), pressure_max=4)
    assert Usable(desk_of())._allowed(treatment, "calf", "left", technique(family="kneading")) is allowed


@pytest.mark.parametrize(("highest", "allowed"), [(1, False), (2, True), (3, True)])
def test_a_technique_that_begins_above_the_stages_pressure_is_not_usable(highest, allowed):
    treatment = replace(TREATED, forbid=(), pressure_max=highest)
    assert Usable(desk_of())._allowed(treatment, "calf", "left", technique(family="kneading")) is allowed


NAMED = SimpleNamespace(techniques=("tapping", "percussion-fingertip"), zones=("calf",), requires=AIRWAY_CLEARANCE)


def is_struck(policy, named=None, **asked):
    desk = desk_of(zones=FrozenMap({**LIBRARY.zones, "calf": replace(LIBRARY.zones["calf"], percussion=policy)}))
    return Usable(desk)._struck(named, "calf", technique(**asked))


@pytest.mark.parametrize(
    ("policy", "asked", "struck"),
    [
        ("light", {"light": True, "pressure": (2, 4)}, True),
        ("light", {"light": True, "pressure": (3, 4)}, False),
        ("light", {"light": False, "pressure": (1, 4)}, False),
        ("muscle", {"pressure": (3, 4)}, True),
        ("muscle", {"pressure": (4, 4)}, False),
        ("allowed", {}, True),
        ("by-part", {}, True),
        ("never", {}, False),
        ("prescribed", {}, False),
        ("fingertip", {"code": "percussion-fingertip"}, False),
    ],
)
def test_a_zone_is_struck_as_its_policy_says(policy, asked, struck):
    assert is_struck(policy, **asked) is struck


@pytest.mark.parametrize(
    ("policy", "named", "code", "struck"),
    [
        ("allowed", NAMED, "tapping", True),
        ("allowed", NAMED, "clapping", False),
        ("allowed", SimpleNamespace(techniques=("tapping",), zones=("hip",), requires=None), "tapping", False),
        ("prescribed", NAMED, "tapping", True),
        ("prescribed", SimpleNamespace(techniques=("tapping",), zones=("calf",), requires=None), "tapping", False),
        ("fingertip", NAMED, "percussion-fingertip", True),
        ("fingertip", NAMED, "tapping", False),
    ],
)
def test_a_stage_that_names_percussion_allows_its_techniques_in_its_zones_only(policy, named, code, struck):
    assert is_struck(policy, named, code=code) is struck


# Blood pressure -------------------------------------------------------------------------------------------------------------
UPPER, LOWER = "today.systolic", "today.diastolic"
ANY_RULE = next(iter(LIBRARY.rules.values()))


def pressure_faults(*whens, **facts):
    rules: dict[str, Rule] = {}
    for number, when in enumerate(whens):
        rules[f"r-{number}"] = replace(ANY_RULE, code=f"r-{number}", when=when, outcome=Outcome.DOCTOR)
    desk = desk_of(rules=FrozenMap(rules), facts=FrozenMap({**LIBRARY.facts, **facts}))
    inspect_blood_pressure(desk)
    return [fault.removeprefix("contraindications: blood pressure: ") for fault in desk.faults.faults]


def test_a_raised_reading_that_no_rule_sees_is_named_whichever_of_the_two_it_is():
    unseen = "today.systolic 140, today.diastolic 80: no rule sees it"
    turned = "today.diastolic 80, today.systolic 140: no rule sees it"
    assert pressure_faults(Comparison(UPPER, "gt", 140)) == [unseen, turned]
    assert pressure_faults(Comparison(UPPER, "ge", 140)) == []
    lower = ["today.systolic 120, today.diastolic 90: no rule sees it", "today.diastolic 90, today.systolic 120: no rule sees it"]
    assert pressure_faults(Comparison(LOWER, "gt", 90)) == lower
    assert pressure_faults(Comparison(LOWER, "ge", 90)) == []


def test_a_rule_that_asks_no_reading_does_not_see_one():
    assert pressure_faults(Comparison(UPPER, "gt", 140), Always()) == pressure_faults(Comparison(UPPER, "gt", 140))


def test_a_fact_taken_as_given_is_given_while_readings_are_tried():
    given = replace(LIBRARY.facts["history.pregnant"], absent=True)
    both = AllOf((Comparison(UPPER, "ge", 140), Comparison("history.pregnant", "is", True)))
    assert pressure_faults(both, **{"history.pregnant": given}) == []
    assert pressure_faults(both) != []


@pytest.mark.parametrize(
    ("op", "fits"),
    [
        ("is", (False, True, False)),
        ("ge", (False, True, True)),
        ("gt", (False, False, True)),
        ("le", (True, True, False)),
        ("lt", (True, False, False)),
    ],
)
def test_a_reading_is_compared_as_the_rule_says(op, fits):
    assert tuple(_fits(Comparison(UPPER, op, 140), {UPPER: reading}, frozenset()) for reading in (139, 140, 141)) == fits


# Reach ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seen", "parts", "reached"), [(0, 0, False), (0, 3, False), (1, 3, False), (1, 2, True), (2, 4, True), (2, 3, True)]
)
def test_a_position_reaches_a_zone_from_half_of_its_parts_on(seen, parts, reached):
    leaves = tuple(f"part-{number}" for number in range(parts))
    zones = {leaf: SimpleNamespace(view="back" if number < seen else "front") for number, leaf in enumerate(leaves)}
    tree = SimpleNamespace(workable_leaves=lambda _zone: leaves, ancestors=lambda leaf: frozenset({leaf}))
    prone: Any = SimpleNamespace(views=("back",), also=(), not_reached=())
    desk: Any = SimpleNamespace(library=SimpleNamespace(tree=tree, zones=zones))
    assert reaches(desk, prone, "any") is reached


def test_a_role_takes_its_stand_in_only_where_the_region_gives_it_no_zone():
    entry: RoleZone = replace(LIBRARY.role_zones["joint"], if_empty="calf", same_as=None)
    desk = desk_of(role_zones=FrozenMap({**LIBRARY.role_zones, "joint": entry}))
    row = LIBRARY.resolutions["knee"]
    assert _resolve(desk, "joint", row) == row.joint != ()
    assert _resolve(desk, "joint", replace(row, joint=())) == ("calf",)
    bare = desk_of(role_zones=FrozenMap({**LIBRARY.role_zones, "joint": replace(entry, if_empty=None)}))
    assert _resolve(bare, "joint", replace(row, joint=())) == ()


# Rules and trees ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "zones", "changes"),
    [
        ("advice", (), False),
        ("require-measure", (), False),
        ("max-pressure", (), True),
        ("max-pressure", ("out",), True),
        ("exclude-zones", ("out",), False),
        ("exclude-zones", ("calf",), True),
        ("exclude-zones", ("out", "calf"), True),
    ],
)
def test_barring_what_no_plan_may_contain_changes_no_session(kind, zones, changes):
    places = {"out": frozenset({Place("out", "both")}), "calf": frozenset({Place("calf", "left")})}
    tree = SimpleNamespace(leaf_places=lambda place: places[place.zone], always_out=places["out"])
    desk: Any = SimpleNamespace(library=SimpleNamespace(tree=tree, zones=places))
    assert _changes_a_session(desk, Effect(kind, zones=zones)) is changes


FLAG = LIBRARY.facts["history.pregnant"]
NUMBER: Any = LIBRARY.facts[UPPER]


@pytest.mark.parametrize(
    ("fact", "op", "value", "words"),
    [
        (FLAG, "is", True, None),
        (FLAG, "like", True, "the operator does not take"),
        (FLAG, "is", (True,), "the operator does not take"),
        (FLAG, "in", True, "the operator does not take"),
        (FLAG, "in", (True, False), None),
        (NUMBER, "ge", NUMBER.min, None),
        (NUMBER, "ge", NUMBER.max, None),
        (NUMBER, "ge", NUMBER.max + 1, "is outside"),
        (NUMBER, "ge", NUMBER.min - 1, "is outside"),
        (replace(NUMBER, min=None), "ge", NUMBER.max + 1, None),
        (replace(NUMBER, max=None), "ge", NUMBER.max + 1, None),
    ],
)
def test_a_question_of_a_rule_fits_its_operator_and_the_range_of_its_fact(fact, op, value, words):
    desk = desk_of()
    _comparison(desk, fact, Comparison(fact.code, op, value), "here")
    assert [words in fault for fault in desk.faults.faults] == ([True] if words else [])
