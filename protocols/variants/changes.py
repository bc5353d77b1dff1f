"""The content that a variant stands for: what its clinic works with now, and the entries that it changes."""

import json
from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from protocols.editions.addresses import PLAIN_PARTS, entries_of, split, with_changes
from protocols.editions.content import EditionContent
from protocols.editions.queries import content_of, edition_in_force
from protocols.models import Variant
from protocols.variants.subjects import may_change

Changes = Mapping[str, Any]
DRAFT: Final = "-draft"
MOST_HELD: Final = 12
DEEPEST: Final = 16  # no entry of a library nests half as deep
LONGEST: Final = 400_000  # letters of all changes of one variant


def changes_of(variant: Variant) -> dict[str, Any]:
    """Address -> new content of an entry, None where it is taken away."""
    return read_changes(variant.changes)


def read_changes(text: str) -> dict[str, Any]:
    """Changes from the JSON text that keeps them."""
    found: dict[str, Any] = json.loads(text)
    return found


def changes_text(changes: Changes) -> str:
    """The JSON text that keeps changes, the same for the same changes."""
    return json.dumps(dict(sorted(changes.items())), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def content_with(base: EditionContent, changes: Changes, name: str) -> EditionContent:
    """The edition of this name that these changes make of ``base``. What has no right shape (``misshapen``) is left as it was."""
    sound = {address: entry for address, entry in changes.items() if not misshapen(address, entry) and has_place(base, address)}
    return EditionContent(name, with_changes(base.parts, sound))


def content_of_variant(variant: Variant) -> EditionContent:
    """What the clinic would work with were the variant published: the edition in force with the variant's changes. The same object
    for the same content, as long as it is in memory."""
    return content_in(edition_in_force(variant.clinic), variant.subject, variant.changes)


@lru_cache(maxsize=MOST_HELD)
def content_in(digest: str, subject: str, text: str) -> EditionContent:
    """The kept edition of this digest with those changes of this text that belong to the subject. Raises ``EditionLost``."""
    base = content_of(digest)
    changes = {address: entry for address, entry in read_changes(text).items() if may_change(subject, address)}
    return content_with(base, changes, f"{base.name}{DRAFT}")


def moved_on(variant: Variant) -> tuple[str, ...]:
    """Addresses of its changes that the edition in force has changed since the variant was begun: its author has to look again."""
    now = edition_in_force(variant.clinic)
    if now == variant.base_id:
        return ()
    before, after = entries_of(content_of(variant.base_id).parts), entries_of(content_of(now).parts)
    return tuple(address for address in changes_of(variant) if not same(before.get(address), after.get(address)))


def same(one: object, other: object) -> bool:
    """Whether two contents are the same in every letter. ``1`` and ``true`` are not, which ``==`` would say."""
    return one is other or _letters(one) == _letters(other)


def _letters(entry: object) -> str:
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, default=dict)


# Shape --------------------------------------------------------------------------------------------------------------------------
def misshapen(address: str, entry: object) -> bool:
    """Whether this cannot stand at this address at all: no address, a row that is no table or has another code, or no plain data."""
    try:
        part, table, code = split(address)
    except ValueError:
        return True
    if entry is None:
        return False
    if not _is_plain_data(entry, DEEPEST):
        return True
    if not code:
        return _has_rows(part, table)
    if not isinstance(entry, Mapping):
        return True
    return part.startswith(PLAIN_PARTS) and entry.get("code", entry.get("id")) != code


def has_place(base: EditionContent, address: str) -> bool:
    """Whether the edition has, or may have, an entry there: a row only where there are rows."""
    part, table, code = split(address)
    there = base.parts.get(part, {}).get(table)
    if not code or there is None:
        return True
    return isinstance(there, Mapping) if not part.startswith(PLAIN_PARTS) else f"{part}:{table}" not in entries_of({part: {table: there}})


def _has_rows(part: str, table: str) -> bool:
    """Tables with rows are changed row by row."""
    return (
        (part.startswith("library/conditions/") and table == "stage") or (part, table) in ROWS or part.startswith(("cases/", "rule-cases/"))
    )


ROWS: Final = frozenset({("library/contraindications", "rule"), ("library/profiles", "profile"), ("library/sources", "source")})


def _is_plain_data(value: object, depth: int) -> bool:
    if depth == 0:
        return False
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain_data(item, depth - 1) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_plain_data(item, depth - 1) for item in value)
    return isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value))


def tidy(value: Any) -> Any:
    """The same content with whole numbers written as such (``9.0`` -> ``9``), so that a number typed into a form is no change."""
    if isinstance(value, Mapping):
        return {key: tidy(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
