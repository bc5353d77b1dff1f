"""Rules as the library's pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from protocols.method.entries import ClearanceTerms, Effect, Rule
from protocols.presentation.addresses import address
from protocols.presentation.reader import LibraryReader, SourceLine
from protocols.presentation.truths import AskedFact, Branch, asked_facts, branch, facts_of, sentence
from protocols.presentation.words import LIFTS, said, upper_first
from protocols.wording_codes import WORDS


@dataclass(frozen=True, slots=True)
class Lifting:
    """Which document may lift the rule, and what is left of it then."""

    document: str
    url: str
    signed_by: str
    must_state: str
    days: int
    lifts: str
    remains: tuple[str, ...]
    if_missing: tuple[str, ...]
    note: str
    only_when: str
    until: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """Everything about one rule, in words."""

    code: str
    title: str
    group: str
    kind: str
    outcome: str
    explanation: str
    icd10: str
    asks: Branch
    facts: tuple[AskedFact, ...]
    effects: tuple[str, ...]
    advice: tuple[str, ...]
    lifting: Lifting | None
    ends_when: str
    sources: tuple[SourceLine, ...]
    disagreement: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as a line of a list."""

    code: str
    title: str
    outcome: str
    does: tuple[str, ...]
    lifted_by: str
    is_general: bool


@dataclass(frozen=True, slots=True)
class RuleGroup:
    code: str
    name: str
    rules: tuple[RuleRow, ...]


def rule_groups(rules: tuple[Rule, ...], reader: LibraryReader) -> tuple[RuleGroup, ...]:
    """Rules by group, in the order of the library."""
    groups = dict.fromkeys(rule.group for rule in rules)
    return tuple(
        RuleGroup(group, group_name(group, reader), tuple(rule_row(rule, reader) for rule in rules if rule.group == group))
        for group in groups
    )


def group_name(group: str, reader: LibraryReader) -> str:
    """The name of a group of rules."""
    return upper_first(reader.names.label("rule-group", group))


def rule_row(rule: Rule, reader: LibraryReader) -> RuleRow:
    """One rule as a line."""
    return RuleRow(
        code=rule.code,
        title=reader.names.of("rules", rule.code, "title"),
        outcome=rule.outcome.code,
        does=effects_in_words(rule.effects, reader),
        lifted_by=reader.names.of("documents", rule.clearance.document) if rule.clearance else "",
        is_general=all(line.is_general for line in reader.sources(rule.sources)),
    )


def rule_page(rule: Rule, reader: LibraryReader) -> RulePage:
    """One rule in full."""
    names = reader.names
    return RulePage(
        code=rule.code,
        title=names.of("rules", rule.code, "title"),
        group=group_name(rule.group, reader),
        kind=upper_first(names.label("kind", rule.kind)),
        outcome=rule.outcome.code,
        explanation=names.of("rules", rule.code, "explanation"),
        icd10=", ".join(rule.icd10),
        asks=branch(rule.when, reader),
        facts=asked_facts(_all_facts(rule), reader),
        effects=effects_in_words(rule.effects, reader),
        advice=names.lines("rules", rule.code, "advice"),
        lifting=_lifting(rule, rule.clearance, reader) if rule.clearance else None,
        ends_when=names.of("rules", rule.code, "ends_when"),
        sources=reader.sources(rule.sources),
        disagreement=names.of("rules", rule.code, "disagreement"),
    )


def _all_facts(rule: Rule) -> tuple[str, ...]:
    named = (fact for effect in rule.effects for fact in (effect.fact, effect.zones_from, effect.side_from, effect.unless) if fact)
    return tuple(dict.fromkeys((*facts_of(rule.when), *named)))


def _lifting(rule: Rule, terms: ClearanceTerms, reader: LibraryReader) -> Lifting:
    residual = terms.residual or ()
    advice = reader.names.lines("rules", rule.code, "residual_advice")
    return Lifting(
        document=reader.names.of("documents", terms.document),
        url=address("document", terms.document),
        signed_by=reader.names.of("documents", terms.document, "signed_by"),
        must_state=reader.names.of("documents", terms.document, "must_state"),
        days=terms.valid_days,
        lifts=said(LIFTS, terms.lifts),
        remains=(*effects_in_words(residual, reader), *advice),
        if_missing=effects_in_words(terms.if_missing, reader),
        note=reader.names.of("rules", rule.code, "clearance_note"),
        only_when=sentence(terms.required_when, reader) if terms.required_when is not None else "",
        until=terms.outcome_until.code if terms.outcome_until is not None else "",
    )


def effects_in_words(effects: tuple[Effect, ...], reader: LibraryReader) -> tuple[str, ...]:
    """What effects change in a plan, each with its exceptions; advice is said apart."""
    return tuple(dict.fromkeys(_full(effect, reader) for effect in effects if effect.type != "advice"))


def _full(effect: Effect, reader: LibraryReader) -> str:
    more = "; ".join(_details(effect, reader))
    return f"{reader.effect(effect)} ({more})" if more else reader.effect(effect)


def _details(effect: Effect, reader: LibraryReader) -> Iterator[str]:
    yield from _places(effect, reader)
    if effect.age_min is not None:
        yield _("ages %(low)s to %(high)s") % {"low": effect.age_min, "high": effect.age_max}
    if effect.type == "lower-dose":
        yield _("steps back on the ladder of doses: %(steps)s") % {"steps": effect.steps}
    if effect.unless is not None:
        yield _("unless: %(question)s – yes") % {"question": reader.question(effect.unless)}
    if effect.when is not None:
        yield _("only when %(condition)s") % {"condition": sentence(effect.when, reader)}


def _places(effect: Effect, reader: LibraryReader) -> Iterator[str]:
    if effect.side in ("left", "right"):
        yield str(WORDS[effect.side]())
    if effect.side_from is not None:
        yield _("on the side of “%(question)s”") % {"question": reader.question(effect.side_from)}
    if effect.margin is not None:
        yield _("neighbours no nearer than 5 cm") if effect.margin == "adjacent" else _("2 cm round the spot stay free")
    if effect.extend is not None:
        yield _("and everything further out on that limb")
    if effect.default:
        yield _("when no place is named: %(zones)s") % {"zones": reader.listed("zones", effect.default)}
