"""What a variant may be about, and which entries of an edition belong to it. All else of an edition no clinic changes. Pure."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from protocols.editions.addresses import split
from protocols.editions.content import CASES, RULE_CASES, TABLES, shipped_content
from protocols.method.library import Library

SubjectKind = Literal["condition", "rules", "course-rules"]
OF_CONDITION: Final = "conditions/"
RULES: Final = "contraindications"
COURSE_RULES: Final = "course-rules"
OWN: Final = "own-"  # what a clinic adds of its own begins with this: profiles, rules, stages

# Of a condition: what says how it is treated, and its words. What its answers mean to the rules (inputs, implied facts, sides, signs)
# is of the release alone.
OF_A_CONDITION: Final = frozenset({"stage", "name", "name_ru", "never", "refer_first", "notes", "measures", "stage_guide", "evidence"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a variant is about. ``code`` is that of the condition, "" for the rules and for the course rules."""

    kind: SubjectKind
    code: str = ""

    @property
    def text(self) -> str:
        """As ``Variant.subject`` keeps it: ``conditions/neck-collar``, ``contraindications``, ``course-rules``."""
        return {"condition": f"{OF_CONDITION}{self.code}", "rules": RULES, "course-rules": COURSE_RULES}[self.kind]


def read_subject(text: str) -> Subject:
    """The subject of this text. Raises ``ValueError`` for what no variant can be about; whether a condition exists is not asked."""
    if text == RULES:
        return Subject("rules")
    if text == COURSE_RULES:
        return Subject("course-rules")
    code = text.removeprefix(OF_CONDITION)
    if code == text or not code or "/" in code:
        raise ValueError(f"{text!r} is no subject of a variant")
    return Subject("condition", code)


def subjects_of(library: Library) -> tuple[Subject, ...]:
    """Everything in this library that a variant can be about: its conditions in their order, the rules, the course rules."""
    return (*(Subject("condition", code) for code in library.conditions), Subject("rules"), Subject("course-rules"))


def may_change(subject: str, address: str) -> bool:
    """Whether a variant of this subject may change the entry with this address. Facts, zones, techniques and the like never are."""
    try:
        of, (part, table, code) = read_subject(subject), split(address)
    except ValueError:
        return False
    if part.startswith(TABLES):
        return _may_change_table(of, part.removeprefix(TABLES), table, code)
    if part.startswith(CASES):
        return _is_row(table, "case", code) and (of.kind != "condition" or part == f"{CASES}{of.code}")
    if part.startswith(RULE_CASES):
        return of.kind != "condition" and _is_row(table, "rule", code)
    language, _slash, stem = part.partition("/")
    return language in shipped_content().languages and _may_change_words(of, stem, table, code)


def _may_change_table(of: Subject, stem: str, table: str, code: str) -> bool:
    if of.kind == "condition":
        if stem == "profiles":
            return _is_row(table, "profile", code) and code.startswith(OWN)
        return stem == f"{OF_CONDITION}{of.code}" and table in OF_A_CONDITION and (bool(code) is (table == "stage"))
    if of.kind == "rules":
        own_source = stem == "sources" and _is_row(table, "source", code) and code.startswith(OWN)
        return own_source or (stem == RULES and _is_row(table, "rule", code))
    return stem == COURSE_RULES


def _may_change_words(of: Subject, stem: str, table: str, code: str) -> bool:
    """Translations of what the subject may change."""
    if stem == "cases":
        return _is_row(table, "cases", code) and (of.kind != "condition" or _condition_of_case(code) in ("", of.code))
    if of.kind == "condition":
        own_profile = stem == "profiles" and _is_row(table, "profiles", code) and code.startswith(OWN)
        return own_profile or (stem, table, code) == ("conditions", "conditions", of.code)
    if stem.startswith("rule-cases/"):
        return _is_row(table, "rule-cases", code)
    return stem == table == of.text


def _is_row(table: str, wanted: str, code: str) -> bool:
    return table == wanted and bool(code)


def _condition_of_case(code: str) -> str:
    """The condition of a case of the release; "" for a case that a clinic adds."""
    return _conditions_of_cases().get(code, "")


@cache
def _conditions_of_cases() -> dict[str, str]:
    return {row["code"]: name for name, part in shipped_content().under(CASES).items() for row in part["case"]}
