"""Plans as JSON and back. A plan is kept exactly as it was built: reading it gives an equal plan or an error, never a guess."""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Not
from protocols.method.findings import Screening
from protocols.method.places import Place
from protocols.method.plans import Adaptation, CoursePlan, SessionPlan, SessionRecord
from protocols.method.vocabulary import Outcome

Stored = SessionPlan | CoursePlan | Screening | Adaptation | SessionRecord
AnyStored = TypeVar("AnyStored", SessionPlan, CoursePlan, Screening, Adaptation, SessionRecord)

# Fields that came later, by the name of their type. They are written only where they hold something, so what was stored before them
# stays byte for byte what it was, and read as their default where they are missing.
_LATER: dict[str, frozenset[str]] = {
    "SessionPlan": frozenset({"by_hand"}),
    "Screening": frozenset({"bars"}),
    "SessionRecord": frozenset({"skin_or_swelling", "sleep_or_headache"}),
}
_NODES = {kind.__name__: kind for kind in (Always, Comparison, AllOf, AnyOf, Not)}


class NotStored(ValueError):
    """The JSON is not a plan that this code stored. The message names the place."""


def plan_to_json(plan: Stored) -> dict[str, Any]:
    """A plan, course, screening, adaptation or record as JSON values; ``from_json`` gives it back equal."""
    return cast("dict[str, Any]", _encoded(plan))


def from_json(kind: type[AnyStored], data: object) -> AnyStored:
    """The stored value. Raises ``NotStored`` for an unknown or missing key or a value of another type, ``UnsafePlan`` for an unsafe one."""
    try:
        text = json.dumps(data)
    except (TypeError, ValueError):  # not JSON at all: the reading says where
        return cast("AnyStored", _decoded(data, kind, kind.__name__))
    return cast("AnyStored", _read(cast("Hashable", kind), text))


@lru_cache(maxsize=256)
def _read(kind: Hashable, text: str) -> object:
    """What this very text says. A page reads one plan several times, and reading is slow because it doubts everything.

    What is given back is shared: plans are frozen, and nobody may change the mapping of facts in a screening.
    """
    return _decoded(json.loads(text), kind, getattr(kind, "__name__", ""))


def plan_from_json(data: object) -> SessionPlan:
    """The session plan stored in ``data``. Raises as ``from_json`` does."""
    return from_json(SessionPlan, data)


def plan_from_text(text: str) -> SessionPlan:
    """The session plan stored in this JSON text, which is not even parsed when it was read a moment ago. Raises as ``from_json`` does."""
    try:
        return cast("SessionPlan", _read(cast("Hashable", SessionPlan), text))
    except json.JSONDecodeError as error:
        raise NotStored(f"SessionPlan: no JSON ({error})") from error


def canonical_bytes(plan: Stored) -> bytes:
    """The one byte string of a plan: keys in order, no spaces, ASCII. Equal plans give equal bytes in every process."""
    return _canonical(plan_to_json(plan))


def _canonical(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def digest_of_json(data: Mapping[str, Any]) -> str:
    """The digest of what ``plan_to_json`` gave: that of its plan, without writing it out a second time."""
    return hashlib.sha256(_canonical(data)).hexdigest()


def plan_digest(plan: Stored) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal: two plans with the same digest are the same plan."""
    return hashlib.sha256(canonical_bytes(plan)).hexdigest()


_PLAIN = frozenset({bool, int, float, str, NoneType})


# Writing ------------------------------------------------------------------------------------------------------------------------
def _encoded(value: object) -> object:
    kind = type(value)
    return value if kind in _PLAIN else _writer(cast("Hashable", kind))(value)


@cache
def _writer(kind: Any) -> Callable[[Any], object]:
    """What writes values of this very type: a plan has thousands, of a dozen types."""
    if issubclass(kind, tuple):
        return _encoded_tuple
    if issubclass(kind, Outcome):
        return lambda value: value.code
    if issubclass(kind, frozenset):
        return lambda value: sorted((_encoded(item) for item in value), key=_sort_key)
    if issubclass(kind, Mapping):
        return lambda value: {str(key): _encoded_fact(item) for key, item in value.items()}
    return _encoded_object


def _encoded_tuple(value: tuple[object, ...]) -> list[object]:
    return [item if type(item) in _PLAIN else _encoded(item) for item in value]


def _encoded_object(value: object) -> dict[str, Any]:
    name, (names, values_of) = type(value).__name__, _names(cast("Hashable", type(value)))
    encoded = {field: item if type(item) in _PLAIN else _encoded(item) for field, item in zip(names, values_of(value), strict=True)}
    for field in _LATER.get(name, ()):
        if encoded[field] is None or encoded[field] == []:  # a "no" is an answer and is written
            del encoded[field]
    return {"node": name, **encoded} if name in _NODES else encoded


@cache
def _names(kind: Any) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """The names of the fields, and what reads them all at once."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not stored")
    names = tuple(field.name for field in fields(kind))
    return names, attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


def _encoded_fact(value: object) -> object:
    """The value of a fact. A set of words and a list of places would look alike as JSON, so each is marked."""
    if isinstance(value, frozenset):
        return {"set": _encoded(value)}
    if isinstance(value, tuple):
        return {"places": _encoded(value)}
    return _encoded(value)


def _sort_key(encoded: object) -> str:
    return json.dumps(encoded, sort_keys=True)


