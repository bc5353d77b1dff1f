"""What the inspection asks of readings, reach, graveness, words and stages, answered on both sides."""

from dataclasses import replace

import pytest

from protocols.method.checking.body import body_of
from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Effect, Not, SignCheck, Tree
from protocols.method.frozen import FrozenMap
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.pressure import LOWER, UPPER, _edges, _fits, _holds, inspect_blood_pressure
from protocols.method.inspection.prose import inspect_prose
from protocols.method.inspection.reach import _resolve, inspect_reach, reaches
from protocols.method.inspection.signs import _has_value, inspect_signs
from protocols.method.library import Library
from protocols.method.parsing import FaultList
from protocols.method.vocabulary import Outcome
from tests.method.test_inspection_edges import LIBRARY, changed, faults_of, spoilt

NOBODY: frozenset[str] = frozenset()


def found(inspect, library: Library) -> tuple[str, ...]:
    faults = FaultList()
    inspect(Desk(library, faults))
    return tuple(faults.faults)


# Blood pressure -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("op", "true_at"), [("is", {160}), ("ge", {160, 161}), ("gt", {161}), ("le", {159, 160}), ("lt", {159}), ("near", set())]
)
def test_a_reading_meets_a_threshold_as_it_is_written(op, true_at):
    question = Comparison(UPPER, op, 160)
    assert {reading for reading in (159, 160, 161) if _fits(question, {UPPER: reading}, NOBODY)} == true_at


def test_a_reading_that_is_there_is_known_and_equals_no_word():
    assert _fits(Comparison(UPPER, "known"), {UPPER: 150}, NOBODY) is True
    assert _fits(Comparison(UPPER, "is", "high"), {UPPER: 150}, NOBODY) is False


def test_a_fact_without_a_reading_is_no_unless_it_is_taken_as_given():
    yes, no = Comparison("consent.guardian", "is", value=True), Comparison("consent.guardian", "is", value=False)
    given = frozenset({"consent.guardian"})
    assert [_fits(yes, {}, given), _fits(no, {}, given), _fits(yes, {}, NOBODY), _fits(no, {}, NOBODY)] == [True, False, False, True]
    assert _fits(Comparison("consent.guardian", "ge", value=True), {}, given) is False


def test_a_tree_over_readings_holds_by_two_values():
    high, low = Comparison(UPPER, "ge", 160), Comparison(LOWER, "ge", 100)
    readings = {UPPER: 165, LOWER: 80}
    trees: dict[Tree, bool] = {
        AllOf((high, low)): False,
        AnyOf((high, low)): True,
        Not(high): False,
        Not(low): True,
        Always(): True,
    }
    assert {tree: _holds(tree, readings, NOBODY) for tree in trees} == trees


def ruled(*trees: Tree, outcome: Outcome = Outcome.MODIFY) -> Library:
    """A library of these blood-pressure rules only, graver one by one."""
    pattern = next(iter(LIBRARY.rules.values()))
    rules = {f"bp-{at}": replace(pattern, code=f"bp-{at}", when=tree, outcome=outcome) for at, tree in enumerate(trees)}
    return replace(LIBRARY, rules=FrozenMap(rules))


def raised_from(upper: int, lower: int) -> Tree:
    return AnyOf((Comparison(UPPER, "ge", upper), Comparison(LOWER, "ge", lower)))


def test_readings_are_tried_at_every_threshold_and_beside_it_from_normal_upwards():
    rules = ruled(raised_from(160, 100), Comparison(UPPER, "lt", 121), Comparison("today.pulse", "gt", 140)).rules.values()
    assert _edges(rules, UPPER) == [120, 121, 122, 159, 160, 161]
    assert _edges(rules, LOWER) == [80, 99, 100, 101]


@pytest.mark.parametrize(("upper", "lower", "seen"), [(140, 90, True), (141, 90, False), (140, 91, False), (130, 85, True)])
def test_raised_pressure_is_seen_from_its_first_value_on(upper, lower, seen):
    assert (found(inspect_blood_pressure, ruled(raised_from(upper, lower))) == ()) is seen


