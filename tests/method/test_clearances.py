"""A doctor's document lifts only the rules it names, only for its days, and never an emergency."""

from typing import Any

import pytest

from protocols.method.clearances import Papers, cleared_outcome, effects_left, effects_without_document
from protocols.method.findings import Screening
from protocols.method.vocabulary import Outcome
from tests.each import of_each
from tests.method.screened import TODAY, finding, library, obstacles, paper, screened_facts, verdict

CLEARABLE = [code for code, rule in library().rules.items() if rule.clearance is not None]
LIFTED = [code for code in CLEARABLE if library().rules[code].clearance.lifts != "nothing"]  # type: ignore[union-attr]
ANTICOAGULANT = {"medicine.anticoagulant": True}


def on_anticoagulant(*papers: Any, **more: Any) -> Screening:
    return screened_facts({**ANTICOAGULANT, **more}, clearances=papers)


def why(screening: Screening) -> str:
    return screening.obstacles[0].because.code


@of_each("rule", CLEARABLE)
def test_each_rule_is_lifted_up_to_its_last_day_and_not_a_day_longer(rule: str) -> None:
    terms = library().rules[rule].clearance
    assert terms is not None
    lifts = terms.lifts != "nothing"
    for age, within in ((-1, False), (0, True), (terms.valid_days - 1, True), (terms.valid_days, True), (terms.valid_days + 1, False)):
        papers = Papers((paper(terms.document, rule, age=age),), TODAY)
        assert (papers.for_rule(library().rules[rule]) is not None) is (lifts and within), age


@of_each("rule", LIFTED)
def test_only_the_right_document_that_names_the_rule_lifts_it(rule: str) -> None:
    terms = library().rules[rule].clearance
    assert terms is not None
    other = next(code for code in library().documents if code != terms.document)
    papers = (paper(other, rule), paper(terms.document, "rx-01"), paper(terms.document))
    assert Papers(papers, TODAY).for_rule(library().rules[rule]) is None


@of_each("rule", LIFTED)
def test_a_cleared_finding_counts_as_modify_while_anything_of_it_remains_else_as_caution(rule: str) -> None:
    entry = library().rules[rule]
    assert cleared_outcome(entry) is (Outcome.MODIFY if effects_left(entry) else Outcome.CAUTION)


def test_no_document_lifts_an_emergency() -> None:
    every_document = tuple(paper(code, *library().rules, age=0) for code in library().documents)
    screening = screened_facts({"today.chest-pain": True, **ANTICOAGULANT}, clearances=every_document)
    assert screening.outcome is Outcome.EMERGENCY
    assert finding(screening, "bl-03").cleared
    assert not screening.may_start


def test_lifting_the_block_leaves_the_effects() -> None:
    screening = on_anticoagulant(paper("doctor-referral", "bl-03"))
    found = finding(screening, "bl-03")
    assert (found.cleared, found.cleared_by, found.outcome) == (True, "doctor-referral", Outcome.MODIFY)
    assert found.effects == library().rules["bl-03"].effects
    assert {out.family for out in screening.limits.families_out} == {"percussion"}
    assert screening.may_start
    assert verdict(screening, "bl-03") == "cleared"


def test_a_residual_takes_the_place_of_the_effects() -> None:
    screening = screened_facts({"history.doctor-forbade": True}, clearances=(paper("doctor-referral", "ge-03"),))
    assert screening.outcome is Outcome.MODIFY
    assert [cap.level for cap in screening.limits.pressure_caps] == [2]
    assert [calm.places for calm in screening.limits.calm] == [None]


def test_lifting_the_effects_leaves_a_caution() -> None:
    facts = {"history.thrombosis-past": True, "history.thrombosis-limb": ["calf"]}
    before, after = screened_facts(facts), screened_facts(facts, clearances=(paper("vascular-note", "va-02"),))
    assert (before.outcome, after.outcome) == (Outcome.MODIFY, Outcome.CAUTION)
    assert before.limits.places_out
    assert not after.limits.places_out


def test_a_rule_without_a_document_keeps_all_its_effects() -> None:
    rule = library().rules["rx-03"]
    assert effects_left(rule) == effects_without_document(rule) == rule.effects


def test_a_document_that_lifts_nothing_is_no_way_out() -> None:
    screening = screened_facts({"history.haemophilia": True}, clearances=(paper("haematologist-note", "bl-01"),))
    found = finding(screening, "bl-01")
    assert (found.outcome, found.cleared, found.may_be_lifted_by) == (Outcome.ABSOLUTE, False, None)
    assert ("rule", "bl-01") in obstacles(screening)


def test_a_missing_document_may_add_effects_that_fall_when_it_is_there() -> None:
    rule, facts = library().rules["gi-02"], {"history.ulcer-remission": True}
    assert len(effects_without_document(rule)) == len(rule.effects) + 1
    assert screened_facts(facts).limits.places_out
    assert not screened_facts(facts, clearances=(paper("gastro-note", "gi-02"),)).limits.places_out


