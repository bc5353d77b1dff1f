"""Every step is reached by a position of its stage, for every region; no role falls into what the stage forbids."""

from protocols.method.entries import Condition, Position, RoleResolution, Treatment
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.usable import Usable


def inspect_reach(desk: Desk) -> None:
    """Role zones are followed for each region that the condition can name."""
    usable = Usable(desk)
    for place, condition, _stage, treatment in desk.treatments():
        for region in _regions(condition):
            _region(desk, usable, treatment, region, place)


def reaches(desk: Desk, position: Position, zone: str) -> bool:
    """The hands reach at least half of the parts of the zone that may be worked at all."""
    library = desk.library
    parts = library.tree.workable_leaves(zone)
    reached = 0
    for leaf in parts:
        line = library.tree.ancestors(leaf)
        lies_open = library.zones[leaf].view in (*position.views, "both") or not line.isdisjoint(position.also)
        reached += lies_open and line.isdisjoint(position.not_reached)
    return bool(parts) and 2 * reached >= len(parts)


def _regions(condition: Condition) -> tuple[str | None, ...]:
    return next((item.values for item in condition.inputs if item.code == "region"), (None,))


def _resolve(desk: Desk, code: str, row: RoleResolution | None) -> tuple[str, ...]:
    """Zones of a step for a region; a role that an input fills, or without a region, stays open."""
    role = desk.library.role_zones.get(code)
    if role is None:
        return () if code == "all" else (code,)
    if role.from_input is not None or row is None:
        return ()
    zones = row.zones_of(role.same_as or code)
    return zones if zones or role.if_empty is None else _resolve(desk, role.if_empty, row)


def _region(desk: Desk, usable: Usable, treatment: Treatment, region: str | None, place: str) -> None:
    library = desk.library
    row = library.resolutions[region] if region is not None else None
    positions = [library.positions[code] for code in treatment.positions]
    barred = [
        (leaf, forbid.side)
        for forbid in treatment.forbid
        if forbid.family == "all" and forbid.scope is None
        for zone in _resolve(desk, forbid.zone, row)
        for leaf in library.tree.leaves(zone)
    ]
    for step in treatment.steps:
        out = {leaf for leaf, side in barred if "both" in (side, step.side) or side == step.side}
        for zone in _resolve(desk, step.zone, row):
            at = f"{place} {region or ''} {step.zone} -> {zone}"
            desk.expect(any(reaches(desk, position, zone) for position in positions), at, "no position reaches it")
            desk.expect(usable.family(treatment, zone, step.side, "stroking"), at, "not even stroking is left")
            desk.expect(set(library.tree.workable_leaves(zone)) - out, at, "the stage itself forbids it")