def test_a_higher_reading_is_never_judged_more_mildly():
    hole = AnyOf((raised_from(140, 90), Always()))
    band = AllOf((Comparison(UPPER, "ge", 160), Comparison(UPPER, "lt", 180)))
    library = ruled(hole)
    graver = replace(next(iter(library.rules.values())), code="bp-9", when=band, outcome=Outcome.DEFER)
    faults = found(inspect_blood_pressure, replace(library, rules=FrozenMap({**library.rules, "bp-9": graver})))
    assert any("179 is defer, 180 is modify" in fault for fault in faults)


def test_only_rules_that_read_the_pressure_are_asked():
    library = ruled(raised_from(140, 90))
    other = replace(
        next(iter(library.rules.values())), code="other", when=Comparison("today.dizzy", "is", value=False), outcome=Outcome.DEFER
    )
    assert found(inspect_blood_pressure, replace(library, rules=FrozenMap({**library.rules, "other": other}))) == ()
    assert found(inspect_blood_pressure, replace(library, rules=FrozenMap({"other": other}))) == ()


# Reach ----------------------------------------------------------------------------------------------------------------------
def test_the_inspection_reaches_what_the_checker_reaches():
    desk, body = Desk(LIBRARY, FaultList()), body_of(LIBRARY)
    for position in LIBRARY.positions.values():
        for zone in LIBRARY.zones:
            both_views = any(LIBRARY.zones[leaf].view == "both" for leaf in LIBRARY.tree.leaves(zone))
            if not both_views:
                assert reaches(desk, position, zone) == body.reaches(position, zone, "both"), (position.code, zone)


def test_a_role_is_followed_where_its_region_is_known_and_stays_open_elsewhere():
    desk, row = Desk(LIBRARY, FaultList()), LIBRARY.resolutions["knee"]
    assert _resolve(desk, "lumbar", None) == ("lumbar",)
    assert _resolve(desk, "all", row) == ()
    assert _resolve(desk, "limb-injured", None) == ()
    assert _resolve(desk, "limb-injured", row) == row.limb_injured
    from_input = next(code for code, role in LIBRARY.role_zones.items() if role.from_input is not None)
    assert _resolve(desk, from_input, row) == ()


def test_a_role_without_zones_takes_those_of_the_role_that_gets_its_time():
    desk = Desk(LIBRARY, FaultList())
    heirs = [(code, role.if_empty) for code, role in LIBRARY.role_zones.items() if role.if_empty is not None and role.same_as is None]
    tried = 0
    for code, heir in heirs:
        for row in LIBRARY.resolutions.values():
            if not row.zones_of(code):
                assert _resolve(desk, code, row) == row.zones_of(heir)
                tried += 1
    assert tried


def test_a_step_out_of_reach_is_named_with_its_region():
    condition = next(one for one in LIBRARY.conditions.values() if any(item.code == "region" for item in one.inputs))
    stage = next(one for one in condition.stages.values() if one.treatment is not None)
    path = f"conditions/{condition.code}/stages/{stage.code}/treatment/positions"
    faults = found(inspect_reach, spoilt((path, ())))
    region = next(item for item in condition.inputs if item.code == "region").values[0]
    assert any(f" {region} " in fault and "no position reaches it" in fault for fault in faults)
    plain = found(inspect_reach, spoilt(("conditions/scoliosis/stages/degree-1/treatment/positions", ())))
    assert plain
    assert not [fault for fault in plain if "None" in fault]


# Rules and facts ------------------------------------------------------------------------------------------------------------
DOCTOR = next(code for code, rule in LIBRARY.rules.items() if rule.outcome is Outcome.DOCTOR)
CAUTION = next(code for code, rule in LIBRARY.rules.items() if rule.outcome is Outcome.CAUTION)


@pytest.mark.parametrize(("outcome", "refused"), [(Outcome.MODIFY, False), (Outcome.DOCTOR, True), (Outcome.ABSOLUTE, True)])
def test_from_doctor_on_an_unknown_answer_may_not_start_a_session(outcome, refused):
    fact = next(code for code, one in LIBRARY.facts.items() if one.unknown == "open" and one.type == "bool")
    rule = {"when": Comparison(fact, "is", value=True), "outcome": outcome}
    library = spoilt(*((f"rules/{CAUTION}/{key}", value) for key, value in rule.items()))
    assert any(f"fact {fact}" in fault and "grave rule" in fault for fault in faults_of("facts", library)) is refused