# Reading ------------------------------------------------------------------------------------------------------------------------
def _decoded(data: object, kind: Any, place: str) -> object:
    # Plain values are nearly all of a plan.
    return data if type(data) is kind else _reader(kind)(data, place)


@cache
def _reader(kind: Any) -> Callable[[object, str], object]:
    """What reads data as this type, for data that is not of it already."""
    origin = get_origin(kind)
    if origin is not None:
        read, kinds = _GENERIC[origin], get_args(kind)
        return lambda data, place: read(data, kinds, place)
    if kind is Outcome:
        return _outcome
    if is_dataclass(kind):
        return lambda data, place: _decoded_object(data, cast("type", kind), place)
    return lambda data, place: _exactly(data, kind, place)


def _decoded_object(data: object, kind: type, place: str) -> object:
    found = _object(data, place)
    shape, whole = _shape(kind)
    if found.keys() != whole and (strange := found.keys() ^ (whole - (_LATER.get(kind.__name__, frozenset()) - found.keys()))):
        raise NotStored(f"{place}: unknown or missing {', '.join(sorted(strange))}")
    if kind.__name__ in _NODES:
        _one_of(found["node"], (kind.__name__,), f"{place}.node")
    read = dict[str, Any]()
    for name, hint, reader in shape:
        if name in found:
            item = found[name]
            read[name] = item if type(item) is hint else reader(item, f"{place}.{name}")
    return kind(**read)


@cache
def _shape(kind: type) -> tuple[tuple[tuple[str, Any, Callable[[object, str], object]], ...], frozenset[str]]:
    """Each field with its type and what reads it; and the names that stand in the JSON of one that is whole."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    whole = frozenset({*names, "node"} if kind.__name__ in _NODES else names)
    return tuple((name, hints[name], _reader(hints[name])) for name in names), whole


def _decoded_union(data: object, kinds: tuple[Any, ...], place: str) -> object:
    if data is None and NoneType in kinds:
        return None
    node = data.get("node") if isinstance(data, Mapping) else None
    if isinstance(node, str) and _NODES.get(node) in kinds:
        return _decoded(data, _NODES[node], place)
    for kind in kinds:
        if isinstance(data, list) if get_origin(kind) in (tuple, frozenset) else _fits(data, kind):
            return _decoded(data, kind, place)
    raise NotStored(f"{place}: {type(data).__name__} does not belong here")


def _fits(data: object, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return data in get_args(kind)
    if kind in (bool, int, float, str):
        return type(data) is kind
    return isinstance(data, Mapping) and isinstance(kind, type) and is_dataclass(kind)


def _decoded_tuple(data: object, kinds: tuple[Any, ...], place: str) -> tuple[object, ...]:
    items = _list(data, place)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kind, read = kinds[0], _reader(kinds[0])
        return tuple([item if type(item) is kind else read(item, f"{place}[{index}]") for index, item in enumerate(items)])
    if len(kinds) != len(items):
        raise NotStored(f"{place}: {len(items)} items where {len(kinds)} belong")
    return tuple(_decoded(item, kind, f"{place}[{index}]") for index, (item, kind) in enumerate(zip(items, kinds, strict=True)))


def _decoded_set(data: object, kinds: tuple[Any, ...], place: str) -> frozenset[object]:
    return frozenset(_decoded(item, kinds[0], f"{place}[{index}]") for index, item in enumerate(_list(data, place)))


def _decoded_facts(data: object, _kinds: tuple[Any, ...], place: str) -> dict[str, Any]:
    return {key: _decoded_fact(item, f"{place}.{key}") for key, item in _object(data, place).items()}


def _decoded_fact(data: object, place: str) -> object:
    if not isinstance(data, Mapping):
        return _decoded_union(data, (bool, int, float, str), place)
    if set(data) == {"set"}:
        return _decoded(data["set"], frozenset[str], place)
    if set(data) == {"places"}:
        return _decoded(data["places"], tuple[Place, ...], place)
    raise NotStored(f"{place}: neither a set nor a list of places")


def _exactly(data: object, kind: Any, place: str) -> object:
    # True is an int in Python, so the type must be the very one; only a float may have been a whole number from the start.
    if type(data) is kind or (kind is float and type(data) is int):
        return data
    raise NotStored(f"{place}: {type(data).__name__} where {getattr(kind, '__name__', kind)} belongs")


def _one_of(data: object, allowed: tuple[object, ...], place: str) -> object:
    if isinstance(data, str) and data in allowed:
        return data
    raise NotStored(f"{place}: {data!r} does not belong here")


def _outcome(data: object, place: str) -> Outcome:
    try:
        return Outcome.from_code(str(data))
    except ValueError as error:
        raise NotStored(f"{place}: {error}") from error


def _list(data: object, place: str) -> list[object]:
    if isinstance(data, list):
        return data
    raise NotStored(f"{place}: {type(data).__name__} where a list belongs")


def _object(data: object, place: str) -> Mapping[str, object]:
    if isinstance(data, Mapping):
        return data
    raise NotStored(f"{place}: {type(data).__name__} where an object belongs")


# What a generic type is read by. Screening.facts is the only mapping that is stored.
_GENERIC: dict[Any, Callable[[object, tuple[Any, ...], str], object]] = {
    Union: _decoded_union,
    UnionType: _decoded_union,
    Literal: _one_of,
    tuple: _decoded_tuple,
    frozenset: _decoded_set,
    Mapping: _decoded_facts,
}
