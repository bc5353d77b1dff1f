"""Conditions to choose from, by name or ICD-10 code."""

from dataclasses import dataclass

from clinic.web.folding import folded
from protocols.method.entries import Condition
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.wording_conditions import GROUPS, group_word


@dataclass(frozen=True, slots=True)
class ConditionCard:
    code: str
    name: str
    icd10: str


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    name: str
    conditions: tuple[ConditionCard, ...]


def conditions_found(library: Library, names: Names, query: str) -> tuple[ConditionGroup, ...]:
    """The conditions whose name or ICD-10 code holds every word of the query, by group of the body."""
    words = folded(query).split()
    found = [condition for condition in library.conditions.values() if _matches(condition, names, words)]
    groups = [group for group in GROUPS if any(condition.group == group for condition in found)]
    return tuple(
        ConditionGroup(group_word(group), tuple(_card(condition, names) for condition in found if condition.group == group))
        for group in groups
    )


def _matches(condition: Condition, names: Names, words: list[str]) -> bool:
    # English and Russian names both count: a doctor's letter may be in the other language.
    text = folded(" ".join([condition.name, condition.name_ru, names.of("conditions", condition.code), *condition.icd10]))
    return all(word in text or any(word.startswith(folded(code)) for code in condition.icd10) for word in words)


def _card(condition: Condition, names: Names) -> ConditionCard:
    return ConditionCard(condition.code, names.of("conditions", condition.code), ", ".join(condition.icd10))
