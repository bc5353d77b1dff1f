"""Contraindication rules, their effects and clearances."""

from dataclasses import fields

from protocols.method.entries import ClearanceTerms, Effect, Rule
from protocols.method.inspection.desk import ICD10, Desk
from protocols.method.inspection.trees import facts_of, inspect_tree
from protocols.method.places import Place
from protocols.method.vocabulary import Outcome

# effect type -> keys it needs, keys it may have
EFFECTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(must.split()), frozenset(may.split()))
    for name, must, may in (
        ("exclude-zones", "zones", "side side_from"),
        ("exclude-zones-from", "fact", "default margin scope extend"),
        ("only-zones", "zones", ""),
        ("exclude-families", "families", "zones zones_from unless"),
        ("exclude-techniques", "techniques", ""),
        ("exclude-supplements", "supplements", ""),
        ("max-pressure", "level", "zones zones_from"),
        ("max-minutes", "minutes", "age_min age_max"),
        ("force-mode", "mode", "zones"),
        ("forbid-positions", "positions", ""),
        ("allow-positions", "positions", ""),
        ("lower-dose", "steps", ""),
        ("require-measure", "facts", "when"),
        ("advice", "topic text", ""),
    )
}
FACT_KEYS = (("fact", "zones"), ("zones_from", "zones"), ("side_from", "set"), ("unless", "bool"))
CONTEXT_FACTS = frozenset({"patient.sex", "plan.zones", "plan.first-session"})


def inspect_rules(desk: Desk) -> None:
    """Every rule has known codes, effects of the closed set, an end or a clearance; every fact is used; every document is needed."""
    for rule in desk.library.rules.values():
        _rule(desk, rule)
    _documents(desk)
    unused = desk.library.facts.keys() - used_facts(desk) - CONTEXT_FACTS
    for code in sorted(unused):
        desk.faults.add(f"facts: fact {code}", "no rule, technique, supplement or course rule uses it")


def effects_of(rule: Rule) -> tuple[Effect, ...]:
    """All effects that a rule can have: its own, what a clearance leaves, and what a missing document adds."""
    terms = rule.clearance
    return rule.effects if terms is None else (*rule.effects, *(terms.residual or ()), *terms.if_missing)


def used_facts(desk: Desk) -> frozenset[str]:
    """Facts that something in the library asks for."""
    library = desk.library
    found: set[str] = set()
    for rule in library.rules.values():
        found |= facts_of(rule.when)
        found |= facts_of(rule.clearance.required_when) if rule.clearance else set()
        for effect in effects_of(rule):
            found |= {*effect.facts, *facts_of(effect.when)}
            found |= {code for key, _type in FACT_KEYS if (code := fact_under(effect, key)) is not None}
    for technique in library.techniques.values():
        found |= {*technique.avoid_when, *technique.avoid_at}
    for supplement in library.supplements.values():
        found |= {*supplement.avoid_when, *supplement.avoid_zones_when}
    found |= {threshold.fact for threshold in library.course.stop_threshold}
    found |= {row.fact for row in library.course.suspend}
    return frozenset(found | {library.course.phases.load_rises_if.fact})


def fact_under(effect: Effect, key: str) -> str | None:
    """The code of the fact that stands under a key of an effect."""
    return {"fact": effect.fact, "zones_from": effect.zones_from, "side_from": effect.side_from, "unless": effect.unless}[key]


def _rule(desk: Desk, rule: Rule) -> None:
    place = f"contraindications: rule {rule.code}"
    for key in ("title", "explanation", "sources"):
        desk.expect(getattr(rule, key), place, f"{key} is empty")
    desk.known(rule.sources, desk.library.sources, f"{place} sources")
    for code in rule.icd10:
        desk.expect(ICD10.fullmatch(code), place, f"{code!r} is no ICD-10 code")
    inspect_tree(desk, rule.when, f"{place} when")
    for number, effect in enumerate(effects_of(rule), 1):
        _effect(desk, effect, f"{place} effect {number} ({effect.type})")
    desk.expect(rule.kind != "temporary" or rule.ends_when, place, "temporary without an end")
    desk.expect((rule.kind == "emergency") == (rule.outcome is Outcome.EMERGENCY), place, "an emergency is one by kind and by outcome")
    desk.expect(rule.kind != "emergency" or rule.clearance is None, place, "an emergency cannot be cleared")
    desk.expect(rule.outcome is not Outcome.DOCTOR or rule.clearance or rule.ends_when, place, "nothing lifts it")
    desk.expect(rule.outcome is not Outcome.CLEAR, place, "a rule that finds something is never clear")
    silent = rule.outcome is Outcome.MODIFY and all(effect.type == "advice" and effect.topic != "product" for effect in rule.effects)
    desk.expect(not silent, place, "modify without an effect that changes the session")
    if rule.outcome is Outcome.CAUTION:
        changing = [effect.type for effect in rule.effects if _changes_a_session(desk, effect)]
        desk.expect(not changing, place, f"caution, yet it changes the session: {', '.join(changing)}")
    if rule.clearance is not None:
        _clearance(desk, rule, rule.clearance, f"{place} clearance")