def test_a_fact_that_names_the_zones_of_an_exclusion_may_not_stay_open():
    fact = next(code for code, one in LIBRARY.facts.items() if one.unknown == "open" and one.type == "bool")
    library = spoilt((f"rules/{CAUTION}/effects", (Effect("exclude-zones-from", fact=fact),)))
    assert any(f"fact {fact}" in fault and "grave rule" in fault for fault in faults_of("facts", library))


OUT = tuple(dict.fromkeys(place.zone for place in LIBRARY.tree.always_out))


@pytest.mark.parametrize(
    ("zones", "changes"), [(OUT[:1], False), (OUT, False), (("knee",), True), ((OUT[0], "knee"), True), (("tail", OUT[0]), False)]
)
def test_a_caution_may_bar_what_no_plan_may_contain_and_nothing_else(zones, changes):
    library = spoilt((f"rules/{CAUTION}/effects", (Effect("exclude-zones", zones=zones),)))
    assert any("caution, yet it changes" in fault for fault in faults_of("rules", library)) is changes


@pytest.mark.parametrize(("steps", "refused"), [(0, True), (1, False), (2, False), (3, True)])
def test_a_rule_goes_down_one_or_two_rungs(steps, refused):
    library = spoilt((f"rules/{DOCTOR}/effects", (Effect("lower-dose", steps=steps),)))
    assert any("too many dose steps" in fault for fault in faults_of("rules", library)) is refused


def test_the_first_effect_of_a_rule_is_the_first():
    library = spoilt((f"rules/{DOCTOR}/effects", (Effect("pray"),)))
    assert any("effect 1 (pray)" in fault for fault in faults_of("rules", library))


def test_a_document_that_only_a_stage_needs_is_needed():
    kept = {code: replace(rule, clearance=None) for code, rule in LIBRARY.rules.items()}
    of_stages = {
        document
        for condition in LIBRARY.conditions.values()
        for stage in condition.stages.values()
        if stage.treatment is not None
        for document in (stage.treatment.needs_document, *(row.needs_document for row in stage.treatment.variants))
        if document is not None
    }
    faults = faults_of("rules", replace(LIBRARY, rules=FrozenMap(kept)))
    unneeded = {code for code in LIBRARY.documents if any(f"document {code}" in fault and "nothing needs it" in fault for fault in faults)}
    assert of_stages
    assert unneeded == LIBRARY.documents.keys() - of_stages


# Measures, words, stages ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("points", "refused"), [(230, False), (231, True)])
def test_a_change_is_no_wider_than_the_range_wherever_that_begins(points, refused):
    library = spoilt(("measures/pulse/meaningful_change/points", points))
    assert (LIBRARY.measures["pulse"].min, LIBRARY.measures["pulse"].max) == (20, 250)
    assert any("wider than the range" in fault for fault in faults_of("outcomes", library)) is refused


@pytest.mark.parametrize(("title", "refused"), [(" a word", True), ("a word ", True), ("a  word", True), ("a word", False)])
def test_stray_space_before_within_and_after_is_refused(title, refused):
    library = spoilt((f"rules/{DOCTOR}/title", title))
    assert any("stray space" in fault for fault in found(inspect_prose, library)) is refused


BARE = {"definition": "", "name": ""}


@pytest.mark.parametrize(
    ("condition", "stage", "more", "refused"),
    [
        ("neck-collar", "calming", {}, True),
        ("neck-collar", "calming", {"definition": "what it is"}, False),
        ("neck-collar", "calming", {"name": "Calming"}, False),
        ("joint-stiffness", "standard", {}, False),
        ("scoliosis", "degree-1", {}, False),
    ],
)
def test_every_stage_of_several_is_told_apart(condition, stage, more, refused):
    path = f"conditions/{condition}/stages/{stage}"
    library = spoilt(*((f"{path}/{key}", value) for key, value in (BARE | more).items()))
    assert any("nothing tells it from" in fault for fault in faults_of("stages", library)) is refused


