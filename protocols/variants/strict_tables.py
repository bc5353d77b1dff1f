"""The tables that no variant may change: what the body, the hands, the facts and the documents are is of the release alone. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from protocols.method.library import Library
from protocols.variants.strict_values import Loosening
from protocols.variants.subjects import OWN

# Table of a library -> the part of an edition that it is read from.
FIXED: Final[Mapping[str, str]] = {
    "zones": "zones",
    "role_zones": "zones",
    "resolutions": "zones",
    "positions": "positions",
    "dangers": "danger-zones",
    "areas": "procedure-areas",
    "pressure_levels": "techniques",
    "families": "techniques",
    "techniques": "techniques",
    "supplements": "supplements",
    "supplement_classes": "supplements",
    "points": "supplements",
    "segments": "supplements",
    "facts": "facts",
    "documents": "clearance-documents",
    "order_rules": "sequencing",
    "part_shares": "sequencing",
    "family_order": "sequencing",
    "limb_order": "sequencing",
    "measures": "measures",
    "sheets": "home-sheets",
    "sources": "sources",
    "intake": "intake",
}


def tables_loosened(shipped: Library, own: Library) -> Iterator[Loosening]:
    """Every fixed table that is not the same, row by row where it has rows; and profiles of the release that say something else."""
    for name, stem in FIXED.items():
        before, after = getattr(shipped, name), getattr(own, name)
        if before != after:
            yield from _rows(f"library/{stem}:{name}", before, after)
    for code, profile in shipped.profiles.items():
        if code in own.profiles and own.profiles[code] != profile:
            yield Loosening(f"library/profiles:profile/{code}", "profile-changed", profile.name, own.profiles[code].name)


def _is_own_source(address: str, code: Any, before: Mapping[Any, Any]) -> bool:
    """What a clinic's own rule rests on is a document of its own; it may only be added."""
    return address == "library/sources:sources" and code not in before and str(code).startswith(OWN)


def _rows(address: str, before: Any, after: Any) -> Iterator[Loosening]:
    if not isinstance(before, Mapping):
        yield Loosening(address, "table-changed", None, None)
        return
    for code in dict.fromkeys([*before, *after]):
        if before.get(code) != after.get(code) and not _is_own_source(address, code, before):
            there, here = (str(code) if code in table else None for table in (before, after))
            yield Loosening(f"{address}/{code}", "table-changed", there, here)
    if [*before] != [*after] and set(before) == set(after):
        yield Loosening(address, "table-changed", None, None)
