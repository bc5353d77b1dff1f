"""What decides about a patient, at its edges: limits, screening, evidence, papers and roles, each asked directly."""

from dataclasses import replace

import pytest

from protocols.method.answers import Answers, Faults
from protocols.method.clearances import REFERRAL, Papers
from protocols.method.entries import Always, Comparison, Effect, Forbid, Implied
from protocols.method.evidence import _follow_up_numbers, _unanswered, _unanswered_numbers
from protocols.method.findings import NO_LIMITS, Obstacle, Screening
from protocols.method.frozen import FrozenMap
from protocols.method.inputs import _converted, _on_forbidden_zones, _parse_int_input, with_implied
from protocols.method.limits import Gathered, gather_effects, supplements_meant, unanswered_exclusions
from protocols.method.places import Place
from protocols.method.roles import ResolvedStep, RoleUnresolved, _must_split, _one_sided_forbids, role_places
from protocols.method.screening import Case, _open, _outcome_without_document, _positions_ordered
from protocols.method.truth import Evidence
from protocols.method.vocabulary import Outcome
from tests.method.hand_made import WHY
from tests.method.planned import LIBRARY, leaves, stage_of
from tests.method.screened import TODAY, paper

RULE = next(iter(LIBRARY.rules.values()))
PREGNANT, ZONES_FACT = "history.pregnant", "today.skin-lesion-zones"


def evidence(unknown: tuple[str, ...] = (), **known: object) -> Evidence:
    return Evidence({code.replace("__", "."): value for code, value in known.items()}, frozenset(unknown), LIBRARY.facts, LIBRARY.tree)  # type: ignore[misc]


def told(code: str, value: object) -> Evidence:
    return Evidence({code: value}, frozenset(), LIBRARY.facts, LIBRARY.tree)  # type: ignore[dict-item]


# Limits ---------------------------------------------------------------------------------------------------------------------
def test_only_an_exclusion_by_a_fact_waits_for_that_fact_and_only_while_it_is_unknown():
    by_fact, cap = Effect("exclude-zones-from", fact=ZONES_FACT), Effect("max-pressure", fact=ZONES_FACT, level=2)
    assert unanswered_exclusions(RULE, (by_fact,), told(ZONES_FACT, ())) == []
    assert unanswered_exclusions(RULE, (cap,), evidence((ZONES_FACT,))) == []
    assert [obstacle.code for obstacle in unanswered_exclusions(RULE, (by_fact,), evidence((ZONES_FACT,)))] == [ZONES_FACT]


@pytest.mark.parametrize(
    ("named", "out"),
    [(frozenset(), "both"), (True, "both"), (frozenset({"left"}), "left"), (frozenset({"left", "right"}), "both")],
)
def test_a_side_that_is_not_named_leaves_both_sides_out(named, out):
    effect = Effect("exclude-zones", zones=("forearm",), side_from="some.side")
    (found,) = gather_effects(RULE, (effect,), LIBRARY, told("some.side", named)).places_out
    assert found.places == leaves("forearm", side=out)


def test_a_family_is_left_out_where_a_fact_says_and_nowhere_when_it_names_nothing():
    out = Effect("exclude-families", families=("percussion",), zones_from=ZONES_FACT)
    assert gather_effects(RULE, (out,), LIBRARY, told(ZONES_FACT, ())).families_out == []
    unless = Effect("exclude-families", families=("percussion",), unless=PREGNANT)
    assert len(gather_effects(RULE, (unless,), LIBRARY, told(PREGNANT, False)).families_out) == 1
    assert gather_effects(RULE, (unless,), LIBRARY, told(PREGNANT, True)).families_out == []


@pytest.mark.parametrize(("points", "zones"), [(("bl60",), ()), ((), ("calf",)), ((), ())])
def test_a_class_that_lists_points_or_zones_bars_them_of_every_point_method(points, zones):
    any_class = next(iter(LIBRARY.supplement_classes.values()))
    named = replace(any_class, code="named", members=("imaz",), points=points, zones=zones)
    shelf = replace(LIBRARY, supplement_classes=FrozenMap({**LIBRARY.supplement_classes, "named": named}))
    barred = {out.supplement for out in supplements_meant("named", shelf, WHY)}
    methods = set(LIBRARY.supplement_classes["points"].members) if points or zones else set()
    assert barred == {"imaz"} | methods


@pytest.mark.parametrize(("age", "capped"), [(9, False), (10, True), (20, True), (21, False)])
def test_a_cap_of_minutes_holds_from_its_first_year_to_its_last(age, capped):
    effect = Effect("max-minutes", minutes=10, age_min=10, age_max=20)
    caps = gather_effects(RULE, (effect,), LIBRARY, told("patient.age", age)).minutes_caps
    assert bool(caps) is capped


# Screening ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("outcome", "may"), [(Outcome.MODIFY, True), (Outcome.DOCTOR, False), (Outcome.DEFER, False)])
def test_a_session_that_needs_a_doctor_may_not_start(outcome, may):
    assert Screening(outcome, (), (), (), NO_LIMITS, ()).may_start is may
    assert Screening(outcome, (), (), (Obstacle("fact", PREGNANT, WHY),), NO_LIMITS, ()).may_start is False
    assert Screening(outcome, (), (), (), NO_LIMITS, (), stage_barred=WHY).may_start is False