def _changes_a_session(desk: Desk, effect: Effect) -> bool:
    """Words and measurements do not, nor does barring a zone that no plan may contain."""
    if effect.type in ("advice", "require-measure"):
        return False
    tree, known = desk.library.tree, desk.library.zones
    barred = [tree.leaf_places(Place(zone, "both")) for zone in effect.zones if zone in known]
    return effect.type != "exclude-zones" or not all(places <= tree.always_out for places in barred)


def _clearance(desk: Desk, rule: Rule, terms: ClearanceTerms, place: str) -> None:
    desk.known([terms.document], desk.library.documents, place)
    desk.expect(terms.valid_days > 0, place, "valid_days is not positive")
    inspect_tree(desk, terms.required_when, f"{place} required_when")
    desk.expect((terms.required_when is None) == (terms.outcome_until is None), place, "required_when and outcome_until belong together")
    if rule.outcome is Outcome.ABSOLUTE and terms.lifts == "nothing":
        desk.expect(rule.ends_when or terms.note, place, "neither an end nor a reason")
    if rule.outcome is Outcome.ABSOLUTE and terms.lifts != "nothing":
        hard = [effect for effect in terms.residual or () if effect.type != "advice"]
        desk.expect(hard, place, "an absolute rule that is cleared must leave a restriction")


def _effect(desk: Desk, effect: Effect, place: str) -> None:
    if effect.type not in EFFECTS:
        desk.faults.add(place, "unknown type of effect")
        return
    must, may = EFFECTS[effect.type]
    given = {item.name for item in fields(effect) if item.name != "type" and getattr(effect, item.name) not in (None, (), "")}
    desk.expect(must <= given, place, f"needs {', '.join(sorted(must - given))}")
    desk.expect(given <= must | may, place, f"does not take {', '.join(sorted(given - must - may))}")
    _effect_codes(desk, effect, place)
    _effect_facts(desk, effect, place)
    desk.expect(effect.level is None or 1 <= effect.level <= 4, place, "the level is 1 to 4")
    desk.expect(effect.minutes is None or effect.minutes > 0, place, "minutes are not positive")
    desk.expect((effect.age_min is None) == (effect.age_max is None), place, "an age range has two ends")
    desk.expect(effect.mode in (None, "calming"), place, "only calming can be forced")
    desk.expect(effect.steps is None or 1 <= effect.steps <= desk.library.course.phases.max_down, place, "too many dose steps")


def _effect_codes(desk: Desk, effect: Effect, place: str) -> None:
    library = desk.library
    desk.known(effect.zones, library.zones, place)
    desk.known(effect.default, library.zones, place)
    desk.known(effect.families, library.families, place)
    desk.known(effect.techniques, library.techniques, place)
    desk.known(effect.positions, library.positions, place)
    desk.known(effect.supplements, library.supplements.keys() | library.supplement_classes.keys(), place)
    desk.known(effect.facts, library.facts, place)


def _effect_facts(desk: Desk, effect: Effect, place: str) -> None:
    for key, wanted in FACT_KEYS:
        code = fact_under(effect, key)
        if code is not None and desk.known([code], desk.library.facts, f"{place} {key}"):
            desk.expect(desk.library.facts[code].type == wanted, place, f"{code} is not of type {wanted}")
    inspect_tree(desk, effect.when, f"{place} when")


def _documents(desk: Desk) -> None:
    needed = {rule.clearance.document for rule in desk.library.rules.values() if rule.clearance}
    for _place, _condition, _stage, treatment in desk.treatments():
        needed |= {variant.needs_document for variant in treatment.variants}
        if treatment.needs_document is not None:
            needed.add(treatment.needs_document)
    for code, document in desk.library.documents.items():
        place = f"clearance-documents: document {code}"
        desk.expect(code in needed, place, "nothing needs it")
        desk.expect(document.stage_valid_days > 0, place, "stage_valid_days is not positive")
