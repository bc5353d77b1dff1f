"""From parsed files to a library: read, grow the zone tree, inspect. A library that is not sound is never built."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from protocols.method.entries import CourseRules, IntakeForm, Segment
from protocols.method.inspection import inspect_library
from protocols.method.library import Library
from protocols.method.parsing import FaultList, LibraryFaults, Spot, read_conditions, read_entry, read_list, read_table
from protocols.method.parsing.layout import ORDER_LISTS, TABLES, check_layout, flat_doses, order_list
from protocols.method.tree import grow_tree, tree_faults

__all__ = ["LibraryFaults", "build_library", "digest_of"]


def build_library(tables: Mapping[str, Mapping[str, Any]], *, edition: str) -> Library:
    """The library from parsed files (file stem -> TOML, ``conditions/CODE`` for a condition).

    Raises ``LibraryFaults`` with every fault of the first phase that fails: shape of the files, zone tree, content.
    """
    faults = FaultList()
    parts = _read_parts(tables, faults)
    faults.raise_any()
    for code, sentence in tree_faults(parts["zones"]):
        faults.add(f"zones: zone {code}", sentence)
    for danger in parts["dangers"].values():
        for zone in danger.zones:
            faults.expect(zone in parts["zones"], f"danger-zones: danger_zone {danger.code}", f"unknown zone {zone!r}")
    faults.raise_any()
    tree = grow_tree(parts["zones"], parts["dangers"].values())
    library = Library(edition=edition, digest=digest_of(tables), tree=tree, **parts)
    inspect_library(library, faults)
    faults.raise_any()
    return library


def digest_of(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """sha256 (hex) of the content; order of keys and comments do not count."""
    text = json.dumps(tables, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=dict)
    return hashlib.sha256(text.encode()).hexdigest()


def _read_parts(tables: Mapping[str, Mapping[str, Any]], faults: FaultList) -> dict[str, Any]:
    """All fields of a library but its name, digest and tree."""
    tables = flat_doses(tables)
    check_layout(tables, faults)
    parts: dict[str, Any] = {}
    for name, (stem, table, kind, key) in TABLES.items():
        parts[name] = read_table(kind, tables.get(stem, {}).get(table), f"{stem}: {table}", faults, key=key)
    parts["segments"] = read_list(Segment, tables.get("supplements", {}).get("segment"), "supplements: segment", faults)
    parts["conditions"] = read_conditions(tables, faults)
    parts["course"] = read_entry(CourseRules, tables.get("course-rules", {}), Spot("course-rules:", faults))
    parts["intake"] = read_entry(IntakeForm, tables.get("intake", {}), Spot("intake:", faults))
    for name, (table, key) in ORDER_LISTS.items():
        parts[name] = order_list(tables.get("sequencing", {}).get(table), key, f"sequencing: {table}", faults)
    return parts
