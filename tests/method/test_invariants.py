"""The invariants of method.md section 3 as properties over random cases. Each test is named by its rule."""

import json
import os
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from protocols.method.checking import check_plan
from protocols.method.checking.body import body_of
from protocols.method.checking.doses import longest_seconds
from protocols.method.checking.steps import covered_by
from protocols.method.course import plan_course
from protocols.method.findings import Limits
from protocols.method.places import Place
from protocols.method.planning import adaptation_of
from protocols.method.plans import NO_ADAPTATION, Adaptation, CoursePlan, Dose, Row, SessionPlan
from protocols.method.session import build_session
from protocols.method.setting import Setting
from protocols.method.storage import from_json, plan_from_json, plan_to_json
from protocols.method.vocabulary import FAMILIES, MIN_ROW_SECONDS, MIN_STEP_SECONDS, Outcome
from protocols.proving import signatures
from tests.method.mirror import mirrored, mirrored_case, mirrored_library, shape
from tests.method.strategies import LIBRARY, cases, setting_or_none

EXAMPLES = int(os.environ.get("TACTUS_EXAMPLES", "60"))
MIRROR = mirrored_library(LIBRARY)
SIGNATURES = signatures(LIBRARY)
# From one rung of the ladder to the next, below the top.
STEEPEST = max(higher / lower for lower, higher in pairwise(LIBRARY.course.ladder))
# A push tries this many cases of each rule; before a release TACTUS_EXAMPLES=10000 tries more.
usual = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def planned(case) -> tuple[Setting, SessionPlan, Dose, Adaptation]:
    """The session of a case, built without the guard that would raise on a bad plan."""
    setting = setting_or_none(case)
    assume(setting is not None)
    assert setting is not None
    adaptation = adaptation_of(case, LIBRARY)
    return (setting, *built(setting, case, adaptation), adaptation)


def built(setting: Setting, case, adaptation: Adaptation = NO_ADAPTATION) -> tuple[SessionPlan, Dose]:
    dose = plan_course(setting, count=case.of, adaptation=adaptation).doses[case.number - 1]
    return build_session(setting, dose=dose, adaptation=adaptation, supplements=case.supplements), dose


def steps_of(plan: SessionPlan):
    """The rows of a plan by step, in order."""
    grouped: dict[int, list[Row]] = {}
    for row in plan.rows:
        grouped.setdefault(row.step, []).append(row)
    return list(grouped.values())


# 1-11, 17, 19 by the checker ------------------------------------------------------------------------------------------------
@usual
@given(cases())
def test_the_checker_accepts_every_plan_that_is_built(case):
    setting, plan, dose, adaptation = planned(case)
    assert check_plan(plan, setting, dose=dose, adaptation=adaptation) == ()


@usual
@given(cases(milder=True, most_rules=5))
def test_the_checker_accepts_every_plan_under_many_milder_findings(case):
    setting, plan, dose, adaptation = planned(case)
    assert check_plan(plan, setting, dose=dose, adaptation=adaptation) == ()


@usual
@given(cases(milder=True))
def test_1_the_rows_add_up_to_the_total_and_never_above_the_dose(case):
    _, plan, dose, _ = planned(case)
    assert sum(row.seconds for row in plan.rows) == plan.total_seconds <= dose.seconds


@usual
@given(cases(milder=True))
def test_2_no_step_under_30_seconds_and_no_row_under_15(case):
    _, plan, _, _ = planned(case)
    assert all(row.seconds >= MIN_ROW_SECONDS for row in plan.rows)
    assert all(sum(row.seconds for row in step) >= MIN_STEP_SECONDS for step in steps_of(plan))


@usual
@given(cases(milder=True))
def test_3_no_excluded_place_is_worked(case):
    setting, plan, _, _ = planned(case)
    out = {place for row in setting.screening.limits.places_out for place in row.places}
    for row in plan.rows:
        assert not covered_by(row, body_of(LIBRARY)) & out


@usual
@given(cases())
def test_7_absolute_emergency_and_a_barred_stage_have_no_steps_and_doctor_and_defer_do_not_start(case):
    setting, plan, _, _ = planned(case)
    assert plan.outcome >= setting.screening.outcome
    if setting.screening.outcome >= Outcome.ABSOLUTE or setting.stage.treatment is None:
        assert not plan.rows
    if plan.outcome >= Outcome.DOCTOR or setting.screening.obstacles:
        assert not plan.may_start


@usual
@given(cases(milder=True))
def test_8_9_stroking_first_and_last_and_the_families_in_order(case):
    _, plan, _, _ = planned(case)
    if plan.rows:
        assert plan.rows[0].family == plan.rows[-1].family == "stroking"
    for step in steps_of(plan):
        order = [FAMILIES.index(row.family) for row in step if row.family != "stroking"]
        assert order == sorted(set(order))
        assert step[-1].family != "percussion"


