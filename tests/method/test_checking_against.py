"""A plan of one edition against another: its own edition forbids nothing of it, and each kind of tightening is found, and only that."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from protocols.method.answers import Faults
from protocols.method.case import Case, parse_case
from protocols.method.checking.against import forbidden_against
from protocols.method.entries import Always, Effect, Forbid, PressureAt, StagePressure
from protocols.method.library import Library
from protocols.method.planning import plan_whole_course, setting_of
from protocols.method.plans import SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from tests.method.cases import a_case_of
from tests.method.planned import LIBRARY, OPEN_STAGES

COLLAR = ("neck-collar", "calming")


@cache
def a_course(condition: str, stage: str, of: int = 3) -> tuple[Case, tuple[SessionPlan, ...]]:
    entry = LIBRARY.conditions[condition]
    case = parse_case(a_case_of(LIBRARY, entry, entry.stages[stage], number=1, of=of), LIBRARY)
    return case, plan_whole_course(case, LIBRARY).sessions


def screened(case: Case, library: Library) -> Setting:
    entry = library.conditions[case.condition.code]
    return setting_of(replace(case, condition=entry, stage=entry.stages[case.stage.code]), library)


@pytest.mark.parametrize(("condition", "stage"), OPEN_STAGES, ids=str)
def test_an_edition_forbids_nothing_of_its_own_plans(condition: str, stage: str):
    try:
        case, sessions = a_course(condition, stage)
    except Faults:
        pytest.skip("the made-up inputs belong to another stage")
    setting = screened(case, LIBRARY)
    assert [forbidden_against(session, setting) for session in sessions] == [()] * len(sessions)


# Each kind of tightening --------------------------------------------------------------------------------------------------------
def with_stage(**changes: Any) -> Library:
    """The shipped library with another treatment at the calming stage of the collar zone."""
    condition = LIBRARY.conditions["neck-collar"]
    stage = condition.stages["calming"]
    other = replace(stage, treatment=replace(stage.treatment, **changes))  # type: ignore[type-var]
    stages = {**condition.stages, "calming": other}
    return replace(LIBRARY, conditions={**LIBRARY.conditions, "neck-collar": replace(condition, stages=stages)})


def with_rule(**effect: Any) -> Library:
    """The shipped library with one more rule, which holds for everybody."""
    own = replace(LIBRARY.rules["sk-01"], code="own-test", when=Always(), outcome=Outcome.MODIFY, effects=(Effect(**effect),))
    return replace(LIBRARY, rules={**LIBRARY.rules, own.code: own})


def with_course(**changes: Any) -> Library:
    return replace(LIBRARY, course=replace(LIBRARY.course, **changes))


def found(library: Library, which: tuple[str, str] = COLLAR) -> set[str]:
    case, sessions = a_course(*which, of=10)
    setting = screened(case, library)
    return {problem.code for session in sessions for problem in forbidden_against(session, setting)}


FORBID = LIBRARY.conditions["neck-collar"].stages["calming"].treatment.forbid  # type: ignore[union-attr]
CALMED = StagePressure(1, 1)
# A rule narrows what is already planned; a stage lowers its own limits; the course rules lower the limit of an age.
TIGHTENED: dict[str, tuple[Callable[[], Library], str]] = {
    "a zone is out": (lambda: with_rule(type="exclude-zones", zones=("nape",)), "zone-excluded"),
    "a family is out": (lambda: with_rule(type="exclude-families", families=("rubbing",)), "family-excluded"),
    "a technique is out": (lambda: with_rule(type="exclude-techniques", techniques=("rubbing-sawing",)), "technique-excluded"),
    "pressure is capped": (lambda: with_rule(type="max-pressure", level=2), "pressure-too-strong"),
    "minutes are capped": (lambda: with_rule(type="max-minutes", minutes=8), "dose-too-long"),
    "a position is out": (lambda: with_rule(type="forbid-positions", positions=("sitting",)), "position-excluded"),
    "the stage forbids a family": (lambda: with_stage(forbid=(*FORBID, Forbid("all", "both", "kneading"))), "stage-forbids"),
    "the stage forbids a zone": (lambda: with_stage(forbid=(*FORBID, Forbid("occiput", "both", "all"))), "stage-forbids"),
    "the stage lowers its pressure": (lambda: with_stage(pressure_max=2), "pressure-too-strong"),
    "the stage lowers it in a phase": (lambda: with_stage(pressure=CALMED), "pressure-too-strong"),
    "the stage lowers it somewhere": (lambda: with_stage(pressure_max_at=(PressureAt("nape", 2),)), "pressure-too-strong"),
    "the stage takes a position away": (lambda: with_stage(positions=("prone",)), "position-not-allowed"),
    "the stage forbids a position": (lambda: with_stage(forbid_positions=("sitting",)), "position-not-allowed"),
    "an age takes less pressure": (
        lambda: with_course(age_factor=tuple(replace(row, pressure_max=2) for row in LIBRARY.course.age_factor)), "pressure-too-strong",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TIGHTENED)
def test_each_kind_of_tightening_is_found_and_only_that(name: str):
    tightened, code = TIGHTENED[name]
    assert found(tightened()) == {code}


def test_percussion_that_another_edition_closes_is_found():
    which = ("neck-collar", "tonic")
    assert any(row.family == "percussion" for plan in a_course(*which, of=10)[1] for row in plan.rows)
    closed = tuple(replace(row, percussion=False) for row in LIBRARY.course.phase)
    assert found(with_course(phase=closed), which) == {"percussion-closed"}
    assert found(with_rule(type="exclude-families", families=("percussion",)), which) == {"family-excluded"}
    assert found(with_rule(type="force-mode", mode="calming"), which) == {"tempo-not-calm"}
    never = tuple(replace(row, percussion="never") for row in LIBRARY.course.age_factor)
    assert found(with_course(age_factor=never), which) == {"percussion-age"}


def test_a_supplement_that_is_out_is_found():
    case = replace(a_course(*COLLAR)[0], supplements=("points-inhibitory",))
    plans = plan_whole_course(case, LIBRARY).sessions
    assert all(plan.supplements for plan in plans)
    assert not any(forbidden_against(plan, screened(case, LIBRARY)) for plan in plans)
    for library, code in (
        (with_rule(type="exclude-supplements", supplements=("points-inhibitory",)), "supplement-excluded"),
        (with_stage(supplements=()), "supplement-not-planned"),
    ):
        assert {problem.code for problem in forbidden_against(plans[0], screened(case, library))} == {code}


def test_a_stage_that_is_barred_forbids_every_session_and_no_empty_one():
    case, plans = a_course(*COLLAR)
    barred = replace(screened(case, LIBRARY), stage=replace(case.stage, local="barred", treatment=None))
    assert [problem.code for problem in forbidden_against(plans[0], barred)] == ["rows-under-refusal"]
    empty = replace(plans[0], rows=(), total_seconds=0, may_start=False)
    assert forbidden_against(empty, barred) == ()


def test_what_another_edition_does_not_hold_is_told_and_never_guessed():
    case, plans = a_course(*COLLAR)
    strange = replace(plans[0], rows=(replace(plans[0].rows[0], zone="tail"), *plans[0].rows[1:]))
    assert {problem.code for problem in forbidden_against(strange, screened(case, LIBRARY))} == {"unknown-code"}


def test_what_another_edition_only_gives_otherwise_forbids_nothing():
    treatment = LIBRARY.conditions["neck-collar"].stages["calming"].treatment
    assert treatment is not None
    shorter, without = replace(treatment.minutes, first=5, full=8, max=8), treatment.steps[:2] + treatment.steps[3:]
    assert found(with_stage(minutes=shorter, steps=without, family_from={"kneading": 9})) == set()
