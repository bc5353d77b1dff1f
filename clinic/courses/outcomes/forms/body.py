"""The list twin of the body chart: rows of zone, side, kind, level and words. It works alone, without a mouse and without JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.outcomes.marks import HAS_LEVEL, LONGEST_NOTE, MOST, SIDES, Mark, is_paired, is_place
from clinic.courses.states import MarkKind
from clinic.web.typed import check_can_be_seen
from protocols.method.tree import ZoneTree

FIELDS: Final = ("zone", "side", "kind", "level", "note")
LONGEST_NUMBER: Final = 5  # a longer one is nonsense that is not even read
EMPTY: Final = {"zone": "", "side": "", "kind": "pain", "level": "", "note": ""}


@dataclass(slots=True)
class Line:
    """One row as it was typed, and what is wrong with each of its fields."""

    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody has begun it: the kind alone is only the brush."""
        return not any(self.typed[name] for name in ("zone", "side", "level", "note"))

    def mark_stands(self, tree: ZoneTree) -> bool:
        """Whether the row can be drawn as it is."""
        return not _faults(self.typed, tree)

    def mark(self) -> Mark:
        """The row as a mark, once nothing is wrong with it. A zone without sides has the side ``both``."""
        level = self.typed["level"]
        return Mark(self.typed["zone"], self.typed["side"] or "both", self.typed["kind"], int(level) if level else None, self.typed["note"])


class ChartForm:
    """All rows. ``step`` is what was pressed: save, more (a row), undo (the last one), or remove with the number of a row."""

    def __init__(self, tree: ZoneTree, *, data: QueryDict | None = None, marks: Sequence[Mark] = ()) -> None:
        self.tree, self.step, self.general = tree, "save", ""
        self.lines = _typed(data) if data is not None else [Line(_words(mark)) for mark in marks]
        if data is not None:
            self._turn(data)

    def _turn(self, data: QueryDict) -> None:
        """What the buttons beside "save" do to the rows; nothing of the others is lost."""
        if "more" in data:
            self.step = "more"
        elif "undo" in data:
            self.step = "undo"
            begun = [at for at, line in enumerate(self.lines) if not line.is_empty]
            self.lines = self.lines[: begun[-1]] if begun else []
        elif (number := data.get("remove", "")).isdecimal() and len(number) < LONGEST_NUMBER:
            self.step = "remove"
            self.lines = [line for at, line in enumerate(self.lines) if at != int(number)]
        if self.step != "save":
            self.lines = [line for line in self.lines if not line.is_empty]

    @property
    def rows(self) -> list[Line]:
        """The rows to show: what there is, and one more to write in."""
        return [*self.lines, Line(dict(EMPTY))] if not self.lines or not self.lines[-1].is_empty else self.lines

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) of everything that is wrong, in the order of the rows."""
        return [(f"{name}-{at}", words) for at, line in enumerate(self.lines) for name, words in line.errors.items()]

    def is_valid(self) -> bool:
        """Whether every row that was begun can stand."""
        for line in self.lines:
            if not line.is_empty:
                line.errors = dict(_faults(line.typed, self.tree))
        return not self.errors

    def marks(self) -> tuple[Mark, ...]:
        """The marks of the rows that were begun."""
        return tuple(line.mark() for line in self.lines if not line.is_empty)


def _typed(data: QueryDict) -> list[Line]:
    """The rows that were sent, by their numbers; numbers may have gaps where a row was taken away in the browser."""
    numbers = sorted({int(name.partition("-")[2]) for name in data if name.startswith("zone-") and name[5:].isdecimal() and len(name) < 10})
    return [Line({name: data.get(f"{name}-{at}", "").strip() for name in FIELDS}) for at in numbers[: 2 * MOST]]


def _words(mark: Mark) -> dict[str, str]:
    side = "" if mark.side == "both" else mark.side
    return {"zone": mark.zone, "side": side, "kind": mark.kind, "level": "" if mark.level is None else str(mark.level), "note": mark.note}


def _faults(typed: Mapping[str, str], tree: ZoneTree) -> list[tuple[str, str]]:
    """(field, sentence) of what cannot stand in a row."""
    found = [("zone", _zone_fault(typed["zone"], tree)), ("side", _side_fault(typed, tree)), ("kind", _kind_fault(typed["kind"]))]
    found += [("level", _level_fault(typed)), ("note", _note_fault(typed["note"]))]
    return [(name, words) for name, words in found if words]


def _zone_fault(zone: str, tree: ZoneTree) -> str:
    if not zone:
        return _("Choose the place of this mark, or remove the row.")
    return "" if is_place(tree, zone) else _("“%(zone)s” is no place of the body chart. Choose one from the list.") % {"zone": zone}


def _side_fault(typed: Mapping[str, str], tree: ZoneTree) -> str:
    side, zone = typed["side"], typed["zone"]
    if side not in ("", *SIDES, "both"):
        return _("“%(side)s” is no side. Choose left, right or both.") % {"side": side}
    if not is_place(tree, zone):
        return ""
    if is_paired(tree, zone):
        return "" if side else _("Choose the side of this mark.")
    return _("This place lies in the middle and has no sides. Say in words which half you mean.") if side in SIDES else ""


def _kind_fault(kind: str) -> str:
    return "" if kind in MarkKind.values else _("Choose the kind of this mark.")


def _level_fault(typed: Mapping[str, str]) -> str:
    level = typed["level"]
    if not level:
        return ""
    if not (level.isascii() and level.isdecimal() and len(level) < LONGEST_NUMBER and int(level) <= 10):
        return _("The level is a whole number from 0 to 10.")
    fits = typed["kind"] in HAS_LEVEL or typed["kind"] not in MarkKind.values
    return "" if fits else _("A level fits pain, tension and numbness. Leave it empty here, or put it into words.")


def _note_fault(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        return _("%(count)s letters at most.") % {"count": LONGEST_NOTE}
    try:
        if note:
            check_can_be_seen(note)
    except ValidationError as unseen:
        return str(unseen.messages[0])
    return ""
