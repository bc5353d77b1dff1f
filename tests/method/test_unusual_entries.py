"""What the shipped library does not hold but another edition may: every way through the code is taken, and none falls open."""

import copy
from dataclasses import replace

import pytest

from protocols.method.adapting import adapt
from protocols.method.building import LibraryFaults, build_library
from protocols.method.checking import check_plan
from protocols.method.entries import (
    AllInputs,
    AllOf,
    AnyInput,
    AnyOf,
    Comparison,
    Forbid,
    Implied,
    InputComparison,
    Not,
    StagePercussion,
)
from protocols.method.findings import FamilyOut, Limits, TechniqueOut
from protocols.method.frozen import FrozenMap
from protocols.method.inspection.trees import comparisons
from protocols.method.parsing.reader import reader_of
from protocols.method.places import Place
from protocols.method.plans import Dose, Hurt, PlannedSupplement, SessionRecord
from protocols.method.reasons import because
from protocols.method.roles import RoleUnresolved, refused_places, resolve_side
from protocols.method.session import build_session
from protocols.method.session.supplements import _seconds
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.method.wording import in_english
from protocols.shelf import read_tables
from tests.method.hand_made import ATTACK, ATTACK_DOSE, ATTACK_PLAN, BRISK, BRISK_DOSE, WHY, a_setting, with_limits
from tests.method.planned import LIBRARY, session_of, setting_of
from tests.method.test_checking import codes, corrupted
from tests.method.test_inspection_edges import changed, faults_of, spoilt

LOIN = Place("paravertebral-lumbar", "left")


def with_stage(setting: Setting, **changes: object) -> Setting:
    """The setting with other numbers or rows in its stage."""
    return replace(setting, stage=replace(setting.stage, treatment=replace(setting.treatment, **changes)))  # type: ignore[arg-type]


# Records --------------------------------------------------------------------------------------------------------------------
def test_a_library_may_ask_for_two_sessions_before_a_zone_is_marked():
    patient = changed(LIBRARY, "course/discomfort/marked_zone/in_a_row", 2)
    once, twice = (SessionRecord(1, hurts=(Hurt(LOIN),)),), tuple(SessionRecord(number, hurts=(Hurt(LOIN),)) for number in (1, 2))
    stage = setting_of("osteochondrosis-lumbar", "remission").stage
    assert adapt(once, library=patient, stage=stage).zone_shifts == ()
    assert adapt(twice, library=patient, stage=stage).zone_shifts == ((LOIN, -1),)


@pytest.mark.parametrize(("op", "hit"), [("ge", (5, 6)), ("gt", (6,)), ("le", (4, 5)), ("lt", (4,))])
def test_a_threshold_of_the_course_is_read_as_it_is_written(op, hit):
    stage = setting_of("osteochondrosis-lumbar", "remission").stage
    strict = changed(changed(LIBRARY, "course/phases/load_rises_if/op", op), "course/phases/load_rises_if/value", 5)
    for rise in (4, 5, 6):
        record = SessionRecord(1, comfort=9, pain_before=0, pain_after=0, pain_next_day=rise)
        rises = adapt((record,), library=strict, stage=stage).action == "go-on"
        assert rises is (rise in hit), rise


# Checker --------------------------------------------------------------------------------------------------------------------
def test_a_plan_without_rows_at_a_barred_stage_is_good():
    barred = a_setting("constipation", "alarm", outcome=Outcome.EMERGENCY)
    plan = build_session(barred, dose=Dose(1, 3, "build-up", seconds=0, pressure_shift=0, pressure_max=1, percussion=False))
    assert plan.rows == ()
    assert plan.dose is not None
    assert check_plan(plan, barred, dose=plan.dose) == ()


def test_a_dose_of_another_phase_than_its_number_says_is_refused():
    dose = replace(ATTACK_DOSE, phase="taper")
    assert "dose-mismatch" in codes(replace(ATTACK_PLAN, phase="taper", dose=dose), ATTACK, dose)


def test_a_supplement_or_a_point_that_nobody_knows_is_refused():
    for planned in (PlannedSupplement("leeches", 60), PlannedSupplement("points-inhibitory", 240, points=("bl60", "no-such"))):
        assert "unknown-code" in codes(corrupted(ATTACK_PLAN, supplements=(planned,)), ATTACK, ATTACK_DOSE)
    every = PlannedSupplement("points-inhibitory", 240, points=tuple(LIBRARY.points))
    assert "unknown-code" not in codes(corrupted(ATTACK_PLAN, supplements=(every,)), ATTACK, ATTACK_DOSE)


