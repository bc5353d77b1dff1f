"""Zones, role zones and how they are resolved, positions, the danger map and the procedure areas."""

from protocols.method.entries import ProcedureArea, RoleResolution
from protocols.method.inspection.desk import Desk

RESOLVED_ROLES = ("limb-proximal", "limb-injured", "limb-distal", "segment-zone", "joint")


def inspect_body(desk: Desk) -> None:
    """Every zone has a policy that fits its place in the tree, every role a way to its zones, every danger row known codes."""
    _zones(desk)
    _roles(desk)
    for row in desk.library.resolutions.values():
        _resolution(desk, row)
    _positions(desk)
    _dangers(desk)
    for area in desk.library.areas.values():
        _area(desk, area)


def _zones(desk: Desk) -> None:
    tree = desk.library.tree
    for code, zone in desk.library.zones.items():
        place = f"zones: zone {code}"
        inner = bool(tree.children(code))
        desk.expect(inner == (zone.percussion == "by-part"), place, "the policy by-part is for inner zones, and they have no other")
        desk.expect(code not in desk.library.role_zones, place, "the code is a role zone too")
        desk.expect(zone.limb_rank is None or (1 <= zone.limb_rank <= 6 and tree.limb(code)), place, "limb_rank counts 1 to 6 on a limb")
        struck = zone.percussion not in ("never", "by-part")
        desk.expect(not struck or tree.workable_leaves(code), place, "percussion where no hand may be")


def _roles(desk: Desk) -> None:
    library = desk.library
    for code, role in library.role_zones.items():
        place = f"zones: role_zone {code}"
        ways = [code in RESOLVED_ROLES, role.same_as is not None, role.from_input is not None]
        desk.expect(sum(ways) == 1, place, "a role is resolved in exactly one way")
        desk.known([role.same_as], RESOLVED_ROLES, place)
        desk.known([role.if_empty], RESOLVED_ROLES, place)


def _resolution(desk: Desk, row: RoleResolution) -> None:
    library = desk.library
    place = f"zones: role_resolution {row.region}"
    for role in RESOLVED_ROLES:
        zones = row.zones_of(role)
        desk.known(zones, library.zones, f"{place} {role}")
        may_be_empty = role in library.role_zones and library.role_zones[role].if_empty is not None
        desk.expect(zones or may_be_empty, f"{place} {role}", "no zone, and no other role to give its time to")
    injured = set(row.limb_injured)
    desk.expect(not injured & {*row.limb_proximal, *row.limb_distal}, place, "the injured segment is its own neighbour")
    desk.known(row.areas.values(), library.areas, f"{place} areas")


def _positions(desk: Desk) -> None:
    library = desk.library
    for code, position in library.positions.items():
        place = f"positions: position {code}"
        desk.known(position.also, library.zones, f"{place} also")
        desk.known(position.not_reached, library.zones, f"{place} not")
        desk.expect(not set(position.also) & set(position.not_reached), place, "a zone is reached and not reached")
        desk.expect(position.upper_side != "both", place, "the upper side is left or right")


def _dangers(desk: Desk) -> None:
    library = desk.library
    for code, row in library.dangers.items():
        place = f"danger-zones: danger_zone {code}"
        desk.known(row.barred, {*library.families, "all"}, f"{place} barred")
        desk.known(row.barred_techniques, library.techniques, f"{place} barred_techniques")
        desk.known(row.sources, library.sources, f"{place} sources")
        desk.expect(row.sources and row.zones, place, "no source, or no zone")
        desk.expect(row.pressure_max is None or 1 <= row.pressure_max <= 4, place, "pressure_max is 1 to 4")
        everything = "all" in row.barred and row.extent == "zone"
        desk.expect(everything or not row.always_excluded, place, "always excluded, yet something may be done there")
        desk.expect(row.barred or row.barred_techniques or row.pressure_max, place, "the row restricts nothing")


def _area(desk: Desk, area: ProcedureArea) -> None:
    place = f"procedure-areas: area {area.code}"
    desk.known(area.zones, desk.library.zones, place)
    desk.known(area.sources, desk.library.sources, f"{place} sources")
    per_unit = desk.library.course.capacity.minutes_per_unit
    desk.expect(abs(area.minutes - per_unit * area.units) < 0.01, place, f"{area.minutes} minutes are not {area.units} units")
