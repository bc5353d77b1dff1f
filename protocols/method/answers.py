"""Answers about a patient: what is known, what was asked and not answered. Everything else counts as "no" or "normal"."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from protocols.method.entries import Fact
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.vocabulary import SIDES, Side

FactValue = bool | int | float | str | frozenset[str] | tuple[Place, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with what was given: the field by name, and a sentence that says what to do about it."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class Faults(Exception):
    """What was given is not valid. ``faults`` lists everything that was found, each with its field."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Answers:
    """``known`` facts with their values, and ``unknown`` ones ("don't know", "will not say").

    A fact in neither is answered "no" or "normal".
    """

    known: Mapping[str, FactValue]
    unknown: frozenset[str] = field(default_factory=frozenset)

    def with_known(self, more: Mapping[str, FactValue]) -> "Answers":
        """The same answers with ``more`` of them known; what is known is no longer unknown."""
        return Answers({**self.known, **more}, self.unknown - more.keys())


def parse_fact(fact: Fact, raw: object, library: Library, *, field: str | None = None) -> FactValue:
    """The checked value of a fact as it came from JSON or a form.

    Numbers keep the unit of the fact and must lie within its range; zones become sorted places without doubles.
    Raises ``Faults`` with one fault that names ``field`` (by default ``facts.CODE``).
    """
    where = field or f"facts.{fact.code}"
    if fact.type == "zones":
        return parse_places(raw, library, field=where)
    if fact.type == "set":
        return _parse_set(raw, fact.values, where)
    return _SCALARS[fact.type](raw, fact, where)


def parse_places(raw: object, library: Library, *, field: str) -> tuple[Place, ...]:
    """Places from a list of zone codes (both sides) or ``{"zone", "side"}``. Raises ``Faults`` that name ``field``."""
    items = _as_list(raw, field)
    return tuple(sorted({_parse_place(item, library, field) for item in items}))


def parse_choice(raw: object, values: Sequence[str], *, field: str) -> str:
    """One of ``values``. Raises ``Faults`` that name ``field``."""
    if isinstance(raw, str) and raw in values:
        return raw
    raise _fault(field, f"must be one of {', '.join(values)}, not {_shown(raw)}")


def parse_bool(raw: object, *, field: str) -> bool:
    """True or false, and nothing that merely looks like it. Raises ``Faults`` that name ``field``."""
    if isinstance(raw, bool):
        return raw
    raise _fault(field, f"must be true or false, not {_shown(raw)}")


def parse_int(raw: object, *, low: float | None, high: float | None, field: str) -> int:
    """A whole number from ``low`` to ``high``. Raises ``Faults`` that name ``field``."""
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise _fault(field, f"must be a whole number, not {_shown(raw)}")
    _check_range(raw, low, high, field)
    return raw


def parse_text(raw: object, *, field: str) -> str:
    """Text without blanks around it. Raises ``Faults`` that name ``field``."""
    if isinstance(raw, str):
        return raw.strip()
    raise _fault(field, f"must be text, not {_shown(raw)}")


def _parse_number(raw: object, fact: Fact, where: str) -> float | int:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or (isinstance(raw, float) and not isfinite(raw)):
        raise _fault(where, f"must be a number, not {_shown(raw)}")
    _check_range(raw, fact.min, fact.max, where)
    return raw


_SCALARS: Mapping[str, Callable[[object, Fact, str], FactValue]] = {
    "bool": lambda raw, fact, where: parse_bool(raw, field=where),
    "int": lambda raw, fact, where: parse_int(raw, low=fact.min, high=fact.max, field=where),
    "number": _parse_number,
    "enum": lambda raw, fact, where: parse_choice(raw, fact.values, field=where),
}


def _parse_set(raw: object, values: Sequence[str], where: str) -> frozenset[str]:
    return frozenset(parse_choice(item, values, field=where) for item in _as_list(raw, where))


def _parse_place(raw: object, library: Library, where: str) -> Place:
    zone, side = _zone_and_side(raw, where)
    if zone not in library.zones:
        raise _fault(where, f"unknown zone {_shown(zone)}")
    # A side of a zone in the middle line says nothing more than the zone itself: the whole of it is meant.
    return Place(zone, side if library.zones[zone].paired else "both")


def _zone_and_side(raw: object, where: str) -> tuple[str, Side]:
    if isinstance(raw, str):
        return raw, "both"
    if not isinstance(raw, Mapping) or not isinstance(raw.get("zone"), str) or raw.keys() - {"zone", "side"}:
        raise _fault(where, 'each item must be a zone code or {"zone", "side"}')
    side = parse_choice(raw.get("side", "both"), SIDES, field=where)
    return raw["zone"], _SIDE_OF[side]


_SIDE_OF: Mapping[str, Side] = {"left": "left", "right": "right", "both": "both"}


def _as_list(raw: object, where: str) -> Sequence[object]:
    if isinstance(raw, list | tuple):
        return raw
    raise _fault(where, f"must be a list, not {_shown(raw)}")


def _check_range(value: float, low: float | None, high: float | None, where: str) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        raise _fault(where, f"must be {_range_in_words(low, high)}, not {_shown(value)}")


def _range_in_words(low: float | None, high: float | None) -> str:
    if high is None:
        return f"at least {low:g}"
    return f"at most {high:g}" if low is None else f"from {low:g} to {high:g}"


def _fault(where: str, message: str) -> Faults:
    return Faults((Fault(where, message),))


def _shown(raw: object) -> str:
    """A value as it stands in a message: as JSON writes it, never longer than a line."""
    if isinstance(raw, int) and raw.bit_length() > 64:  # Python refuses to write very long numbers out
        return "a number far out of range"
    words = {"True": "true", "False": "false", "None": "nothing"}
    text = f'"{raw}"' if isinstance(raw, str) else words.get(str(raw), str(raw))
    return text if len(text) <= 60 else text[:57] + "..."
