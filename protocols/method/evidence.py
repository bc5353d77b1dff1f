"""From answers to evidence: implied facts, the planner's own facts, what counts as unanswered, and what an unanswered question does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from protocols.method.answers import Answers, FactValue, Fault, Faults
from protocols.method.bars import leave_zones_out
from protocols.method.entries import Fact
from protocols.method.findings import Obstacle
from protocols.method.library import Library
from protocols.method.limits import Gathered
from protocols.method.places import Place
from protocols.method.reasons import because
from protocols.method.truth import Evidence, decide, undecided_facts


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What only the planner knows: the leaf places of all steps before findings, and which session is planned (from 1)."""

    zones: frozenset[Place]
    first_session: bool
    session_number: int


def check_answers(answers: Answers, library: Library) -> None:
    """Raises ``Faults`` for a fact that the library does not hold, one that only the planner makes, or one both known and unknown."""
    faults = [fault for code in answers.known for fault in _code_faults(f"facts.{code}", code, library)]
    faults += [fault for code in sorted(answers.unknown) for fault in _code_faults("unknown", code, library)]
    faults += [Fault("unknown", f"{code} has an answer") for code in sorted(answers.unknown & answers.known.keys())]
    if faults:
        raise Faults(tuple(faults))


def weigh(answers: Answers, plan: PlanFacts, library: Library) -> tuple[Evidence, Gathered]:
    """The evidence that rules are read against, and what the required questions without an answer put in the way.

    An unanswered question that counts as yes is true from here on. A number that another answer asks for (weeks of a pregnancy,
    months since a fit) has no "no": not mentioned, it is not answered.
    """
    evidence = _evidence(answers, plan, library)
    evidence = _count_as_unanswered(_unanswered_numbers(evidence, library), evidence)
    evidence = _count_as_yes(evidence)
    gathered = Gathered()
    for fact in _in_order(evidence.unknown, library):
        if is_required(fact, evidence):
            gathered.add(_unanswered(fact, library))
    return evidence, gathered


def is_required(fact: Fact, evidence: Evidence) -> bool:
    """Whether a question must be answered here. Where an unknown fact decides that, it must."""
    return fact.required_when is not None and decide(fact.required_when, evidence) is not False


def _code_faults(field: str, code: str, library: Library) -> Iterable[Fault]:
    if code not in library.facts:
        yield Fault(field, f"{code} is not a fact of the library")
    elif code.startswith("plan."):
        yield Fault(field, f"{code} is worked out by the planner and never stated")


def _evidence(answers: Answers, plan: PlanFacts, library: Library) -> Evidence:
    made: Mapping[str, FactValue] = {"plan.zones": tuple(plan.zones), "plan.first-session": plan.first_session}
    # Age and sex stand in the patient's record. Without them nothing is "normal".
    unrecorded = {code for code in ("patient.age", "patient.sex") if code not in answers.known}
    return Evidence({**answers.known, **made}, answers.unknown | unrecorded, library.facts, library.tree)


@lru_cache(maxsize=8)
def _follow_up_numbers(library: Library) -> tuple[Fact, ...]:
    facts = (fact for fact in library.facts.values() if fact.type in ("int", "number") and fact.asked == "intake")
    return tuple(fact for fact in facts if fact.required_when is not None and fact.unknown == "blocks")


def _unanswered_numbers(evidence: Evidence, library: Library) -> Iterable[str]:
    """Numbers that a stated answer asks for and nobody gave; also where that answer is unknown, unless that one only closes zones."""
    for fact in _follow_up_numbers(library):
        if fact.code in evidence.known or fact.required_when is None:
            continue
        why = undecided_facts(fact.required_when, evidence)
        if decide(fact.required_when, evidence) or any(library.facts[code].unknown != "zones-out" for code in why):
            yield fact.code


def _count_as_unanswered(codes: Iterable[str], evidence: Evidence) -> Evidence:
    return Evidence(evidence.known, evidence.unknown.union(codes), evidence.facts, evidence.zones)


def _count_as_yes(evidence: Evidence) -> Evidence:
    yes = {code for code in evidence.unknown if evidence.facts[code].unknown == "yes" and is_required(evidence.facts[code], evidence)}
    if not yes:
        return evidence
    return Evidence({**evidence.known, **dict.fromkeys(yes, True)}, evidence.unknown - yes, evidence.facts, evidence.zones)


def _in_order(codes: Iterable[str], library: Library) -> list[Fact]:
    """The facts in the order of the library, so that nothing depends on the order of the answers."""
    order = _order(library)
    return [library.facts[code] for code in sorted(codes, key=order.__getitem__)]


@lru_cache(maxsize=8)
def _order(library: Library) -> Mapping[str, int]:
    return {code: place for place, code in enumerate(library.facts)}


def _unanswered(fact: Fact, library: Library) -> Gathered:
    """What a required question without an answer does. ``ask`` and ``open`` act through the rules that they leave open."""
    if fact.unknown == "zones-out":
        return leave_zones_out(fact, library)
    if fact.unknown != "blocks":
        return Gathered()
    return Gathered(obstacles=[Obstacle("fact", fact.code, because("fact-unanswered", fact=fact.code))])
