"""Changes by hand in a case: the plan is built anew under today's findings, read once more, and refused where the check finds anything."""

from dataclasses import replace

import pytest

from protocols.method import planning
from protocols.method.case import parse_case
from protocols.method.checking import Problem, check_plan
from protocols.method.checking.problems import problem
from protocols.method.editing import step_keys
from protocols.method.editing.grounds import Grounds
from protocols.method.editing.keys import key_of
from protocols.method.editing.sessions import Desk, Known, Worked, work_out
from protocols.method.edits import Edit, Edits
from protocols.method.planning import plan_session, plan_whole_course
from protocols.method.plans import NO_ADAPTATION, UnsafePlan
from tests.method.cases import a_case
from tests.method.edited import AT, COUNT, SCOLIOSIS, edit, edited, hand_codes, one, override
from tests.method.hand_made import a_row
from tests.method.planned import LIBRARY, setting_of

BELLY = "9:abdomen:both"


def case_with(*edits, overrides=(), **changes):
    return replace(parse_case(a_case(**changes), LIBRARY), edits=Edits(edits, overrides))


def test_a_session_of_a_case_is_that_of_its_whole_edited_course():
    case = case_with(Edit("dose", 4, 9, value=80), Edit("remove", 1, COUNT, step=BELLY, from_others=True))
    whole, alone = plan_whole_course(case, LIBRARY), plan_session(case, LIBRARY)
    assert whole.edited is not None
    assert whole.sessions == whole.edited.sessions
    assert alone.session == whole.sessions[case.number - 1]
    assert alone.course == whole.course == whole.edited.course
    assert BELLY not in step_keys(alone.session)
    assert plan_whole_course(case_with(), LIBRARY).edited is None


def test_in_a_draft_a_soft_rule_is_told_and_in_a_plan_its_edit_waits():
    case = case_with(edit("tempo", BELLY, code="calm"))
    draft, plan = plan_whole_course(case, LIBRARY, is_draft=True), plan_whole_course(case, LIBRARY)
    assert draft.edited is not None
    assert plan.edited is not None
    assert {rule.problem.code for rule in draft.edited.soft} == {"tempo-not-planned"}
    assert {row.tempo for row in plan.sessions[AT - 1].rows if row.zone == "abdomen"} == {"tonic"}
    assert hand_codes(plan.sessions[AT - 1]) == ["hand-aside-at"]


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_an_edited_plan_that_the_last_reading_refuses_is_never_given_out(severity, monkeypatch):
    case = case_with(edit("minutes", BELLY, value=900))
    seen = check_plan

    def strict(plan, *given, edited=False, **named):
        found = seen(plan, *given, edited=edited, **named)
        return (*found, problem("part-order", severity=severity)) if plan.by_hand else found

    monkeypatch.setattr(planning, "check_plan", strict)
    with pytest.raises(UnsafePlan, match="part-order"):
        plan_whole_course(case, LIBRARY)
    overridden = case_with(edit("minutes", BELLY, value=900), overrides=(override("part-order"),))
    if severity == "warning":
        assert plan_whole_course(overridden, LIBRARY).sessions


def test_a_warning_that_the_protocol_itself_brings_bars_nothing(monkeypatch):
    seen = check_plan

    def warns(plan, *given, edited=False, **named):
        return (*seen(plan, *given, edited=edited, **named), problem("part-order", plan.rows and 0, severity="warning"))

    monkeypatch.setattr(planning, "check_plan", warns)
    assert plan_whole_course(case_with(edit("minutes", BELLY, value=900)), LIBRARY).sessions


def test_a_curve_that_the_last_reading_refuses_is_never_given_out(monkeypatch):
    monkeypatch.setattr(planning, "check_curve", lambda *_: (problem("curve-jump", number=6, seconds=1, before=1),))
    with pytest.raises(UnsafePlan, match="curve-jump"):
        plan_whole_course(case_with(edit("dose", value=80)), LIBRARY)
    assert plan_whole_course(case_with(edit("minutes", BELLY, value=900)), LIBRARY).sessions


def test_where_a_dose_by_hand_alone_breaks_a_session_it_stays_as_it_was_built(monkeypatch):
    def strict(desk, plan, dose):
        return (Problem("target-gone", "error", "nothing is left"),) if dose.seconds == 960 else ()

    monkeypatch.setattr(Desk, "read", strict)
    course = edited(edit("dose", value=80), edit("minutes", BELLY, value=900))
    assert course.sessions[AT - 1] == replace(course.built[AT - 1], by_hand=course.sessions[AT - 1].by_hand)
    assert [aside.edit.kind for aside in course.aside] == ["dose", "minutes"]
    assert hand_codes(course.sessions[AT - 1]) == ["hand-aside", "hand-aside-at"]


def test_a_session_that_its_dose_leaves_without_steps_is_worked_out_without_any():
    plan = replace(one(), rows=(), total_seconds=0, positions=(), may_start=False)
    desk = Desk(Grounds(setting_of(*SCOLIOSIS), NO_ADAPTATION), (), is_draft=False)
    assert plan.dose is not None
    assert work_out(desk, Known(desk, plan), plan, plan.dose, (edit("remove", BELLY),)) == Worked(plan)


def test_a_row_that_says_nothing_of_its_protocol_still_has_a_key():
    assert key_of(a_row(0, "main", "abdomen", "stroking-planar-deep", 60)) == "0:abdomen:both"
