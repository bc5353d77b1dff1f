"""The zone tree, worked out once per library: every look-up is a dict hit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocols.method.entries import DangerZone, Zone
from protocols.method.places import Place
from protocols.method.vocabulary import Side

ONE_SIDE: tuple[Side, ...] = ("both",)
TWO_SIDES: tuple[Side, ...] = ("left", "right")


def tree_faults(zones: Mapping[str, Zone]) -> tuple[tuple[str, str], ...]:
    """(zone code, sentence) for an unknown parent and for a zone that is its own ancestor."""
    found = []
    for code, zone in zones.items():
        if zone.parent is not None and zone.parent not in zones:
            found.append((code, f"unknown parent {zone.parent!r}"))
        elif _is_in_a_cycle(zone, zones):
            found.append((code, "the zone is its own ancestor"))
    return tuple(found)


def _is_in_a_cycle(zone: Zone, zones: Mapping[str, Zone]) -> bool:
    seen: set[str] = set()
    here: Zone | None = zone
    while here is not None and here.code not in seen:
        seen.add(here.code)
        here = zones.get(here.parent) if here.parent is not None else None
    return here is not None


@dataclass(frozen=True, slots=True, eq=False)
class ZoneTree:
    """Ancestors, leaves and leaf places of all zones. Codes of role zones are not known here: a ``KeyError``."""

    zones: Mapping[str, Zone]
    always_out: frozenset[Place]
    _children: Mapping[str, tuple[str, ...]]
    _ancestors: Mapping[str, frozenset[str]]
    _leaves: Mapping[str, tuple[str, ...]]
    _workable: Mapping[str, tuple[str, ...]]
    _places: Mapping[Place, frozenset[Place]]
    _all_places: frozenset[Place]
    _rank: Mapping[str, int | None]
    _limb: Mapping[str, str | None]

    def children(self, zone: str) -> tuple[str, ...]:
        """Direct children, ``()`` of a leaf."""
        return self._children[zone]

    def ancestors(self, zone: str) -> frozenset[str]:
        """The zone itself and everything above it."""
        return self._ancestors[zone]

    def leaves(self, zone: str) -> tuple[str, ...]:
        """All leaves under the zone in file order; of a leaf, itself."""
        return self._leaves[zone]

    def workable_leaves(self, zone: str) -> tuple[str, ...]:
        """The leaves that a plan may contain at least on one side (danger map: not always excluded)."""
        return self._workable[zone]

    def leaf_places(self, place: Place) -> frozenset[Place]:
        """The atoms of a place. An unpaired leaf has side ``both`` whatever side is asked for."""
        return self._places[place]

    def all_places(self) -> frozenset[Place]:
        """Every leaf place of the body."""
        return self._all_places

    def limb_rank(self, leaf: str) -> int | None:
        """Distance from the trunk (1) to hand or foot (6), inherited from the nearest ancestor; None off the limbs."""
        return self._rank[leaf]

    def limb(self, leaf: str) -> str | None:
        """``upper``, ``lower`` or None, inherited."""
        return self._limb[leaf]


def grow_tree(zones: Mapping[str, Zone], dangers: Iterable[DangerZone]) -> ZoneTree:
    """The tree of sound zones (``tree_faults`` found nothing) with what the danger map always excludes."""
    children = {code: tuple(zone.code for zone in zones.values() if zone.parent == code) for code in zones}
    lines = {code: _line(code, zones) for code in zones}
    leaves = {code: tuple(leaf for leaf in zones if not children[leaf] and code in lines[leaf]) for code in zones}
    places = {place: _atoms(place, leaves, zones) for code in zones for place in (Place(code, side) for side in ("left", "right", "both"))}
    always = [Place(zone, row.side) for row in dangers if row.always_excluded for zone in row.zones]
    out = frozenset().union(*(places[place] for place in always))
    workable = {code: tuple(leaf for leaf in leaves[code] if not places[Place(leaf, "both")] <= out) for code in zones}
    return ZoneTree(
        zones=zones,
        always_out=out,
        _children=children,
        _ancestors={code: frozenset(line) for code, line in lines.items()},
        _leaves=leaves,
        _workable=workable,
        _places=places,
        _all_places=frozenset().union(*places.values()),
        _rank={code: next((zones[zone].limb_rank for zone in lines[code] if zones[zone].limb_rank is not None), None) for code in zones},
        _limb={code: next((zones[zone].limb for zone in lines[code] if zones[zone].limb is not None), None) for code in zones},
    )


def _line(code: str, zones: Mapping[str, Zone]) -> tuple[str, ...]:
    """The zone and its ancestors, nearest first."""
    found = [code]
    while (parent := zones[found[-1]].parent) is not None:
        found.append(parent)
    return tuple(found)


def _atoms(place: Place, leaves: Mapping[str, tuple[str, ...]], zones: Mapping[str, Zone]) -> frozenset[Place]:
    asked = TWO_SIDES if place.side == "both" else (place.side,)
    return frozenset(Place(leaf, side) for leaf in leaves[place.zone] for side in (asked if zones[leaf].paired else ONE_SIDE))
