"""Every condition and stage is answered, every session is checked, and a plan that the check refuses is no plan."""

import json

import pytest

from protocols.method import planning
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.checking import Problem
from protocols.method.course import plan_course
from protocols.method.output import course_as_json, session_as_json
from protocols.method.planning import plan_session, plan_whole_course, setting_of
from protocols.method.plans import NO_ADAPTATION, CoursePlan, SessionPlan, UnsafePlan
from protocols.method.session import build_session
from protocols.method.storage import from_json, plan_from_json, plan_to_json
from protocols.method.whole_course import build_course
from protocols.shelf import shipped_library
from tests.each import of_each
from tests.method.cases import a_case, a_case_of

STAGES = [(condition.code, stage) for condition in shipped_library().conditions.values() for stage in condition.stages]


def case_of(condition_code, stage_code, **changes):
    library = shipped_library()
    condition = library.conditions[condition_code]
    return parse_case(a_case_of(library, condition, condition.stages[stage_code], **changes), library)


def test_the_library_holds_98_stages():
    assert len(STAGES) == 98


@pytest.mark.parametrize(("condition", "stage"), STAGES)
def test_every_stage_is_answered_by_a_session_and_by_a_course(condition, stage):
    library = shipped_library()
    case = case_of(condition, stage)
    planned, course = plan_session(case, library), plan_whole_course(case, library)
    barred = case.stage.local == "barred"
    assert bool(planned.session.rows) is not barred
    assert planned.session == course.sessions[case.number - 1]
    assert len(course.sessions) == 12
    assert plan_from_json(plan_to_json(planned.session)) == planned.session
    assert from_json(CoursePlan, plan_to_json(course.course)) == course.course
    assert json.loads(json.dumps(session_as_json(planned), allow_nan=False)) == session_as_json(planned)
    assert list(course_as_json(course)["sessions"]) == ["1", "6", "12"]


@of_each(("condition", "stage"), STAGES)
def test_a_healthy_patient_with_documents_may_start_every_stage_that_is_not_barred(condition, stage):
    planned = plan_session(case_of(condition, stage), shipped_library())
    blocked_by_itself = planned.screening.outcome.code in ("defer", "absolute", "emergency")
    if planned.setting.stage.local != "barred" and not blocked_by_itself:
        assert planned.session.may_start, (planned.session.outcome, planned.screening.obstacles, planned.screening.open_rules)


@pytest.mark.parametrize("plan", [plan_session, plan_whole_course])
def test_a_plan_that_the_check_refuses_is_never_given_out(plan, monkeypatch):
    error = Problem("pressure", "error", "pressure 4 where 2 is the most", 3)
    monkeypatch.setattr(planning, "check_plan", lambda *_, **__: (Problem("order", "warning", "soft", None), error))
    with pytest.raises(UnsafePlan, match="pressure 4 where 2 is the most"):
        plan(case_of("scoliosis", "degree-1"), shipped_library())


def test_a_warning_of_the_check_does_not_refuse_a_plan(monkeypatch):
    monkeypatch.setattr(planning, "check_plan", lambda *_, **__: (Problem("order", "warning", "soft", None),))
    assert plan_session(case_of("scoliosis", "degree-1"), shipped_library()).session.rows


@pytest.mark.parametrize(("count", "shown"), [(1, ["1"]), (2, ["1", "2"]), (3, ["1", "2", "3"]), (10, ["1", "5", "10"])])
def test_a_course_shows_its_first_middle_and_last_session_once_each(count, shown):
    course = plan_whole_course(case_of("scoliosis", "degree-1", number=1, of=count), shipped_library())
    assert list(course_as_json(course)["sessions"]) == shown
    assert [dose["number"] for dose in course_as_json(course)["doses"]] == list(range(1, count + 1))


def test_no_row_is_stronger_than_the_dose_says():
    for condition, stage in STAGES:
        course = plan_whole_course(case_of(condition, stage), shipped_library())
        doses = course_as_json(course)["doses"]
        for session, dose in zip(course.sessions, doses, strict=True):
            assert max((row.pressure for row in session.rows), default=0) <= dose["pressure_max"], (condition, stage, session.number)


