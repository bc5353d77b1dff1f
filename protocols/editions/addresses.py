"""An edition as entries, each with an address, so that two editions are compared and changed entry by entry. Pure.

An address is ``PART:TABLE/CODE`` for one row of a table whose rows have codes (``library/contraindications:rule/em-01``), for one
group of a translation (``ru/conditions:conditions/neck-collar``), and ``PART:KEY`` for any other value of a file
(``library/course-rules:review``).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Parts = Mapping[str, Mapping[str, Any]]
Changes = Mapping[str, Any]  # address -> the new content of the entry; None where it is taken away
NAMING: Final = ("code", "id")
PLAIN_PARTS: Final = ("library/", "cases/", "rule-cases/")


def entries_of(parts: Parts) -> dict[str, Any]:
    """Every entry of an edition by its address, in the order of its parts."""
    return {address: entry for name in sorted(parts) for address, entry in _entries(name, parts[name])}


def with_changes(parts: Parts, changes: Changes) -> dict[str, Mapping[str, Any]]:
    """The parts with these entries changed, added at the end of their table, or taken away. ``parts`` stay as they are."""
    found: dict[str, Mapping[str, Any]] = dict(parts)
    for address, entry in changes.items():
        name, table, code = split(address)
        part = dict(found.get(name, {}))
        if code:
            part[table] = _changed(name, part.get(table), code, entry)
        else:
            part[table] = entry
        found[name] = {key: value for key, value in part.items() if value is not None}
    return {name: part for name, part in found.items() if part}


def changes_between(before: Parts, after: Parts) -> dict[str, Any]:
    """What makes ``after`` of ``before``: address -> new content, None where it is gone. Order inside a table is no change."""
    old, new = entries_of(before), entries_of(after)
    gone: dict[str, Any] = {address: None for address in old if address not in new}
    return gone | {address: entry for address, entry in new.items() if address not in old or old[address] != entry}


def split(address: str) -> tuple[str, str, str]:
    """Part, table (or key) and code; the code is "" for a value that is not a row. Raises ``ValueError`` for what is no address."""
    part, colon, rest = address.partition(":")
    table, _slash, code = rest.partition("/")
    if not colon or not part or not table:
        raise ValueError(f"{address!r} is no address of an entry")
    return part, table, code


def subject_of(address: str) -> str:
    """The file of the library that an entry belongs to, its translations and cases included: ``conditions/CODE``, ``contraindications``.

    Cases of the rules belong to the rules; what names no such file belongs to its own.
    """
    part, table, code = split(address)
    kind, _slash, stem = part.partition("/")
    if kind == "library":
        return stem
    if kind == "cases":
        return f"conditions/{stem}"
    if kind == "rule-cases" or stem.startswith("rule-cases"):
        return "contraindications"
    return f"conditions/{code}" if (stem, table) == ("conditions", "conditions") else stem


def _entries(name: str, part: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for table, value in part.items():
        if _is_plain(name):
            key = _naming(value)
            rows = {str(row[key]): row for row in value} if key else {}
        else:
            rows = value if _is_group(value) else {}
        if rows:
            yield from ((f"{name}:{table}/{code}", row) for code, row in rows.items())
        else:
            yield f"{name}:{table}", value


def _is_plain(name: str) -> bool:
    return name.startswith(PLAIN_PARTS)


def _naming(value: object) -> str:
    """The key that names each row of this table once; "" for what is no such table."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value or not all(isinstance(row, Mapping) for row in value):
        return ""
    for key in NAMING:
        codes = [row.get(key) for row in value]
        if all(isinstance(code, str) for code in codes) and len(set(codes)) == len(codes):
            return key
    return ""


def _is_group(value: object) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(row, Mapping) for row in value.values())


def _changed(name: str, value: Any, code: str, entry: Any) -> Any:
    """The table with this row in the place of the old one, at the end when it is new, or without it. None for a table left empty."""
    if not _is_plain(name):
        rows = dict(value or {})
        rows[code] = entry
        return {key: row for key, row in rows.items() if row is not None} or None
    rows_there = list(value or [])
    key = _naming(rows_there) or NAMING[0]
    codes = [row.get(key) for row in rows_there]
    if code in codes:
        rows_there[codes.index(code)] = entry
    else:
        rows_there.append(entry)
    return [row for row in rows_there if row is not None] or None