def test_a_deferred_plan_may_not_start_and_a_doctors_neither():
    for outcome in (Outcome.DOCTOR, Outcome.DEFER):
        assert "may-not-start" in codes(corrupted(ATTACK_PLAN, outcome=outcome), ATTACK, ATTACK_DOSE)


# Builder --------------------------------------------------------------------------------------------------------------------
def test_a_forbid_row_that_names_neither_family_nor_technique_forbids_nothing():
    empty = with_stage(ATTACK, forbid=(*ATTACK.treatment.forbid, Forbid(zone="back", side="both")))
    assert session_of(empty, 3, 4).rows == session_of(ATTACK, 3, 4).rows


@pytest.mark.parametrize(("told", "struck"), [(True, True), (False, False)])
def test_percussion_that_a_stage_ties_to_a_fact_waits_for_it(told, struck):
    policy = StagePercussion(techniques=("percussion-tapping",), zones=("back",), requires="history.pregnant")
    asking = with_stage(BRISK, percussion=policy)
    facts = {**asking.screening.facts, "history.pregnant": told}
    setting = replace(asking, screening=replace(asking.screening, facts=facts))
    plan = session_of(setting, 5, 10)
    assert ("percussion" in {row.family for row in plan.rows}) is struck


def test_a_stage_without_opening_or_closing_begins_and_ends_with_its_main_work():
    steps = tuple(step for step in ATTACK.treatment.steps if step.part == "main")
    plan = build_session(with_stage(ATTACK, steps=steps), dose=ATTACK_DOSE)
    assert {row.part for row in plan.rows} == {"main"}
    assert plan.rows[0].family == plan.rows[-1].family == "stroking"


def test_without_any_stroking_nothing_of_a_step_is_worked():
    out = tuple(TechniqueOut(code, None, WHY) for code, technique in LIBRARY.techniques.items() if technique.family == "stroking")
    plan = build_session(with_limits(BRISK, Limits(techniques_out=out)), dose=BRISK_DOSE)
    assert plan.rows == ()
    assert plan.outcome is Outcome.DEFER
    assert "no-stroking" in {omission.because.code for omission in plan.omissions}


@pytest.mark.parametrize(
    ("code", "points", "wanted"),
    [
        ("points-inhibitory", 2, 240), ("points-inhibitory", 0, 360), ("imaz", 0, 1800), ("vacuum", 0, 180),
        ("percussion-gun", 0, 30), ("segmental", 0, 0), ("magnet", 0, 0),
    ],
)  # fmt: skip
def test_a_supplement_takes_the_low_figure_of_its_dose(code, points, wanted):
    assert _seconds(LIBRARY.supplements[code], points) == wanted


# Roles ----------------------------------------------------------------------------------------------------------------------
def test_a_condition_that_says_nothing_of_curves_has_no_convex_side():
    with pytest.raises(RoleUnresolved, match="says no curve sides"):
        resolve_side(LIBRARY, LIBRARY.conditions["neck-collar"], {}, "convex", "lumbar")


def test_a_barred_stage_refuses_no_place():
    condition = LIBRARY.conditions["constipation"]
    assert refused_places(LIBRARY, condition, condition.stages["alarm"], {}) == ()


# Library --------------------------------------------------------------------------------------------------------------------
def test_what_is_no_tree_and_what_no_reader_knows_is_an_error_and_not_an_empty_answer():
    with pytest.raises(TypeError, match="not a tree"):
        list(comparisons("today.dizzy"))  # type: ignore[arg-type]
    assert list(comparisons(None)) == []
    with pytest.raises(TypeError, match="no reader"):
        reader_of(set[int])
    with pytest.raises(TypeError, match="no reader"):
        reader_of(tuple[int, ...] | dict[str, int] | str)