@pytest.mark.parametrize(
    ("weeks", "papers", "outcome", "cleared"),
    [
        (7, (), Outcome.ABSOLUTE, False),
        (8, (), Outcome.MODIFY, False),
        (7, ("ca-18",), Outcome.MODIFY, True),
        (8, ("ca-18",), Outcome.MODIFY, True),
        (7, ("ca-16",), Outcome.ABSOLUTE, False),
    ],
)
def test_a_fresh_pacemaker_bars_the_course_until_the_cardiologist_agrees(
    weeks: int, papers: tuple[str, ...], outcome: Outcome, cleared: bool
) -> None:
    facts = {"history.pacemaker-side": ["left"], "history.pacemaker-weeks": weeks}
    screening = screened_facts(facts, clearances=tuple(paper("cardiologist-note", rule) for rule in papers))
    assert (screening.outcome, finding(screening, "ca-18").cleared) == (outcome, cleared)


@pytest.mark.parametrize("unknown", [(), ("history.pacemaker-weeks",)])
def test_a_pacemaker_of_unknown_age_keeps_the_session_from_starting(unknown: tuple[str, ...]) -> None:
    screening = screened_facts({"history.pacemaker-side": ["left"]}, unknown)
    assert ("fact", "history.pacemaker-weeks") in obstacles(screening)


@pytest.mark.parametrize(
    ("papers", "code"),
    [
        ((), "document-missing"),
        ((paper("neurologist-note", "bl-03"),), "document-missing"),
        ((paper("doctor-referral", "rf-01"),), "document-silent"),
        ((paper("doctor-referral", "bl-03", age=91),), "document-expired"),
        ((paper("doctor-referral", "bl-03", age=-1),), "document-dated-ahead"),
    ],
)
def test_the_obstacle_says_why_a_document_does_not_work(papers: tuple[Any, ...], code: str) -> None:
    screening = on_anticoagulant(*papers)
    assert screening.outcome is Outcome.DOCTOR
    assert obstacles(screening) == {("document", "doctor-referral")}
    assert why(screening) == code


def test_of_several_documents_any_that_stands_is_enough() -> None:
    assert on_anticoagulant(paper("doctor-referral", "bl-03", age=300), paper("doctor-referral", "bl-03", age=90)).may_start


# Change of health -----------------------------------------------------------------------------------------------------------
def test_every_document_falls_at_a_change_of_health() -> None:
    screening = on_anticoagulant(paper("doctor-referral", "bl-03", age=0), **{"today.health-change": True})
    assert not finding(screening, "bl-03").cleared
    assert why(screening) == "document-fallen"


@pytest.mark.parametrize(("age", "cleared"), [(0, True), (1, False), (-1, False)])
def test_only_the_intake_repeated_the_same_day_outlives_a_change_of_health(age: int, cleared: bool) -> None:
    screening = screened_facts({"today.health-change": True}, clearances=(paper("intake-repeated", "ge-04", age=age),))
    assert finding(screening, "ge-04").cleared is cleared
    assert screening.may_start is cleared


# Referral -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("ages", "fires"), [((90,), False), ((91,), True), ((200, 90), False), ((-1,), False), ((91, -1), True)])
def test_the_age_of_the_referral_is_that_of_the_newest_one_given(ages: tuple[int, ...], fires: bool) -> None:
    screening = screened_facts(
        condition="scoliosis",
        stage="degree-1",
        inputs={"curve_shape": "c", "convex_side": "left"},
        clearances=tuple(paper("doctor-referral", age=age) for age in ages),
    )
    assert (verdict(screening, "ge-06") == "fired") is fires


def test_a_stated_age_of_the_referral_gives_way_to_the_document_itself() -> None:
    facts = {"course.therapeutic": True, "document.referral-age-days": 200}
    assert not screened_facts(facts).may_start
    assert screened_facts(facts, clearances=(paper("doctor-referral", age=10),)).may_start


# Open rules and stages ------------------------------------------------------------------------------------------------------
def test_a_document_for_an_open_rule_lets_the_session_start_under_what_the_rule_would_leave() -> None:
    screening = screened_facts({}, ("history.doctor-forbade",), clearances=(paper("doctor-referral", "ge-03"),))
    (opened,) = screening.open_rules
    assert (opened.rule, opened.facts, opened.blocks_start) == ("ge-03", ("history.doctor-forbade",), False)
    assert [cap.level for cap in screening.limits.pressure_caps] == [2]
    assert screening.may_start


STAGE: dict[str, Any] = {"condition": "pneumonia", "stage": "resolution", "inputs": {"affected_side": "left"}}


@pytest.mark.parametrize(("age", "code"), [(None, "document-missing"), (90, None), (91, "document-expired"), (-1, "document-dated-ahead")])
def test_a_stage_may_need_a_document_of_its_own(age: int | None, code: str | None) -> None:
    papers = () if age is None else (paper("doctor-referral", age=age),)
    screening = screened_facts(clearances=papers, **STAGE)
    found = [obstacle.because.code for obstacle in screening.obstacles if obstacle.because.about[-1] == ("document", "doctor-referral")]
    assert found == ([] if code is None else [code])
    assert screening.may_start is (code is None)
    assert screening.outcome is (Outcome.CLEAR if code is None else Outcome.DOCTOR)


def test_the_document_of_a_stage_falls_at_a_change_of_health_too() -> None:
    screening = screened_facts({"today.health-change": True}, clearances=(paper("doctor-referral", age=0),), **STAGE)
    assert "document-fallen" in {obstacle.because.code for obstacle in screening.obstacles}
