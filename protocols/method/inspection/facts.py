"""The dictionary of facts."""

from protocols.method.entries import Fact
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.trees import facts_of, inspect_tree, inspect_value
from protocols.method.vocabulary import Outcome

# Given by the planner and the patient's card: never asked, so "don't know" cannot be answered.
GIVEN = ("plan.", "patient.")


def inspect_facts(desk: Desk) -> None:
    """Types, ranges and what an unknown answer means; a grave rule never lets an unknown answer start a session."""
    for fact in desk.library.facts.values():
        _fact(desk, fact)
    for code in sorted(_grave_facts(desk) & desk.library.facts.keys()):
        stops = code.startswith(GIVEN) or desk.library.facts[code].unknown != "open"
        desk.expect(stops, f"facts: fact {code}", "an unknown answer would start a session that a grave rule may bar")


def _fact(desk: Desk, fact: Fact) -> None:
    place = f"facts: fact {fact.code}"
    numeric = fact.type in ("int", "number")
    desk.expect(numeric == (fact.min is not None) == (fact.max is not None) == bool(fact.unit), place, "a number has a unit and a range")
    if fact.min is not None and fact.max is not None:
        desk.expect(fact.min < fact.max, place, "the range is empty")
    desk.expect((fact.type in ("enum", "set")) == bool(fact.values), place, "values belong to an enum or a set")
    desk.expect((fact.unknown == "zones-out") == bool(fact.zones_out), place, "zones_out belongs to unknown = zones-out")
    desk.expect(fact.question.strip(), place, "no question")
    desk.known(fact.values, fact.values, place)
    desk.known(fact.zones_out, desk.library.zones, f"{place} zones_out")
    desk.known(fact.supplements_out, desk.library.supplement_classes, f"{place} supplements_out")
    inspect_tree(desk, fact.required_when, f"{place} required_when")
    if fact.absent is not None:
        inspect_value(desk, fact, fact.absent, f"{place} absent")


def _grave_facts(desk: Desk) -> set[str]:
    """Facts that a rule of outcome doctor or higher asks, or that name an exclusion's zones."""
    found: set[str] = set()
    for rule in desk.library.rules.values():
        if rule.outcome >= Outcome.DOCTOR:
            found |= facts_of(rule.when)
        residual = rule.clearance.residual or () if rule.clearance else ()
        found |= {effect.fact for effect in (*rule.effects, *residual) if effect.fact is not None}
    return found
