"""Everything that the pages of one variant read: what ships, what is in force at the clinic, and what the variant makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import get_language

from protocols.editions.addresses import entries_of, split
from protocols.editions.content import EditionContent, shipped_digest
from protocols.editions.queries import content_of, edition_in_force, library_in_force, names_in_force
from protocols.editor.profiles import TABLE, WORDS, is_own
from protocols.method.names import ENGLISH
from protocols.models import Variant
from protocols.presentation.reader import LibraryReader
from protocols.states import VariantState
from protocols.variants.changes import changes_of, content_of_variant

Entries = Mapping[str, Any]
CONDITIONS = "conditions/"


@lru_cache(maxsize=12)
def entries_of_edition(digest: str) -> Entries:
    """The entries of a kept edition by their addresses."""
    return entries_of(content_of(digest).parts)


@dataclass(frozen=True, eq=False)
class VariantDesk:
    """One variant with what it is measured by."""

    variant: Variant

    @property
    def condition(self) -> str:
        """The code of the condition that is changed; "" where the rules are."""
        subject = self.variant.subject
        return subject.removeprefix(CONDITIONS) if subject.startswith(CONDITIONS) else ""

    @cached_property
    def content(self) -> EditionContent:
        """The edition that the variant would make."""
        return content_of_variant(self.variant)

    @cached_property
    def changes(self) -> Mapping[str, Any]:
        """What the variant changes, by address."""
        return changes_of(self.variant)

    @cached_property
    def own(self) -> Entries:
        """The entries with the changes of the variant."""
        return entries_of(self.content.parts)

    @cached_property
    def in_force(self) -> Entries:
        """What the variant is held against: the entries that the clinic works with now, of one that is published those before it."""
        is_published = self.variant.state == VariantState.PUBLISHED
        return entries_of_edition(self.variant.base_id if is_published else edition_in_force(self.variant.clinic))

    @cached_property
    def shipped(self) -> Entries:
        """The entries of the release: what no clinic may loosen."""
        return entries_of_edition(shipped_digest())

    # Stages --------------------------------------------------------------------------------------------------------------
    def stage_address(self, stage: str) -> str:
        """The address of a stage of this condition."""
        return f"library/{CONDITIONS}{self.condition}:stage/{stage}"

    @cached_property
    def stages(self) -> Mapping[str, Mapping[str, Any]]:
        """The stages of the condition as the variant has them, by code."""
        head = self.stage_address("")
        return {address.removeprefix(head): entry for address, entry in self.own.items() if address.startswith(head)}

    def shipped_stage(self, stage: str) -> Mapping[str, Any]:
        """The stage as it ships; for one that only the clinic has, as the variant has it."""
        found: Mapping[str, Any] = self.shipped.get(self.stage_address(stage)) or self.stages[stage]
        return found

    def is_changed(self, stage: str) -> bool:
        """Whether the variant changes this stage."""
        return self.stage_address(stage) in self.changes

    # Profiles ------------------------------------------------------------------------------------------------------------
    @cached_property
    def profiles(self) -> Mapping[str, Mapping[str, Any]]:
        """Every profile, those of the clinic's own among them, by code."""
        return {address.removeprefix(TABLE): entry for address, entry in self.own.items() if address.startswith(TABLE)}

    @property
    def own_profiles(self) -> Mapping[str, Mapping[str, Any]]:
        """The profiles of the clinic's own."""
        return {code: row for code, row in self.profiles.items() if is_own(code)}

    def profile_words(self, code: str) -> str:
        """The Russian name of a profile of the clinic's own."""
        return str(self.own.get(f"{WORDS}{code}", {}).get("name", ""))

    # Texts ---------------------------------------------------------------------------------------------------------------
    @property
    def words_address(self) -> str:
        """The address of the Russian texts of the condition."""
        return f"ru/conditions:conditions/{self.condition}"

    @property
    def words(self) -> Mapping[str, Any]:
        """The Russian texts of the condition, its stages among them."""
        found: Mapping[str, Any] = self.own.get(self.words_address, {})
        return found

    @property
    def words_in_force(self) -> Mapping[str, Any]:
        """The Russian texts that the clinic works with now."""
        found: Mapping[str, Any] = self.in_force.get(self.words_address, {})
        return found

    @property
    def shipped_words(self) -> Mapping[str, Any]:
        """The Russian texts as they ship."""
        found: Mapping[str, Any] = self.shipped.get(self.words_address, {})
        return found

    @cached_property
    def reader(self) -> LibraryReader:
        """Names in the language of the page; profiles and stages of the variant under the names that it gives them.

        The library behind it is the one in force: the variant's own may not be sound at the moment.
        """
        clinic = self.variant.clinic
        names = names_in_force(clinic)
        return LibraryReader(library_in_force(clinic), replace(names, texts={**names.texts, **self._own_names()}))

    def _own_names(self) -> dict[tuple[str, str, str], str]:
        is_english = (get_language() or ENGLISH) == ENGLISH
        found = {
            ("profiles", code, "name"): row["name"] if is_english else self.profile_words(code) for code, row in self.own_profiles.items()
        }
        for code, stage in self.stages.items() if self.condition else ():
            word = stage["name"] if is_english else self.words.get("stages", {}).get(code, {}).get("name", "")
            found["stages", f"{self.condition}/{code}", "name"] = word or stage["name"]
        return found

    def stage_name(self, stage: str) -> str:
        """The name of a stage in the language of the page."""
        return self.reader.names.of("stages", f"{self.condition}/{stage}")


def stage_of(address: str) -> str:
    """The code of the stage that an address of a condition's table names; "" for any other."""
    part, table, code = split(address)
    return code if part.startswith(f"library/{CONDITIONS}") and table == "stage" else ""
