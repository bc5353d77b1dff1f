"""Conditions to choose from, by name or ICD-10 code, and the stages of one with their definitions."""

from dataclasses import dataclass

from clinic.web.folding import folded
from protocols.method.entries import Condition, Stage
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.wording_conditions import GROUPS, group_word, local_word, typeset


@dataclass(frozen=True, slots=True)
class ConditionCard:
    code: str
    name: str
    icd10: str


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    name: str
    conditions: tuple[ConditionCard, ...]


@dataclass(frozen=True, slots=True)
class StageCard:
    """A stage as a choice: what it means, how to tell it apart, and what the method does there."""

    code: str
    name: str
    definition: str
    guide: str
    local: str
    is_barred: bool
    goals: str
    becomes_allowed_when: str


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


def stage_cards(condition: Condition, names: Names) -> tuple[StageCard, ...]:
    """The stages of a condition in the library's order."""
    return tuple(_stage_card(condition, stage, names) for stage in condition.stages.values())


def _stage_card(condition: Condition, stage: Stage, names: Names) -> StageCard:
    code = f"{condition.code}/{stage.code}"
    return StageCard(
        code=stage.code,
        name=names.of("stages", code),
        definition=typeset(names.of("stages", code, "definition")),
        guide=typeset(names.of("stage-guide", condition.code, stage.code)),
        local=local_word(stage.local),
        is_barred=stage.treatment is None,
        goals=", ".join(names.lines("stages", code, "goals")),
        becomes_allowed_when=names.of("stages", code, "becomes_allowed_when"),
    )
