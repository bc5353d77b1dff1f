"""What a clinic can write into a pack, and the pack it makes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from clinic.staff.models import Clinic
from protocols.editions.addresses import changes_between, entries_of, split
from protocols.editions.content import EditionContent, shipped_content
from protocols.editions.queries import content_of, edition_in_force
from protocols.models import Publication, Variant
from protocols.packs.belonging import sources_in, subjects_of_entry
from protocols.packs.format import Named, Pack, PackEntry, Source
from protocols.shelf import REVIEW_BY
from protocols.variants.changes import changes_of
from protocols.variants.subjects import COURSE_RULES, OF_CONDITION, RULES

SOURCES: Final = "library/sources:source/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written: the whole edition, what is the clinic's own in it, one variant, or chosen parts."""

    what: str
    variant: Variant | None = None
    conditions: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    course_rules: bool = False
    name: str = field(default="", kw_only=True)


def pack_of(clinic: Clinic, wanted: Wanted) -> Pack:
    """The pack of what is wanted. The same library gives the same pack, byte for byte."""
    base = content_of(wanted.variant.base_id if wanted.variant else edition_in_force(clinic))
    there = entries_of(base.parts)
    changes, entries = _chosen(base, there, wanted)
    return Pack(
        name=wanted.name or base.name,
        what=wanted.what,
        clinic=clinic.name,
        base=Named(base.name, base.digest),
        shipped=Named(shipped_content().name, shipped_content().digest),
        review_by=review_day(clinic, wanted.variant),
        sources=tuple(_sources(entries, there | changes)),
        changed=_changed(entries),
        entries=entries,
    )


def review_day(clinic: Clinic, variant: Variant | None = None) -> str:
    """The day (ISO) by which what is written is to be looked at again; "" where nobody named one."""
    if variant is not None:
        return variant.review_by.isoformat() if variant.review_by else ""
    if not clinic.edition_digest:
        return REVIEW_BY.isoformat()
    publication = Publication.objects.filter(clinic=clinic, edition=clinic.edition_digest).first()
    return publication.review_by.isoformat() if publication else ""


def has_own(clinic: Clinic) -> bool:
    """Whether the edition in force at this clinic is one of its own. No query."""
    return edition_in_force(clinic) != shipped_content().digest


# Entries ------------------------------------------------------------------------------------------------------------------------
def _chosen(base: EditionContent, there: Mapping[str, Any], wanted: Wanted) -> tuple[dict[str, Any], tuple[PackEntry, ...]]:
    """What differs from the base, and the entries that are written."""
    if wanted.variant is not None:
        changes = changes_of(wanted.variant)
        subject = wanted.variant.subject
        return changes, tuple(PackEntry(address, (subject,), entry) for address, entry in changes.items())
    if wanted.what == "own":
        own = changes_between(shipped_content().parts, base.parts)
        return {}, tuple(_entry(address, entry, there) for address, entry in own.items())
    rows = (_entry(address, entry, there) for address, entry in there.items())
    return {}, tuple(row for row in rows if wanted.what == "edition" or _is_chosen(row, wanted))


def _entry(address: str, content: Any, entries: Mapping[str, Any]) -> PackEntry:
    return PackEntry(address, subjects_of_entry(address, entries), content)


def _is_chosen(row: PackEntry, wanted: Wanted) -> bool:
    """Whether an entry belongs to one of the chosen conditions, rules or the course rules."""
    if COURSE_RULES in row.subjects:
        return wanted.course_rules
    if RULES in row.subjects:
        return split(row.address)[2] in wanted.rules
    return any(f"{OF_CONDITION}{code}" in row.subjects for code in wanted.conditions)


def _changed(entries: Iterable[PackEntry]) -> tuple[str, ...]:
    shipped = entries_of(shipped_content().parts)
    return tuple(row.address for row in entries if row.address not in shipped or shipped[row.address] != row.content)


def _sources(entries: Iterable[PackEntry], known: Mapping[str, Any]) -> Iterable[Source]:
    """The sources that the entries name, in the order of their codes; those of a condition too, whichever part of it is written."""
    named = {code for row in entries for code in sources_in({"sources": row.content} if row.address.endswith(":sources") else row.content)}
    for subject in {subject for row in entries for subject in row.subjects if subject.startswith(OF_CONDITION)}:
        named.update(sources_in({"sources": known.get(f"library/{subject}:sources", [])}))
    for code in sorted(named):
        row = known.get(f"{SOURCES}{code}")
        if row:
            yield Source(code, str(row["title"]), str(row.get("address", "")))
