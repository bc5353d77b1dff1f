"""Cases of the rules: whom a rule stops, whom it spares by a hair's breadth, and what comes of an answer nobody gave.

The files of ``library/cases/rules`` are data that a doctor reads and the tests run. Everybody in them is a woman of 30, at the second
session of a general preventive massage and well, but for what a case says.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from protocols.cases import CaseFaults
from protocols.shelf import KINDS_OF_RULE_CASES, RULE_CASES

KINDS = KINDS_OF_RULE_CASES

# What a case may expect. Every word is about what this rule does, not about other rules that the same patient meets.
WORDS = {
    "outcome": "what the finding counts as, after a document if one is there",
    "may_start": "whether the session may start (false = something is in the way)",
    "asks": "the questions that must be answered first; of an open rule, those it waits for (default: the ones not answered)",
    "silent": "true: the rule is not even open, other means protect (of an unanswered question)",
    "document": "the document that lifts the block, or none",
    "cleared_by": "the document that has lifted it",
    "instead": "the rules that are found in its place",
    "zones_out": "places that are not worked",
    "left_out": "places that stay out until a question is answered",
    "zones_kept": "places that this rule leaves to be worked",
    "spots": "places of which only the marked spot is left out",
    "families_out": "place -> families of techniques left out there; all = everywhere",
    "families_kept": "place -> families that this rule leaves there",
    "techniques_out": "single techniques left out",
    "pressure_at_most": "place -> ceiling of pressure there; all = everywhere",
    "minutes_at_most": "ceiling of hands-on minutes",
    "calm": "places where all work is calm; all = everywhere",
    "positions_out": "positions of the patient that are barred",
    "positions_kept": "positions that this rule leaves open",
    "supplements_out": "supplementary methods that are barred",
    "points_out": "single points that are barred",
    "dose_steps_back": "steps back on the dose ladder",
    "measure": "readings that must be there before the start",
    "advice": "words that stand in the advice to the therapist",
}
_OF_CASE = ("says", "age", "sex", "condition", "stage", "inputs", "facts", "unknown", "documents", "session", "expect")
_NEEDED = {"fires": ("outcome",), "spares": (), "unknown": ("may_start",)}


@dataclass(frozen=True, slots=True)
class RuleCase:
    """One patient. ``stated`` is a case as the command takes it, ``expected`` stands in the words of ``WORDS``."""

    rule: str
    kind: str
    number: int
    says: str
    stated: Mapping[str, Any]
    expected: Mapping[str, Any]

    @property
    def code(self) -> str:
        """``em-01/fires/1``: names the case in a report and its sentence in a language (kind ``rule-cases``, field ``says``)."""
        return f"{self.rule}/{self.kind}/{self.number}"


@dataclass(frozen=True, slots=True)
class RuleCases:
    """All cases of one rule. ``because`` says of a kind without cases (``unknown``) why there can be none."""

    rule: str
    fires: tuple[RuleCase, ...]
    spares: tuple[RuleCase, ...]
    unknown: tuple[RuleCase, ...]
    because: Mapping[str, str]
    file: str

    @property
    def all(self) -> tuple[RuleCase, ...]:
        """Every case of the rule: fires, spares, unknown."""
        return self.fires + self.spares + self.unknown


@cache
def rule_cases() -> Mapping[str, RuleCases]:
    """Rule code -> its cases, by file and then in file order. Raises ``CaseFaults`` for an unknown key or a rule that stands twice."""
    return rule_cases_in({path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(RULE_CASES.glob("*.toml"))})


def rule_cases_in(files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, RuleCases]:
    """The cases of these parsed files (file name -> content), by rule and in their order. Raises ``CaseFaults`` as ``rule_cases`` does."""
    found: dict[str, RuleCases] = {}
    for name, content in files.items():
        for cases in _cases_in(name, content):
            if cases.rule in found:
                raise CaseFaults(f"{name}: {cases.rule} stands twice")
            found[cases.rule] = cases
    return MappingProxyType(found)


def _cases_in(name: str, content: Mapping[str, Any]) -> Iterable[RuleCases]:
    _refuse_unknown(content, ("rule",), name)
    return [_of_rule(row, name) for row in content.get("rule", [])]


def _of_rule(row: Mapping[str, Any], name: str) -> RuleCases:
    where = f"{name}: {row.get('code', 'a rule without a code')}"
    _refuse_unknown(row, ("code", "because", *KINDS), where)
    because = row.get("because", {})
    _refuse_unknown(because, KINDS, f"{where}, because")
    for kind in KINDS:
        if bool(row.get(kind)) is (kind in because):
            raise CaseFaults(f"{where}: {kind} needs either cases or a reason why there can be none")
    code = str(row["code"])
    cases = {kind: tuple(_case(code, kind, number, raw, where) for number, raw in enumerate(row.get(kind, ()), 1)) for kind in KINDS}
    return RuleCases(code, cases["fires"], cases["spares"], cases["unknown"], MappingProxyType(because), name)


def _case(rule: str, kind: str, number: int, raw: Mapping[str, Any], where: str) -> RuleCase:
    where = f"{where} {kind} {number}"
    _refuse_unknown(raw, _OF_CASE, where)
    expected = raw.get("expect", {})
    _refuse_unknown(expected, WORDS, where)
    lacking = [word for word in _NEEDED[kind] if word not in expected]
    if lacking or not raw.get("says"):
        raise CaseFaults(f"{where}: lacks {', '.join(lacking or ['says'])}")
    if bool(raw.get("unknown")) and kind != "unknown":
        raise CaseFaults(f"{where}: an unanswered question belongs under unknown")
    return RuleCase(rule, kind, number, raw["says"], MappingProxyType(_stated(raw)), MappingProxyType(expected))


def _stated(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The case as the command takes it, with what every patient of these files has in common."""
    return {
        "patient": {"age": raw.get("age", 30), "sex": raw.get("sex", "female")},
        "condition": raw.get("condition", "preventive-massage"),
        "stage": raw.get("stage", "general"),
        "inputs": raw.get("inputs", {}),
        "facts": raw.get("facts", {}),
        "unknown": raw.get("unknown", []),
        "clearances": raw.get("documents", {}),
        "session": {"number": raw.get("session", 2), "of": 10},
    }


def _refuse_unknown(row: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise CaseFaults(f"{where}: unknown {', '.join(unknown)}")
