"""The body as the library's pages show it: zones, the danger map, positions, procedure areas."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from protocols.method.entries import DangerZone, Position, ProcedureArea, Zone
from protocols.presentation.addresses import address, linked
from protocols.presentation.hands import stage_name
from protocols.presentation.reader import LibraryReader, SourceLine, number
from protocols.presentation.words import PERCUSSION, said
from protocols.wording_codes import WORDS

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ZoneNode:
    """A zone in the tree with its parts."""

    code: str
    name: str
    is_paired: bool
    percussion: str
    segments: str
    is_out: bool
    parts: tuple["ZoneNode", ...]


@dataclass(frozen=True, slots=True)
class DangerRow:
    code: str
    where: str
    zones: tuple[Link, ...]
    side: str
    is_spot: bool
    limits: tuple[str, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class PositionRow:
    code: str
    name: str
    reaches: str
    also: str
    not_reached: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    code: str
    name: str
    zones: tuple[Link, ...]
    units: str
    units_from: str
    border: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class ZonePage:
    code: str
    name: str
    name_other: str
    line: tuple[Link, ...]
    parts: tuple[ZoneNode, ...]
    is_paired: bool
    is_out: bool
    view: str
    percussion: str
    segments: str
    lymph: str
    dangers: tuple[DangerRow, ...]
    good: tuple[Link, ...]
    never: tuple[Link, ...]
    stages: tuple[Link, ...]


def zone_tree(reader: LibraryReader, wanted: frozenset[str] | None = None) -> tuple[ZoneNode, ...]:
    """The zones from the root; with ``wanted`` only those and what they lie in."""
    roots = [zone.code for zone in reader.library.zones.values() if zone.parent is None]
    return _nodes(tuple(roots), reader, wanted)


def _nodes(codes: tuple[str, ...], reader: LibraryReader, wanted: frozenset[str] | None) -> tuple[ZoneNode, ...]:
    tree = reader.library.tree
    shown = [code for code in codes if wanted is None or any(each in wanted for each in _under(code, reader))]
    return tuple(_node(reader.library.zones[code], _nodes(tree.children(code), reader, wanted), reader) for code in shown)


def _under(code: str, reader: LibraryReader) -> tuple[str, ...]:
    return (code, *(each for child in reader.library.tree.children(code) for each in _under(child, reader)))


def _node(zone: Zone, parts: tuple[ZoneNode, ...], reader: LibraryReader) -> ZoneNode:
    is_out = not reader.library.tree.workable_leaves(zone.code)
    percussion = said(PERCUSSION, zone.percussion)
    return ZoneNode(zone.code, reader.names.of("zones", zone.code), zone.paired, percussion, zone.segments, is_out, parts)


def danger_row(row: DangerZone, reader: LibraryReader) -> DangerRow:
    """One row of the danger map."""
    return DangerRow(
        code=row.code,
        where=reader.names.of("dangers", row.code, "where"),
        zones=linked("zone", row.zones, reader.zone),
        side=str(WORDS[row.side]()) if row.side != "both" else "",
        is_spot=row.extent == "spot",
        limits=_limits(row, reader),
        sources=reader.sources(row.sources),
    )


def _limits(row: DangerZone, reader: LibraryReader) -> tuple[str, ...]:
    found = [_("never in any plan")] if row.always_excluded else []
    if "all" in row.barred:
        found += [_("nothing is done there")] if not row.always_excluded else []
    elif row.barred:
        found.append(_("no %(what)s") % {"what": reader.listed("families", row.barred)})
    if row.barred_techniques:
        found.append(_("no %(what)s") % {"what": reader.listed("techniques", row.barred_techniques)})
    if row.pressure_max is not None:
        found.append(_("pressure %(level)s at most") % {"level": row.pressure_max})
    return tuple(found)


def position_row(row: Position, reader: LibraryReader) -> PositionRow:
    """One position and what the hands reach in it."""
    views = ", ".join(dict.fromkeys(reader.names.label("view", view) for view in row.views))
    name = reader.names.of("positions", row.code)
    return PositionRow(row.code, name, views, reader.listed("zones", row.also), reader.listed("zones", row.not_reached))


def area_row(row: ProcedureArea, reader: LibraryReader) -> AreaRow:
    """One area of the norm with its units."""
    zones = linked("zone", tuple(zone for zone in row.zones if zone in reader.library.zones), reader.zone)
    name = reader.names.of("areas", row.code)
    return AreaRow(row.code, name, zones, number(row.units), row.units_from, row.border, reader.sources(row.sources))


def zone_page(zone: Zone, reader: LibraryReader) -> ZonePage:
    """One zone in full."""
    names, line = reader.names, _line(zone, reader)
    return ZonePage(
        code=zone.code,
        name=names.of("zones", zone.code),
        name_other=zone.name if names.language == "ru" else zone.name_ru,
        line=linked("zone", line, reader.zone),
        parts=_nodes(reader.library.tree.children(zone.code), reader, None),
        is_paired=zone.paired,
        is_out=not reader.library.tree.workable_leaves(zone.code),
        view=names.label("view", zone.view),
        percussion=said(PERCUSSION, zone.percussion),
        segments=zone.segments,
        lymph=names.of("zones", zone.code, "lymph"),
        dangers=tuple(danger_row(row, reader) for row in reader.library.dangers.values() if _touches(row.zones, zone, reader)),
        good=_techniques("good", zone, reader),
        never=_techniques("never", zone, reader),
        stages=_stages(zone, reader),
    )


def _line(zone: Zone, reader: LibraryReader) -> tuple[str, ...]:
    """What the zone lies in, the widest first."""
    found: list[str] = []
    parent = zone.parent
    while parent is not None:
        found.insert(0, parent)
        parent = reader.library.zones[parent].parent
    return tuple(found)


def _touches(codes: tuple[str, ...], zone: Zone, reader: LibraryReader) -> bool:
    """Whether a row about these zones binds this one: it names the zone, something around it or a part of it."""
    ancestors = reader.library.tree.ancestors
    return any(code in reader.library.zones and (code in ancestors(zone.code) or zone.code in ancestors(code)) for code in codes)


def _techniques(field: str, zone: Zone, reader: LibraryReader) -> tuple[Link, ...]:
    """Techniques that name the zone, or something around it, as good or as never."""
    around = reader.library.tree.ancestors(zone.code)
    codes = tuple(row.code for row in reader.library.techniques.values() if not around.isdisjoint(getattr(row, field)))
    return linked("technique", codes, lambda code: reader.names.of("techniques", code))


def _stages(zone: Zone, reader: LibraryReader) -> tuple[Link, ...]:
    """The stages with a step on this very zone."""
    found = [
        f"{condition.code}/{stage.code}"
        for condition in reader.library.conditions.values()
        for stage in condition.stages.values()
        if stage.treatment and any(step.zone == zone.code for step in stage.treatment.steps)
    ]
    return tuple((stage_name(code, reader), address("stage", code)) for code in found)
