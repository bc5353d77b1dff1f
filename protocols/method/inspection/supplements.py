"""Supplementary methods, their classes and points."""

from protocols.method.entries import Supplement
from protocols.method.inspection.desk import Desk

DOSE_KEYS = frozenset(
    {
        *("seconds_per_point", "points", "seconds_per_muscle", "minutes", "minutes_per_area", "pressure_kpa", "load_kg"),
        *("sessions", "every_days", "per_week"),
    }
)
PREGNANCY_CLASS = "points-pregnancy"


def inspect_supplements(desk: Desk) -> None:
    """Every method lies in its class, every dose is a pair, and the points barred in pregnancy are the same in both lists."""
    library = desk.library
    for supplement in library.supplements.values():
        _supplement(desk, supplement)
    for code, row in library.supplement_classes.items():
        place = f"supplements: class {code}"
        desk.known(row.members, library.supplements, place)
        desk.known(row.points, library.points, f"{place} points")
        desk.known(row.zones, library.zones, f"{place} zones")
        desk.expect(row.members or row.points, place, "bars nothing")
    barred = {code for code, point in library.points.items() if point.pregnancy_barred}
    listed = library.supplement_classes.get(PREGNANCY_CLASS)
    desk.expect(listed and set(listed.points) == barred, f"supplements: class {PREGNANCY_CLASS}", "differs from the points' own marks")
    for number, segment in enumerate(library.segments, 1):
        desk.known(segment.sources, library.sources, f"supplements: segment [{number}] sources")


def _supplement(desk: Desk, supplement: Supplement) -> None:
    library = desk.library
    place = f"supplements: supplement {supplement.code}"
    group = library.supplement_classes.get(supplement.supplement_class)
    desk.expect(group is not None and supplement.code in group.members, place, f"is no member of {supplement.supplement_class!r}")
    desk.known(supplement.sources, library.sources, f"{place} sources")
    desk.known(supplement.avoid_when, library.facts, f"{place} avoid_when")
    desk.known(supplement.avoid_zones, library.zones, f"{place} avoid_zones")
    desk.known(supplement.avoid_zones_when, library.facts, f"{place} avoid_zones_when")
    for zones in supplement.avoid_zones_when.values():
        desk.known(zones, library.zones, f"{place} avoid_zones_when")
    desk.known(supplement.dose, DOSE_KEYS, f"{place} dose")
    desk.expect(bool(supplement.dose) != supplement.by_order, place, "a dose in numbers, or by the doctor's order")
    for key, (low, high) in supplement.dose.items():
        desk.expect(0 <= low <= high, f"{place} dose {key}", "is a low and a high number")
    low_age, high_age = supplement.age or (0, 0)
    desk.expect(low_age <= high_age, f"{place} age", "is a low and a high age")
