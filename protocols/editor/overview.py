"""What the page of one variant shows: its stages, everything that it changes in words, and how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocols.editor.desk import VariantDesk
from protocols.editor.links import link_of
from protocols.models import VariantVersion
from protocols.presentation.changed import EntryChange, changes_in_words, heading_of
from protocols.presentation.ours import without_what_follows
from protocols.states import OPEN_VARIANTS
from protocols.variants.changes import moved_on, read_changes
from protocols.variants.queries import versions_of
from protocols.wording_conditions import local_word


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: what it allows, and whether this variant, or one before it, changes it."""

    code: str
    name: str
    local: str
    local_word: str
    minutes: int
    steps: int
    is_changed: bool
    is_of_the_clinic: bool


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One entry that the variant changes, with where it is changed."""

    change: EntryChange
    url: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One version: what it changed against the one before it."""

    version: VariantVersion
    lines: tuple[EntryChange, ...]
    is_now: bool


def stage_rows(desk: VariantDesk) -> tuple[StageRow, ...]:
    """The stages of the condition as the variant has them; none for a variant of the rules."""
    return tuple(_stage(desk, code, row) for code, row in desk.stages.items()) if desk.condition else ()


def _stage(desk: VariantDesk, code: str, row: Mapping[str, Any]) -> StageRow:
    address = desk.stage_address(code)
    return StageRow(
        code=code,
        name=desk.stage_name(code),
        local=row["local"],
        local_word=local_word(row["local"]),
        minutes=row.get("minutes", {}).get("full", 0),
        steps=len(row.get("steps", ())),
        is_changed=desk.is_changed(code),
        is_of_the_clinic=desk.in_force.get(address) != desk.shipped.get(address),
    )


def changed_lines(desk: VariantDesk) -> tuple[ChangedLine, ...]:
    """Everything that the variant changes against the edition in force, in words."""
    before = {address: desk.in_force.get(address) for address in desk.changes}
    found = changes_in_words(without_what_follows(before), without_what_follows(desk.changes), desk.reader.names)
    return tuple(ChangedLine(change, link_of(desk.variant, change.address)) for change in found)


def moved_lines(desk: VariantDesk) -> tuple[str, ...]:
    """What the edition in force changed since the variant was begun, of what the variant changes; of one that is over nobody asks."""
    if desk.variant.state not in OPEN_VARIANTS:
        return ()
    return tuple(heading_of(address, desk.reader.names) for address in moved_on(desk.variant))


def history_rows(desk: VariantDesk) -> tuple[HistoryRow, ...]:
    """The versions, the newest first, each with what it changed. Versions that only moved the variant are no changes of content."""
    versions = list(versions_of(desk.variant))
    found = []
    for place, version in enumerate(versions):
        after = read_changes(version.changes)
        before = read_changes(versions[place + 1].changes) if place + 1 < len(versions) else {}
        addresses = sorted({*before, *after})
        old, new = ({address: side.get(address, desk.in_force.get(address)) for address in addresses} for side in (before, after))
        lines = changes_in_words(without_what_follows(old), without_what_follows(new), desk.reader.names)
        found.append(HistoryRow(version, lines, place == 0))
    return tuple(found)
