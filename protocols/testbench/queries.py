"""What the test bench works with: the library of a variant beside the one in force, and its cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from clinic.staff.models import Clinic
from protocols.cases import WorkedCase
from protocols.editions.addresses import entries_of
from protocols.editions.content import CASES
from protocols.editions.queries import content_of, edition_in_force, library_in_force, names_in_force
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.models import Variant
from protocols.variants.changes import changes_of, content_of_variant
from protocols.variants.checking import library_of_variant, names_of_variant
from protocols.variants.queries import variant_or_404
from protocols.variants.subjects import OWN, read_subject


@dataclass(frozen=True, slots=True)
class Workbench:
    """What is tried: a variant, or without one what the clinic works with.

    ``is_sound``: the variant makes a library that can be planned with; otherwise ``library`` is the one in force, to read its cases.
    """

    variant: Variant | None
    library: Library
    names: Names
    now: Library
    now_names: Names
    is_sound: bool


def workbench(clinic: Clinic, pk: int | None) -> Workbench:
    """The bench of a variant of this clinic, or of the edition in force. Raises ``Http404``."""
    now, now_names = library_in_force(clinic), names_in_force(clinic)
    if pk is None:
        return Workbench(None, now, now_names, now, now_names, is_sound=True)
    variant = variant_or_404(clinic, pk)
    library, names = library_of_variant(variant), names_of_variant(variant)
    if library is None or names is None:
        return Workbench(variant, now, now_names, now, now_names, is_sound=False)
    return Workbench(variant, library, names, now, now_names, is_sound=True)


def conditions_of(variant: Variant, library: Library) -> tuple[str, ...]:
    """The conditions whose cases belong to this variant: its own, or of a variant of the rules every one."""
    subject = read_subject(variant.subject)
    return (subject.code,) if subject.kind == "condition" else tuple(library.conditions)


def case_address(condition: str, code: str) -> str:
    """Where a case stands in an edition."""
    return f"{CASES}{condition}:case/{code}"


def words_address(language: str, code: str) -> str:
    """Where its sentence in another language stands."""
    return f"{language}/cases:cases/{code}"


def case_row(variant: Variant, condition: str, code: str) -> dict[str, Any]:
    """A case of a variant as its edition holds it. Raises ``Http404`` where there is none."""
    part = content_of_variant(variant).parts.get(f"{CASES}{condition}", {})
    row = next((row for row in part.get("case", ()) if row["code"] == code), None)
    if row is None:
        raise Http404
    return dict(row)


def worked_case_of(row: Mapping[str, Any]) -> WorkedCase:
    """A row as a case."""
    return WorkedCase(row["code"], row["says"], row["input"], row["expect"])


def words_of_case(variant: Variant, code: str) -> dict[str, str]:
    """The sentence of a case in the other languages of the edition, "" where there is none."""
    content = content_of_variant(variant)
    rows = {language: content.parts.get(f"{language}/cases", {}).get("cases", {}) for language in content.languages}
    return {language: str(found.get(code, {}).get("says", "")) for language, found in rows.items()}


def removed_cases(variant: Variant) -> tuple[WorkedCase, ...]:
    """Cases of the edition in force that the variant takes away."""
    there = entries_of(content_of(edition_in_force(variant.clinic)).parts)
    gone = (address for address, entry in changes_of(variant).items() if entry is None and address.startswith(CASES))
    return tuple(worked_case_of(there[address]) for address in gone if address in there)


def free_code(variant: Variant, condition: str) -> str:
    """A code that no case of the variant, nor of the edition in force, has: ``own-CONDITION-NUMBER``."""
    contents = (content_of_variant(variant), content_of(edition_in_force(variant.clinic)))
    codes = {row["code"] for content in contents for part in content.under(CASES).values() for row in part["case"]}
    number = next(number for number in range(1, len(codes) + 2) if f"{OWN}{condition}-{number}" not in codes)
    return f"{OWN}{condition}-{number}"


def find_case(variant: Variant, code: str) -> WorkedCase:
    """The case of a variant with this code, whichever condition it is about. Raises ``Http404``."""
    parts = content_of_variant(variant).under(CASES)
    row = next((row for part in parts.values() for row in part["case"] if row["code"] == code), None)
    if row is None:
        raise Http404
    return worked_case_of(row)
