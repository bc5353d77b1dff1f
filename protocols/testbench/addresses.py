"""A test patient as the address of a page, and back: whoever has the address sees the same patient and the same plan."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from protocols.asking.fact_fields import VALUE, as_typed, is_reading
from protocols.asking.input_fields import typed
from protocols.asking.replies import NO, UNKNOWN, YES
from protocols.method.library import Library

AGE: Final = "patient-age"
SEX: Final = "patient-sex"
NUMBER: Final = "session-number"
OF: Final = "session-of"
STAGE: Final = "stage"
PICKED: Final = "fact"
CHOSEN: Final = "supplement"
PAPER: Final = "paper-"
REST: Final = "rest"
LONGEST_REST: Final = 6000
# What a case may hold besides, and no field of the page asks: it goes along as it is, and can be left out as a whole.
CARRIED: Final = ("records", "missed_days", "bars")
RULES_OF_PAPERS: Final = "rules"


def address_of(stated: Mapping[str, Any], library: Library) -> str:
    """The query of a page that shows this patient."""
    return urlencode(list(_pairs(stated, library)))


def _pairs(stated: Mapping[str, Any], library: Library) -> Iterator[tuple[str, str]]:
    condition, stage = library.conditions[stated["condition"]], str(stated["stage"])
    yield from (("condition", condition.code), (STAGE, stage))
    yield from ((AGE, str(stated["patient"]["age"])), (SEX, str(stated["patient"]["sex"])))
    yield from ((NUMBER, str(stated["session"]["number"])), (OF, str(stated["session"]["of"])))
    for row in condition.inputs:
        if row.code in stated["inputs"]:
            value = stated["inputs"][row.code]
            yield from _sent(row.code, _ticks(value, library) if row.type == "zones" else typed(row, value))
    yield from _facts(stated, library)
    yield from ((CHOSEN, code) for code in stated.get("supplements", ()))
    yield from ((f"{PAPER}{code}", str(_days(held))) for code, held in stated["clearances"].items())
    if rest := rest_of_case(stated):
        yield REST, json.dumps(rest, ensure_ascii=False, separators=(",", ":"))


def _facts(stated: Mapping[str, Any], library: Library) -> Iterator[tuple[str, str]]:
    for code, value in stated["facts"].items():
        fact = library.facts[code]
        yield PICKED, code
        if fact.type == "bool":
            yield code, YES if value else NO
            continue
        if not is_reading(fact):
            yield code, YES
        yield from _sent(code + VALUE, _ticks(value, library) if fact.type == "zones" else as_typed(fact, value))
    for code in stated["unknown"]:
        yield from ((PICKED, code), (code, "on" if is_reading(library.facts[code]) else UNKNOWN))


def _sent(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value as the browser sends it."""
    yield from ((name, str(item)) for item in (value if isinstance(value, list | tuple) else (value,)))


def _ticks(value: Any, library: Library) -> list[str]:
    """Zones as the boxes that are ticked for them: a paired zone has one for each side."""
    return [tick for item in value for tick in _of_zone(item, library)]


def _of_zone(item: Any, library: Library) -> tuple[str, ...]:
    zone, side = (item["zone"], item.get("side", "both")) if isinstance(item, Mapping) else (str(item), "both")
    if side == "both" and library.zones[zone].paired:
        return f"{zone}|left", f"{zone}|right"
    return (f"{zone}|{side}",)


def _days(held: Any) -> int:
    return int(held["age_days"] if isinstance(held, Mapping) else held)


def rest_of_case(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What no field of the page asks: records of earlier sessions, days missed, bars, and which rules a document names."""
    rest = {key: stated[key] for key in CARRIED if stated.get(key)}
    rules = {code: list(held["rules"]) for code, held in stated["clearances"].items() if isinstance(held, Mapping)}
    return rest | ({RULES_OF_PAPERS: rules} if rules else {})


def read_rest(text: str) -> dict[str, Any]:
    """The same out of an address; nothing where the address holds no such thing. Its content is checked where the case is read."""
    if not text or len(text) > LONGEST_REST:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    known = (*CARRIED, RULES_OF_PAPERS)
    return {key: found[key] for key in known if key in found} if isinstance(found, dict) else {}
