"""The whole of a screening: what questions must be answered, what is merged, and what never depends on order or luck."""

import random
from dataclasses import replace
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.method.entries import AllOf, AnyOf, Comparison, Fact, Not, Tree
from protocols.method.findings import Screening
from protocols.method.vocabulary import Outcome
from protocols.method.wording import in_english
from protocols.method.wording_screening import MARGIN_ADVICE, SENTENCES_SCREENING
from tests.each import of_each
from tests.method.screened import Patient, library, obstacles, paper, places, places_out, screened, screened_facts, verdict

FACTS = library().facts
WOMAN = {"sex": "female", "zones": ("lumbosacral",)}
STATED = [code for code in FACTS if not code.startswith(("plan.", "patient.", "during.", "after."))]


# Required questions ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["today.consent", "today.chest-pain", "today.temperature-c", "today.health-change"])
def test_a_required_question_without_an_answer_keeps_the_session_from_starting(code: str) -> None:
    screening = screened_facts({}, (code,))
    assert ("fact", code) in obstacles(screening)
    assert not screening.may_start


def test_a_reading_is_required_only_where_its_condition_holds() -> None:
    assert ("fact", "today.pulse") in obstacles(screened_facts({}, ("today.pulse",), age=40))
    assert ("fact", "today.pulse") in obstacles(screened_facts({}, ("today.pulse",), zones=("nape",)))
    assert ("fact", "today.pulse") in obstacles(screened_facts({}, ("today.pulse",), number=1))
    spared = screened_facts({}, ("history.months-since-seizure",))
    assert spared.may_start
    assert not spared.obstacles


def test_a_question_that_an_unknown_fact_makes_required_is_required() -> None:
    unknown = ("history.cancer-past", "history.tumour-zones")
    reasons = {obstacle.code for obstacle in screened_facts({}, unknown).obstacles}
    assert "history.tumour-zones" in reasons


def test_an_anticoagulant_that_nobody_knows_about_counts_as_taken() -> None:
    screening = screened_facts({}, ("medicine.anticoagulant",))
    assert screening.outcome is Outcome.DOCTOR
    assert verdict(screening, "bl-03") == "fired"
    assert screening.facts["medicine.anticoagulant"] is True


def test_a_pregnancy_that_nobody_knows_about_leaves_zones_and_supplements_out_and_the_session_may_start() -> None:
    screening = screened_facts({}, ("history.pregnant",), **WOMAN)
    assert places("abdomen", "lumbosacral", "thigh-medial") <= places_out(screening)
    assert "points-tonic" in {out.supplement for out in screening.limits.supplements_out}
    assert screening.may_start


def test_a_pregnancy_is_not_asked_of_a_man_nor_for_the_shoulder() -> None:
    assert not places_out(screened_facts({}, ("history.pregnant",), zones=("lumbosacral",)))
    assert not places_out(screened_facts({}, ("history.pregnant",), sex="female", zones=("scapula",)))


@pytest.mark.parametrize(
    ("facts", "unknown", "number"),
    [
        ({"history.pregnant": True}, (), "history.pregnancy-week"),
        ({"history.epilepsy": True}, (), "history.months-since-seizure"),
        ({}, ("history.epilepsy",), "history.months-since-seizure"),
        ({"history.pacemaker-side": ["left"]}, (), "history.pacemaker-weeks"),
    ],
)
def test_a_number_that_another_answer_asks_for_has_no_no(facts: dict[str, Any], unknown: tuple[str, ...], number: str) -> None:
    screening = screened_facts(facts, unknown, sex="female")
    assert ("fact", number) in obstacles(screening)
    assert not screening.may_start


def test_an_open_question_below_doctor_is_listed_and_left_to_the_therapist() -> None:
    screening = screened_facts({}, ("history.fragile-skin",))
    assert [(opened.rule, opened.blocks_start) for opened in screening.open_rules] == [("sk-09", False)]
    assert (screening.outcome, screening.may_start) == (Outcome.CLEAR, True)


def test_an_open_rule_does_not_raise_the_outcome_but_stops_the_start_from_doctor_on() -> None:
    screening = screened_facts({}, ("history.haemophilia",))
    assert [(opened.rule, opened.outcome, opened.blocks_start) for opened in screening.open_rules] == [("bl-01", Outcome.ABSOLUTE, True)]
    assert (screening.outcome, screening.may_start) == (Outcome.CLEAR, False)


# Stages ---------------------------------------------------------------------------------------------------------------------
BARRED = [
    (condition.code, stage) for condition in library().conditions.values() for stage in condition.stages.values() if stage.local == "barred"
]