def test_a_stage_of_the_guide_is_told_apart_by_it():
    guided = next(
        (condition.code, stage)
        for condition in LIBRARY.conditions.values()
        for stage in condition.stages
        if stage in condition.stage_guide and stage not in condition.degrees and len(condition.stages) > 1
    )
    path = f"conditions/{guided[0]}/stages/{guided[1]}"
    library = spoilt(*((f"{path}/{key}", value) for key, value in BARE.items()))
    assert not [fault for fault in faults_of("stages", library) if "nothing tells it from" in fault]


@pytest.mark.parametrize(("reason", "end", "refused"), [("why", "when", False), ("", "when", True), ("why", "", True)])
def test_a_barred_stage_says_why_and_until_when(reason, end, refused):
    path = "conditions/constipation/stages/alarm"
    library = spoilt((f"{path}/reason", reason), (f"{path}/becomes_allowed_when", end))
    assert any("barred without" in fault for fault in faults_of("stages", library)) is refused


def test_a_local_cap_is_at_most_the_stages_pressure():
    capped = next(
        f"conditions/{condition.code}/stages/{stage.code}/treatment"
        for condition in LIBRARY.conditions.values()
        for stage in condition.stages.values()
        if stage.treatment is not None and stage.treatment.pressure_max_at
    )
    for level, refused in ((0, True), (1, False), (4, False), (5, True)):
        library = spoilt((f"{capped}/pressure_max", 4), (f"{capped}/pressure_max_at/0/level", level))
        assert any("not below the stage's" in fault for fault in faults_of("stages", library)) is refused, level


# Signs ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("op", "value", "kind", "wanted"),
    [
        ("in", ("a", "b"), "enum", True), ("in", ("a",), "enum", True), ("in", ("z",), "enum", False), ("in", "a", "enum", False),
        ("is", "a", "enum", True), ("is", "z", "enum", False), ("is", True, "bool", True), ("is", 1, "bool", False),
        ("ge", 3, "int", True), ("ge", 3.5, "number", True), ("ge", True, "int", False), ("ge", "3", "int", False),
    ],
)  # fmt: skip
def test_a_sign_compares_with_a_value_that_can_be_given(op, value, kind, wanted):
    assert _has_value(SignCheck(op=op, value=value, input="x", fact=None), kind, ("a", "b")) is wanted


SIGN = "conditions/scoliosis/stage_signs/0"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stages": ()}, "names no stage, no check or no sentence"),
        ({"when": ()}, "names no stage, no check or no sentence"),
        ({"sentence": ""}, "names no stage, no check or no sentence"),
        ({"points_to": ("degree-1",)}, "speaks for the stage"),
        ({"stages": ("degree-9",)}, "unknown code 'degree-9'"),
        ({"provenance": "sourced", "sources": ()}, "is sourced and names no source"),
        ({"when": (SignCheck(op="lt", value=1, input=None, fact=None),)}, "asks neither"),
        ({"when": (SignCheck(op="lt", value="x", input="cobb_degrees", fact=None),)}, "is no answer to cobb_degrees"),
        ({"when": (SignCheck(op="is", value=1, input="cobb_degrees", fact=None),)}, "is does not compare"),
        ({"when": (SignCheck(op="ge", value="x", input=None, fact="today.systolic"),)}, "is no answer to today.systolic"),
        ({"when": (SignCheck(op="lt", value=2, input="cobb_degrees", fact=None),)}, "does not say the band of degree-1"),
    ],
)
def test_a_sign_that_does_not_fit_is_refused(changes, words):
    library = LIBRARY
    for key, value in changes.items():
        library = changed(library, f"{SIGN}/{key}", value)
    assert any(words in fault for fault in found(inspect_signs, library))


def test_the_lower_band_alone_or_the_upper_alone_is_not_a_band():
    signs = LIBRARY.conditions["scoliosis"].stage_signs
    assert found(inspect_signs, LIBRARY) == ()
    for at in (0, 1):
        rest = (*signs[:at], *signs[at + 1 :])
        assert any(
            "does not say the band of degree-1" in fault
            for fault in found(inspect_signs, spoilt(("conditions/scoliosis/stage_signs", rest)))
        )
