"""The questions that only one condition asks, and the facts that a condition with its inputs answers by itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from protocols.method.answers import (
    Answers,
    FactValue,
    Fault,
    Faults,
    parse_bool,
    parse_choice,
    parse_fact,
    parse_int,
    parse_places,
    parse_text,
)
from protocols.method.entries import AllInputs, AnyInput, Condition, ConditionInput, Implied, InputComparison, InputTree, Stage
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.roles import Inputs, RoleUnresolved, role_places
from protocols.method.vocabulary import Side

__all__ = ["Inputs", "input_is_required", "parse_inputs", "with_implied"]

_SIDES: Mapping[object, Side] = {"left": "left", "right": "right", "both": "both"}


def parse_inputs(library: Library, condition: Condition, stage_code: str, raw: Mapping[str, object], answers: Answers) -> Inputs:
    """The checked inputs of a condition: enum and text as str, zones as places.

    ``answers`` are the stated facts: a required input may be missing when the fact that it fills is stated.
    Raises ``Faults`` with every fault, each naming ``inputs.CODE``: unknown input, wrong value, missing, an answer of other stages only.
    """
    rows = {row.code: row for row in condition.inputs}
    faults = [Fault(f"inputs.{code}", f"is not an input of {condition.code}") for code in raw if code not in rows]
    parsed: dict[str, object] = {}
    for code in (code for code in rows if code in raw):
        try:
            parsed[code] = _parse_input(rows[code], raw[code], library)
        except Faults as found:
            faults += found.faults
    # A list of no zones names nothing: where zones are required, it is as good as missing.
    stated = {code for code in raw if parsed.get(code) != ()}
    faults += _missing(condition, stage_code, parsed, stated.union(_with_stated_fact(condition, answers)))
    faults += _of_other_stages(rows.values(), stage_code, parsed)
    faults += _on_forbidden_zones(library, condition.stages[stage_code], parsed)
    if faults:
        raise Faults(tuple(faults))
    return parsed


def input_is_required(row: ConditionInput, stage_code: str, inputs: Inputs) -> bool:
    """Whether an input must be answered for this stage, given the other inputs."""
    return row.required or (row.required_when is not None and _holds(row.required_when, stage_code, inputs))


def with_implied(library: Library, condition: Condition, stage_code: str, inputs: Inputs, answers: Answers) -> Answers:
    """The answers with everything that the condition, its stage and its inputs imply (key ``implies``).

    Zones add up and so does a true answer; a ``today.`` fact is filled only where it has no answer of its own.
    Raises ``Faults`` where a stated ``history.`` fact says something else.
    """
    known: dict[str, FactValue] = dict(answers.known)
    faults: list[Fault] = []
    for code, source, implied in _implied(library, condition, stage_code, inputs):
        stated = known.get(code)
        if stated is None:
            known[code] = implied
        elif isinstance(implied, tuple) and isinstance(stated, tuple):
            known[code] = tuple(sorted({*stated, *implied}))
        elif isinstance(implied, bool) and isinstance(stated, bool):
            known[code] = implied or stated
        elif stated != implied and code.startswith("history."):
            faults.append(Fault(f"facts.{code}", f"{stated} does not agree with {implied}, which follows from {source}"))
    if faults:
        raise Faults(tuple(faults))
    return Answers(known, answers.unknown - known.keys())


def _parse_input(row: ConditionInput, raw: object, library: Library) -> object:
    return _PARSERS[row.type](row, raw, library)


def _parse_int_input(row: ConditionInput, raw: object, _library: Library) -> int:
    # Only an angle or a change of an angle may be below nothing; all other numbers count days, weeks, points or litres.
    return parse_int(raw, low=-360 if row.unit == "degrees" else 0, high=None, field=f"inputs.{row.code}")


_PARSERS: Mapping[str, Callable[[ConditionInput, object, Library], object]] = {
    "enum": lambda row, raw, _: parse_choice(raw, row.values, field=f"inputs.{row.code}"),
    "bool": lambda row, raw, _: parse_bool(raw, field=f"inputs.{row.code}"),
    "int": _parse_int_input,
    "text": lambda row, raw, _: parse_text(raw, field=f"inputs.{row.code}"),
    "zones": lambda row, raw, library: parse_places(raw, library, field=f"inputs.{row.code}"),
}


def _missing(condition: Condition, stage_code: str, parsed: Inputs, answered: set[str]) -> Iterator[Fault]:
    for row in condition.inputs:
        if row.code not in answered and input_is_required(row, stage_code, parsed):
            yield Fault(f"inputs.{row.code}", f"is missing; {condition.code}, stage {stage_code}, needs it: {row.question}")


def _with_stated_fact(condition: Condition, answers: Answers) -> Iterator[str]:
    """The inputs whose fact is stated itself: the fact that an input fills by its value, or by one answer to it alone."""
    for row in condition.implies:
        if row.fact not in answers.known:
            continue
        if row.from_input is not None:
            yield row.from_input
        elif row.value is not None and isinstance(row.when, InputComparison) and row.when.input is not None:
            yield row.when.input


def _of_other_stages(rows: Iterable[ConditionInput], stage_code: str, parsed: Inputs) -> Iterator[Fault]:
    for row in rows:
        stages = row.stage_of.get(str(parsed.get(row.code)), ())
        if stages and stage_code not in stages:
            yield Fault(f"inputs.{row.code}", f"{parsed[row.code]} belongs to stage {' or '.join(stages)}, not to {stage_code}")


def _on_forbidden_zones(library: Library, stage: Stage, parsed: Inputs) -> Iterator[Fault]:
    """A role zone filled by an input never lies where the stage forbids every family (README, "Zones, sides, roles")."""
    if stage.treatment is None:
        return
    barred = {row.zone for row in stage.treatment.forbid if row.family == "all" and row.scope is None and row.zone in library.zones}
    for code in dict.fromkeys(role.from_input for role in library.role_zones.values() if role.from_input in parsed):
        for place in _places(parsed[str(code)]):
            if barred & library.tree.ancestors(place.zone):
                yield Fault(f"inputs.{code}", f"names {place.zone}, which stage {stage.code} forbids")


def _places(value: object) -> tuple[Place, ...]:
    return value if isinstance(value, tuple) else ()


# Implied facts --------------------------------------------------------------------------------------------------------------
def _implied(library: Library, condition: Condition, stage_code: str, inputs: Inputs) -> Iterator[tuple[str, str, FactValue]]:
    """(fact, what it follows from, value) of every row that holds."""
    for row in condition.implies:
        if row.when is None or _holds(row.when, stage_code, inputs):
            source = f"inputs.{row.from_input}" if row.from_input else f"condition {condition.code}"
            value = _implied_value(library, row, inputs)
            if value is not None:
                yield row.fact, source, value


def _implied_value(library: Library, row: Implied, inputs: Inputs) -> FactValue | None:
    """The value of a row; None where its input was not answered, which leaves the fact to be asked as usual."""
    fact = library.facts[row.fact]
    if row.from_role is not None:
        return _role_value(library, row, inputs)
    if row.from_input is None:
        return row.value
    answer = inputs.get(row.from_input)
    if answer is None:
        return None
    return parse_fact(fact, _converted(row, answer), library, field=f"inputs.{row.from_input}")


def _converted(row: Implied, answer: object) -> object:
    answer = row.map.get(str(answer), answer)
    return answer // row.divide if isinstance(answer, int) and not isinstance(answer, bool) else answer


def _role_value(library: Library, row: Implied, inputs: Inputs) -> tuple[Place, ...]:
    side = _SIDES.get(inputs.get(row.side_from or ""), "both")
    try:
        return tuple(sorted(role_places(library, str(row.from_role), inputs, side)))
    except RoleUnresolved as unresolved:
        raise Faults((Fault(f"facts.{row.fact}", str(unresolved)),)) from unresolved


def _holds(tree: InputTree, stage_code: str, inputs: Inputs) -> bool:
    """Two values only: an input that was not answered makes no comparison true."""
    if isinstance(tree, AllInputs):
        return all(_holds(branch, stage_code, inputs) for branch in tree.branches)
    if isinstance(tree, AnyInput):
        return any(_holds(branch, stage_code, inputs) for branch in tree.branches)
    answer = stage_code if tree.input is None else inputs.get(tree.input)
    return answer is not None and _COMPARE[tree.op](answer, tree.value)


_COMPARE: Mapping[str, Callable[..., bool]] = {
    "is": lambda answer, value: bool(answer == value),
    "in": lambda answer, value: answer in value,
    "lt": lambda answer, value: bool(answer < value),
    "le": lambda answer, value: bool(answer <= value),
    "gt": lambda answer, value: bool(answer > value),
    "ge": lambda answer, value: bool(answer >= value),
}