@pytest.mark.parametrize(
    ("outcome", "blocks"), [(Outcome.MODIFY, False), (Outcome.DOCTOR, True), (Outcome.DEFER, True), (Outcome.ABSOLUTE, True)]
)
def test_a_rule_left_open_keeps_the_session_from_starting_from_doctor_on(outcome, blocks):
    fact = next(code for code, fact in LIBRARY.facts.items() if fact.type == "bool" and fact.unknown != "open")
    rule = replace(RULE, when=Comparison(fact, "is", True), outcome=outcome, effects=(), clearance=None)
    tried = _open(rule, Case(LIBRARY, evidence((fact,)), Papers((), TODAY)))
    assert tried.open_rule is not None
    assert tried.open_rule.blocks_start is blocks
    assert [obstacle.code for obstacle in tried.gathered.obstacles] == ([fact] if blocks else [])


@pytest.mark.parametrize(("state", "asked"), [("unknown", [PREGNANT]), (True, []), (False, [])])
def test_where_it_is_not_known_whether_a_document_is_needed_the_question_must_be_answered(state, asked):
    rule = next(rule for rule in LIBRARY.rules.values() if rule.clearance is not None)
    assert rule.clearance is not None
    terms = replace(rule.clearance, required_when=Comparison(PREGNANT, "is", True), outcome_until=Outcome.DOCTOR)
    gathered = Gathered()
    seen = evidence((PREGNANT,)) if state == "unknown" else told(PREGNANT, state)
    outcome = _outcome_without_document(replace(rule, clearance=terms, outcome=Outcome.MODIFY), seen, gathered)
    assert [obstacle.code for obstacle in gathered.obstacles] == asked
    assert outcome is (Outcome.DOCTOR if state is True else Outcome.MODIFY)


@pytest.mark.parametrize(
    ("by", "inputs", "ordered"),
    [("order", {"order": True}, True), ("order", {"order": False}, False), ("order", {}, False), (None, {None: True}, False)],
)
def test_positions_are_ordered_only_where_the_stage_asks_and_the_order_is_there(by, inputs, ordered):
    stage = stage_of("osteochondrosis-lumbar", "remission")
    asking = replace(stage, treatment=replace(stage.treatment, positions_on_order_from=by))  # type: ignore[type-var]
    assert _positions_ordered(asking, inputs) is ordered
    assert _positions_ordered(replace(stage, treatment=None), {None: True}) is False  # type: ignore[dict-item]


# Evidence and papers --------------------------------------------------------------------------------------------------------
def test_a_number_that_may_stay_open_is_never_counted_as_unanswered():
    asked = next(fact for fact in _follow_up_numbers(LIBRARY))
    free = replace(asked, unknown="open", required_when=Always())
    without = replace(asked, required_when=None)
    for fact in (free, without):
        shelf = replace(LIBRARY, facts=FrozenMap({**LIBRARY.facts, asked.code: fact}))
        assert asked.code not in {row.code for row in _follow_up_numbers(shelf)}
        assert asked.code not in set(_unanswered_numbers(evidence(), shelf))


def test_only_an_unanswered_question_that_blocks_is_an_obstacle():
    fact = LIBRARY.facts[PREGNANT]
    blocking = [obstacle.code for obstacle in _unanswered(replace(fact, unknown="blocks"), LIBRARY).obstacles]
    assert blocking == [PREGNANT]
    for unknown in ("open", "ask"):
        assert _unanswered(replace(fact, unknown=unknown), LIBRARY).obstacles == []


@pytest.mark.parametrize(("age", "wanted"), [(-1, None), (0, 0), (3, 3)])
def test_a_referral_of_today_counts_and_one_dated_ahead_does_not(age, wanted):
    assert Papers((paper(REFERRAL, age=age),), TODAY).referral_age() == wanted
    assert Papers((paper("another-paper", age=0),), TODAY).referral_age() is None


# Inputs ---------------------------------------------------------------------------------------------------------------------
CONDITION = LIBRARY.conditions["osteochondrosis-lumbar"]


def implying(fact: str, value: object, stated: object) -> object:
    """What a fact comes to that a condition implies and somebody stated."""
    condition = replace(CONDITION, implies=(Implied(fact, value=value),))  # type: ignore[arg-type]
    return with_implied(LIBRARY, condition, "remission", {}, Answers({fact: stated}, frozenset())).known[fact]  # type: ignore[dict-item]


def test_zones_add_up_only_with_zones_and_a_true_answer_only_with_true_or_false():
    calf, hip = Place("calf", "left"), Place("hip", "left")
    assert implying("history.numb-zones", (calf,), (hip,)) == (calf, hip)
    assert implying(PREGNANT, True, False) is True
    for fact, value, stated in (("history.numb-zones", (calf,), "calf"), (PREGNANT, True, "yes"), (PREGNANT, "yes", True)):
        with pytest.raises(Faults, match="does not agree"):
            implying(fact, value, stated)


