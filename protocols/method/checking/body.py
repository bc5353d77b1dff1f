"""The checker's own walk of the zone tree and of everything about a place that depends on the library alone."""

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from protocols.method.entries import DangerZone, Position, Technique
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.vocabulary import RoleSide, Side

NOWHERE: frozenset[Place] = frozenset()
# Where hands can follow a breath: the ribs, the back over them, and the edge of the diaphragm.
BREATHING_ZONES = frozenset({"chest", "back-thoracic", "hypochondrium"})
OTHER_SIDE: Mapping[str, Side] = {"left": "right", "right": "left"}


class Body:
    """Answers about zones and places of one library. Written apart from ``tree.py`` on purpose: it checks what was built with that."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.zones = library.zones
        self._children: dict[str, list[str]] = {}
        for zone in self.zones.values():
            if zone.parent is not None:
                self._children.setdefault(zone.parent, []).append(zone.code)
        self._places: dict[tuple[str, str], frozenset[Place]] = {}
        self._leaves: dict[str, tuple[str, ...]] = {}
        self._lines: dict[str, frozenset[str]] = {}
        self._barred: dict[str, tuple[tuple[str, frozenset[Place]], ...]] = {}
        self._reach: dict[tuple[str, str], bool] = {}

    def line(self, zone: str) -> frozenset[str]:
        """The zone and all its ancestors."""
        if zone not in self._lines:
            above = self.zones[zone].parent
            self._lines[zone] = frozenset({zone}) | (self.line(above) if above else frozenset())
        return self._lines[zone]

    def leaves(self, zone: str) -> tuple[str, ...]:
        """The smallest parts of the zone."""
        if zone not in self._leaves:
            below = self._children.get(zone)
            self._leaves[zone] = (zone,) if below is None else tuple(leaf for child in below for leaf in self.leaves(child))
        return self._leaves[zone]

    def places(self, zone: str, side: str) -> frozenset[Place]:
        """The leaf places of a zone on a side; an unpaired leaf belongs to either side."""
        key = (zone, side)
        if key not in self._places:
            self._places[key] = frozenset(place for leaf in self.leaves(zone) for place in self._leaf_sides(leaf, side))
        return self._places[key]

    def _leaf_sides(self, leaf: str, side: str) -> tuple[Place, ...]:
        if not self.zones[leaf].paired:
            return (Place(leaf, "both"),)
        if side == "both":
            return (Place(leaf, "left"), Place(leaf, "right"))
        return (Place(leaf, "left" if side == "left" else "right"),)

    def of_zones(self, zones: Iterable[str], side: str = "both") -> frozenset[Place]:
        """The leaf places of several zones; role zones and unknown words have none."""
        return NOWHERE.union(*(self.places(zone, side) for zone in zones if zone in self.zones))

    def of_places(self, places: Iterable[Place]) -> frozenset[Place]:
        """The leaf places of places of any level."""
        return NOWHERE.union(*(self.places(place.zone, place.side) for place in places if place.zone in self.zones))

    @cached_property
    def everywhere(self) -> frozenset[Place]:
        """All leaf places."""
        return self.of_zones(self.roots)

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The zones that lie in no other."""
        return tuple(code for code, zone in self.zones.items() if zone.parent is None)

    @cached_property
    def never_worked(self) -> frozenset[Place]:
        """Leaf places that the danger map always excludes."""
        return NOWHERE.union(*(self.of_zones(row.zones, row.side) for row in self.library.dangers.values() if row.always_excluded))

    @cached_property
    def pressure_ceilings(self) -> Mapping[Place, int]:
        """The danger map's ceiling of each leaf place that has one."""
        ceilings: dict[Place, int] = {}
        for row in self._zone_dangers:
            for place in self.of_zones(row.zones, row.side) if row.pressure_max is not None else ():
                ceilings[place] = min(ceilings.get(place, 5), row.pressure_max or 5)
        return ceilings

    @cached_property
    def _zone_dangers(self) -> tuple[DangerZone, ...]:
        # A danger of extent "spot" binds the spot under the hand, not the zone.
        return tuple(row for row in self.library.dangers.values() if row.extent == "zone")

    def barred_for_all(self, technique: Technique) -> tuple[tuple[str, frozenset[Place]], ...]:
        """Where nobody may have this technique: pairs of problem code and leaf places."""
        if technique.code not in self._barred:
            found = [("technique-never", self.of_zones(technique.never)), ("danger-map", self._danger_bars(technique))]
            if technique.family == "breathing-assist":
                found.append(("breathing-place", self.everywhere - self.of_zones(BREATHING_ZONES)))
            self._barred[technique.code] = tuple((code, places) for code, places in found if places)
        return self._barred[technique.code]

    def _danger_bars(self, technique: Technique) -> frozenset[Place]:
        barring = (
            row
            for row in self._zone_dangers
            if "all" in row.barred or technique.family in row.barred or technique.code in row.barred_techniques
        )
        return NOWHERE.union(*(self.of_zones(row.zones, row.side) for row in barring))

    def reaches(self, position: Position, zone: str, side: RoleSide) -> bool:
        """Whether hands reach at least half of the workable parts of the zone; lying on a side, that side itself is out of reach."""
        if side in OTHER_SIDE and position.upper_side == OTHER_SIDE[side] and self.zones[zone].paired:
            return False
        key = (position.code, zone)
        if key not in self._reach:
            parts = [leaf for leaf in self.leaves(zone) if not self.places(leaf, "both") <= self.never_worked]
            reached = sum(self._reaches_leaf(position, leaf) for leaf in parts)
            self._reach[key] = bool(parts) and 2 * reached >= len(parts)
        return self._reach[key]

    def _reaches_leaf(self, position: Position, leaf: str) -> bool:
        line = self.line(leaf)
        if not line.isdisjoint(position.not_reached):
            return False
        return self.zones[leaf].view in position.views or not line.isdisjoint(position.also)


@lru_cache(maxsize=4)
def body_of(library: Library) -> Body:
    """The body of this library, made once per library object (a library never changes)."""
    return Body(library)
