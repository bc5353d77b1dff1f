"""Marks on a body chart: what may stand there, doubles merged, and what came and went between two charts. Pure.

A mark lies on a leaf zone of the library on one side, or on a segment of the spine, which the library's zones do not divide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from clinic.courses.states import MarkKind
from protocols.body_map import LEVELS
from protocols.method.tree import ZoneTree

SEGMENTS: Final = LEVELS
SIDES: Final = ("left", "right")
HAS_LEVEL: Final = frozenset({MarkKind.PAIN, MarkKind.TENSION, MarkKind.NUMB})
MOST: Final = 60  # marks on one chart
LONGEST_NOTE: Final = 120


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. ``side`` is ``both`` where a zone has no sides; ``level`` 0-10, 10 the worst, None where nobody said."""

    zone: str
    side: str
    kind: str
    level: int | None = None
    note: str = ""

    @property
    def place(self) -> str:
        """The id of its place on the drawing."""
        return f"{self.zone}-{self.side}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same mark on another chart."""
        return self.zone, self.side, self.kind


@dataclass(frozen=True, slots=True)
class Since:
    """What is different on a later chart. ``changed`` holds (before, now) of the same mark with another level."""

    new: tuple[Mark, ...]
    gone: tuple[Mark, ...]
    changed: tuple[tuple[Mark, Mark], ...]
    same: tuple[Mark, ...]


def is_place(tree: ZoneTree, zone: str) -> bool:
    """Whether a mark may lie on this zone: a leaf of the tree, or a segment of the spine."""
    return zone in SEGMENTS or (zone in tree.zones and not tree.children(zone))


def is_paired(tree: ZoneTree, zone: str) -> bool:
    """Whether the zone has a left and a right side."""
    return zone in tree.zones and tree.zones[zone].paired


def merged(marks: Iterable[Mark], tree: ZoneTree) -> tuple[Mark, ...]:
    """Each mark once, in the order of the body: of doubles the higher level and every word."""
    found: dict[tuple[str, str, str], Mark] = {}
    for mark in (each for one in marks for each in _halves(one, tree)):
        known = found.get(mark.key)
        found[mark.key] = _together(known, mark) if known else mark
    order = {code: at for at, code in enumerate((*tree.zones, *SEGMENTS))}
    kinds = MarkKind.values
    return tuple(sorted(found.values(), key=lambda mark: (order[mark.zone], mark.side, kinds.index(mark.kind))))


def _halves(mark: Mark, tree: ZoneTree) -> tuple[Mark, ...]:
    """Both sides of a paired zone are two marks, so that one of them can pass."""
    if mark.side == "both" and is_paired(tree, mark.zone):
        return tuple(replace(mark, side=side) for side in SIDES)
    return (mark,)


def _together(one: Mark, other: Mark) -> Mark:
    levels = [mark.level for mark in (one, other) if mark.level is not None]
    notes = dict.fromkeys(note for note in (one.note, other.note) if note)
    return replace(one, level=max(levels, default=None), note="; ".join(notes))


def since(before: Iterable[Mark], now: Iterable[Mark]) -> Since:
    """What came, went and changed its level from one chart to a later one."""
    then, here = {mark.key: mark for mark in before}, {mark.key: mark for mark in now}
    both = [(then[key], mark) for key, mark in here.items() if key in then]
    return Since(
        new=tuple(mark for key, mark in here.items() if key not in then),
        gone=tuple(mark for key, mark in then.items() if key not in here),
        changed=tuple((one, other) for one, other in both if one.level != other.level),
        same=tuple(other for one, other in both if one.level == other.level),
    )


def as_json(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """How a chart keeps its marks."""
    return [{"zone": mark.zone, "side": mark.side, "kind": mark.kind, "level": mark.level, "note": mark.note} for mark in marks]


def from_json(kept: Iterable[Mapping[str, Any]]) -> tuple[Mark, ...]:
    """The marks of a chart. Raises ``KeyError`` for a mark that is not whole."""
    return tuple(Mark(each["zone"], each["side"], each["kind"], each["level"], each["note"]) for each in kept)