@pytest.mark.parametrize(("unit", "lowest"), [("degrees", -360), ("days", 0)])
def test_an_angle_goes_down_to_a_full_turn_and_every_other_number_to_nothing(unit, lowest):
    row = replace(CONDITION.inputs[0], type="int", unit=unit)
    assert _parse_int_input(row, lowest, LIBRARY) == lowest
    with pytest.raises(Faults):
        _parse_int_input(row, lowest - 1, LIBRARY)


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        (Forbid(zone="calf", side="both", family="all"), True),
        (Forbid(zone="calf", side="both", family="percussion"), False),
        (Forbid(zone="calf", side="both", family="all", scope="spot"), False),
        (Forbid(zone="no-such", side="both", family="all"), False),
    ],
)
def test_only_a_zone_that_the_stage_forbids_wholly_is_refused_as_an_answer(row, refused):
    stage = stage_of("osteochondrosis-lumbar", "remission")
    forbidding = replace(stage, treatment=replace(stage.treatment, forbid=(row,)))  # type: ignore[type-var]
    code = next(role.from_input for role in LIBRARY.role_zones.values() if role.from_input)
    found = list(_on_forbidden_zones(LIBRARY, forbidding, {code: (Place("calf", "left"),)}))
    assert bool(found) is refused


def test_only_a_whole_number_is_divided():
    row = Implied(PREGNANT, from_input="any", divide=7)
    assert [_converted(row, answer) for answer in (15, True, "left")] == [2, True, "left"]
    assert _converted(row, True) is True


# Roles ----------------------------------------------------------------------------------------------------------------------
def with_role(code: str, **changes: object):
    role = replace(LIBRARY.role_zones[code], **changes)  # type: ignore[arg-type]
    return replace(LIBRARY, role_zones=FrozenMap({**LIBRARY.role_zones, code: role}))


@pytest.mark.parametrize("named", [(), None, "calf"])
def test_a_role_that_an_answer_fills_needs_at_least_one_zone(named):
    code, asked = next((code, role.from_input) for code, role in LIBRARY.role_zones.items() if role.from_input)
    with pytest.raises(RoleUnresolved):
        role_places(LIBRARY, code, {asked: named}, "left")


def test_a_role_without_zones_takes_its_stand_in_and_without_one_stays_empty():
    row = replace(LIBRARY.resolutions["knee"], joint=())
    shelf = replace(with_role("joint", if_empty="calf"), resolutions=FrozenMap({**LIBRARY.resolutions, "knee": row}))
    assert role_places(shelf, "joint", {"region": "knee"}, "left") == (Place("calf", "left"),)
    bare = replace(with_role("joint", if_empty=None), resolutions=shelf.resolutions)
    assert role_places(bare, "joint", {"region": "knee"}, "left") == ()
    filled = replace(with_role("joint", if_empty="calf"), resolutions=LIBRARY.resolutions)
    assert role_places(filled, "joint", {"region": "knee"}, "left") == tuple(
        Place(zone, "left" if LIBRARY.zones[zone].paired else "both") for zone in LIBRARY.resolutions["knee"].joint
    )


@pytest.mark.parametrize(
    ("row", "binds"),
    [
        (Forbid(zone="calf", side="left", family="all"), True),
        (Forbid(zone="calf", side="both", family="all"), False),
        (Forbid(zone="calf", side="left", technique="rubbing-circular"), False),
        (Forbid(zone="calf", side="left", family="all", scope="spot"), False),
    ],
)
def test_only_a_forbid_row_of_one_side_and_a_whole_family_divides_steps(row, binds):
    stage = stage_of("osteochondrosis-lumbar", "remission")
    forbidding = replace(stage, treatment=replace(stage.treatment, forbid=(row,)))  # type: ignore[type-var]
    assert bool(list(_one_sided_forbids(LIBRARY, CONDITION, forbidding, {}))) is binds


PROFILE = next(code for code, profile in LIBRARY.profiles.items() if "kneading" in profile.shares and "percussion" not in profile.shares)


@pytest.mark.parametrize(
    ("zone", "side", "family", "sides", "splits"),
    [
        ("calf", "both", "all", ("left",), True),
        ("calf", "both", "kneading", ("left",), True),
        ("calf", "both", "percussion", ("left",), False),
        ("calf", "both", "all", ("left", "right"), False),
        ("calf", "both", "all", (), False),
        ("calf", "left", "all", ("left",), False),
        ("sacrum", "both", "all", ("left",), False),
    ],
)
def test_a_step_on_both_sides_is_divided_where_one_side_is_forbidden_to_a_family_of_its_mix(zone, side, family, sides, splits):
    assert LIBRARY.zones["calf"].paired
    assert not LIBRARY.zones["sacrum"].paired
    step = ResolvedStep(0, "main", Place(zone, side), 4.0, PROFILE, zone, side)
    places = frozenset[Place]().union(*(leaves("calf", side=bound) for bound in sides))
    assert _must_split(LIBRARY, step, ((family, places),)) is splits
