"""A short way to screen a patient in tests: a healthy adult in a stage that needs no document, plus what the test says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from protocols.method.answers import Answers, FactValue, parse_fact
from protocols.method.chosen import Chosen
from protocols.method.findings import Clearance, Finding, Screening
from protocols.method.inputs import parse_inputs
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.screening import PlanFacts, screen
from protocols.shelf import shipped_library

TODAY = date(2026, 11, 20)
BACK = ("back",)


@dataclass(frozen=True)
class Patient:
    """What a test says about a patient. ``facts`` are raw values as in a case; ``zones`` are those of the plan."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    unknown: Iterable[str] = ()
    clearances: tuple[Clearance, ...] = ()
    age: int = 30
    sex: str = "male"
    condition: str = "preventive-massage"
    stage: str = "general"
    inputs: Mapping[str, Any] = field(default_factory=dict)
    zones: tuple[str, ...] = BACK
    number: int = 2


def library() -> Library:
    return shipped_library()


def answers_of(patient: Patient, on: Library) -> Answers:
    known: dict[str, FactValue] = {"patient.age": patient.age, "patient.sex": patient.sex}
    return Answers(
        {**known, **{code: parse_fact(on.facts[code], raw, on) for code, raw in patient.facts.items()}}, frozenset(patient.unknown)
    )


def screened(patient: Patient, *, shelf: Library | None = None) -> Screening:
    on = shelf or library()
    condition, answers = on.conditions[patient.condition], answers_of(patient, on)
    return screen(
        answers,
        library=on,
        chosen=Chosen(condition, condition.stages[patient.stage], parse_inputs(on, condition, patient.stage, patient.inputs, answers)),
        plan=PlanFacts(places(*patient.zones), first_session=patient.number == 1, session_number=patient.number),
        clearances=patient.clearances,
        on=TODAY,
    )


def screened_facts(facts: Mapping[str, Any] | None = None, unknown: Iterable[str] = (), **patient: Any) -> Screening:
    return screened(Patient(facts or {}, unknown, **patient))


def paper(document: str, *rules: str, age: int = 1) -> Clearance:
    """A document that names these rules and is so many days old."""
    return Clearance(document, TODAY - timedelta(days=age), frozenset(rules))


def places(*zones: str, side: Any = "both") -> frozenset[Place]:
    return frozenset[Place]().union(*(library().tree.leaf_places(Place(zone, side)) for zone in zones))


def places_out(screening: Screening) -> frozenset[Place]:
    return frozenset[Place]().union(*(out.places for out in screening.limits.places_out))


def finding(screening: Screening, rule: str) -> Finding:
    return next(found for found in screening.findings if found.rule == rule)


def verdict(screening: Screening, rule: str) -> str:
    return next(trial.verdict for trial in screening.trials if trial.rule == rule)


def obstacles(screening: Screening) -> set[tuple[str, str]]:
    return {(obstacle.kind, obstacle.code) for obstacle in screening.obstacles}


def with_rule(rule_code: str, **changes: Any) -> Library:
    """The library with one rule changed, as an editor's slip or a broken file would."""
    shelf = library()
    return replace(shelf, rules={**shelf.rules, rule_code: replace(shelf.rules[rule_code], **changes)})
