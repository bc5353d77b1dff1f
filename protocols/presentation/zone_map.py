"""Where a zone lies on the body, front and back: a still drawing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from protocols.body_map import DrawnView, shipped_body_map
from protocols.method.entries import Zone
from protocols.presentation.reader import LibraryReader


@dataclass(frozen=True, slots=True)
class ZoneFigure:
    """The body from one side with the zone's places; ``name`` and ``label`` say which side and what is shown."""

    name: str
    label: str
    outline: str
    details: tuple[str, ...]
    spine: tuple[str, ...]
    rest: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneMap:
    width: int
    height: int
    kind: str  # worked, or never where the danger map leaves the whole zone out
    figures: tuple[ZoneFigure, ...]


def zone_map(zone: Zone, reader: LibraryReader) -> ZoneMap:
    """The views in which the zone is seen."""
    drawing, tree = shipped_body_map(), reader.library.tree
    leaves = frozenset(tree.leaves(zone.code))
    name = reader.names.of("zones", zone.code)
    figures = (_figure(view, leaves, name) for view in drawing.views.values())
    kind = "worked" if tree.workable_leaves(zone.code) else "never"
    return ZoneMap(drawing.width, drawing.height, kind, tuple(figure for figure in figures if figure.places))


def _figure(view: DrawnView, leaves: frozenset[str], zone: str) -> ZoneFigure:
    name = _("Front") if view.code == "front" else _("Back")
    return ZoneFigure(
        name=name,
        label=_("%(view)s: where this zone lies: %(zone)s") % {"view": name, "zone": zone},
        outline=view.outline,
        details=view.details,
        spine=view.spine,
        rest=tuple(each.path for each in view.places if each.place.zone not in leaves),
        places=tuple(each.path for each in view.places if each.place.zone in leaves),
    )
