"""The cases of one rule, tried on the variant's library, as lines of a page."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language

from protocols.cases import CaseFaults
from protocols.method.answers import Faults
from protocols.models import Variant
from protocols.rule_cases import KINDS, RuleCase, rule_cases_in
from protocols.rule_verdicts import not_as_said
from protocols.rulebook.changing_cases import CasesOfRule
from protocols.rulebook.reading import Drawer
from protocols.rulebook.writing import cases_of
from protocols.variants.checking import library_of_variant

UNREADABLE: Final = (ArithmeticError, AttributeError, CaseFaults, Faults, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a rule. ``unmet`` (English, as every case is) says what is not as it expects; ``is_tried`` is false without a library."""

    kind: str
    number: int
    says: str
    says_in: str
    unmet: tuple[str, ...]
    is_tried: bool


def case_lines(variant: Variant, drawer: Drawer, code: str) -> tuple[CaseLine, ...]:
    """The cases of a rule in the order of their kinds."""
    cases = cases_of(drawer, code)
    read = {(case.kind, case.number): case for case in cases_read(cases)}
    return tuple(
        _line(kind, number, (str(case.get("says", "")), russian), read.get((kind, number)), variant)
        for kind in KINDS
        for number, (case, russian) in enumerate(cases.of_kind(kind), 1)
    )


def cases_read(cases: CasesOfRule) -> tuple[RuleCase, ...]:
    """The cases as the library reads them; none where they are not sound, which the checks of the variant tell."""
    try:
        return tuple(case for of_rule in rule_cases_in({"own": {"rule": [cases.row]}}).values() for case in of_rule.all)
    except UNREADABLE:
        return ()


def _line(kind: str, number: int, said: tuple[str, str], case: RuleCase | None, variant: Variant) -> CaseLine:
    english, russian = said
    is_russian = get_language() == "ru" and bool(russian)
    library = library_of_variant(variant)
    unmet: tuple[str, ...] = ()
    if library is not None and case is not None:
        try:
            unmet = tuple(dict.fromkeys(not_as_said(case, library)))
        except UNREADABLE as error:
            unmet = (str(error),)
    return CaseLine(kind, number, russian if is_russian else english, "ru" if is_russian else "en", unmet, library is not None)