@pytest.mark.parametrize(("condition", "stage"), [pytest.param(code, stage, id=f"{code}/{stage.code}") for code, stage in BARRED])
def test_a_barred_stage_is_refused_with_its_reason(condition: str, stage: Any) -> None:
    inputs = {"affected_side": "left", "healing_proved": True, "weeks_since_infarction": 9, "weeks_since_stroke": 9}
    inputs |= {"region": "knee", "hours_since_injury": 9, "fracture_excluded": True}
    asked = {row.code for row in library().conditions[condition].inputs}
    screening = screened_facts(
        condition=condition, stage=stage.code, inputs={code: value for code, value in inputs.items() if code in asked}
    )
    assert screening.stage_barred is not None
    assert dict(screening.stage_barred.about) == {"stage": f"{condition}/{stage.code}"}
    assert not screening.outcome.allows_steps
    assert not screening.may_start
    assert screening.outcome is (Outcome.EMERGENCY if stage.emergency else screening.outcome)


def test_percussion_of_the_back_opens_with_the_prescription_and_the_referral() -> None:
    case = {"condition": "pneumonia", "stage": "resolution", "inputs": {"affected_side": "left"}}
    prescribed, referral = {"history.airway-clearance-prescribed": True}, (paper("doctor-referral"),)
    assert screened_facts(prescribed, clearances=referral, **case).limits.variants_open == {"with-sputum"}
    assert not screened_facts({}, clearances=referral, **case).limits.variants_open
    assert not screened_facts(prescribed, **case).limits.variants_open


@pytest.mark.parametrize("ordered", [True, False])
def test_a_position_on_order_needs_the_order(ordered: bool) -> None:
    screening = screened_facts(condition="chronic-bronchitis", stage="remission-productive", inputs={"drainage_ordered": ordered})
    assert screening.limits.positions_ordered is ordered


# Merging --------------------------------------------------------------------------------------------------------------------
def test_every_rule_is_kept_with_its_verdict_in_the_order_of_the_library() -> None:
    screening = screened_facts({"history.fragile-skin": True}, ("history.haemophilia",))
    assert tuple(trial.rule for trial in screening.trials) == tuple(library().rules)
    counted = {kind: [trial.rule for trial in screening.trials if trial.verdict == kind] for kind in ("fired", "open")}
    assert counted == {"fired": ["sk-09"], "open": ["bl-01"]}


def test_a_finding_says_what_ends_it_and_who_may_lift_it() -> None:
    screening = screened_facts({"history.overactive-thyroid": True})
    (found,) = screening.findings
    assert found.ends_when == library().rules["en-05"].ends_when
    assert found.may_be_lifted_by == "endocrinologist-note"
    assert found.explanation == library().rules["en-05"].explanation
    assert found.sources == library().rules["en-05"].sources


def test_a_question_stands_once_among_the_obstacles() -> None:
    screening = screened_facts({}, ("today.systolic",), age=66)
    assert [obstacle.code for obstacle in screening.obstacles].count("today.systolic") == 1


def test_facts_of_the_planner_are_not_kept_as_answers() -> None:
    assert not [code for code in screened_facts().facts if code.startswith("plan.")]


def test_every_reason_has_its_sentence() -> None:
    given = [screened(patient) for patient in _many_patients()]
    reasons = {reason for screening in given for reason in _reasons(screening)}
    assert {reason.code for reason in reasons} <= SENTENCES_SCREENING.keys()
    for reason in reasons:
        assert "{" not in in_english(reason, library())
    assert set(MARGIN_ADVICE) == {"adjacent", "2-cm"}


def _reasons(screening: Screening) -> list[Any]:
    limits = screening.limits
    entries: tuple[Any, ...] = (
        *limits.places_out,
        *limits.families_out,
        *limits.techniques_out,
        *limits.pressure_caps,
        *limits.minutes_caps,
    )
    entries += (*limits.calm, *limits.supplements_out, *limits.positions_out, *limits.spots, *screening.obstacles)
    return [*(entry.because for entry in entries), *limits.rungs_because, *filter(None, (screening.stage_barred,))]


# Properties -----------------------------------------------------------------------------------------------------------------
def _sample(fact: Fact, luck: random.Random) -> Any:
    """Some value of a fact, often one at the edge of its range."""
    if fact.type == "bool":
        return luck.random() < 0.7
    if fact.type == "zones":
        zone = luck.choice(list(library().zones))
        return [{"zone": zone, "side": luck.choice(["left", "right", "both"])}]
    if fact.type in ("set", "enum"):
        return [luck.choice(fact.values)] if fact.type == "set" else luck.choice(fact.values)
    low, high = ceil(fact.min or 0), int(fact.max or 0)
    return luck.choice([low, high, luck.randint(low, high), min(high, max(low, luck.choice([1, 6, 12, 20, 50, 90, 140, 160])))])


