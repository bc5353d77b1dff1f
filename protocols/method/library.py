"""The whole library as one frozen, checked object. Everything that plans or screens reads from here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocols.method.entries import (
    ClearanceDocument,
    Condition,
    CourseRules,
    DangerZone,
    Fact,
    Family,
    HomeSheet,
    IntakeForm,
    Measure,
    OrderRule,
    PartShare,
    Point,
    Position,
    PressureLevel,
    ProcedureArea,
    Profile,
    RoleResolution,
    RoleZone,
    Rule,
    Segment,
    Source,
    Supplement,
    SupplementClass,
    Technique,
    Zone,
)
from protocols.method.inspection import inspect_library
from protocols.method.parsing import FaultList, LibraryFaults, Spot, read_conditions, read_entry, read_list, read_table
from protocols.method.parsing.layout import ORDER_LISTS, TABLES, check_layout, flat_doses, order_list
from protocols.method.tree import ZoneTree, grow_tree, tree_faults

__all__ = ["Library", "LibraryFaults", "build_library"]


@dataclass(frozen=True, eq=False)
class Library:
    """One edition of the knowledge. Tables are keyed by code in file order; two libraries are the same when their digests are."""

    edition: str
    digest: str
    zones: Mapping[str, Zone]
    role_zones: Mapping[str, RoleZone]
    resolutions: Mapping[str, RoleResolution]
    positions: Mapping[str, Position]
    dangers: Mapping[str, DangerZone]
    areas: Mapping[str, ProcedureArea]
    pressure_levels: Mapping[int, PressureLevel]
    families: Mapping[str, Family]
    techniques: Mapping[str, Technique]
    profiles: Mapping[str, Profile]
    conditions: Mapping[str, Condition]
    supplements: Mapping[str, Supplement]
    supplement_classes: Mapping[str, SupplementClass]
    points: Mapping[str, Point]
    segments: tuple[Segment, ...]
    facts: Mapping[str, Fact]
    rules: Mapping[str, Rule]
    documents: Mapping[str, ClearanceDocument]
    course: CourseRules
    order_rules: Mapping[str, OrderRule]
    part_shares: Mapping[str, PartShare]
    family_order: tuple[str, ...]
    limb_order: tuple[str, ...]
    measures: Mapping[str, Measure]
    sheets: Mapping[str, HomeSheet]
    sources: Mapping[str, Source]
    intake: IntakeForm
    tree: ZoneTree


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