ZONES = next(code for code, fact in LIBRARY.facts.items() if fact.type == "zones")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Comparison(ZONES, "is", value=True), "cannot compare a zones"),
        (Comparison("today.systolic", "ge", value=True), "is not of type int"),
        (Comparison("today.systolic", "ge", value="high"), "is not of type int"),
        (Comparison("today.systolic", "ge", value=120.5), "is not of type int"),
        (Comparison("today.systolic", "ge", value=49), "49 is outside 50 to 280"),
        (Comparison("today.systolic", "ge", value=281), "281 is outside 50 to 280"),
        (Comparison("today.dizzy", "nonempty", value=True), "needs a set"),
        (Comparison("today.dizzy", "touches", value=("back",)), "needs zones"),
        (Comparison(ZONES, "touches", value=("tail",)), "unknown code 'tail'"),
        (Comparison("today.dizzy", "ge", value=True), "needs a number"),
        (Comparison("today.dizzy", "in", value=("no",)), "'no' is not true or false"),
        (Comparison("today.dizzy", "in", value=True), "the operator does not take"),
        (Comparison("today.dizzy", "is", value=(True,)), "the operator does not take"),
    ],
)
def test_a_question_that_its_fact_cannot_answer_is_refused(question, words):
    rule = next(iter(LIBRARY.rules))
    assert any(words in fault for fault in faults_of("rules", spoilt((f"rules/{rule}/when", question))))
    inside = AllOf((AnyOf((Not(question),)),))
    assert any(words in fault for fault in faults_of("rules", spoilt((f"rules/{rule}/when", inside))))


@pytest.mark.parametrize("value", [50, 280])
def test_a_question_at_the_ends_of_the_range_is_sound(value):
    rule = next(iter(LIBRARY.rules))
    question = Comparison("today.systolic", "ge", value=value)
    assert not [fault for fault in faults_of("rules", spoilt((f"rules/{rule}/when", question))) if "outside" in fault]


# Words ----------------------------------------------------------------------------------------------------------------------
def test_a_stage_that_forbids_everywhere_says_the_whole_body():
    assert "the whole body" in in_english(because("stage-forbids", stage="scoliosis/degree-1", zone="all"), LIBRARY).lower()


def test_a_stage_without_its_condition_is_told_by_its_own_words():
    assert "remission" in in_english(because("stage-forbids", stage="remission", zone="back"), LIBRARY)


# Implied facts, inputs, steps of another edition ----------------------------------------------------------------------------
CURVE = "conditions/scoliosis"
IMPLIES = LIBRARY.conditions["scoliosis"].implies


def implied(**mapped: bool | str) -> Implied:
    return Implied(fact="history.pregnant", from_input="curve_shape", map=FrozenMap(mapped))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (implied(c=True, s=False), ""),
        (implied(c=True), "map does not answer every value"),
        (implied(c=True, s="no"), "'no' is not true or false"),
        (replace(implied(c=True, s=True), divide=0), "divide is at least 1"),
        (replace(implied(), map=FrozenMap()), "does not fill bool"),
        (replace(implied(c=True, s=True), value=True), "needs exactly one of"),
        (replace(implied(c=True, s=True), from_input="mood"), "unknown code 'mood'"),
        (Implied(fact="history.fracture-zones", from_role="limb-injured", side_from="curve_shape"), "by the input region"),
        (Implied(fact="history.fracture-zones", from_role="no-such", side_from="curve_shape"), "unknown code 'no-such'"),
        (Implied(fact="history.fracture-zones", from_role="limb-injured", side_from="mood"), "side_from names no input"),
        (Implied(fact="history.pregnant", value=True, side_from="curve_shape"), "side_from belongs to from_role"),
    ],
)
def test_what_an_input_implies_fits_the_fact(row, words):
    faults = faults_of("inputs", spoilt((f"{CURVE}/implies", (*IMPLIES, row))))
    assert bool(faults) is bool(words)
    assert any(words in fault for fault in faults) or not words


YES_NO = next(
    (condition.code, number)
    for condition in LIBRARY.conditions.values()
    for number, item in enumerate(condition.inputs)
    if item.type == "bool"
)


@pytest.mark.parametrize(
    ("condition", "question", "words"),
    [
        ("scoliosis", InputComparison("mood", "is", "x"), "unknown input 'mood'"),
        ("scoliosis", InputComparison("curve_shape", "is", "z"), "unknown code 'z'"),
        ("scoliosis", InputComparison(None, "in", ("degree-9",)), "unknown code 'degree-9'"),
        (YES_NO[0], InputComparison(LIBRARY.conditions[YES_NO[0]].inputs[YES_NO[1]].code, "is", 3), "3 does not fit"),
        (YES_NO[0], InputComparison(LIBRARY.conditions[YES_NO[0]].inputs[YES_NO[1]].code, "is", value=True), ""),
    ],
)
def test_a_tree_over_inputs_asks_for_what_is_there(condition, question, words):
    for tree in (question, AllInputs((AnyInput((question,)),))):
        faults = faults_of("inputs", spoilt((f"conditions/{condition}/inputs/0/required_when", tree)))
        found = [fault for fault in faults if "required_when" in fault]
        assert bool(found) is bool(words)
        assert any(words in fault for fault in found) or not words


