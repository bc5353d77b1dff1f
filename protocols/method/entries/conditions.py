"""Diseases, their inputs, stages and steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from protocols.method.entries.hands import Level
from protocols.method.entries.trees import InputTree, Scalar
from protocols.method.frozen import FrozenMap
from protocols.method.vocabulary import Local, Mode, Part, Provenance, RoleSide, Tempo

InputType = Literal["bool", "int", "number", "enum", "zones", "text"]
ConditionGroup = Literal["spine", "collar", "respiratory", "digestive", "cardiovascular", "nervous", "trauma", "joints", "prevention"]


@dataclass(frozen=True, slots=True)
class ConditionInput:
    """A question that only this condition asks. ``required`` True/False, or ``required_when``."""

    code: str
    question: str
    type: InputType
    values: tuple[str, ...] = ()
    required: bool = False
    required_when: InputTree | None = None
    stage_of: Mapping[str, tuple[str, ...]] = field(default_factory=FrozenMap)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Implied:
    """A fact that the condition itself answers; exactly one of value, from_input, from_role."""

    fact: str
    value: Scalar | None = None
    from_input: str | None = field(default=None, metadata={"key": "from"})
    map: Mapping[str, Scalar] = field(default_factory=FrozenMap)
    divide: int = 1
    from_role: str | None = None
    side_from: str | None = None
    when: InputTree | None = None


@dataclass(frozen=True, slots=True)
class SignCheck:
    """One comparison with an input of the condition or, where that has no answer, with a fact; an unknown value meets no check."""

    op: Literal["is", "is-not", "in", "lt", "le", "gt", "ge"]
    value: Scalar | tuple[Scalar, ...]
    input: str | None = None
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class StageSign:
    """Data that speak against these stages when every check is met. A warning for the person who chooses, never a limit."""

    code: str
    stages: tuple[str, ...]
    when: tuple[SignCheck, ...]
    sentence: str
    provenance: Provenance
    points_to: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a session: so many minutes of a profile on a zone. Left out before session ``from_session``."""

    part: Part
    zone: str
    side: RoleSide
    minutes: float
    profile: str
    from_session: int = 1
    family_from: Mapping[str, int] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class Forbid:
    """A family (or ``all``) or technique barred in a zone (or ``all``, or a role zone) on a side; scope ``spot``: only the marked spot."""

    zone: str
    side: RoleSide
    family: str | None = None
    technique: str | None = None
    scope: Literal["spot"] | None = None


@dataclass(frozen=True, slots=True)
class StageSupplement:
    """A supplementary method that fits the stage; off unless chosen."""

    supplement: str
    points: tuple[str, ...] = ()
    note: str = ""
    side: RoleSide = "both"


@dataclass(frozen=True, slots=True)
class PressureAt:
    """A pressure ceiling of the stage for one zone."""

    zone: str
    level: Level


@dataclass(frozen=True, slots=True)
class StagePercussion:
    """The only percussion of the stage: these techniques on these zones, and only with the fact ``requires``."""

    techniques: tuple[str, ...]
    zones: tuple[str, ...]
    requires: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileAt:
    """The profile that a variant puts on a main step, named by its zone and side."""

    zone: str
    side: RoleSide
    profile: str


@dataclass(frozen=True, slots=True)
class Variant:
    """Another form of a stage, open only with its fact, its document and from its session on."""

    code: str
    requires: str
    needs_document: str
    from_session: int
    profile_at: tuple[ProfileAt, ...]
    percussion: StagePercussion
    lifts_forbid: tuple[str, ...]
    shares: Mapping[str, int]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of the first session, of a full one, and at most with supplements."""

    first: int
    full: int
    max: int


@dataclass(frozen=True, slots=True)
class MinutesByAge:
    """Minutes of a session at this age (both ends included), instead of the age factor."""

    age_min: int
    age_max: int
    minutes: int


@dataclass(frozen=True, slots=True)
class SessionCount:
    """How many sessions a course has."""

    min: int
    max: int
    usual: int


@dataclass(frozen=True, slots=True)
class Cadence:
    """Open days from one session to the next, and sessions a week."""

    every_days_min: int
    every_days_max: int
    per_week: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class StagePressure:
    """Pressure levels by phase, instead of the phase's shift; ``working`` also holds in the taper."""

    build_up: Level
    working: Level


@dataclass(frozen=True, slots=True)
class StageProvenance:
    """Where each value of the stage comes from: sourced, derived or general."""

    plan: Provenance
    profiles: Provenance
    minutes: Provenance
    sessions: Provenance
    cadence: Provenance
    repeat: Provenance
    positions: Provenance
    units: Provenance
    pressure: Provenance


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a stage that may be massaged holds; a barred stage has none."""

    goals: tuple[str, ...]
    positions: tuple[str, ...]
    procedure_area: str
    units: float
    pressure_max: Level
    tempo: Tempo
    mode: Mode
    minutes: Minutes
    sessions: SessionCount
    cadence: Cadence
    repeat_after_days: int
    steps: tuple[Step, ...]
    shares: Mapping[str, int]
    supplements: tuple[StageSupplement, ...]
    forbid: tuple[Forbid, ...]
    provenance: StageProvenance
    pressure: StagePressure | None = None
    pressure_max_at: tuple[PressureAt, ...] = ()
    position_note: str = ""
    repeat_note: str = ""
    stop_sets: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    needs_document: str | None = None
    forbid_positions: tuple[str, ...] = ()
    forbid_supplements: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    minutes_by_age: tuple[MinutesByAge, ...] = ()
    family_from: Mapping[str, int] = field(default_factory=FrozenMap)
    calm_until_session: int = 0
    positions_on_order: tuple[str, ...] = ()
    positions_on_order_from: str | None = None
    percussion: StagePercussion | None = None
    area_by_region: str | None = None
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """How far along the disease is, or of which form. ``treatment`` is None exactly when ``local`` is barred."""

    code: str
    name: str
    local: Local
    basis: str
    definition: str = ""
    notes: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    reason: str = ""
    becomes_allowed_when: str = ""
    emergency: bool = False
    treatment: Treatment | None = None


@dataclass(frozen=True, slots=True)
class CurveSides:
    """Which input gives the convex side of which zones (scoliosis)."""

    thoracic_zones: tuple[str, ...]
    thoracic_convex_from: str
    lumbar_zones: tuple[str, ...]
    lumbar_convex_from: str
    c_shape_from: str
    c_shape: str


@dataclass(frozen=True, slots=True)
class Segmental:
    """Spinal segments that belong to the condition, for segmental massage."""

    levels: tuple[str, ...]
    side: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A disease with its inputs, the facts that it implies, and its stages in file order."""

    code: str
    name: str
    name_ru: str
    group: ConditionGroup
    icd10: tuple[str, ...]
    sources: tuple[str, ...]
    evidence: str
    measures: tuple[str, ...]
    never: tuple[str, ...]
    refer_first: tuple[str, ...]
    inputs: tuple[ConditionInput, ...]
    implies: tuple[Implied, ...]
    stages: Mapping[str, Stage]
    segmental: Segmental | None = None
    notes: tuple[str, ...] = ()
    stage_guide: Mapping[str, str] = field(default_factory=FrozenMap)
    side_rule: Mapping[str, str] = field(default_factory=FrozenMap)
    curve_sides: CurveSides | None = None
    degrees: Mapping[str, tuple[int, int]] = field(default_factory=FrozenMap)
    stage_signs: tuple[StageSign, ...] = ()
