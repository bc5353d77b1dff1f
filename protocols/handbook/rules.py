"""Rules with their effects, sources and clearance, by group."""

from protocols.handbook.markdown import listed, page_of, table
from protocols.method.entries import Effect, Rule
from protocols.method.library import Library

RULE_HEAD = ("rule", "title", "outcome", "what follows", "cleared by", "ends when", "sources")


def rules_chapter(library: Library) -> str:
    """Every rule, and the documents that clear them."""
    groups = dict.fromkeys(rule.group for rule in library.rules.values())
    return page_of(
        "## Rules",
        "A session's outcome is the worst of the rules that fire. `block` = with the document the session may start and the effects stay; "
        "`effects` = the effects fall too; `nothing` = the document is recorded and the rule stays.",
        *(_group(library, group) for group in groups),
        _documents(library),
    ).rstrip("\n")


def _group(library: Library, group: str) -> str:
    rules = [rule for rule in library.rules.values() if rule.group == group]
    return f"### Rules: {group}\n\n" + table(RULE_HEAD, (_row(rule) for rule in rules))


def _row(rule: Rule) -> tuple[str, ...]:
    follows = listed(dict.fromkeys(in_words(effect) for effect in rule.effects))
    return (f"`{rule.code}`", rule.title, rule.outcome.code, follows, _clearance(rule), rule.ends_when or "-", listed(rule.sources))


def _clearance(rule: Rule) -> str:
    terms = rule.clearance
    if terms is None:
        return "-"
    left = f"; leaves {listed(map(in_words, terms.residual))}" if terms.residual else ""
    return f"{terms.document}, {terms.valid_days} days, lifts {terms.lifts}{left}"


def in_words(effect: Effect) -> str:
    """An effect in a few words: its type and what it is about."""
    if effect.type == "advice":
        return f"advice: {effect.text}"
    numbers = [str(value) for value in (effect.level, effect.minutes, effect.steps, effect.mode) if value is not None]
    facts = [fact for fact in (effect.fact, effect.zones_from, effect.side_from) if fact is not None]
    codes = (*effect.families, *effect.techniques, *effect.supplements, *effect.positions, *effect.facts, *effect.zones)
    ages = [f"age {effect.age_min}-{effect.age_max}"] if effect.age_min is not None else []
    return " ".join((effect.type, *numbers, *codes, *facts, *ages))


def _documents(library: Library) -> str:
    head = ("document", "signed by", "must state", "days at a stage", "answers")
    answers = {
        code: listed(rule.code for rule in library.rules.values() if rule.clearance is not None and rule.clearance.document == code)
        for code in library.documents
    }
    rows = [
        (f"`{code}` {row.name}", row.signed_by, row.must_state, row.stage_valid_days, answers[code])
        for code, row in library.documents.items()
    ]
    return "### Documents\n\n" + table(head, rows)
