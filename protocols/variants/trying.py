"""The cases of an edition tried on its library: what is expected, and what came of it. Pure; the words of a case are the caller's."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from protocols.cases import CaseFaults, cases_in, unmet
from protocols.editions.content import CASES, OF_CASE_FILE, RULE_CASES, EditionContent
from protocols.method.answers import Faults
from protocols.method.library import Library
from protocols.method.plans import UnsafePlan
from protocols.rule_cases import rule_cases_in
from protocols.rule_verdicts import not_as_said
from protocols.variants.fault_places import Place

# What a case whose words are no words of a case may come to when it is tried.
UNREADABLE: Final = (ArithmeticError, AttributeError, CaseFaults, Faults, LookupError, RecursionError, TypeError, UnsafePlan, ValueError)


@dataclass(frozen=True, slots=True)
class TriedCase:
    """One case with what is not as it expects. ``kind`` is ``cases`` or ``rule-cases``, ``address`` that of the entry it stands in."""

    kind: str
    code: str
    address: str
    says: str
    condition: str
    stage: str
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of a variant for a page: ``unmet`` is empty where all is as expected. ``is_changed`` and ``is_new``: by the variant."""

    code: str
    says: str
    condition: str
    stage: str
    unmet: tuple[str, ...]
    is_changed: bool
    is_new: bool
    address: str = ""


Tried = tuple[tuple[TriedCase, ...], tuple[Place, ...]]


def try_worked(content: EditionContent, library: Library, conditions: Container[str] | None = None) -> Tried:
    """The worked cases of these conditions, or of all, each tried; and what is no case at all."""
    found: list[TriedCase] = []
    faults: list[Place] = []
    for name, part in content.under(CASES).items():
        if conditions is None or name in conditions:
            for row in _rows(part, "case"):
                _one(f"{CASES}{name}:case/{_code(row)}", lambda row=row, name=name: _worked(name, row, library), found, faults)  # type: ignore[misc]
    return tuple(found), tuple(faults)


def try_rules(content: EditionContent, library: Library) -> Tried:
    """The cases of all rules, each tried; what is no case at all; and the rules that nobody tried on anybody."""
    found: list[TriedCase] = []
    faults: list[Place] = []
    for stem, part in content.under(RULE_CASES).items():
        for row in _rows(part, "rule"):
            address = f"{RULE_CASES}{stem}:rule/{_code(row)}"
            _one(address, lambda row=row, stem=stem, at=address: _of_rule(stem, row, at, library), found, faults)  # type: ignore[misc]
    return tuple(found), tuple(faults)


def _one(address: str, read: Callable[[], list[TriedCase]], found: list[TriedCase], faults: list[Place]) -> None:
    try:
        found += read()
    except UNREADABLE as error:
        faults.append(Place(address, str(error) or type(error).__name__))


def _worked(name: str, row: Mapping[str, Any], library: Library) -> list[TriedCase]:
    (case,) = cases_in({f"{name}{OF_CASE_FILE}": {"case": [row]}})
    address, stage = f"{CASES}{name}:case/{case.code}", str(case.stated.get("stage", ""))
    return [TriedCase("cases", case.code, address, str(case.says), name, stage, _told(lambda: unmet(case, library)))]


def _of_rule(stem: str, row: Mapping[str, Any], address: str, library: Library) -> list[TriedCase]:
    (cases,) = rule_cases_in({stem: {"rule": [row]}}).values()
    return [
        TriedCase(
            "rule-cases", case.code, address, str(case.says), str(case.stated["condition"]), str(case.stated["stage"]),
            _told(lambda case=case: not_as_said(case, library)),  # type: ignore[misc]
        )
        for case in cases.all
    ]  # fmt: skip


def _told(found: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """What is unmet. A case that cannot be tried is one whose expectation is not met: its input, or a word of it, is not valid."""
    try:
        return found()
    except UNREADABLE as error:
        return (str(error) or type(error).__name__,)


def _rows(part: Mapping[str, Any], table: str) -> Iterator[Mapping[str, Any]]:
    rows = part.get(table, ())
    return (row for row in (rows if isinstance(rows, list | tuple) else ()) if isinstance(row, Mapping))


def _code(row: Mapping[str, Any]) -> str:
    return str(row.get("code", "?"))


def codes_used_twice(content: EditionContent, cases: tuple[TriedCase, ...]) -> tuple[Place, ...]:
    """Worked cases are named by their code alone, in every file: those of these that another file names too."""
    files = content.under(CASES).items()
    named = Counter(_code(row) for _name, part in files for row in _rows(part, "case"))
    twice = (case for case in cases if case.kind == "cases" and named[case.code] > 1)
    return tuple(Place(case.address, f"the code {case.code} stands twice") for case in twice)


def untried_rules(cases: tuple[TriedCase, ...], library: Library) -> tuple[str, ...]:
    """Codes of rules without a case that they stop, or without one that they spare."""
    tried = {(case.code.split("/")[0], case.code.split("/")[1]) for case in cases if case.kind == "rule-cases"}
    return tuple(code for code in library.rules if not {(code, "fires"), (code, "spares")} <= tried)
