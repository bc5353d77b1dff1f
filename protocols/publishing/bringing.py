"""What would have to change so that a clinic works again with what another edition says, subject by subject."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clinic.staff.models import Clinic
from protocols.editions.addresses import changes_between, entries_of, split, subject_of
from protocols.editions.content import EditionContent, shipped_content
from protocols.editions.queries import content_of, edition_in_force
from protocols.models import Publication
from protocols.variants.subjects import may_change, read_subject

Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Brought:
    """What another edition has otherwise: changes by subject, and the addresses of what no clinic changes."""

    name: str
    by_subject: Mapping[str, Changes]
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReleaseNews:
    """What a new edition of the release changed since the clinic made its own.

    ``own``: what the clinic changed; ``both``: what both changed; ``brought``: what only the release changed.
    """

    base: EditionContent
    shipped: EditionContent
    now: EditionContent
    own: Changes = field(default_factory=dict)
    both: tuple[str, ...] = ()
    brought: Brought = field(default_factory=lambda: Brought("", {}))


def brought_from(clinic: Clinic, edition: str, *, only_released: bool = False) -> Brought:
    """What this edition has otherwise than the one in force. Raises ``EditionLost``."""
    if only_released:
        news = release_news(clinic)
        return news.brought if news else Brought("", {})
    there, now = content_of(edition), content_of(edition_in_force(clinic))
    return _brought(there.name, changes_between(now.parts, there.parts))


def release_news(clinic: Clinic) -> ReleaseNews | None:
    """What the release changed since the clinic made editions of its own; None where it changed nothing or the clinic has none. One query.

    Raises ``EditionLost`` where the edition that the clinic began with was not kept.
    """
    if not clinic.edition_digest:
        return None
    first = Publication.objects.filter(clinic=clinic).order_by("number").values_list("before_id", flat=True).first()
    if first is None or first == shipped_content().digest:
        return None
    base, shipped, now = content_of(first), shipped_content(), content_of(clinic.edition_digest)
    released, own = changes_between(base.parts, shipped.parts), changes_between(base.parts, now.parts)
    entries = entries_of(now.parts)
    open_ = {address: entry for address, entry in released.items() if entries.get(address) != entry}
    both = tuple(address for address in open_ if address in own)
    theirs = {address: entry for address, entry in open_.items() if address not in own}
    return ReleaseNews(base, shipped, now, own, both, _brought(shipped.name, theirs)) if open_ else None


def _brought(name: str, changes: Changes) -> Brought:
    """The changes by the subject that they belong to; an entry that several may change goes to those whose changes name it."""
    subjects = [subject for subject in dict.fromkeys(map(subject_of, changes)) if _is_subject(subject)]
    found = {subject: {address: entry for address, entry in changes.items() if _belongs(subject, address)} for subject in subjects}
    for subject, own in found.items():
        text = json.dumps(dict(own), ensure_ascii=False)
        own |= {address: changes[address] for address in changes if _is_named(subject, address, text) and changes[address] is not None}
    taken = {address for own in found.values() for address in own}
    return Brought(name, {subject: own for subject, own in found.items() if own}, tuple(a for a in changes if a not in taken))


def _is_subject(text: str) -> bool:
    try:
        read_subject(text)
    except ValueError:
        return False
    return True


def _belongs(subject: str, address: str) -> bool:
    return subject_of(address) == subject and may_change(subject, address)


def _is_named(subject: str, address: str, text: str) -> bool:
    """Whether this entry of no one subject (a mix of the clinic's own, the words of a case) is named in the changes of this one."""
    code = split(address)[2]
    return bool(code) and not _is_subject(subject_of(address)) and may_change(subject, address) and json.dumps(code) in text
