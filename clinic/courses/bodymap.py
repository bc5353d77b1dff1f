"""The body map of one session: which places are worked, which are not and why, ready for ``_components/body_map.html``."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clinic.courses.reasons import Speaker
from protocols.body_map import Band, BodyMap, DrawnView, Point, shipped_body_map
from protocols.method.findings import PlacesOut, Screening, Spot
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.places import Place
from protocols.method.plans import PlannedSupplement, Row, SessionPlan
from protocols.method.tree import ZoneTree
from protocols.method.vocabulary import Side

LEVEL: Final = r"(?:[CTLS]\d{1,2}|Co)"
LEVELS: Final = re.compile(rf"({LEVEL})(?:-({LEVEL}))?")
NOBODY: Final[frozenset[Place]] = frozenset()


@dataclass(frozen=True, slots=True)
class BodyShape:
    """One leaf place in one view. ``kind``: worked (in this session), out (a finding), never (by nobody), spared (the dose), rest."""

    place: str  # its id, for example thigh-posterior-left
    path: str
    kind: str
    title: str
    steps: tuple[int, ...]
    family: str  # the family that takes most of its time, "" where nothing is done


@dataclass(frozen=True, slots=True)
class SideMark:
    """Which side of the patient lies at this edge of the drawing."""

    side: Side
    letter: str
    word: str


@dataclass(frozen=True, slots=True)
class SegmentBand:
    """Spinal segments that a supplement uses, on the back."""

    label: str
    box: Band

    @property
    def label_x(self) -> float:
        """Where the label begins, to the right of the band."""
        return self.box.x + self.box.width + 6

    @property
    def label_y(self) -> float:
        """The middle of the band."""
        return self.box.y + self.box.height / 2


@dataclass(frozen=True, slots=True)
class BodyFigure:
    """The body from one side. ``at_left`` and ``at_right`` are the edges of the drawing as the viewer sees it."""

    code: str
    name: str
    label: str  # the whole picture in words
    outline: str
    details: tuple[str, ...]
    spine: tuple[str, ...]
    shapes: tuple[BodyShape, ...]
    at_left: SideMark
    at_right: SideMark
    bands: tuple[SegmentBand, ...]
    spots: tuple[Point, ...]  # where a zone that is worked holds a marked spot that is not


@dataclass(frozen=True, slots=True)
class ExcludedLine:
    """Places that are not worked for the same reasons: the text beside the picture."""

    name: str
    side: str  # "" for both sides and for a zone without sides
    side_word: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BodyMapView:
    """Both figures and everything that they show, in words."""

    width: int
    height: int
    figures: tuple[BodyFigure, ...]
    kinds: tuple[str, ...]  # the kinds that occur, for the legend
    worked: tuple[str, ...]
    excluded: tuple[ExcludedLine, ...]
    spots: tuple[ExcludedLine, ...]  # marked spots inside zones that stay worked
    never: tuple[str, ...]
    segments: tuple[str, ...]
    points: tuple[str, ...]

    @property
    def has_bands(self) -> bool:
        """Whether the picture shows segments; some supplements tell theirs in words only."""
        return any(figure.bands for figure in self.figures)


def place_id(place: Place) -> str:
    """The id of a leaf place on pages: ``thigh-posterior-left``, ``sacrum-both``."""
    return f"{place.zone}-{place.side}"


def worked_places(row: Row, tree: ZoneTree) -> frozenset[Place]:
    """The leaf places that a row really works: its zone and side, less what it avoids, less what nobody works."""
    avoided = NOBODY.union(*(tree.leaf_places(place) for place in row.avoid))
    return tree.leaf_places(Place(row.zone, row.side)) - avoided - tree.always_out


def places_of_row(row: Row, library: Library) -> tuple[str, ...]:
    """The ids of ``worked_places`` in a fixed order, for ``data-places``."""
    return tuple(place_id(place) for place in sorted(worked_places(row, library.tree)))


def body_map(plan: SessionPlan | None, screening: Screening, *, library: Library, names: Names, speaker: Speaker) -> BodyMapView:
    """The map of a session. Without a plan it shows only what the screening leaves out."""
    return _Painter(plan, screening, library, names, speaker).view()


def highest(places: frozenset[Place], tree: ZoneTree) -> tuple[Place, ...]:
    """As few names as possible for leaf places: a zone stands for all of its leaves but those that nobody works."""
    left, found = places - tree.always_out, []
    for zone in sorted(tree.zones, key=lambda code: len(tree.ancestors(code))):
        for side in ("both", "left", "right"):
            atoms = tree.leaf_places(Place(zone, side)) - tree.always_out
            if atoms and atoms <= left:
                left -= atoms
                found.append(Place(zone, side if tree.zones[zone].paired else "both"))
    order = list(tree.zones)
    return tuple(sorted(found, key=lambda place: (order.index(place.zone), place.side)))


class _Painter:
    """Works out once, for each leaf place, what is done there and why not."""

    def __init__(self, plan: SessionPlan | None, screening: Screening, library: Library, names: Names, speaker: Speaker) -> None:
        self.library, self.names, self.speaker, self.drawing = library, names, speaker, shipped_body_map()
        self.plan = plan
        self.tree = library.tree
        self.out = self._told(screening.limits.places_out)
        self.spots = self._told(screening.limits.spots)
        self.steps, self.seconds = self._work(plan.rows if plan else ())
        self.spared = self._spared(plan)

    def view(self) -> BodyMapView:
        supplements = self.plan.supplements if self.plan else ()
        bands = tuple(_bands(supplements, self.drawing))
        figures = tuple(self._figure(drawn, bands if drawn.code == "back" else ()) for drawn in self.drawing.views.values())
        used = {shape.kind for figure in figures for shape in figure.shapes}
        return BodyMapView(
            width=self.drawing.width,
            height=self.drawing.height,
            figures=figures,
            kinds=tuple(kind for kind in ("worked", "spared", "out", "never") if kind in used),
            worked=self._named(frozenset(place for place in self.steps if self._kind(place) == "worked")),
            excluded=tuple(self._lines(self.out)),
            spots=tuple(self._lines(self.spots)),
            never=tuple(dict.fromkeys(self.names.of("zones", place.zone) for place in sorted(self.tree.always_out))),
            segments=tuple(self._segments(supplements)),
            points=tuple(dict.fromkeys(self._point(code) for item in supplements for code in item.points)),
        )

    # What holds where -----------------------------------------------------------------------------------------------------
    def _told(self, bars: Iterable[PlacesOut | Spot]) -> Mapping[Place, tuple[str, ...]]:
        found: dict[Place, dict[str, None]] = {}
        for bar in bars:
            sentence = self.speaker.say(bar.because)
            for place in bar.places - self.tree.always_out:
                found.setdefault(place, {})[sentence] = None
        return {place: tuple(sentences) for place, sentences in found.items()}

    def _work(self, rows: tuple[Row, ...]) -> tuple[Mapping[Place, tuple[int, ...]], Mapping[Place, Mapping[str, int]]]:
        """Steps (numbered as on the page) and seconds of each family for each place that is worked."""
        steps: dict[Place, dict[int, None]] = {}
        seconds: dict[Place, dict[str, int]] = {}
        for number, (_step, grouped) in enumerate(groupby(rows, key=lambda row: row.step), start=1):
            for row in grouped:
                for place in worked_places(row, self.tree):
                    steps.setdefault(place, {})[number] = None
                    times = seconds.setdefault(place, {})
                    times[row.family] = times.get(row.family, 0) + row.seconds
        return {place: tuple(numbers) for place, numbers in steps.items()}, seconds

    def _spared(self, plan: SessionPlan | None) -> Mapping[Place, tuple[str, ...]]:
        found: dict[Place, dict[str, None]] = {}
        for item in plan.omissions if plan else ():
            if item.kind != "zone" or item.code not in self.tree.zones:
                continue
            for place in self.tree.leaf_places(Place(item.code, item.side or "both")):
                found.setdefault(place, {})[self.speaker.say(item.because)] = None
        return {place: tuple(sentences) for place, sentences in found.items()}

    def _kind(self, place: Place) -> str:
        if place in self.tree.always_out:
            return "never"
        if place in self.out:
            return "out"
        if place in self.steps:
            return "worked"
        return "spared" if place in self.spared else "rest"

    # Figures --------------------------------------------------------------------------------------------------------------
    def _figure(self, drawn: DrawnView, bands: tuple[SegmentBand, ...]) -> BodyFigure:
        sides: tuple[Side, Side] = ("right", "left") if drawn.code == "front" else ("left", "right")
        return BodyFigure(
            code=drawn.code,
            name=view_word(drawn.code),
            label=self._label(drawn, bands),
            outline=drawn.outline,
            details=drawn.details,
            spine=drawn.spine,
            shapes=tuple(self._shape(each.place, each.path) for each in drawn.places),
            at_left=side_mark(sides[0]),
            at_right=side_mark(sides[1]),
            bands=bands,
            spots=tuple(each.label for each in drawn.places if self._has_spot(each.place)),
        )

    def _has_spot(self, place: Place) -> bool:
        """Whether a marked spot is to be seen here: in a zone that is out or never worked it says nothing more."""
        return place in self.spots and self._kind(place) not in ("out", "never")

    def _shape(self, place: Place, path: str) -> BodyShape:
        kind = self._kind(place)
        times = self.seconds.get(place, {}) if kind == "worked" else {}
        steps = self.steps[place] if kind == "worked" else ()
        return BodyShape(place_id(place), path, kind, self._title(place, kind), steps, max(times, key=times.__getitem__, default=""))

    def _title(self, place: Place, kind: str) -> str:
        name = _capital(self.speaker.place(place))
        if kind == "worked":
            steps = self.steps[place]
            said = ngettext("%(place)s: worked in step %(steps)s", "%(place)s: worked in steps %(steps)s", len(steps))
            told = said % {"place": name, "steps": ", ".join(map(str, steps))}
            return ". ".join((told, *self.spots.get(place, ())))
        if kind == "never":
            return _("%(place)s: never worked") % {"place": name}
        if kind in ("out", "spared"):
            return " ".join((f"{name}.", *(self.out if kind == "out" else self.spared)[place]))
        return _("%(place)s: not part of this session") % {"place": name} if self.plan else name

    def _label(self, drawn: DrawnView, bands: tuple[SegmentBand, ...]) -> str:
        """The picture in one paragraph, for whoever does not see it."""
        shown = frozenset(each.place for each in drawn.places)
        parts = [_("Body map, %(view)s") % {"view": view_word(drawn.code)}]
        for kind, words in (("worked", _("Worked: %(places)s")), ("out", _("Not worked: %(places)s"))):
            places = self._named(frozenset(place for place in shown if self._kind(place) == kind))
            parts += [words % {"places": ", ".join(places)}] if places else []
        parts += [_("Segments: %(levels)s") % {"levels": ", ".join(band.label for band in bands)}] if bands else []
        return f"{'. '.join(parts)}."

    def _named(self, places: frozenset[Place]) -> tuple[str, ...]:
        return tuple(self.speaker.place(place) for place in highest(places, self.tree))

    # Text twin ------------------------------------------------------------------------------------------------------------
    def _lines(self, told: Mapping[Place, tuple[str, ...]]) -> Iterator[ExcludedLine]:
        for reasons in dict.fromkeys(told.values()):
            alike = frozenset(place for place, why in told.items() if why == reasons)
            for place in highest(alike, self.tree):
                side = place.side if place.side != "both" else ""
                word = str(side_word(place.side)) if self.tree.zones[place.zone].paired else ""
                yield ExcludedLine(_capital(self.names.of("zones", place.zone)), side, word, reasons)

    def _segments(self, supplements: Iterable[PlannedSupplement]) -> Iterator[str]:
        for item in supplements:
            if item.levels:
                yield f"{_capital(self.names.of('supplements', item.supplement))}: {', '.join(map(dashed, item.levels))}"

    def _point(self, code: str) -> str:
        return f"{code.upper()}: {self.names.of('points', code, 'where')}"


def _bands(supplements: Iterable[PlannedSupplement], drawing: BodyMap) -> Iterator[SegmentBand]:
    """A band for each stretch of levels, once. Levels that depend on the nerve root are told in words only."""
    for levels in dict.fromkeys(levels for item in supplements for levels in item.levels):
        found = LEVELS.fullmatch(levels)
        if found is not None:
            yield SegmentBand(dashed(levels), drawing.band(found[1], found[2] or found[1]))


def dashed(levels: str) -> str:
    """``T3-T9`` with the dash of a range."""
    return levels.replace("-", "–") if LEVELS.fullmatch(levels) else levels


def view_word(code: str) -> str:
    """The heading of a view."""
    return {"front": pgettext("view of the body", "Front"), "back": pgettext("view of the body", "Back")}[code]


def side_word(side: Side) -> str:
    """The side of the patient in words."""
    return {"left": _("left"), "right": _("right"), "both": _("both sides")}[side]


def side_mark(side: Side) -> SideMark:
    """Word and letter of a side: the drawing shows both, so that nobody has to know how it is turned."""
    letters = {"left": pgettext("left side, one letter", "L"), "right": pgettext("right side, one letter", "R")}
    return SideMark(side, letters[side], side_word(side))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
