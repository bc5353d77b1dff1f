"""Conditions and stages: codes, numbers of a course, documents, and what begins later."""

from itertools import pairwise

from protocols.method.entries import Condition, Stage, Treatment, Variant
from protocols.method.inspection.desk import ICD10, Desk

UNIT_TOLERANCE_MINUTES = 3


def inspect_stages(desk: Desk) -> None:
    """Every condition and stage on its own, before its steps are followed."""
    for condition in desk.library.conditions.values():
        _condition(desk, condition)
    for place, condition, stage in desk.stages():
        _stage(desk, condition, stage, place)
    for place, condition, _, treatment in desk.treatments():
        _codes(desk, treatment, place)
        _forbid(desk, treatment, place)
        _numbers(desk, treatment, place)
        _progression(desk, treatment, place)
        _input_bound(desk, condition, treatment, place)
        for variant in treatment.variants:
            _variant(desk, treatment, variant, f"{place} variant {variant.code}")


def _condition(desk: Desk, condition: Condition) -> None:
    place = f"conditions/{condition.code}:"
    desk.known(condition.sources, desk.library.sources, f"{place} sources")
    desk.known(condition.measures, desk.library.measures, f"{place} measures")
    for key in ("never", "refer_first", "icd10", "sources", "measures", "stages"):
        desk.expect(getattr(condition, key), place, f"{key} is empty")
    for code in condition.icd10:
        desk.expect(ICD10.fullmatch(code), place, f"{code!r} is no ICD-10 code")
    desk.known(condition.stage_guide.keys() - {"basis"}, condition.stages, f"{place} stage_guide")
    desk.known(condition.degrees, condition.stages, f"{place} degrees")
    bands = list(condition.degrees.values())
    for (_low, high), (low, _high) in pairwise(bands):
        desk.expect(low == high + 1, f"{place} degrees", f"hole or overlap at {low}")
    if condition.curve_sides is not None:
        curve = condition.curve_sides
        inputs = {item.code for item in condition.inputs}
        desk.known((*curve.thoracic_zones, *curve.lumbar_zones), desk.library.zones, f"{place} curve_sides")
        desk.expect(curve.thoracic_zones and curve.lumbar_zones, place, "curve_sides: a list of zones is empty")
        desk.expect({curve.thoracic_convex_from, curve.lumbar_convex_from, curve.c_shape_from} <= inputs, place, "curve_sides: inputs")


def _stage(desk: Desk, condition: Condition, stage: Stage, place: str) -> None:
    barred = stage.local == "barred"
    desk.expect(not barred or (stage.reason and stage.becomes_allowed_when), place, "barred without a reason or an end")
    desk.expect(barred or not stage.emergency, place, "an emergency that may be massaged")
    told_apart = stage.definition or len(condition.stages) == 1 or stage.code in condition.stage_guide or stage.code in condition.degrees
    desk.expect(told_apart or stage.name, place, "nothing tells it from the other stages")
    if stage.local == "doctor-only":
        desk.expect(stage.treatment and stage.treatment.needs_document, place, "doctor-only without a document")


def _codes(desk: Desk, treatment: Treatment, place: str) -> None:
    library = desk.library
    documents = [treatment.needs_document, *(variant.needs_document for variant in treatment.variants)]
    desk.known(dict.fromkeys(documents), library.documents, f"{place} needs_document")
    desk.known(treatment.positions, library.positions, f"{place} positions")
    desk.known(treatment.positions_on_order, library.positions, f"{place} positions_on_order")
    desk.known(treatment.forbid_positions, library.positions, f"{place} forbid_positions")
    overlap = {*treatment.positions, *treatment.positions_on_order} & set(treatment.forbid_positions)
    desk.expect(treatment.positions and not overlap, place, "no position, or one that is used and forbidden")
    desk.known([treatment.procedure_area], library.areas, f"{place} procedure_area")
    desk.known(treatment.stop_sets, {row.code for row in library.course.stop_set}, f"{place} stop_sets")
    desk.known(treatment.measures, library.measures, f"{place} measures")
    classes = library.supplements.keys() | library.supplement_classes.keys()
    desk.known(treatment.forbid_supplements, classes, f"{place} forbid_supplements")
    for row in treatment.supplements:
        desk.known([row.supplement], library.supplements, f"{place} supplements")
        desk.known(row.points, library.points, f"{place} supplements {row.supplement}")
        desk.expect(row.supplement not in treatment.forbid_supplements, place, f"{row.supplement} is offered and forbidden")
    for step in treatment.steps:
        desk.known([step.zone], {*library.zones, *library.role_zones}, f"{place} steps")
        desk.known([step.profile], library.profiles, f"{place} steps")
    percussion = [treatment.percussion, *(variant.percussion for variant in treatment.variants)]
    for item in percussion:
        if item is not None:
            desk.known(item.techniques, library.techniques, f"{place} percussion")
            desk.known(item.zones, library.zones, f"{place} percussion")
            desk.known([item.requires], library.facts, f"{place} percussion")


