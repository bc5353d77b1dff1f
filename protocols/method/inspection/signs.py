"""Signs that speak against a stage: codes, types and bounds, and a source for every sign that names one."""

from protocols.method.entries import Condition, SignCheck, StageSign
from protocols.method.inspection.desk import Desk

# operator -> types of inputs and facts that it compares
FITS = {"is": ("bool", "enum"), "is-not": ("enum",), "in": ("enum",)}
NUMBERS = ("int", "number")


def inspect_signs(desk: Desk) -> None:
    """Every sign stands against a stage of its condition and asks for what the library knows."""
    for condition in desk.library.conditions.values():
        codes = [sign.code for sign in condition.stage_signs]
        desk.expect(len(codes) == len(set(codes)), f"conditions/{condition.code}: stage_signs", "a code occurs twice")
        for sign in condition.stage_signs:
            _sign(desk, condition, sign)
        _degrees(desk, condition)


def _sign(desk: Desk, condition: Condition, sign: StageSign) -> None:
    place = f"conditions/{condition.code}: stage_signs {sign.code}"
    desk.expect(sign.stages and sign.when and sign.sentence, place, "names no stage, no check or no sentence")
    desk.known((*sign.stages, *sign.points_to), condition.stages, place)
    desk.expect(not set(sign.stages) & set(sign.points_to), place, "speaks for the stage that it speaks against")
    desk.known(sign.sources, condition.sources, place)
    desk.expect(sign.sources or sign.provenance != "sourced", place, "is sourced and names no source")
    for check in sign.when:
        _check(desk, condition, check, place)


def _check(desk: Desk, condition: Condition, check: SignCheck, place: str) -> None:
    inputs = {item.code: item for item in condition.inputs}
    desk.expect(check.input or check.fact, place, "a check asks neither an input nor a fact")
    desk.known([check.input], inputs, place)
    desk.known([check.fact], desk.library.facts, place)
    for entry in (inputs.get(check.input or ""), desk.library.facts.get(check.fact or "")):
        if entry is not None:
            desk.expect(entry.type in FITS.get(check.op, NUMBERS), place, f"{check.op} does not compare a {entry.type}")
            desk.expect(_has_value(check, entry.type, entry.values), place, f"{check.value!r} is no answer to {entry.code}")


def _has_value(check: SignCheck, kind: str, values: tuple[str, ...]) -> bool:
    if check.op == "in":
        return isinstance(check.value, tuple) and set(check.value) <= set(values)
    if kind == "enum":
        return check.value in values
    return isinstance(check.value, bool) if kind == "bool" else isinstance(check.value, int | float) and not isinstance(check.value, bool)


def _degrees(desk: Desk, condition: Condition) -> None:
    """Where stages are bands of a number, the signs say the same numbers as the bands."""
    for stage, (low, high) in condition.degrees.items():
        told = [(item.op, item.value) for sign in condition.stage_signs if stage in sign.stages for item in sign.when]
        above = ("gt", high) in told or high == max(last for _first, last in condition.degrees.values())
        desk.expect(("lt", low) in told and above, f"conditions/{condition.code}: stage_signs", f"does not say the band of {stage}")
