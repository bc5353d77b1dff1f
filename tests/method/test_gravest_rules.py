"""The rules that refuse or put off a session, each by hand: one patient it stops, one just short of it, one who does not know.

The table is meant to be read by a doctor. Everybody in it is a woman of 30 who comes for a back massage and is well but for what is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from protocols.method.findings import Screening
from protocols.method.vocabulary import Outcome
from tests.each import of_each
from tests.method.screened import finding, library, obstacles, screened_facts, verdict

YES, NO = True, False
PREGNANT = {"history.pregnant": YES, "history.pregnancy-week": 20}


@dataclass(frozen=True)
class Row:
    """``stops``: the rule fires. ``spares``: it does not. ``asks``: this answer is unknown, ``given`` the others, and the rule is open."""

    rule: str
    stops: Mapping[str, Any]
    spares: Mapping[str, Any]
    asks: str
    given: Mapping[str, Any] = field(default_factory=dict)


def of_one_answer(rule: str, fact: str, stops: Any = YES, spares: Any = NO) -> Row:
    return Row(rule, {fact: stops}, {fact: spares}, fact)


EMERGENCIES = (
    of_one_answer("em-01", "today.chest-pain"),
    of_one_answer("em-02", "today.stroke-signs"),
    of_one_answer("em-03", "today.one-leg-swelling"),
    of_one_answer("em-04", "today.sudden-breathlessness"),
    of_one_answer("em-05", "today.cauda-equina-signs"),
    Row(
        "em-06",
        stops={"today.spo2": 91},
        spares={"today.spo2": 91, "history.spo2-floor-below-92": YES},
        asks="history.spo2-floor-below-92",
        given={"today.spo2": 91},
    ),
    of_one_answer("em-07", "today.gut-bleeding"),
    of_one_answer("em-08", "today.thunderclap-headache"),
    Row(
        "em-09",
        stops={"today.systolic": 180, "today.pressure-symptoms": YES},
        spares={"today.systolic": 179, "today.pressure-symptoms": YES},
        asks="today.pressure-symptoms",
        given={"today.diastolic": 110},
    ),
    of_one_answer("em-10", "today.glucose-mmol", 2.9, 3.0),
    Row(
        "em-11",
        stops={**PREGNANT, "today.systolic": 140, "today.headache-or-sudden-swelling": YES},
        spares={**PREGNANT, "today.systolic": 139, "today.headache-or-sudden-swelling": YES},
        asks="history.pregnant",
        given={"today.pregnancy-warning": YES},
    ),
    of_one_answer("em-12", "today.meningitis-signs"),
    of_one_answer("em-13", "today.suspected-fracture"),
    of_one_answer("em-14", "today.self-harm-risk"),
)
ABSOLUTES = (
    of_one_answer("in-04", "history.tuberculosis-active"),
    of_one_answer("bl-01", "history.haemophilia"),
    of_one_answer("bl-06", "history.blood-disease"),
    of_one_answer("va-01", "history.thrombosis-active"),
    of_one_answer("va-06", "history.aneurysm"),
    of_one_answer("va-07", "history.artery-disease-severe"),
    of_one_answer("va-10", "history.vasculitis-active"),
    of_one_answer("ca-01", "history.hypertension-stage", 3, 2),
    of_one_answer("ca-10", "history.infarction-weeks", 5, 6),
    of_one_answer("ca-12", "history.angina-unstable"),
    of_one_answer("ca-14", "history.heart-failure-nyha", 3, 2),
    of_one_answer("ca-17", "history.carditis-active"),
    of_one_answer("ca-20", "history.valve-decompensated"),
    of_one_answer("gi-01", "history.gut-bleed-months", 5.9, 6.0),
    of_one_answer("gi-10", "history.organ-failure"),
    Row(
        "pr-05",
        stops={**PREGNANT, "history.pregnancy-high-risk": YES},
        spares=PREGNANT,
        asks="history.pregnancy-high-risk",
        given=PREGNANT,
    ),
    of_one_answer("on-01", "history.cancer-active"),
    of_one_answer("on-03", "history.bone-metastases"),
    of_one_answer("ne-03", "history.stroke-weeks", 1, 2),
    of_one_answer("ne-07", "history.burning-nerve-pain-active"),
    of_one_answer("ne-08", "history.concussion-days", 13, 14),
    of_one_answer("en-04", "history.diabetes-severe"),
    of_one_answer("me-01", "history.psychosis-active"),
    of_one_answer("ge-03", "history.doctor-forbade"),
)
DEFERRALS = (
    of_one_answer("in-01", "today.temperature-c", 37.2, 37.1),
    of_one_answer("in-02", "today.acute-airway-infection"),
    of_one_answer("in-03", "today.vomiting-or-diarrhoea"),
    of_one_answer("in-05", "today.purulent-process"),
    of_one_answer("in-06", "today.swollen-nodes"),
    of_one_answer("in-07", "history.hepatitis-acute"),
    of_one_answer("sk-02", "today.scabies"),
    of_one_answer("sk-06", "today.hives"),
    of_one_answer("sk-07", "today.shingles-active"),
    of_one_answer("bl-05", "today.bleeding"),
    of_one_answer("ca-02", "today.systolic", 180, 179),
    of_one_answer("ca-03", "today.diastolic", 100, 99),
    Row(
        "ca-07",
        stops={"today.systolic": 89},
        spares={"today.systolic": 90, "today.diastolic": 59},
        asks="today.dizzy",
        given={"today.systolic": 95, "today.diastolic": 59},
    ),
    Row(
        "ca-09",
        stops={"today.pulse": 101},
        spares={"today.pulse": 49, "history.bradycardia-known": YES},
        asks="history.bradycardia-known",
        given={"today.pulse": 49},
    ),
    Row(
        "re-04",
        stops={"today.spo2": 93, "history.lung-disease": YES},
        spares={"today.spo2": 94, "history.lung-disease": YES},
        asks="history.lung-disease",
        given={"today.spo2": 93},
    ),
    of_one_answer("re-05", "today.peak-flow-percent-best", 79, 80),
    of_one_answer("gi-03", "history.bowel-inflammation-active"),
    of_one_answer("gi-07", "today.minutes-since-meal", 59, 60),
    Row(
        "pr-07",
        stops={**PREGNANT, "today.diastolic": 90},
        spares={**PREGNANT, "today.diastolic": 89},
        asks="today.diastolic",
        given=PREGNANT,
    ),
    of_one_answer("ne-12", "today.migraine-now"),
    Row(
        "en-02",
        stops={"history.diabetes": YES, "today.glucose-mmol": 4.9, "medicine.insulin": YES},
        spares={"history.diabetes": YES, "today.glucose-mmol": 4.9},
        asks="medicine.insulin",
        given={"history.diabetes": YES, "today.glucose-mmol": 4.9},
    ),
    of_one_answer("en-05", "history.overactive-thyroid"),
    of_one_answer("me-02", "today.alcohol-or-drugs"),
    of_one_answer("me-04", "today.consent", NO, YES),
    of_one_answer("rx-07", "today.chemotherapy-hours", 71, 72),
    of_one_answer("ge-01", "today.exhausted"),
    of_one_answer("ge-05", "intake.age-days", 366, 365),
)
ROWS = EMERGENCIES + ABSOLUTES + DEFERRALS
BY_RULE = [pytest.param(row, id=row.rule) for row in ROWS]


def of_her(facts: Mapping[str, Any], unknown: tuple[str, ...] = ()) -> Screening:
    return screened_facts(facts, unknown, sex="female")


def test_every_rule_that_refuses_or_puts_off_a_session_stands_in_the_table() -> None:
    assert {row.rule for row in ROWS} == {code for code, rule in library().rules.items() if rule.outcome >= Outcome.DEFER}


@of_each("row", BY_RULE)
def test_the_rule_stops_the_session(row: Row) -> None:
    screening, outcome = of_her(row.stops), library().rules[row.rule].outcome
    assert finding(screening, row.rule).outcome is outcome
    assert screening.outcome >= outcome
    assert not screening.may_start
    assert obstacles(screening)


@of_each("row", BY_RULE)
def test_the_rule_spares_a_patient_just_short_of_it(row: Row) -> None:
    screening = of_her(row.spares)
    assert verdict(screening, row.rule) == "silent"
    assert row.rule not in {found.rule for found in screening.findings}


@of_each("row", BY_RULE)
def test_the_rule_stays_open_and_stops_the_start_while_the_answer_is_not_known(row: Row) -> None:
    screening = of_her(row.given, (row.asks,))
    assert verdict(screening, row.rule) == "open"
    assert [(opened.facts, opened.blocks_start) for opened in screening.open_rules if opened.rule == row.rule] == [((row.asks,), True)]
    assert ("fact", row.asks) in obstacles(screening)
    assert not screening.may_start


@pytest.mark.parametrize(
    ("age", "facts", "outcome"),
    [
        (17, {}, Outcome.DEFER),
        (17, {"consent.guardian": NO}, Outcome.DEFER),
        (17, {"consent.guardian": YES}, Outcome.MODIFY),
        (18, {}, Outcome.CLEAR),
        (40, {"history.lacks-capacity": YES}, Outcome.DEFER),
        (40, {"history.lacks-capacity": YES, "consent.representative": YES}, Outcome.CLEAR),
    ],
)
def test_consent_of_a_guardian_or_representative_is_not_given_until_it_is(age: int, facts: dict[str, Any], outcome: Outcome) -> None:
    assert screened_facts(facts, age=age).outcome is outcome


@pytest.mark.parametrize(
    ("systolic", "diastolic", "rules"),
    [
        (139, 89, set()),
        (140, None, {"ca-04"}),
        (None, 90, {"ca-04"}),
        (159, 99, {"ca-04", "ca-05"}),
        (160, None, {"ca-03", "ca-05"}),
        (None, 100, {"ca-03", "ca-05"}),
        (179, 109, {"ca-03", "ca-05"}),
        (180, None, {"ca-02", "ca-05"}),
        (None, 110, {"ca-02", "ca-05"}),
        (90, 59, {"ca-08"}),
        (89, 59, {"ca-07"}),
        (None, 59, {"ca-08"}),
    ],
)
def test_the_bands_of_blood_pressure_hold_also_where_only_one_value_is_given(
    systolic: int | None, diastolic: int | None, rules: set[str]
) -> None:
    facts = {"today.systolic": systolic, "today.diastolic": diastolic}
    screening = screened_facts({code: value for code, value in facts.items() if value is not None})
    assert {found.rule for found in screening.findings} == rules
