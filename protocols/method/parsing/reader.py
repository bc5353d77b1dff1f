"""Reads a value by the annotation of the field it is for: the dataclasses are the only description of the files' shape."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from protocols.method.entries import InputTree, Tree
from protocols.method.frozen import FrozenMap
from protocols.method.parsing.faults import FaultList
from protocols.method.parsing.trees import read_input_tree, read_tree
from protocols.method.vocabulary import Outcome

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the reader is: ``place`` for sentences, and the list that takes the faults."""

    place: str
    faults: FaultList

    def at(self, name: str) -> "Spot":
        """The place one level down."""
        return Spot(f"{self.place} {name}", self.faults)

    def fault(self, sentence: str) -> None:
        """Note a fault here."""
        self.faults.add(self.place, sentence)


Reader = Callable[[Any, Spot], Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One field of an entry: its name, its key in the file, how it is read, and whether it may be left out."""

    name: str
    key: str
    read: Reader
    optional: bool


def read_entry(kind: type[Any], data: Any, spot: Spot) -> Any:
    """An entry of this dataclass from a TOML table, or None when any fault was noted. Unknown and missing keys are faults."""
    if not isinstance(data, Mapping):
        spot.fault(f"a table is wanted, not {data!r}")
        return None
    before = len(spot.faults.faults)
    keys = keys_of(cast("Hashable", kind))
    for unknown in sorted(data.keys() - {key.key for key in keys}):
        spot.fault(f"unknown key {unknown!r}")
    values: dict[str, Any] = {}
    for key in keys:
        if key.key in data:
            values[key.name] = key.read(data[key.key], spot.at(key.key))
        elif not key.optional:
            spot.fault(f"{key.key!r} is missing")
    return kind(**values) if len(spot.faults.faults) == before else None


@cache
def keys_of(kind: Any) -> tuple[Key, ...]:
    """The fields of a dataclass as keys of a table. ``metadata={"key": ...}`` names a key that is not a Python name."""
    hints = get_type_hints(kind)
    return tuple(
        Key(
            item.name,
            item.metadata.get("key", item.name),
            reader_of(hints[item.name]),
            item.default is not MISSING or item.default_factory is not MISSING,
        )
        for item in fields(kind)
    )


@cache
def reader_of(annotation: Any) -> Reader:
    """How a value of this annotation is read. Raises ``TypeError`` for an annotation that no entry uses."""
    for known, read in TREES:
        if annotation in (known, known | None):
            return read
    if annotation in PLAIN:
        return PLAIN[annotation]
    if is_dataclass(annotation):
        return lambda data, spot: read_entry(annotation, data, spot)  # type: ignore[arg-type]
    make = BY_ORIGIN.get(get_origin(annotation))
    if make is None:
        raise TypeError(f"no reader for {annotation!r}")
    return make(get_args(annotation))


def _exactly(word: str, *kinds: type) -> Reader:
    def read(data: Any, spot: Spot) -> Any:
        if type(data) in kinds:
            return data
        spot.fault(f"{word} is wanted, not {data!r}")
        return None

    return read


def _outcome(data: Any, spot: Spot) -> Outcome | None:
    codes = {outcome.code: outcome for outcome in Outcome}
    if isinstance(data, str) and data in codes:
        return codes[data]
    spot.fault(f"{data!r} is not one of {', '.join(codes)}")
    return None


def _one_of(words: tuple[Any, ...]) -> Reader:
    def read(data: Any, spot: Spot) -> Any:
        if isinstance(data, str) and data in words:
            return data
        spot.fault(f"{data!r} is not one of {', '.join(words)}")
        return None

    return read


def _tuple(arguments: tuple[Any, ...]) -> Reader:
    if arguments[-1] is Ellipsis:
        return _list_of(reader_of(arguments[0]))
    return _fixed(tuple(map(reader_of, arguments)))


def _list_of(read_item: Reader) -> Reader:
    def read(data: Any, spot: Spot) -> Any:
        if not isinstance(data, list):
            spot.fault(f"a list is wanted, not {data!r}")
            return None
        return tuple(read_item(item, spot.at(f"[{number}]")) for number, item in enumerate(data, 1))

    return read


def _fixed(readers: tuple[Reader, ...]) -> Reader:
    def read(data: Any, spot: Spot) -> Any:
        if not isinstance(data, list) or len(data) != len(readers):
            spot.fault(f"a list of {len(readers)} is wanted, not {data!r}")
            return None
        return tuple(reader(item, spot) for reader, item in zip(readers, data, strict=True))

    return read


def _map_of(read_item: Reader) -> Reader:
    def read(data: Any, spot: Spot) -> Any:
        if not isinstance(data, Mapping):
            spot.fault(f"a table is wanted, not {data!r}")
            return None
        return FrozenMap({key: read_item(item, spot.at(key)) for key, item in data.items()})

    return read


def _any_of(options: tuple[Any, ...]) -> Reader:
    """One of several types; a list is told from a plain value by its shape. ``None`` stands for a key left out, never for a value."""
    options = tuple(option for option in options if option is not NoneType)
    if len(options) == 1:
        return reader_of(options[0])
    scalars = tuple(option for option in options if option in (bool, int, float, str))
    lists = tuple(option for option in options if option not in scalars)
    if len(lists) > 1:
        raise TypeError(f"no reader for the union {options!r}")
    read_scalar = _exactly("a plain value", *scalars)
    if not lists:
        return read_scalar
    return lambda data, spot: reader_of(lists[0])(data, spot) if isinstance(data, list) else read_scalar(data, spot)


PLAIN: dict[Any, Reader] = {
    str: _exactly("a text", str),
    int: _exactly("a whole number", int),
    float: _exactly("a number", int, float),
    bool: _exactly("true or false", bool),
    Outcome: _outcome,
}
TREES: tuple[tuple[Any, Reader], ...] = (
    (Tree, lambda data, spot: read_tree(data, spot.place, spot.faults)),
    (InputTree, lambda data, spot: read_input_tree(data, spot.place, spot.faults)),
)
BY_ORIGIN: dict[Any, Callable[[tuple[Any, ...]], Reader]] = {
    Literal: _one_of,
    tuple: _tuple,
    Mapping: lambda arguments: _map_of(reader_of(arguments[1])),
    Union: _any_of,
    UnionType: _any_of,
}