def _patient(seed: int) -> Patient:
    luck = random.Random(seed)  # noqa: S311
    mentioned = luck.sample(STATED, luck.randint(0, 12))
    unknown = mentioned[: luck.randint(0, 4)]
    facts = {code: _sample(FACTS[code], luck) for code in mentioned if code not in unknown}
    papers = tuple(paper(code, *library().rules, age=luck.randint(-1, 100)) for code in luck.sample(list(library().documents), 3))
    return Patient(facts, unknown, papers, age=luck.choice([5, 17, 30, 60, 80]), sex=luck.choice(["female", "male"]))


def _many_patients() -> list[Patient]:
    return [_patient(seed) for seed in range(300)]


PATIENTS = st.integers(0, 10**9).map(_patient)
FEW = settings(max_examples=60, deadline=None)


@FEW
@given(PATIENTS, st.integers(0, 10**9))
def test_the_order_of_the_answers_does_not_matter(patient: Patient, seed: int) -> None:
    facts = list(patient.facts.items())
    random.Random(seed).shuffle(facts)  # noqa: S311
    shuffled = replace(patient, facts=dict(facts), unknown=tuple(reversed(list(patient.unknown))), clearances=patient.clearances[::-1])
    assert screened(shuffled) == screened(patient)


@FEW
@given(PATIENTS)
def test_the_order_of_the_rules_does_not_matter(patient: Patient) -> None:
    turned = replace(library(), rules=dict(reversed(list(library().rules.items()))))
    one, other = screened(patient), screened(patient, shelf=turned)
    assert (one.outcome, one.may_start, set(one.open_rules)) == (other.outcome, other.may_start, set(other.open_rules))
    assert {found.rule for found in one.findings} == {found.rule for found in other.findings}
    assert places_out(one) == places_out(other)
    assert set(_reasons(one)) >= {reason for reason in _reasons(other) if reason.code.startswith("rule-ex")}


def _harmful_facts() -> list[str]:
    """Yes-or-no facts that rules only ever read as bad news: true, and never under a "not"."""
    spoiled: set[str] = set()
    for rule in library().rules.values():
        _spoil(rule.when, spoiled, under_not=False)
    spoiled |= {effect.unless for rule in library().rules.values() for effect in rule.effects if effect.unless}
    return [code for code in STATED if FACTS[code].type == "bool" and code not in spoiled and FACTS[code].absent is None]


def _spoil(tree: Tree, spoiled: set[str], *, under_not: bool) -> None:
    if isinstance(tree, Comparison) and (under_not or tree.value is False):
        spoiled.add(tree.fact)
    if isinstance(tree, Not):
        _spoil(tree.branch, spoiled, under_not=not under_not)
    if isinstance(tree, AllOf | AnyOf):
        for branch in tree.branches:
            _spoil(branch, spoiled, under_not=under_not)


@FEW
@given(PATIENTS, st.sampled_from(_harmful_facts()))
def test_one_more_harmful_answer_never_makes_anything_better(patient: Patient, code: str) -> None:
    rest = replace(patient, facts={fact: raw for fact, raw in patient.facts.items() if fact != code}, unknown=set(patient.unknown) - {code})
    before, after = screened(rest), screened(replace(rest, facts={**rest.facts, code: True}))
    assert after.outcome >= before.outcome
    assert places_out(after) >= places_out(before)
    assert before.may_start or not after.may_start


@FEW
@given(PATIENTS, st.sampled_from(STATED))
def test_an_answer_that_is_not_known_is_never_better_than_no(patient: Patient, code: str) -> None:
    rest = replace(patient, facts={fact: raw for fact, raw in patient.facts.items() if fact != code}, unknown=set(patient.unknown) - {code})
    no, unknown = screened(rest), screened(replace(rest, unknown={*rest.unknown, code}))
    assert no.may_start or not unknown.may_start


@of_each("code", [code for code in _harmful_facts() if FACTS[code].unknown not in ("open", "zones-out")])
def test_where_yes_would_stop_the_session_an_unknown_answer_stops_it_too(code: str) -> None:
    yes, unknown = screened_facts({code: True}), screened_facts({}, (code,))
    if yes.outcome >= Outcome.DOCTOR:
        assert not unknown.may_start
    assert yes.outcome < Outcome.DOCTOR or not yes.may_start


@FEW
@given(PATIENTS)
def test_a_session_may_start_only_when_nothing_stands_in_the_way(patient: Patient) -> None:
    screening = screened(patient)
    assert screening.may_start == (screening.outcome < Outcome.DOCTOR and not screening.obstacles)
    assert screening.may_start or screening.obstacles
    assert "broken" not in {trial.verdict for trial in screening.trials}
