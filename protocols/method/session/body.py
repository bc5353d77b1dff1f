"""The body as bits: every leaf place is one bit, so a set of places is one integer. Worked out once per library.

Everything here depends on the library alone: reach of positions, danger map, "never" lists, percussion policy.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from protocols.method.entries import DangerZone, Position, Technique
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.vocabulary import Side

# Where hands can follow a breath: the ribs, the back over them, and the edge of the diaphragm (the library's check says the same).
BREATHING_ZONES = ("chest", "back-thoracic", "hypochondrium")
FINGERTIP = ("percussion-fingertip", "percussion-pushing")
SIDES: tuple[Side, ...] = ("left", "right", "both")


class Body:
    """Masks of one library. ``mask_at(place)`` and ``places(mask)`` translate; everything else is a look-up."""

    def __init__(self, library: Library) -> None:
        self.library = library
        files = {code: number for number, code in enumerate(library.zones)}
        order = sorted(library.tree.all_places(), key=lambda place: (files[place.zone], SIDES.index(place.side)))
        self.order: tuple[Place, ...] = tuple(order)
        self._bits = {place: 1 << number for number, place in enumerate(order)}
        self.everywhere = (1 << len(order)) - 1
        self._zones = {
            Place(code, side): self.mask(library.tree.leaf_places(Place(code, side))) for code in library.zones for side in SIDES
        }
        self.always_out = self.mask(library.tree.always_out)
        self.policy = self._policies()
        self.dangers = tuple(row for row in library.dangers.values() if row.extent == "zone")
        self.danger_caps = tuple((row.pressure_max, self._of_danger(row), row) for row in self.dangers if row.pressure_max is not None)
        self.spots = tuple((self._of_danger(row), row) for row in library.dangers.values() if row.extent == "spot")
        self.allowed: Mapping[str, int] = {code: self._allowed(row) for code, row in library.techniques.items()}
        self.good: Mapping[str, int] = {code: self.of_zones(row.good) for code, row in library.techniques.items()}
        self.of_family: Mapping[str, tuple[Technique, ...]] = {
            code: tuple(row for row in library.techniques.values() if row.family == code) for code in library.families
        }
        self._reach = {code: self._reached(row) for code, row in library.positions.items()}
        self._grouped: dict[int, tuple[Place, ...]] = {}
        self._smallest: dict[tuple[Place, int], Place] = {}

    # translation ----------------------------------------------------------------------------------------------------------
    def mask(self, places: Iterable[Place]) -> int:
        """The bits of leaf places."""
        bits = 0
        for place in places:
            bits |= self._bits[place]
        return bits

    def mask_at(self, place: Place) -> int:
        """The bits of a place of any level."""
        return self._zones[place]

    def of_zones(self, zones: Iterable[str], side: Side = "both") -> int:
        """The bits of several zones on a side; role zones, known by their role only, have none."""
        bits = 0
        for zone in zones:
            bits |= self._zones.get(Place(zone, side), 0)
        return bits

    def of_any(self, places: Iterable[Place]) -> int:
        """The bits of places of any level."""
        bits = 0
        for place in places:
            bits |= self._zones[place]
        return bits

    def leaf_places(self, mask: int) -> tuple[Place, ...]:
        """The leaf places of a mask, in file order."""
        return tuple(place for number, place in enumerate(self.order) if mask >> number & 1)

    # words for a mask -----------------------------------------------------------------------------------------------------
    def grouped(self, mask: int) -> tuple[Place, ...]:
        """The fewest places that stand for a mask: a zone (or one side of it) whose workable parts are all in it is named as a whole."""
        if mask not in self._grouped:
            roots = [code for code, zone in self.library.zones.items() if zone.parent is None]
            self._grouped[mask] = tuple(place for root in roots for place in self._group(root, mask))
        return self._grouped[mask]

    def _group(self, zone: str, mask: int) -> tuple[Place, ...]:
        both = self._zones[Place(zone, "both")]
        mask &= both
        if not mask:
            return ()
        core = both & ~self.always_out or both  # a never-worked part does not keep its zone from being named whole
        for side in ("both", "left", "right") if self.library.zones[zone].paired else ("both",):
            here = self._zones[Place(zone, side)]
            if core & here and core & mask == core & here:
                rest = mask & ~here
                return (Place(zone, side), *(place for child in self.library.tree.children(zone) for place in self._group(child, rest)))
        return tuple(place for child in self.library.tree.children(zone) for place in self._group(child, mask))

    def smallest(self, place: Place, mask: int) -> Place:
        """The smallest zone and side, inside ``place``, that holds the whole mask: what is really worked."""
        key = (place, mask)
        if key not in self._smallest:
            self._smallest[key] = self._shrink(place.zone, mask)
        return self._smallest[key]

    def _shrink(self, zone: str, mask: int) -> Place:
        for child in self.library.tree.children(zone):
            if not mask & ~self._zones[Place(child, "both")]:
                return self._shrink(child, mask)
        if self.library.zones[zone].paired:
            for side in SIDES[:2]:
                if not mask & ~self._zones[Place(zone, side)]:
                    return Place(zone, side)
        return Place(zone, "both")

    # reach ----------------------------------------------------------------------------------------------------------------
    def _reached(self, position: Position) -> int:
        tree, zones = self.library.tree, self.library.zones
        bits = 0
        for place in self.order:
            line = tree.ancestors(place.zone)
            open_view = zones[place.zone].view in position.views or not line.isdisjoint(position.also)
            if open_view and line.isdisjoint(position.not_reached):
                bits |= self._bits[place]
        return bits

    def reaches(self, position: Position, place: Place, mask: int) -> bool:
        """Whether hands reach at least half of the workable parts of ``place`` and half of what is left of it (``mask``).

        A step on the side that the patient lies on is not reached: it waits for the turn.
        """
        if position.upper_side is not None and place.side not in ("both", position.upper_side):
            return False
        reached = self._reach[position.code]
        whole = self._zones[place] & ~self.always_out
        return at_least_half(reached & whole, whole) and at_least_half(reached & mask, mask)

    # bars that hold for everybody -------------------------------------------------------------------------------------------
    def _of_danger(self, row: DangerZone) -> int:
        return self.of_zones(row.zones, row.side)

    def _allowed(self, technique: Technique) -> int:
        barred = self.always_out | self.of_zones(technique.never)
        for row in self.dangers:
            if "all" in row.barred or technique.family in row.barred or technique.code in row.barred_techniques:
                barred |= self._of_danger(row)
        if technique.family == "breathing-assist":
            barred |= self.everywhere & ~self.of_zones(BREATHING_ZONES)
        return self.everywhere & ~barred

    def _policies(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for place in self.order:
            policy = self.library.zones[place.zone].percussion
            found[policy] = found.get(policy, 0) | self._bits[place]
        return found


def at_least_half(part: int, whole: int) -> bool:
    """Whether the mask ``part`` holds at least half of the places of the mask ``whole``; false of nothing."""
    return bool(whole) and 2 * part.bit_count() >= whole.bit_count()


@lru_cache(maxsize=8)
def body_of(library: Library) -> Body:
    """The masks of this library object, made once (a library never changes)."""
    return Body(library)
