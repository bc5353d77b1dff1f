"""The cases of a variant as lines of a page: red ones first, and of those what is not met and what came instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from protocols.cases import WorkedCase
from protocols.editions.content import CASES
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.planning import plan_session
from protocols.method.plans import UnsafePlan
from protocols.models import Variant
from protocols.presentation.cases import expected_in_words, patient_in_words, stated_in_words
from protocols.presentation.reader import LibraryReader
from protocols.presentation.reader import reader_of as reader_with
from protocols.testbench.addresses import address_of
from protocols.testbench.queries import Workbench, removed_cases, worked_case_of
from protocols.testbench.unmet import Unmet, unmet_in_words
from protocols.variants.changes import content_of_variant
from protocols.variants.checking import CaseResult


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case. ``faults`` (English) say why it cannot be run at all; ``unmet`` what it expects in vain."""

    code: str
    condition: str
    condition_name: str
    says: str
    says_in: str
    patient: str
    stage: str
    stated: tuple[str, ...]
    outcome: str
    expected: tuple[str, ...]
    unmet: tuple[Unmet, ...]
    faults: tuple[str, ...]
    is_new: bool
    is_changed: bool
    try_url: str

    @property
    def is_red(self) -> bool:
        """Whether it keeps the variant from becoming an edition."""
        return bool(self.unmet or self.faults)


@dataclass(frozen=True, slots=True)
class RuleCaseLine:
    """A case of a rule: whom it stops, or spares."""

    code: str
    says: str
    faults: tuple[str, ...]
    is_new: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """The green cases of one condition."""

    name: str
    lines: tuple[CaseLine, ...]


def reader_of(bench: Workbench) -> LibraryReader:
    """What says the cases of a variant in the language of the page."""
    return reader_with(bench.library, bench.names)


def case_lines(variant: Variant, results: Iterable[CaseResult], bench: Workbench) -> tuple[CaseLine, ...]:
    """The worked cases with what came of them, in the order of the edition."""
    reader = reader_of(bench)
    parts = content_of_variant(variant).under(CASES)
    rows = {(name, row["code"]): row for name, part in parts.items() for row in part["case"]}
    found = ((each, rows.get((each.condition, each.code))) for each in results if each.address.startswith(CASES))
    return tuple(_line(variant, worked_case_of(row), each, reader) for each, row in found if row is not None)


def rule_case_lines(results: Iterable[CaseResult]) -> tuple[RuleCaseLine, ...]:
    """The cases of rules that are tried with this variant."""
    found = (each for each in results if not each.address.startswith(CASES))
    return tuple(RuleCaseLine(each.code, each.says, each.unmet, each.is_new, each.is_changed) for each in found)


def _line(variant: Variant, case: WorkedCase, result: CaseResult, reader: LibraryReader) -> CaseLine:
    unmet, faults = _what_is_wrong(case, reader) if result.unmet else ((), ())
    about = urlencode({"variant": variant.pk, "case": case.code})
    return CaseLine(
        code=case.code,
        condition=case.condition,
        condition_name=reader.names.of("conditions", case.condition),
        says=result.says,
        says_in="en" if result.says == case.says else reader.names.language,
        patient=patient_in_words(case.stated),
        stage=reader.names.of("stages", f"{case.condition}/{case.stated['stage']}") or str(case.stated["stage"]),
        stated=stated_words(case.stated, reader),
        outcome=str(case.expected.get("outcome", "")),
        expected=tuple(dict.fromkeys(expected_in_words(case.expected, reader))),
        unmet=unmet,
        faults=faults or (() if unmet else result.unmet),
        is_new=result.is_new,
        is_changed=result.is_changed,
        try_url=f"{reverse('testbench:try')}?{about}&{address_or_nothing(case.stated, reader)}",
    )


def _what_is_wrong(case: WorkedCase, reader: LibraryReader) -> tuple[tuple[Unmet, ...], tuple[str, ...]]:
    try:
        planned = plan_session(parse_case(case.stated, reader.library), reader.library)
    except Faults as faults:
        return (), tuple(str(fault) for fault in faults.faults)
    except UnsafePlan as unsafe:
        return (), (str(unsafe),)
    return unmet_in_words(case.expected, planned, reader), ()


def stated_words(stated: Mapping[str, Any], reader: LibraryReader) -> tuple[str, ...]:
    """What is stated of the patient; a case that names what the library does not hold is said to do so."""
    try:
        return tuple(stated_in_words(stated, reader))
    except (AttributeError, KeyError, RuntimeError, StopIteration, TypeError, ValueError):
        return (_("This case names something that the library does not hold."),)


def address_or_nothing(stated: Mapping[str, Any], reader: LibraryReader) -> str:
    """The query that shows this patient; "" for one that the library cannot read."""
    try:
        return address_of(stated, reader.library)
    except (AttributeError, KeyError, TypeError, ValueError):
        return ""


def green_groups(lines: Iterable[CaseLine]) -> tuple[CaseGroup, ...]:
    """The cases that hold, by condition."""
    found: dict[str, list[CaseLine]] = {}
    for line in lines:
        if not line.is_red:
            found.setdefault(line.condition_name, []).append(line)
    return tuple(CaseGroup(name, tuple(group)) for name, group in found.items())


def removed_lines(variant: Variant, bench: Workbench) -> tuple[tuple[str, str, str], ...]:
    """(condition, code, sentence) of the cases that the variant takes away."""
    names = bench.now_names
    return tuple((case.condition, case.code, names.of("cases", case.code, "says") or case.says) for case in removed_cases(variant))