def _forbid(desk: Desk, treatment: Treatment, place: str) -> None:
    library = desk.library
    places = {*library.zones, *library.role_zones, "all"}
    for row in treatment.forbid:
        at = f"{place} forbid {row.zone}"
        desk.known([row.zone], places, at)
        desk.known([row.technique], library.techniques, at)
        desk.known([row.family], {*library.families, "all"}, at)
        desk.expect((row.family is None) != (row.technique is None), at, "names a family or a technique, and one of them")
    for cap in treatment.pressure_max_at:
        desk.known([cap.zone], library.zones, f"{place} pressure_max_at")
        desk.expect(1 <= cap.level <= treatment.pressure_max, f"{place} pressure_max_at", "the level is not below the stage's")


def _numbers(desk: Desk, treatment: Treatment, place: str) -> None:
    minutes, sessions, cadence, levels = treatment.minutes, treatment.sessions, treatment.cadence, treatment.pressure
    desk.expect(0 < minutes.first <= minutes.full <= minutes.max, place, "minutes do not rise from first over full to max")
    desk.expect(0 < sessions.min <= sessions.usual <= sessions.max, place, "sessions do not rise from min over usual to max")
    desk.expect(1 <= cadence.every_days_min <= cadence.every_days_max and 1 <= cadence.per_week <= 7, place, "cadence")
    unit_minutes = desk.library.course.capacity.minutes_per_unit * treatment.units
    desk.expect(abs(minutes.full - unit_minutes) <= UNIT_TOLERANCE_MINUTES, place, f"{minutes.full} min for {treatment.units} units")
    desk.expect(1 <= treatment.pressure_max <= 4, place, "pressure_max is 1 to 4")
    sound = levels is None or 1 <= levels.build_up <= levels.working <= treatment.pressure_max
    desk.expect(sound, place, "pressure levels do not rise to the stage's highest")
    desk.expect(treatment.repeat_after_days >= 0, place, "repeat_after_days is negative")
    bands = treatment.minutes_by_age
    for row in bands:
        desk.expect(row.age_min <= row.age_max and 0 < row.minutes <= minutes.max, place, "minutes_by_age")
    for before, after in pairwise(bands):
        desk.expect(after.age_min == before.age_max + 1, place, f"minutes_by_age: hole or overlap at {after.age_min}")


def _progression(desk: Desk, treatment: Treatment, place: str) -> None:
    """What begins later begins within the shortest course, and half of the main work is there in session 1."""
    last = treatment.sessions.min
    for table in (treatment.family_from, *(step.family_from for step in treatment.steps)):
        desk.known(table, desk.library.families.keys() - {"stroking"}, f"{place} family_from")
        desk.expect(all(1 < number <= last for number in table.values()), place, "family_from: not within the shortest course")
    late = [step.from_session for step in treatment.steps if step.from_session != 1]
    desk.expect(all(1 < number <= last for number in late), place, "from_session: not within the shortest course")
    main = [step for step in treatment.steps if step.part == "main"]
    there = sum(step.minutes for step in main if step.from_session == 1)
    desk.expect(2 * there >= sum(step.minutes for step in main), place, "more than half of the main work is missing in session 1")
    desk.expect(0 <= treatment.calm_until_session <= last, place, "calm_until_session: not within the shortest course")


def _input_bound(desk: Desk, condition: Condition, treatment: Treatment, place: str) -> None:
    inputs = {item.code: item for item in condition.inputs}
    ordered = bool(treatment.positions_on_order)
    desk.expect(ordered == (treatment.positions_on_order_from is not None), place, "positions_on_order needs the input that opens it")
    if treatment.positions_on_order_from is not None:
        item = inputs.get(treatment.positions_on_order_from)
        desk.expect(item is not None and item.type == "bool", place, "positions_on_order_from names no yes/no input")
    if treatment.area_by_region is not None and "region" in inputs:
        for region in inputs["region"].values:
            row = desk.library.resolutions.get(region)
            desk.expect(row is not None and treatment.area_by_region in row.areas, place, f"no procedure area for region {region}")


def _variant(desk: Desk, treatment: Treatment, variant: Variant, place: str) -> None:
    library = desk.library
    fact = library.facts.get(variant.requires)
    desk.expect(fact is not None and fact.type == "bool", place, "requires names no yes/no fact")
    desk.expect(1 < variant.from_session <= treatment.sessions.min, place, "from_session: not within the shortest course")
    desk.known(variant.lifts_forbid, library.families, f"{place} lifts_forbid")
    steps = {(step.zone, step.side) for step in treatment.steps if step.part == "main"}
    for row in variant.profile_at:
        desk.known([row.profile], library.profiles, f"{place} profile_at")
        desk.expect((row.zone, row.side) in steps, place, f"profile_at {row.zone} {row.side}: no such main step")
    desk.expect(variant.profile_at, place, "changes nothing")
