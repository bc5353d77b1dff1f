"""What a stage forbids place by place: every row of the release must still be covered by one as wide. Pure."""

from collections.abc import Iterator
from functools import lru_cache

from protocols.method.entries import Forbid, Treatment
from protocols.method.library import Library
from protocols.variants.strict_values import Loosening, plain

EVERYWHERE = "all"


def forbid_loosened(address: str, before: Treatment, after: Treatment, library: Library) -> Iterator[Loosening]:
    """Rows that are gone, or narrower than they were."""
    lifted = frozenset(family for form in after.variants for family in form.lifts_forbid)
    for row in before.forbid:
        if not any(covers(new, row, library, lifted) for new in after.forbid):
            yield Loosening(address, "forbid", plain(row), None)


def covers(new: Forbid, old: Forbid, library: Library, lifted: frozenset[str]) -> bool:
    """Whether a row forbids all that the old one does. ``lifted`` are families whose rows a form of the stage sets aside."""
    side = new.side in (old.side, "both")
    scope = new.scope is None or new.scope == old.scope
    return side and scope and _covers_zone(new.zone, old.zone, library) and _covers_hands(new, old, library, lifted)


def _covers_hands(new: Forbid, old: Forbid, library: Library, lifted: frozenset[str]) -> bool:
    if (new.family, new.technique) == (old.family, old.technique) or new.family == EVERYWHERE:
        return True
    technique = library.techniques.get(old.technique or "")
    return technique is not None and new.family == technique.family and new.family not in lifted


def _covers_zone(new: str, old: str, library: Library) -> bool:
    if new in (old, EVERYWHERE):
        return True
    return old != EVERYWHERE and old not in library.role_zones and leaves_of(library, old) <= leaves_of(library, new)


@lru_cache(maxsize=4096)
def leaves_of(library: Library, zone: str) -> frozenset[str]:
    """The leaf zones of a zone; a role zone, which is known only with the patient, stands for itself."""
    return frozenset(library.tree.leaves(zone)) if zone in library.zones else frozenset({zone})