# 12, 14 ---------------------------------------------------------------------------------------------------------------------
@usual
@given(cases())
def test_12_the_same_case_gives_the_same_plan(case):
    _, plan, dose, _ = planned(case)
    _, again, same, _ = planned(case)
    assert (plan, dose) == (again, same)


@usual
@given(cases(most_rules=4), st.randoms(use_true_random=False))
def test_14_the_order_of_facts_and_documents_does_not_matter(case, chance):
    _, plan, _, _ = planned(case)
    facts = list(case.answers.known.items())
    chance.shuffle(facts)
    papers = list(case.clearances)
    chance.shuffle(papers)
    _, again, _, _ = planned(replace(case, answers=replace(case.answers, known=dict(facts)), clearances=tuple(papers)))
    assert again == plan


@usual
@given(cases(most_rules=4))
def test_14_the_order_of_the_rules_does_not_matter(case):
    _, plan, _, _ = planned(case)
    backwards = replace(LIBRARY, rules=dict(reversed(list(LIBRARY.rules.items()))), digest="backwards")
    setting = setting_or_none(case, backwards)
    assert setting is not None
    again, _ = built(setting, case, adaptation_of(case, LIBRARY))
    assert shape(again) == shape(plan)


# 13 -------------------------------------------------------------------------------------------------------------------------
def worked(plan: SessionPlan) -> dict[tuple[Place, str], int]:
    """The strongest pressure of each family on each leaf place."""
    found: dict[tuple[Place, str], int] = {}
    for row in plan.rows:
        for place in covered_by(row, body_of(LIBRARY)):
            found[place, row.family] = max(found.get((place, row.family), 0), row.pressure)
    return found


def narrower(setting: Setting, extra: Limits) -> Setting:
    """The setting with one more finding."""
    limits = setting.screening.limits
    merged = {
        name: getattr(limits, name) + getattr(extra, name)
        for name in ("places_out", "families_out", "techniques_out", "pressure_caps", "minutes_caps", "calm", "positions_out")
    }
    merged["rungs_down"] = min(limits.rungs_down + extra.rungs_down, LIBRARY.course.phases.max_down)
    screening = setting.screening
    outcome = max(screening.outcome, Outcome.MODIFY)
    return replace(setting, screening=replace(screening, outcome=outcome, limits=replace(limits, **merged)))


@settings(usual, max_examples=2 * EXAMPLES)
@given(cases(milder=True), st.sampled_from(SIGNATURES))
def test_13_one_more_finding_never_adds_anything(case, signature):
    setting, before, _, adaptation = planned(case)
    after, _ = built(narrower(setting, signature.limits), case, adaptation)
    old, new = worked(before), worked(after)
    assert new.keys() <= old.keys(), sorted(new.keys() - old.keys())[:3]
    assert all(new[key] <= old[key] for key in new)
    assert after.total_seconds <= before.total_seconds
    assert after.outcome >= before.outcome
    assert before.rows or not after.rows
    assert before.may_start or not after.may_start


# 15 -------------------------------------------------------------------------------------------------------------------------
@usual
@given(cases(milder=True))
def test_15_in_the_mirror_left_and_right_change_places_and_nothing_else(case):
    _, plan, _, _ = planned(case)
    twin = mirrored_case(case, MIRROR)
    setting = setting_or_none(twin, MIRROR)
    assert setting is not None
    again, _ = built(setting, twin, adaptation_of(twin, MIRROR))
    assert shape(again) == shape(mirrored(plan))


# 18, 20 ---------------------------------------------------------------------------------------------------------------------
@usual
@given(cases(milder=True), st.integers(1, 30))
def test_18_no_dose_jumps_beyond_the_ladder(case, count):
    setting, _, _, adaptation = planned(case)
    doses = plan_course(setting, count=count, adaptation=adaptation).doses
    assert [dose.number for dose in doses] == list(range(1, count + 1))
    phases = [dose.phase for dose in doses]
    assert phases == sorted(phases, key=["build-up", "working", "taper"].index)
    for dose, following in pairwise(doses):
        # Build-up climbs rung by rung from the first; the first session may be held lower still by the stage's own first minutes.
        if following.phase == "build-up":
            assert dose.seconds <= following.seconds
            assert dose.number == 1 or following.seconds <= dose.seconds * STEEPEST + 1
        if following.phase == dose.phase != "build-up" or following.phase == "taper":
            assert following.seconds <= dose.seconds
        assert following.seconds <= longest_seconds(setting, setting.treatment, following.number, count, adaptation)


@usual
@given(cases())
def test_20_a_plan_and_its_course_come_back_equal_from_json(case):
    setting, plan, _, adaptation = planned(case)
    course = plan_course(setting, count=case.of, adaptation=adaptation)
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan
    assert from_json(CoursePlan, json.loads(json.dumps(plan_to_json(course)))) == course