def test_breathing_is_not_helped_at_the_loin():
    step = f"{CURVE}/stages/degree-1/treatment/steps/1"
    faults = faults_of("steps", spoilt((f"{step}/profile", "rib-active"), (f"{step}/zone", "gluteal")))
    assert any("breathing-assist of rib-active is barred there" in fault for fault in faults)


def test_a_rule_of_blood_pressure_may_ask_whether_it_was_measured():
    code = next(code for code, rule in LIBRARY.rules.items() if "today.systolic" in {item.fact for item in comparisons(rule.when)})
    measured = AllOf((Comparison("today.systolic", "known"), LIBRARY.rules[code].when))
    assert faults_of("pressure", spoilt((f"rules/{code}/when", measured))) == ()
    unmeasured = AllOf((Not(Comparison("today.systolic", "known")), LIBRARY.rules[code].when))
    asking = [one for one, rule in LIBRARY.rules.items() if "today.systolic" in {item.fact for item in comparisons(rule.when)}]
    every = [(f"rules/{one}/when", unmeasured) for one in asking]
    assert any("no rule sees it" in fault for fault in faults_of("pressure", spoilt(*every)))


TABLES = read_tables()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda tables: tables["conditions/scoliosis"].update(stages=1), "unknown key 'stages'"),
        (lambda tables: tables["conditions/scoliosis"]["stage"].append("degree-9"), "a table is wanted, not 'degree-9'"),
        (lambda tables: tables["conditions/scoliosis"]["stage"][0].update(treatment=1), "unknown key 'treatment'"),
        (lambda tables: tables["conditions/scoliosis"]["inputs"][0].update(required_when={"mood": 1}), "required_when: not a condition"),
    ],
)
def test_a_file_with_another_shape_is_refused(spoil, words):
    tables = copy.deepcopy(TABLES)
    spoil(tables)
    with pytest.raises(LibraryFaults) as refused:
        build_library(tables, edition="spoiled")
    assert any(words in fault for fault in refused.value.faults), refused.value.faults[:3]


# Percussion in unusual doses ------------------------------------------------------------------------------------------------
def families_and_reasons(setting: Setting, dose: Dose) -> tuple[set[str], set[str]]:
    plan = build_session(setting, dose=dose)
    assert plan.rows[0].family == plan.rows[-1].family == "stroking"
    return {row.family for row in plan.rows}, {omission.because.code for omission in plan.omissions}


def test_up_to_the_calm_sessions_of_a_stage_the_builder_has_no_percussion_whatever_the_dose_says():
    families, reasons = families_and_reasons(with_stage(BRISK, calm_until_session=9), BRISK_DOSE)
    assert "percussion" not in families
    assert "family-unfit" in reasons


def test_a_dose_that_closes_percussion_has_none_and_says_so():
    families, reasons = families_and_reasons(BRISK, replace(BRISK_DOSE, percussion=False))
    assert "percussion" not in families
    assert "percussion-closed" in reasons


def test_barred_percussion_goes_to_stroking_while_vibration_waits():
    waiting = with_stage(BRISK, family_from=FrozenMap(vibration=9))
    out = with_limits(waiting, Limits(families_out=(FamilyOut("percussion", None, WHY),)))
    families, _ = families_and_reasons(out, BRISK_DOSE)
    assert not families & {"percussion", "vibration"}


@pytest.mark.parametrize("seconds", range(60, 600, 15))
@pytest.mark.parametrize("alone", [True, False])
def test_a_session_that_begins_with_a_struck_step_begins_and_ends_with_stroking(seconds, alone):
    struck = next(step for step in BRISK.treatment.steps if step.zone == "interscapular")
    steps = (struck,) if alone else (struck, *(step for step in BRISK.treatment.steps if step.part == "closing"))
    families_and_reasons(with_stage(BRISK, steps=steps), replace(BRISK_DOSE, seconds=seconds))
