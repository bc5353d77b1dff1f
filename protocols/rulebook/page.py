"""What the pages of a clinic's own rules show, made of raw entries: a draft that is not sound yet has its pages too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from clinic.web.folding import folded
from protocols.method.entries import Effect
from protocols.method.parsing import FaultList
from protocols.method.parsing.reader import Spot, read_entry
from protocols.presentation.changed import EntryChange, changes_in_words
from protocols.presentation.reader import LibraryReader
from protocols.presentation.rules import effects_in_words, group_name
from protocols.rulebook.changing import Raw
from protocols.rulebook.changing_rules import is_fixed, own_effects, thresholds
from protocols.rulebook.reading import RULE, RULE_RU, Drawer
from protocols.variants.subjects import OWN


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list of a variant. ``stands`` says how: own, changed (by this variant), stricter (already in force), or shipped."""

    code: str
    title: str
    outcome: str
    stands: str
    is_fixed: bool
    numbers: int


@dataclass(frozen=True, slots=True)
class EffectLine:
    """An effect of a rule in words; ``number`` is its place where it can be taken back."""

    words: str
    number: int | None


def title_of(drawer: Drawer, code: str) -> str:
    """The title of a rule in the language of the page."""
    russian = drawer.now.get(f"{RULE_RU}{code}", {}).get("title", "")
    return str((russian if get_language() == "ru" else "") or drawer.now[f"{RULE}{code}"]["title"])


def how_it_stands(drawer: Drawer, code: str) -> str:
    """Whether the rule is as shipped."""
    if code.startswith(OWN):
        return "own"
    if f"{RULE}{code}" in drawer.changes or f"{RULE_RU}{code}" in drawer.changes:
        return "changed"
    return "shipped" if drawer.now[f"{RULE}{code}"] == drawer.shipped.get(f"{RULE}{code}") else "stricter"


def rule_line(drawer: Drawer, code: str, reader: LibraryReader) -> RuleLine:
    """One rule of the list."""
    rule = drawer.now[f"{RULE}{code}"]
    shipped = drawer.shipped.get(f"{RULE}{code}")
    numbers = len(thresholds(shipped, reader.library.facts)) if shipped else 0
    return RuleLine(
        code, title_of(drawer, code), rule["outcome"], how_it_stands(drawer, code), bool(shipped and is_fixed(shipped)), numbers
    )


def rule_lines(drawer: Drawer, query: str, reader: LibraryReader) -> tuple[tuple[str, str, tuple[RuleLine, ...]], ...]:
    """(group, its name, its rules) of the rules whose title or code holds what is looked for."""
    rows = [(rule["group"], rule_line(drawer, code, reader)) for code, rule in drawer.rules().items()]
    found = [(group, row) for group, row in rows if folded(query) in folded(f"{row.title} {row.code}")]
    groups = dict.fromkeys(group for group, _row in found)
    return tuple((group, group_name(group, reader), tuple(row for of, row in found if of == group)) for group in groups)


def changed_words(drawer: Drawer, there: Mapping[str, Any], addresses: Iterable[str], reader: LibraryReader) -> tuple[EntryChange, ...]:
    """What is otherwise in these entries than ``there``, in words."""
    wanted = tuple(addresses)
    before = {address: there.get(address) for address in wanted}
    return changes_in_words(before, {address: drawer.now.get(address) for address in wanted}, reader.names)


def effect_lines(drawer: Drawer, code: str, reader: LibraryReader) -> tuple[EffectLine, ...]:
    """The effects of a rule, those of the clinic with their places."""
    rule, shipped = drawer.now[f"{RULE}{code}"], drawer.shipped.get(f"{RULE}{code}")
    own = {place for place, _effect in own_effects(rule, shipped)}
    advice = iter(drawer.now.get(f"{RULE_RU}{code}", {}).get("advice", ()))
    return tuple(
        EffectLine(_said(effect, next(advice, "") if effect["type"] == "advice" else "", reader), place if place in own else None)
        for place, effect in enumerate(rule.get("effects", ()))
    )


def _said(raw: Raw, russian: str, reader: LibraryReader) -> str:
    if raw["type"] == "advice":
        return str(russian if get_language() == "ru" and russian else raw["text"])
    effect = read_entry(Effect, raw, Spot("", FaultList()))
    words = effects_in_words((effect,), reader) if effect is not None else ()
    return words[0] if words else str(raw["type"])
