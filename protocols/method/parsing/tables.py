"""The layout of the files: lists of rows keyed by code, conditions with their stages, and the few tables with a shape of their own."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from protocols.method.entries import Condition, Stage, Treatment
from protocols.method.frozen import FrozenMap
from protocols.method.parsing.faults import FaultList
from protocols.method.parsing.reader import Row, Spot, read_entry

T = TypeVar("T")
TREATMENT_KEYS = frozenset(item.name for item in fields(Treatment))


def read_table(kind: type[T], rows: Any, place: str, faults: FaultList, *, key: str = "code") -> Mapping[Any, T]:
    """Rows of one kind keyed by code, in file order. A code that occurs twice is a fault."""
    found: dict[Any, T] = {}
    faults.expect(rows != [], place, "no row")
    for number, row in _numbered(rows, place, faults):
        code = _code_of(row, number, key)
        spot = Spot(f"{place} {code}", faults)
        entry = read_entry(kind, row, spot)
        if code in found:
            spot.fault("the code occurs twice")
        if entry is not None:
            found[code] = entry
    return FrozenMap(found)


def read_list(kind: type[T], rows: Any, place: str, faults: FaultList) -> tuple[T, ...]:
    """Rows without a code, in file order."""
    entries = (read_entry(kind, row, Spot(f"{place} [{number}]", faults)) for number, row in _numbered(rows, place, faults))
    return tuple(entry for entry in entries if entry is not None)


def read_conditions(tables: Mapping[str, Row], faults: FaultList) -> Mapping[str, Condition]:
    """All files ``conditions/CODE``; the code in a file is the name of the file."""
    found: dict[str, Condition] = {}
    for stem in sorted(stem for stem in tables if stem.startswith("conditions/")):
        condition = _read_condition(tables[stem], stem, faults)
        if condition is not None and faults.expect(f"conditions/{condition.code}" == stem, f"{stem}: code", "differs from the file name"):
            found[condition.code] = condition
    return FrozenMap(found)


def _read_condition(data: Row, stem: str, faults: FaultList) -> Condition | None:
    stages = {}
    for number, row in _numbered(data.get("stage"), f"{stem}: stage", faults):
        code = _code_of(row, number)
        spot = Spot(f"{stem}: stage {code}", faults)
        if code in stages:
            spot.fault("the code occurs twice")
        stages[code] = _read_stage(row, spot)
    spot = Spot(f"{stem}:", faults)
    for _number, row in _numbered(data.get("inputs"), f"{stem}: inputs", faults):
        if isinstance(row, Mapping) and ("required" in row) == ("required_when" in row):
            spot.at(f"input {row.get('code')}").fault("says required or required_when, and one of them")
    rest = {key: value for key, value in data.items() if key != "stage"}
    if "stages" in rest:
        spot.fault("unknown key 'stages'")
    condition: Condition | None = read_entry(Condition, {**rest, "stages": {}}, spot)
    if condition is None or any(stage is None for stage in stages.values()):
        return None
    return _with(condition, stages=FrozenMap(stages))


def _read_stage(row: Any, spot: Spot) -> Stage | None:
    """A stage: its own keys, and unless it is barred the keys of a treatment."""
    if not isinstance(row, Mapping):
        spot.fault(f"a table is wanted, not {row!r}")
        return None
    own = {key: value for key, value in row.items() if key not in TREATMENT_KEYS}
    treatment = {key: value for key, value in row.items() if key in TREATMENT_KEYS}
    if "treatment" in own:
        spot.fault("unknown key 'treatment'")
    stage: Stage | None = read_entry(Stage, own, spot)
    if row.get("local") != "barred":
        treated: Treatment | None = read_entry(Treatment, treatment, spot)
        return None if stage is None or treated is None else _with(stage, treatment=treated)
    if treatment != {"steps": []}:
        spot.fault(f"a barred stage has steps = [] and no more of a treatment, not {sorted(treatment)}")
    return stage


def _code_of(row: Any, number: int, key: str = "code") -> Any:
    """The code of a row, or its place in the list where it has none to speak of."""
    code = row.get(key) if isinstance(row, Mapping) else None
    return code if isinstance(code, (str, int)) else f"[{number}]"


def _with(entry: T, **changes: Any) -> T:
    values = {item.name: getattr(entry, item.name) for item in fields(entry)}  # type: ignore[arg-type]
    return type(entry)(**{**values, **changes})


def _numbered(rows: Any, place: str, faults: FaultList) -> list[tuple[int, Any]]:
    if not isinstance(rows, list):
        faults.add(place, "the list of rows is missing")
        return []
    return list(enumerate(rows, 1))
