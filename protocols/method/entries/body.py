"""The body: zones, role zones, positions, danger map, procedure areas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from protocols.method.entries.hands import Level
from protocols.method.vocabulary import Provenance, RoleSide, Side

View = Literal["front", "back", "both"]
PercussionPolicy = Literal["never", "light", "muscle", "allowed", "prescribed", "fingertip", "by-part"]
Limb = Literal["upper", "lower"]
Extent = Literal["zone", "spot"]


@dataclass(frozen=True, slots=True)
class Zone:
    """A node of the zone tree; an inner node stands for its descendants. ``limb_rank`` counts from the trunk (1) to hand or foot (6)."""

    code: str
    name: str
    name_ru: str
    paired: bool
    segments: str
    percussion: PercussionPolicy
    view: View
    lymph: str
    parent: str | None = None
    limb: Limb | None = None
    limb_rank: int | None = None


@dataclass(frozen=True, slots=True)
class RoleZone:
    """A zone that is known only with the patient's inputs: the injured segment, its joint, the scar."""

    code: str
    name: str
    name_ru: str
    side: RoleSide
    percussion: PercussionPolicy
    if_empty: str | None = None
    same_as: str | None = None
    note: str = ""
    from_input: str | None = None


@dataclass(frozen=True, slots=True)
class RoleResolution:
    """Zones of the role zones for one injured region; ``areas`` maps kind -> procedure area."""

    region: str
    limb_proximal: tuple[str, ...] = field(metadata={"key": "limb-proximal"})
    limb_injured: tuple[str, ...] = field(metadata={"key": "limb-injured"})
    limb_distal: tuple[str, ...] = field(metadata={"key": "limb-distal"})
    segment_zone: tuple[str, ...] = field(metadata={"key": "segment-zone"})
    joint: tuple[str, ...]
    areas: Mapping[str, str]

    def zones_of(self, role: str) -> tuple[str, ...]:
        """Zones of a role zone by its code, ``()`` for a role this table does not fill."""
        filled = {
            "limb-proximal": self.limb_proximal,
            "limb-injured": self.limb_injured,
            "limb-distal": self.limb_distal,
            "segment-zone": self.segment_zone,
            "joint": self.joint,
        }
        return filled.get(role, ())


@dataclass(frozen=True, slots=True)
class Position:
    """How the patient lies or sits, and which zones the hands reach then."""

    code: str
    name: str
    name_ru: str
    views: tuple[View, ...]
    also: tuple[str, ...]
    not_reached: tuple[str, ...] = field(metadata={"key": "not"})
    flat: bool
    head_down: bool
    prone_like: bool
    upper_side: Side | None = None


@dataclass(frozen=True, slots=True)
class DangerZone:
    """A row of the danger map. With extent ``spot`` it binds the named spot only and the zone stays."""

    code: str
    where: str
    zones: tuple[str, ...]
    side: Side
    extent: Extent
    barred: tuple[str, ...]
    barred_techniques: tuple[str, ...]
    always_excluded: bool
    sources: tuple[str, ...]
    pressure_max: Level | None = None


@dataclass(frozen=True, slots=True)
class ProcedureArea:
    """An area of the 1987 norm with its massage units (one unit is ten minutes)."""

    code: str
    name: str
    zones: tuple[str, ...]
    units: float
    minutes: int
    segmental: bool
    border: Provenance
    units_from: Provenance
    sources: tuple[str, ...]
    name_ru: str = ""
    service_code: str | None = None
