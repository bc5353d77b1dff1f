"""Cases of a rule, added, taken away and brought in line with a stricter rule. Raw rows and their Russian in, both out. Pure.

A row is one of ``rule-cases/STEM:rule/CODE``; its Russian numbers the cases of each kind from 1, as ``ru/rule-cases/STEM`` has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from protocols.rule_cases import KINDS
from protocols.rulebook.changing import Raw

# Said of a kind without a case, which the format asks for. It stands in the library's own language.
NONE_WRITTEN: Final = "The clinic has written no case of this kind for its rule."


@dataclass(frozen=True, slots=True)
class CasesOfRule:
    """The cases of one rule with what they say in Russian."""

    code: str
    row: Raw = field(default_factory=dict)
    russian: Raw = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[tuple[dict[str, Any], str]]:
        """The cases of a kind, each with its Russian."""
        words = self.russian.get(kind, {})
        return [(dict(case), str(words.get(str(number), {}).get("says", ""))) for number, case in enumerate(self.row.get(kind, ()), 1)]


def with_case(cases: CasesOfRule, kind: str, case: Raw, says_ru: str) -> CasesOfRule:
    """The cases with one more at the end of its kind."""
    return _made(cases, {kind: [*cases.of_kind(kind), (dict(case), says_ru)]})


def without_case(cases: CasesOfRule, kind: str, number: int) -> CasesOfRule:
    """The cases without the one of this kind and number (from 1). Raises ``LookupError`` for one that is not there."""
    there = cases.of_kind(kind)
    if not 1 <= number <= len(there):
        raise LookupError(f"{kind}/{number}")
    return _made(cases, {kind: [each for place, each in enumerate(there, 1) if place != number]})


def with_case_as_found(cases: CasesOfRule, kind: str, number: int, found: str, expect: Raw) -> CasesOfRule:
    """The cases with one of them expecting what is found now; it goes to another kind where the rule says something else to it."""
    case, says_ru = cases.of_kind(kind)[number - 1]
    changed = {**{key: value for key, value in case.items() if key != "expect"}, **({"expect": dict(expect)} if expect else {})}
    if found == kind:
        there = cases.of_kind(kind)
        there[number - 1] = (changed, says_ru)
        return _made(cases, {kind: there})
    return with_case(without_case(cases, kind, number), found, changed, says_ru)


def _made(cases: CasesOfRule, changed: Mapping[str, list[tuple[dict[str, Any], str]]]) -> CasesOfRule:
    kinds = {kind: changed.get(kind, cases.of_kind(kind)) for kind in KINDS}
    there = {kind: [case for case, _says in found] for kind, found in kinds.items() if found}
    because = {kind: cases.row.get("because", {}).get(kind, NONE_WRITTEN) for kind in KINDS if not kinds[kind]}
    row = {"code": cases.code, **({"because": because} if because else {}), **there}
    russian = {
        kind: {str(number): {"says": says} for number, (_case, says) in enumerate(found, 1)} for kind, found in kinds.items() if found
    }
    return CasesOfRule(cases.code, row, russian)
