"""A rule of a clinic's own, from what a form asks: the raw rule, its Russian, and its source. It may forbid whatever it wants to.

Never an emergency: what one is, and what is done then, is the same everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from protocols.method.entries import Fact
from protocols.method.vocabulary import Outcome
from protocols.rulebook.changing import Raw, without_empty

KINDS: Final = ("local", "relative", "temporary", "technique", "caution")
OUTCOMES: Final = (Outcome.CAUTION, Outcome.MODIFY, Outcome.DOCTOR, Outcome.DEFER, Outcome.ABSOLUTE)
NOT_A_GROUP: Final = "emergency"
RUSSIAN_KEYS: Final = ("title", "explanation", "ask_intake", "ask_day", "ends_when")
YES: Final = "yes"
NO: Final = "no"
NAMED: Final = "nonempty"
ONE_OF: Final = "one-of"
NUMBERS: Final = ("ge", "gt", "le", "lt")
# What can be asked of a fact of each type. "No" is not among the answers of a number: nobody who is well would be told apart.
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "bool": (YES, NO),
    "int": NUMBERS,
    "number": NUMBERS,
    "enum": (ONE_OF,),
    "set": (NAMED,),
    "zones": (NAMED,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One comparison as a form has it: the fact, the answer that counts, and a number or a word where it takes one."""

    fact: str
    answer: str
    value: str = ""


class NoComparison(ValueError):
    """A line of a condition that asks a fact what it cannot answer. The message is the name of what is wrong: answer or value."""


def comparison(asked: Asked, fact: Fact) -> Raw:
    """The raw comparison. Raises ``NoComparison``."""
    if asked.answer not in ANSWERS[fact.type]:
        raise NoComparison("answer")
    if asked.answer in (YES, NO):
        return {"fact": fact.code, "op": "is", "value": asked.answer == YES}
    if asked.answer == NAMED:
        return {"fact": fact.code, "op": "nonempty"}
    if asked.answer == ONE_OF:
        return {"fact": fact.code, "op": "is", "value": _word(asked.value, fact)}
    return {"fact": fact.code, "op": asked.answer, "value": _number(asked.value, fact)}


def _word(value: str, fact: Fact) -> str:
    if value.strip() not in fact.values:
        raise NoComparison("value")
    return value.strip()


def _number(value: str, fact: Fact) -> float:
    try:
        found = float(value.replace(",", "."))
    except ValueError:
        raise NoComparison("value") from None
    low, high = fact.min, fact.max
    if not (low is None or low <= found) or not (high is None or found <= high) or (fact.type == "int" and not found.is_integer()):
        raise NoComparison("value")
    return int(found) if fact.type == "int" else found


def asked_of(row: Raw, fact: Fact) -> Asked:
    """The line of a form that makes this comparison."""
    if fact.type == "bool":
        return Asked(fact.code, YES if row.get("value") else NO)
    if row["op"] == "nonempty":
        return Asked(fact.code, NAMED)
    return Asked(fact.code, ONE_OF if fact.type == "enum" else row["op"], f"{row['value']}")


def condition(join: str, comparisons: list[Raw]) -> Raw:
    """The comparisons as one tree: ``any`` or ``all`` of them."""
    return comparisons[0] if len(comparisons) == 1 else {join: comparisons}


def lines_of(when: Raw) -> tuple[str, list[Raw]]:
    """How comparisons are joined, and each of them."""
    join = next((word for word in ("any", "all") if word in when), "any")
    return join, list(when.get(join, [when]))


def own_rule(code: str, told: Mapping[str, Any], when: Raw, before: Raw | None) -> Raw:
    """The raw rule. ``told`` holds the texts and codes of the form by the keys of a rule; the effects are those it had before."""
    order = ("group", "title", "kind", "outcome")
    terms = {"document": told["document"], "valid_days": told["valid_days"], "lifts": "block"} if told.get("document") else None
    later = {key: told.get(key, "") for key in ("explanation", "ask_intake", "ask_day", "ends_when")}
    effects = list((before or {}).get("effects", ()))
    head = {"code": code, **{key: told[key] for key in order}, "when": when, "effects": effects}
    return {**head, **without_empty({**later, "clearance": terms}), "sources": [code]}


def own_russian(told: Mapping[str, Any], before: Raw) -> Raw:
    """The Russian of a rule's words; that of its advice stays."""
    texts = {key: told.get(f"{key}_ru", "") for key in RUSSIAN_KEYS}
    return without_empty({**before, **texts})


def own_source(code: str, title: str, on: date) -> Raw:
    """The source of a clinic's own rule: its own protocol, with its date. It has no address and claims nothing that was read."""
    return {"id": code, "title": f"{title}, {on.isoformat()}", "address": ""}
