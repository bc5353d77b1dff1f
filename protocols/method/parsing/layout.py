"""Which file holds which table, and what is rearranged before it is read."""

from collections.abc import Mapping
from typing import Any

from protocols.method.entries import (
    ClearanceDocument,
    DangerZone,
    Fact,
    Family,
    HomeSheet,
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
    Source,
    Supplement,
    SupplementClass,
    Technique,
    Zone,
)
from protocols.method.parsing.faults import FaultList

# field of the library -> file, table, entry, key of the row
TABLES: dict[str, tuple[str, str, type[Any], str]] = {
    "zones": ("zones", "zone", Zone, "code"),
    "role_zones": ("zones", "role_zone", RoleZone, "code"),
    "resolutions": ("zones", "role_resolution", RoleResolution, "region"),
    "positions": ("positions", "position", Position, "code"),
    "dangers": ("danger-zones", "danger_zone", DangerZone, "code"),
    "areas": ("procedure-areas", "area", ProcedureArea, "code"),
    "pressure_levels": ("techniques", "pressure", PressureLevel, "level"),
    "families": ("techniques", "family", Family, "code"),
    "techniques": ("techniques", "technique", Technique, "code"),
    "profiles": ("profiles", "profile", Profile, "code"),
    "supplements": ("supplements", "supplement", Supplement, "code"),
    "supplement_classes": ("supplements", "class", SupplementClass, "code"),
    "points": ("supplements", "point", Point, "code"),
    "facts": ("facts", "fact", Fact, "code"),
    "rules": ("contraindications", "rule", Rule, "code"),
    "documents": ("clearance-documents", "document", ClearanceDocument, "code"),
    "order_rules": ("sequencing", "rule", OrderRule, "code"),
    "part_shares": ("sequencing", "part", PartShare, "code"),
    "measures": ("measures", "measure", Measure, "code"),
    "sheets": ("home-sheets", "sheet", HomeSheet, "code"),
    "sources": ("sources", "source", Source, "id"),
}
ORDER_LISTS = {"family_order": ("family_order", "family"), "limb_order": ("limb_order", "zone")}
# read as one entry each, so their own reader refuses unknown keys
WHOLE_FILES = frozenset({"course-rules", "intake"})
EXTRA_TABLES = {("supplements", "segment"), *(("sequencing", table) for table, _key in ORDER_LISTS.values())}


def check_layout(tables: Mapping[str, Mapping[str, Any]], faults: FaultList) -> None:
    """Every file and every table of a file is known, and none is missing."""
    known = {(stem, table) for stem, table, _kind, _key in TABLES.values()} | EXTRA_TABLES
    stems = {stem for stem, _table in known} | WHOLE_FILES
    for stem in sorted(stems - tables.keys()):
        faults.add(stem, "the file is missing")
    for stem, content in tables.items():
        if not stem.startswith("conditions/") and stem not in stems:
            faults.add(stem, "unknown file")
        elif stem in stems - WHOLE_FILES:
            for table in content:
                faults.expect((stem, table) in known, stem, f"unknown table {table!r}")


def flat_doses(tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """The tables with ``by_order`` taken out of the doses, where everything else is a pair of numbers."""
    rows = tables.get("supplements", {}).get("supplement")
    if not isinstance(rows, list):
        return tables
    return {**tables, "supplements": {**tables["supplements"], "supplement": [_flat_dose(row) for row in rows]}}


def _flat_dose(row: Any) -> Any:
    if not isinstance(row, Mapping) or not isinstance(row.get("dose"), Mapping) or "by_order" not in row["dose"]:
        return row
    dose = dict(row["dose"])
    return {**row, "by_order": dose.pop("by_order"), "dose": dose}


def order_list(rows: Any, key: str, place: str, faults: FaultList) -> tuple[str, ...]:
    """Codes of ``{ position, key }`` rows, which must count 1, 2, 3 ..."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) and row.keys() == {"position", key} for row in rows):
        faults.add(place, f"a list of rows with position and {key} is wanted")
        return ()
    faults.expect([row["position"] for row in rows] == list(range(1, len(rows) + 1)), place, "positions do not count 1, 2, 3")
    return tuple(row[key] for row in rows)