@pytest.mark.parametrize(("condition", "stage"), STAGES)
def test_sessions_built_once_for_equal_doses_equal_those_built_alone(condition, stage):
    setting = setting_of(case_of(condition, stage, number=1, of=12), shipped_library())
    course = plan_course(setting, count=12)
    together = build_course(setting, course, adaptation=NO_ADAPTATION, supplements=())
    assert together == tuple(build_session(setting, dose=dose) for dose in course.doses)


def test_bad_comfort_twice_lowers_the_next_session():
    library = shipped_library()
    records = [{"number": 4, "comfort": 4}, {"number": 5, "comfort": 4}]
    as_planned = plan_session(case_of("osteochondrosis-lumbar", "remission"), library)
    lowered = plan_session(case_of("osteochondrosis-lumbar", "remission", records=records), library)
    assert lowered.adaptation.pressure_shift == -1
    assert max(row.pressure for row in lowered.session.rows) < max(row.pressure for row in as_planned.session.rows)


def test_records_of_a_barred_stage_change_nothing():
    planned = plan_session(case_of("bronchial-asthma", "attack", records=[{"number": 1, "comfort": 1}]), shipped_library())
    assert isinstance(planned.session, SessionPlan)
    assert planned.session.rows == ()


def test_a_case_for_the_library_of_another_edition_is_refused():
    with pytest.raises(Faults):
        parse_case(a_case(condition="a-condition-of-tomorrow"), shipped_library())


def answer_of(condition, stage, **changes):
    return session_as_json(plan_session(case_of(condition, stage, **changes), shipped_library()))


def test_a_deferral_for_lack_of_anything_useful_names_the_rules_that_took_the_rest():
    answer = answer_of("constipation", "atonic", facts={"today.minutes-since-meal": 90})
    assert (answer["outcome"], answer["may_start"]) == ("defer", False)
    assert [entry["rule"] for entry in answer["blocking"]] == ["gi-08"]
    assert any("nothing useful" in line for line in answer["advice"])


def test_a_barred_stage_says_why_and_when_it_opens():
    answer = answer_of("bronchial-asthma", "attack")
    assert (answer["outcome"], answer["steps"], answer["total_seconds"]) == ("emergency", [], 0)
    assert "allowed again when: asthma plan completed, PEF 80 % or more for 48 h, doctor agrees" in answer["advice"]


def test_a_dose_says_percussion_only_where_a_row_may_be_percussion():
    def open_in(condition, stage, **changes):
        course = plan_whole_course(case_of(condition, stage, **changes), shipped_library())
        return {dose["number"] for dose in course_as_json(course)["doses"] if dose["percussion"]}

    assert open_in("osteochondrosis-lumbar", "remission") == set(range(4, 11))
    assert open_in("osteochondrosis-lumbar", "subacute") == set()  # the stage forbids it everywhere
    assert open_in("osteochondrosis-lumbar", "remission", facts={"medicine.anticoagulant": True}) == set()
    assert open_in("constipation", "alarm") == set()


def test_stop_signs_of_the_stage_follow_those_of_every_session():
    signs = answer_of("bronchial-asthma", "between-attacks")["stop_rules"]
    assert signs[0].startswith("pain up by 2")
    assert "blood in sputum" in signs
    assert "blood in sputum" not in answer_of("scoliosis", "degree-1")["stop_rules"]


def test_measures_that_a_finding_asks_for_come_before_those_of_the_stage():
    assert answer_of("bronchial-asthma", "between-attacks")["measures"][0] == "today.peak-flow-percent-best"


def test_a_chosen_supplement_stands_beside_the_steps_with_its_reason():
    answer = answer_of("neck-collar", "calming", supplements=["points-inhibitory"])
    (supplement,) = answer["supplements"]
    assert list(supplement) == ["supplement", "seconds", "points", "side", "levels", "because"]
    assert supplement["points"] == ["gb20", "ht7", "pc6"]
    assert answer["total_seconds"] == sum(row["seconds"] for row in answer["steps"])
