"""Other editions for tests: every text of the library ends otherwise, in both languages."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from clinic.staff.models import Clinic
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, shipped_content

MARK: Final = "‡"  # stands behind every text of that edition, and in none of the release
COLLAR: Final = "library/conditions/neck-collar:stage/calming"
TEXTS: Final = frozenset({"name", "title", "explanation", "question", "where", "definition", "basis", "stop"})


@cache
def other_edition() -> EditionContent:
    """Other words for everything; it plans, finds and forbids what the release does."""
    parts = shipped_content().parts
    return EditionContent("2026-11.1", {name: _marked(part, everything=name.startswith("ru/")) for name, part in parts.items()})


@cache
def gentler_edition() -> EditionContent:
    """The same, and the collar zone is pressed a level less when it is to calm."""
    parts = other_edition().parts
    return EditionContent("2026-11.2", with_changes(parts, {COLLAR: entries_of(parts)[COLLAR] | {"pressure_max": 2}}))


def puts_in_force(clinic: Clinic, content: EditionContent) -> Clinic:
    """The clinic works with this edition from now on."""
    Clinic.objects.filter(pk=clinic.pk).update(edition_digest=keep_edition(content))
    clinic.refresh_from_db()
    return clinic


def _marked(part: Mapping[str, Any], *, everything: bool) -> dict[str, Any]:
    return {key: _value(key, value, everything=everything) for key, value in part.items()}


def _value(key: str, value: Any, *, everything: bool) -> Any:
    if isinstance(value, Mapping):
        return value if key == "labels" else _marked(value, everything=everything)
    if isinstance(value, list):
        return [_value(key, each, everything=everything) for each in value]
    is_text = isinstance(value, str) and value and (everything or key in TEXTS)
    return f"{value} {MARK}" if is_text else value
