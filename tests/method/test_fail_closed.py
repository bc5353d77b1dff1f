"""A fault in any rule, code or table is a refusal that names it. It is never "no finding"."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from protocols.method.answers import Faults
from protocols.method.chosen import Chosen
from protocols.method.entries import AllOf, Always, Comparison, Effect, Not
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.screening import PlanFacts
from protocols.method.screening import screen as screen_now
from protocols.method.vocabulary import Outcome
from tests.each import of_each
from tests.method.screened import (
    TODAY,
    Patient,
    answers_of,
    library,
    obstacles,
    paper,
    screened,
    screened_facts,
    verdict,
    with_rule,
)

RULES = tuple(library().rules)
FAULTS: dict[str, dict[str, Any]] = {
    "condition missing": {"when": None},
    "unknown fact": {"when": Comparison("history.no-such-fact", "is", value=True)},
    "unknown operator": {"when": Comparison("today.dizzy", "resembles", value=True)},
    "wrong kind of value": {"when": Comparison("patient.age", "ge", "old")},
    "broken branch": {"when": AllOf((Always(), Not(Comparison("history.no-such-fact", "known"))))},
    "no zones to touch": {"when": Comparison("patient.age", "touches", ("back",))},
    "touches nothing": {"when": Comparison("plan.zones", "touches", "back")},
    "unknown effect": {"when": Always(), "effects": (Effect("heal"),)},
    "unknown zone": {"when": Always(), "effects": (Effect("exclude-zones", zones=("tail",)),)},
    "cap without a number": {"when": Always(), "effects": (Effect("max-pressure"),)},
    "unknown mode": {"when": Always(), "effects": (Effect("force-mode", mode="tonic"),)},
    "unknown supplement": {"when": Always(), "effects": (Effect("exclude-supplements", supplements=("leeches",)),)},
}


def refused(screening: Screening, rule: str) -> bool:
    named = ("rule", rule) in obstacles(screening)
    return named and verdict(screening, rule) == "broken" and screening.outcome >= Outcome.DEFER and not screening.may_start


@of_each("rule", RULES)
def test_a_rule_that_cannot_be_read_refuses_the_session(rule: str) -> None:
    assert refused(screened(Patient(), shelf=with_rule(rule, when=None)), rule)


@of_each("rule", RULES)
def test_a_rule_whose_effects_cannot_be_set_refuses_the_session(rule: str) -> None:
    broken = with_rule(rule, when=Always(), clearance=None, effects=(Effect("heal"),))
    assert refused(screened(Patient(), shelf=broken), rule)


@of_each("rule", RULES)
def test_a_rule_that_fails_only_once_its_fact_is_given_refuses_the_session(rule: str) -> None:
    late = AllOf((Comparison("today.dizzy", "is", value=True), Comparison("history.no-such-fact", "known")))
    assert refused(screened(Patient({"today.dizzy": True}), shelf=with_rule(rule, when=late)), rule)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_kind_of_fault_refuses_the_session(fault: str) -> None:
    assert refused(screened(Patient(), shelf=with_rule("rx-04", **FAULTS[fault])), "rx-04")


def test_a_broken_emergency_rule_counts_as_an_emergency() -> None:
    assert screened(Patient(), shelf=with_rule("em-01", when=None)).outcome is Outcome.EMERGENCY


def test_a_rule_that_stops_being_readable_while_it_is_tried_refuses_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> bool:
        raise TimeoutError

    screened(Patient())
    monkeypatch.setattr("protocols.method.screening.decide", fails)
    assert refused(screened(Patient({"today.dizzy": True})), "ca-07")


def with_nothing(shelf: Library) -> tuple[Library, ...]:
    return replace(shelf, rules={}), replace(shelf, facts={})


def test_a_library_without_rules_or_facts_screens_nobody() -> None:
    for empty in with_nothing(library()):
        condition = library().conditions["preventive-massage"]
        with pytest.raises(Faults, match="nobody can be screened"):
            screen_now(
                answers_of(Patient(), library()),
                library=empty,
                chosen=Chosen(condition, condition.stages["general"], {}),
                plan=PlanFacts(frozenset({Place("gluteal", "left")}), first_session=False, session_number=2),
                clearances=(),
                on=TODAY,
            )


def with_answers(**changes: Any) -> Callable[[], Screening]:
    stated = replace(answers_of(Patient(), library()), **changes)
    condition = library().conditions["preventive-massage"]
    return lambda: screen_now(
        stated,
        library=library(),
        chosen=Chosen(condition, condition.stages["general"], {}),
        plan=PlanFacts(frozenset(), first_session=False, session_number=2),
        clearances=(),
        on=TODAY,
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"known": {"history.no-such-fact": True}}, "facts.history.no-such-fact"),
        ({"known": {"plan.first-session": True}}, "facts.plan.first-session"),
        ({"unknown": frozenset({"history.no-such-fact"})}, "unknown"),
        ({"unknown": frozenset({"plan.zones"})}, "unknown"),
        ({"unknown": frozenset({"patient.age"})}, "unknown"),
    ],
)
def test_an_unknown_fact_one_of_the_planner_and_one_with_two_answers_are_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Faults) as refusal:
        with_answers(**changes)()
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_without_a_recorded_age_no_session_starts_and_every_age_band_holds() -> None:
    screening = with_answers(known={"patient.sex": "male"})()
    assert ("fact", "patient.age") in obstacles(screening)
    assert not screening.may_start
    assert "imaz" in {out.supplement for out in screening.limits.supplements_out}


@pytest.mark.parametrize(("document", "rule"), [("letter-from-mother", "bl-03"), ("doctor-referral", "zz-99")])
def test_an_unknown_document_or_rule_in_a_clearance_is_refused(document: str, rule: str) -> None:
    with pytest.raises(Faults) as refusal:
        screened_facts(clearances=(paper(document, rule),))
    assert document in refusal.value.faults[0].field
