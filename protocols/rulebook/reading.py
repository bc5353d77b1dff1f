"""What the pages of the rulebook read: a library in one language, and the raw entries of a variant beside what they are measured by."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import get_language

from clinic.staff.models import Clinic
from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_digest
from protocols.editions.queries import content_of, edition_in_force
from protocols.method.names import ENGLISH
from protocols.models import Variant
from protocols.presentation.reader import LibraryReader, page_reader, reader_of
from protocols.rulebook.changing import Raw
from protocols.variants.changes import changes_of
from protocols.variants.checking import library_of_variant, names_of_variant

RULE: Final = "library/contraindications:rule/"
RULE_RU: Final = "ru/contraindications:contraindications/"
SOURCE: Final = "library/sources:source/"
CASES: Final = "rule-cases/"
COURSE: Final = "library/course-rules:"
COURSE_RU: Final = "ru/course-rules:course-rules"


def reader_of_clinic(clinic: Clinic) -> LibraryReader:
    """The library that a clinic works with, in the language of the page."""
    return page_reader(clinic)


def reader_of_variant(variant: Variant) -> LibraryReader | None:
    """The library that a variant makes, in the language of the page; None where it is not sound yet."""
    library, names = library_of_variant(variant), names_of_variant(variant, get_language() or ENGLISH)
    return reader_of(library, names) if library and names else None


@dataclass(frozen=True, slots=True)
class Drawer:
    """The entries of an edition as raw content by their address: as shipped, as in force at the clinic, and as the variant has them."""

    shipped: Mapping[str, Any]
    in_force: Mapping[str, Any]
    now: Mapping[str, Any]
    changes: Mapping[str, Any]

    def rules(self) -> dict[str, Raw]:
        """The rules of the variant by their codes."""
        return {address.removeprefix(RULE): row for address, row in self.now.items() if address.startswith(RULE)}

    def case_address(self, code: str) -> str:
        """Where the cases of a rule stand; those of a rule without any belong into the clinic's own file."""
        ending = f":rule/{code}"
        found = (address for address in self.now if address.startswith(CASES) and address.endswith(ending))
        return next(found, f"{CASES}own{ending}")


def drawer_of(variant: Variant) -> Drawer:
    """Everything that a variant changes, beside what it is measured by."""
    in_force, changes = entries_of_edition(edition_in_force(variant.clinic)), changes_of(variant)
    merged = {**in_force, **changes}
    now = {address: entry for address, entry in merged.items() if entry is not None}
    return Drawer(entries_of_edition(shipped_digest()), in_force, now, changes)


@lru_cache(maxsize=12)
def entries_of_edition(digest: str) -> Mapping[str, Any]:
    """The entries of a kept edition by their address. Raises ``EditionLost``."""
    return entries_of(content_of(digest).parts)
