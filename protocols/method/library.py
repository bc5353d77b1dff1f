"""The whole library as one frozen object. Everything that plans or screens reads from here; ``building`` makes and checks it."""

from collections.abc import Mapping
from dataclasses import dataclass

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
from protocols.method.tree import ZoneTree


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
