"""What a clinic made otherwise than the release: of one subject, in words."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from clinic.staff.models import Clinic
from protocols.editions.addresses import changes_between, entries_of, split, subject_of
from protocols.editions.content import shipped_content
from protocols.editions.queries import content_of, names_in_force
from protocols.language import page_names
from protocols.presentation.changed import EntryChange, changes_in_words

MOST_HELD: Final = 12
# What follows from the rest of an entry, and is no change of its own: the shares of a stage come of its steps.
FOLLOWS: Final[Mapping[str, frozenset[str]]] = {
    "stage": frozenset({"shares", "provenance"}),
    "profile": frozenset({"provenance", "basis", "sources"}),
}


def our_changes(clinic: Clinic, subject: str) -> tuple[EntryChange, ...]:
    """Every entry of this subject that the edition in force has otherwise than the release; nothing where the clinic follows it.

    Cases are not told: they say the same as the protocol. No query once the edition was read.
    """
    if not clinic.edition_digest:
        return ()
    found = _differing(clinic.edition_digest)
    after = {address: entry for address, entry in found.items() if subject_of(address) == subject and not address.startswith("cases/")}
    before = {address: _shipped().get(address) for address in after}
    return changes_in_words(without_what_follows(before), without_what_follows(after), names_in_force(clinic), page_names())


def without_what_follows(entries: Mapping[str, Any]) -> dict[str, Any]:
    """The entries by address, without what follows from the rest of each."""
    return {address: _own_words(address, entry) for address, entry in entries.items()}


def _own_words(address: str, entry: Any) -> Any:
    follows = FOLLOWS.get(split(address)[1])
    if follows is None or not isinstance(entry, Mapping):
        return entry
    return {key: value for key, value in entry.items() if key not in follows}


@lru_cache(maxsize=MOST_HELD)
def _differing(digest: str) -> Mapping[str, Any]:
    return changes_between(shipped_content().parts, content_of(digest).parts)


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Any]:
    return entries_of(shipped_content().parts)
