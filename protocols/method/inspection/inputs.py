"""Inputs of a condition and the facts that it implies."""

from protocols.method.entries import Condition, ConditionInput, Forbid, Implied, InputComparison, Stage, Step, Treatment
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.trees import inspect_input_tree, inspect_value

SIDE_INPUTS = {"affected": "affected_side", "healthy": "affected_side", "concave": "convex_side", "convex": "convex_side"}
THERAPEUTIC = "course.therapeutic"
# type of an input -> types of facts that it can fill as it is
FITS = {"int": ("int", "number"), "number": ("number",), "bool": ("bool",), "zones": ("zones",), "enum": ("enum",), "text": ()}


def inspect_inputs(desk: Desk) -> None:
    """Trees over inputs are sound, implied facts fit their types, and a stage requires every input that its steps hang on."""
    for condition in desk.library.conditions.values():
        codes = [item.code for item in condition.inputs]
        desk.known(codes, codes, f"conditions/{condition.code}: inputs")
        for item in condition.inputs:
            _input(desk, condition, item)
        said = any(row.fact == THERAPEUTIC for row in condition.implies)
        desk.expect(said, f"conditions/{condition.code}: implies", f"does not say whether the course is therapeutic ({THERAPEUTIC})")
        for row in condition.implies:
            _implied(desk, condition, row)
    for place, condition, stage, treatment in desk.treatments():
        _needed_inputs(desk, condition, stage, treatment, place)


def _input(desk: Desk, condition: Condition, item: ConditionInput) -> None:
    place = f"conditions/{condition.code}: input {item.code}"
    desk.expect((item.type == "enum") == bool(item.values), place, "values belong to an enum")
    desk.known(item.values, item.values, f"{place} values")
    inspect_input_tree(desk, item.required_when, condition, f"{place} required_when")
    desk.known(item.stage_of, item.values, f"{place} stage_of")
    for stages in item.stage_of.values():
        desk.expect(stages, f"{place} stage_of", "an answer belongs to no stage")
        desk.known(stages, condition.stages, f"{place} stage_of")
    if item.code == "region":
        desk.known(item.values, desk.library.resolutions, f"{place} values")


def _implied(desk: Desk, condition: Condition, row: Implied) -> None:
    place = f"conditions/{condition.code}: implies {row.fact}"
    inputs = {item.code: item for item in condition.inputs}
    given = [row.value is not None, row.from_input is not None, row.from_role is not None]
    desk.expect(sum(given) == 1, place, "needs exactly one of value, from, from_role")
    inspect_input_tree(desk, row.when, condition, f"{place} when")
    fact = desk.library.facts.get(row.fact)
    if fact is None:
        desk.faults.add(place, "unknown fact")
        return
    if row.value is not None:
        inspect_value(desk, fact, row.value, place)
    for value in row.map.values():
        inspect_value(desk, fact, value, f"{place} map")
    if row.from_input is not None and desk.known([row.from_input], inputs, f"{place} from"):
        _from_input(desk, row, inputs[row.from_input], fact.type, place)
    if row.from_role is not None:
        desk.known([row.from_role], desk.library.role_zones, f"{place} from_role")
        desk.expect(fact.type == "zones" and "region" in inputs, place, "a role fills zones, by the input region")
        desk.expect(row.side_from in inputs, place, "side_from names no input")
    desk.expect((row.from_role is None) == (row.side_from is None), place, "side_from belongs to from_role")


def _from_input(desk: Desk, row: Implied, item: ConditionInput, fact_type: str, place: str) -> None:
    desk.expect(row.divide >= 1, place, "divide is at least 1")
    if row.map:
        desk.expect(set(row.map) == set(item.values), place, "map does not answer every value")
    else:
        desk.expect(fact_type in FITS[item.type], place, f"input {item.code} of type {item.type} does not fill {fact_type}")


def _needed_inputs(desk: Desk, condition: Condition, stage: Stage, treatment: Treatment, place: str) -> None:
    inputs = {item.code: item for item in condition.inputs}
    needed: set[str] = set()
    rows: tuple[Step | Forbid, ...] = (*treatment.steps, *treatment.forbid)
    for row in rows:
        role = desk.library.role_zones.get(row.zone)
        if role is not None:
            needed.add(role.from_input or "region")
            if role.from_input in inputs:
                desk.expect(inputs[role.from_input].type == "zones", place, f"input {role.from_input} names no zones")
        if row.side in SIDE_INPUTS:
            needed.add(SIDE_INPUTS[row.side])
    for code in sorted(needed):
        item = inputs.get(code)
        asked = item is not None and _is_required(item, stage.code)
        desk.expect(asked, place, f"input {code} is needed by a step or a forbid row but not required")
    if treatment.area_by_region is not None:
        desk.expect("region" in inputs, place, "area_by_region without an input region")


def _is_required(item: ConditionInput, stage: str) -> bool:
    when = item.required_when
    asked = isinstance(when, InputComparison) and when.input is None and isinstance(when.value, tuple) and stage in when.value
    return item.required or asked
