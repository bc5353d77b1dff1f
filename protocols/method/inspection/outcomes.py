"""Outcome measures and home sheets."""

from protocols.method.entries import HomeSheet, Measure
from protocols.method.inspection.desk import Desk


def inspect_outcomes(desk: Desk) -> None:
    """Ranges and meaningful changes lie inside each other; home sheets name known conditions."""
    for measure in desk.library.measures.values():
        _measure(desk, measure)
    for code, sheet in desk.library.sheets.items():
        place = f"home-sheets: sheet {code}"
        desk.known(sheet.conditions, desk.library.conditions, place)
        desk.known(sheet.sources, desk.library.sources, f"{place} sources")
        low, high = sheet.times_per_day
        desk.expect(sheet.minutes > 0 and 0 < low <= high, place, "minutes and times a day are positive")
        _work(desk, sheet, place)


def _work(desk: Desk, sheet: HomeSheet, place: str) -> None:
    """Each step says what it touches, in zones that a plan can bar; a role of a limb only where every condition asks for the region."""
    library = desk.library
    desk.known(sheet.needs, library.positions, f"{place} needs")
    desk.expect(len(sheet.work) == len(sheet.steps), place, "as many rows of work as steps")
    for work in sheet.work:
        desk.known(work.zones, {*library.zones, *library.role_zones}, f"{place} work")
        desk.known(work.families, library.families, f"{place} work")
    roles = {zone for work in sheet.work for zone in work.zones if zone in library.role_zones}
    for code in sheet.conditions if roles else ():
        asked = {item.code for item in library.conditions[code].inputs} if code in library.conditions else set()
        desk.expect({"affected_side", "region"} <= asked, place, f"names roles of a limb, and {code} asks for no region")


def _measure(desk: Desk, measure: Measure) -> None:
    place = f"measures: measure {measure.code}"
    change = measure.meaningful_change
    desk.known(measure.sources, desk.library.sources, f"{place} sources")
    desk.known(measure.when, measure.when, f"{place} when")
    desk.expect(measure.when, place, "no time to measure it")
    desk.expect(measure.min < measure.max, place, "the range is empty")
    desk.expect(change.text, place, "no words for a meaningful change")
    desk.expect(change.points is None or 0 < change.points <= measure.max - measure.min, place, "the change is wider than the range")
    desk.expect(change.percent is None or 0 < change.percent <= 100, place, "the change is no percentage")
    low, high = change.target or (measure.min, measure.max)
    desk.expect(measure.min <= low <= high <= measure.max, place, "the target lies outside the range")
    read_by_eye = change.points is None and change.percent is None and change.target is None
    desk.expect(measure.better != "to range" or not read_by_eye, place, "neither a range to reach nor a change that counts")
