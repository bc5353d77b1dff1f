"""Body charts in words and as pictures: letters and patterns as well as colours, so that nobody has to tell colours apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.courses.bodymap import SideMark, side_mark, view_word
from clinic.courses.outcomes.marks import SEGMENTS, SIDES, Mark, Since, is_paired
from clinic.courses.states import MarkKind
from clinic.web.marks import SIDES as SIDE_WORDS
from protocols.body_map import DrawnView, Point, shipped_body_map
from protocols.method.library import Library
from protocols.method.names import Names

SPINE_HALF: Final = 9  # half the width of a segment on the drawing
LETTERS: Final = 15  # from a segment to the middle of its letters


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """One place on the drawing with what is marked there: ``kinds`` in a fixed order, ``letters`` such as ``P7 S``."""

    place: str
    zone: str
    side: str
    path: str
    at: Point
    title: str
    kinds: tuple[str, ...]
    letters: str


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """The body from one side. ``label`` is all of it in words."""

    code: str
    name: str
    label: str
    outline: str
    details: tuple[str, ...]
    places: tuple[ChartPlace, ...]
    at_left: SideMark
    at_right: SideMark


@dataclass(frozen=True, slots=True)
class ChartPicture:
    """Both figures of one chart."""

    width: int
    height: int
    figures: tuple[ChartFigure, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mark with its letter."""

    code: str
    name: str
    letter: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """The places under one large part of the body, for the list; ``places`` are (code, name, has sides)."""

    name: str
    places: tuple[tuple[str, str, bool], ...]


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order of the legend."""
    letters = {
        MarkKind.PAIN: pgettext("pain, one letter", "P"),
        MarkKind.TENSION: pgettext("tension, one letter", "T"),
        MarkKind.SKIN: pgettext("skin, one letter", "S"),
        MarkKind.SCAR: pgettext("scar, one letter", "C"),
        MarkKind.NUMB: pgettext("numbness, one letter", "N"),
    }
    return tuple(Kind(kind.value, str(kind.label), letters[kind]) for kind in MarkKind)


class ChartWords:
    """Marks and pictures in one language."""

    def __init__(self, library: Library, names: Names) -> None:
        self.library, self.names, self.drawing = library, names, shipped_body_map()
        self.kinds = {kind.code: kind for kind in kinds()}

    def place(self, zone: str) -> str:
        """A zone of the library, or a segment of the spine."""
        words = _("spine, %(level)s") % {"level": zone} if zone in SEGMENTS else self.names.of("zones", zone) or zone
        return words[:1].upper() + words[1:]

    def mark(self, mark: Mark) -> str:
        """``Nape, left: pain 6 of 10 (since Monday)``."""
        where = f"{self.place(mark.zone)}, {SIDE_WORDS[mark.side]}" if mark.side in SIDES else self.place(mark.zone)
        kind = self.kinds[mark.kind].name.lower()
        what = _("%(kind)s %(level)s of 10") % {"kind": kind, "level": mark.level} if mark.level is not None else kind
        return f"{where}: {what}" + (f" ({mark.note})" if mark.note else "")

    def marks(self, marks: Iterable[Mark]) -> list[str]:
        """Each mark in words."""
        return [self.mark(mark) for mark in marks]

    def since(self, found: Since) -> dict[str, list[str]]:
        """What came, went and changed, in words."""
        told = {"before": _("before"), "now": _("now")}
        changed = [f"{self.mark(now)}; {told['before']} {_level(one)}, {told['now']} {_level(now)}" for one, now in found.changed]
        return {"new": self.marks(found.new), "gone": self.marks(found.gone), "changed": changed, "same": self.marks(found.same)}

    def groups(self) -> tuple[PlaceGroup, ...]:
        """Every place that can be marked, under the large parts of the body."""
        tree = self.library.tree
        roots = [code for code, zone in tree.zones.items() if zone.parent is None]
        found = [PlaceGroup(self.place(root), tuple(map(self._listed, tree.leaves(root)))) for root in roots]
        return (*found, PlaceGroup(_("Spine"), tuple(map(self._listed, SEGMENTS))))

    def _listed(self, code: str) -> tuple[str, str, bool]:
        return code, self.place(code), is_paired(self.library.tree, code)

    def picture(self, marks: Sequence[Mark]) -> ChartPicture:
        """The body with these marks."""
        here: dict[tuple[str, str], list[Mark]] = {}
        for mark in marks:
            here.setdefault((mark.zone, mark.side), []).append(mark)
        figures = tuple(self._figure(view, here) for view in self.drawing.views.values())
        return ChartPicture(self.drawing.width, self.drawing.height, figures)

    def _figure(self, view: DrawnView, here: Mapping[tuple[str, str], list[Mark]]) -> ChartFigure:
        is_front = view.code == "front"
        drawn = [(each.place.zone, each.place.side, each.path, each.label) for each in view.places]
        if not is_front:
            drawn += [(level, "both", *self._segment(level)) for level in SEGMENTS]
        places = tuple(self._place(*each, here.get((each[0], each[1]), [])) for each in drawn)
        seen = [mark for zone, side, _path, _at in drawn for mark in here.get((zone, side), [])]
        label = f"{_('Body chart')}, {view_word(view.code)}. {'; '.join(self.marks(seen)) or _('No marks')}."
        sides = ("right", "left") if is_front else ("left", "right")
        at_left, at_right = (side_mark(side) for side in sides)  # type: ignore[arg-type]  # literals above
        return ChartFigure(view.code, view_word(view.code), label, view.outline, view.details, places, at_left, at_right)

    def _segment(self, level: str) -> tuple[str, Point]:
        """A segment as a small field on the middle line; it is too small for its letters, which stand beside it."""
        band, middle = self.drawing.band(level, level), self.drawing.middle
        left, right, bottom = middle - SPINE_HALF, middle + SPINE_HALF, band.y + band.height
        path = f"M{left} {band.y:.4g}H{right}V{bottom:.4g}H{left}Z"
        return path, (right + LETTERS, band.y + band.height / 2)

    def _place(self, zone: str, side: str, path: str, at: Point, marks: Sequence[Mark]) -> ChartPlace:
        name = self.place(zone) if side == "both" else f"{self.place(zone)}, {SIDE_WORDS[side]}"
        title = ". ".join(self.marks(marks)) or name
        letters = " ".join(f"{self.kinds[mark.kind].letter}{'' if mark.level is None else mark.level}" for mark in marks)
        return ChartPlace(f"{zone}-{side}", zone, side, path, at, title, tuple(mark.kind for mark in marks), letters)


def _level(mark: Mark) -> str:
    return "–" if mark.level is None else str(mark.level)
