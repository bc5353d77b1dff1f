"""JSON text that is read without guessing: what is stated twice, too deep, too large or no number at all is a fault."""

import json
from collections.abc import Mapping
from math import isfinite

from protocols.method.answers import Fault, Faults

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
WHOLE = "case"


class _Repeated(dict[str, object]):
    """An object whose text stated some keys more than once; ``keys_repeated`` names them."""

    keys_repeated: tuple[str, ...] = ()


def read_json(text: bytes, *, most_bytes: int = MAX_BYTES, most_depth: int = MAX_DEPTH) -> object:
    """The value written in UTF-8 JSON. Raises ``Faults``: empty, too large, not UTF-8, not JSON, NaN, a repeated key, too deep."""
    try:
        value: object = json.loads(
            _decoded(text, most_bytes), object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise _whole(f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise _whole("nested too deeply") from error
    except ValueError as error:
        # Beside its own error the decoder raises this one for an integer of thousands of digits.
        raise _whole("a whole number with too many digits") from error
    faults = tuple(_faults_inside(value, "", most_depth))
    if faults:
        raise Faults(faults)
    return value


def _decoded(text: bytes, most_bytes: int) -> str:
    if len(text) > most_bytes:
        raise _whole(f"larger than {most_bytes} bytes")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _whole(f"not UTF-8 text: byte {error.start + 1}") from error
    if not decoded.strip():
        raise _whole("empty")
    return decoded


def _whole(message: str) -> Faults:
    return Faults((Fault(WHOLE, message),))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = _Repeated(plain)
    keys = [key for key, _ in pairs]
    marked.keys_repeated = tuple(key for key in plain if keys.count(key) > 1)
    return marked


def _refuse_constant(word: str) -> object:
    raise _whole(f"{word} is not a number of JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise _whole(f"a number out of range: {digits[:20]}")
    return number


def _faults_inside(value: object, field: str, depth: int) -> list[Fault]:
    """``depth``: how much deeper it may still go."""
    if depth < 0:
        return [Fault(field or WHOLE, "nested too deeply")]
    if isinstance(value, list):
        return [fault for place, item in enumerate(value) for fault in _faults_inside(item, f"{field}[{place}]", depth - 1)]
    if not isinstance(value, Mapping):
        return []
    repeated = value.keys_repeated if isinstance(value, _Repeated) else ()
    found = [Fault(_joined(field, key), "stated twice") for key in repeated]
    for key, item in value.items():
        found += _faults_inside(item, _joined(field, key), depth - 1)
    return found


def _joined(field: str, key: str) -> str:
    return f"{field}.{key}" if field else key
