"""Typed, frozen rows of the library. Field names are the TOML keys (hyphens become underscores, ``not`` becomes ``not_reached``,
``class`` becomes ``supplement_class``); the head comments of the TOML files define what each key means."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocols.method.vocabulary import Local, Mode, Outcome, Part, Phase, Provenance, RoleSide, Side, Tempo

Scalar = bool | int | float | str
Level = int


# Condition trees ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Always:
    """Holds for everybody."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question to one fact. ``op``: is ge gt le lt in nonempty known touches."""

    fact: str
    op: str
    value: Scalar | tuple[Scalar, ...] | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    branches: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    branches: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    branch: "Tree"


Tree = Always | Comparison | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class InputComparison:
    """One question to one input of the condition, or to the chosen stage (``input`` is None, op ``in``)."""

    input: str | None
    op: str
    value: Scalar | tuple[Scalar, ...] | None = None


@dataclass(frozen=True, slots=True)
class AllInputs:
    branches: tuple["InputTree", ...]


@dataclass(frozen=True, slots=True)
class AnyInput:
    branches: tuple["InputTree", ...]


InputTree = InputComparison | AllInputs | AnyInput


# Body -----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Zone:
    code: str
    name: str
    name_ru: str
    paired: bool
    segments: str
    percussion: str
    view: str
    lymph: str
    parent: str | None = None
    limb: str | None = None
    limb_rank: int | None = None


@dataclass(frozen=True, slots=True)
class RoleZone:
    code: str
    name: str
    name_ru: str
    side: RoleSide
    percussion: str
    if_empty: str | None = None
    same_as: str | None = None
    note: str = ""
    from_input: str | None = None


@dataclass(frozen=True, slots=True)
class RoleResolution:
    """Zones of the role zones for one injured region; ``areas`` maps kind -> procedure area."""

    region: str
    limb_proximal: tuple[str, ...]
    limb_injured: tuple[str, ...]
    limb_distal: tuple[str, ...]
    segment_zone: tuple[str, ...]
    joint: tuple[str, ...]
    areas: Mapping[str, str]

    def zones_of(self, role: str) -> tuple[str, ...]:
        """Zones of a role zone by its code, ``()`` for a role this table does not fill."""
        return getattr(self, role.replace("-", "_"), ())


@dataclass(frozen=True, slots=True)
class Position:
    code: str
    name: str
    name_ru: str
    views: tuple[str, ...]
    also: tuple[str, ...]
    not_reached: tuple[str, ...]
    flat: bool
    head_down: bool
    prone_like: bool
    upper_side: Side | None = None


@dataclass(frozen=True, slots=True)
class DangerZone:
    code: str
    where: str
    zones: tuple[str, ...]
    side: Side
    extent: str
    barred: tuple[str, ...]
    barred_techniques: tuple[str, ...]
    always_excluded: bool
    sources: tuple[str, ...]
    pressure_max: Level | None = None


@dataclass(frozen=True, slots=True)
class ProcedureArea:
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


# Hands ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PressureLevel:
    level: Level
    name: str
    reaches: str
    pain_ceiling: int
    label: str


@dataclass(frozen=True, slots=True)
class Family:
    code: str
    name: str
    name_ru: str
    western: str
    school_family: str
    order: int
    auxiliary: bool
    effect: str
    calm: tuple[int, ...]
    neutral: tuple[int, ...]
    tonic: tuple[int, ...]
    counted: bool
    tempos: tuple[Tempo, ...]


@dataclass(frozen=True, slots=True)
class Technique:
    code: str
    family: str
    name: str
    name_ru: str
    main: bool
    pressure: tuple[Level, Level]
    tone: int
    good: tuple[str, ...]
    never: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""
    avoid_at: tuple[str, ...] = ()
    avoid_when: tuple[str, ...] = ()
    light: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A named mix of families in percent (sums to 100) with a pressure range and a tempo."""

    code: str
    name: str
    shares: Mapping[str, int]
    pressure: tuple[Level, Level]
    tempo: Tempo
    provenance: Provenance
    sources: tuple[str, ...]
    basis: str = ""


# Conditions -----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ConditionInput:
    """A question that only this condition asks. ``required`` True/False, or ``required_when``."""

    code: str
    question: str
    type: str
    values: tuple[str, ...] = ()
    required: bool = False
    required_when: InputTree | None = None
    stage_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Implied:
    """A fact that the condition itself answers; exactly one of value, from_input, from_role."""

    fact: str
    value: Scalar | None = None
    from_input: str | None = None
    map: Mapping[str, Scalar] = field(default_factory=dict)
    divide: int = 1
    from_role: str | None = None
    side_from: str | None = None
    when: InputTree | None = None


@dataclass(frozen=True, slots=True)
class Step:
    part: Part
    zone: str
    side: RoleSide
    minutes: float
    profile: str
    from_session: int = 1
    family_from: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forbid:
    """``family`` (or ``all``) or ``technique`` barred in ``zone`` (or ``all``, or a role zone) on a side; scope ``spot``: only the marked spot."""

    zone: str
    side: RoleSide
    family: str | None = None
    technique: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class StageSupplement:
    supplement: str
    points: tuple[str, ...] = ()
    note: str = ""
    side: RoleSide = "both"


@dataclass(frozen=True, slots=True)
class PressureAt:
    zone: str
    level: Level


@dataclass(frozen=True, slots=True)
class StagePercussion:
    techniques: tuple[str, ...]
    zones: tuple[str, ...]
    requires: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileAt:
    zone: str
    side: RoleSide
    profile: str


@dataclass(frozen=True, slots=True)
class Variant:
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
    first: int
    full: int
    max: int


@dataclass(frozen=True, slots=True)
class MinutesByAge:
    age_min: int
    age_max: int
    minutes: int


@dataclass(frozen=True, slots=True)
class SessionCount:
    min: int
    max: int
    usual: int


@dataclass(frozen=True, slots=True)
class Cadence:
    every_days_min: int
    every_days_max: int
    per_week: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class StagePressure:
    build_up: Level
    working: Level


@dataclass(frozen=True, slots=True)
class StageProvenance:
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
    family_from: Mapping[str, int] = field(default_factory=dict)
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
    thoracic_zones: tuple[str, ...]
    thoracic_convex_from: str
    lumbar_zones: tuple[str, ...]
    lumbar_convex_from: str
    c_shape_from: str
    c_shape: str


@dataclass(frozen=True, slots=True)
class Segmental:
    levels: tuple[str, ...]
    side: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    code: str
    name: str
    name_ru: str
    group: str
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
    stage_guide: Mapping[str, str] = field(default_factory=dict)
    side_rule: Mapping[str, str] = field(default_factory=dict)
    curve_sides: CurveSides | None = None
    degrees: Mapping[str, tuple[int, int]] = field(default_factory=dict)


# Supplements ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SupplementClass:
    code: str
    name: str
    members: tuple[str, ...]
    points: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplement:
    """``dose`` maps a dose key to its (low, high) pair; ``by_order`` says that only the doctor's writing counts."""

    code: str
    name: str
    name_ru: str
    supplement_class: str
    method: str
    dose: Mapping[str, tuple[float, float]]
    dose_text: str
    use: tuple[str, ...]
    avoid_when: tuple[str, ...]
    avoid_zones: tuple[str, ...]
    never: tuple[str, ...]
    sources: tuple[str, ...]
    by_order: bool = False
    avoid_zones_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    age: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    code: str
    where: str
    usual_mode: str
    pregnancy_barred: bool
    provenance: Provenance
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    organ: str
    levels: tuple[str, ...]
    side: str
    where: str
    sources: tuple[str, ...]


# Facts, rules, documents ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Fact:
    code: str
    type: str
    question: str
    asked: str
    unknown: str
    unit: str = ""
    min: float | None = None
    max: float | None = None
    required_when: Tree | None = None
    values: tuple[str, ...] = ()
    absent: bool | None = None
    zones_out: tuple[str, ...] = ()
    supplements_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of the closed set; which fields a type needs is checked when the library is loaded."""

    type: str
    zones: tuple[str, ...] = ()
    side: Side | None = None
    side_from: str | None = None
    fact: str | None = None
    default: tuple[str, ...] = ()
    margin: str | None = None
    scope: str | None = None
    extend: str | None = None
    families: tuple[str, ...] = ()
    zones_from: str | None = None
    unless: str | None = None
    techniques: tuple[str, ...] = ()
    supplements: tuple[str, ...] = ()
    level: Level | None = None
    minutes: int | None = None
    age_min: int | None = None
    age_max: int | None = None
    mode: Mode | None = None
    positions: tuple[str, ...] = ()
    steps: int | None = None
    facts: tuple[str, ...] = ()
    when: Tree | None = None
    topic: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClearanceTerms:
    """What a document does to one rule: ``lifts`` block | effects | nothing."""

    document: str
    valid_days: int
    lifts: str
    residual: tuple[Effect, ...] | None = None
    if_missing: tuple[Effect, ...] = ()
    note: str = ""
    required_when: Tree | None = None
    outcome_until: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    group: str
    title: str
    kind: str
    outcome: Outcome
    when: Tree
    effects: tuple[Effect, ...]
    explanation: str
    sources: tuple[str, ...]
    ask_day: str = ""
    ask_intake: str = ""
    icd10: tuple[str, ...] = ()
    clearance: ClearanceTerms | None = None
    ends_when: str = ""
    disagreement: str = ""


@dataclass(frozen=True, slots=True)
class ClearanceDocument:
    code: str
    name: str
    signed_by: str
    must_state: str
    stage_valid_days: int


# Course, order, outcome measures, home ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PhaseRule:
    code: Phase
    minutes_factor: tuple[float, ...]
    pressure_shift: int
    percussion: bool
    new_technique: bool


@dataclass(frozen=True, slots=True)
class Gap:
    missed_days_min: int
    missed_days_max: int
    action: str
    rungs: int
    text: str


@dataclass(frozen=True, slots=True)
class AgeFactor:
    age_min: int
    age_max: int
    minutes_factor: float
    pressure_max: Level
    percussion: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class StopSet:
    code: str
    name: str
    stop: tuple[str, ...]
    then: str


@dataclass(frozen=True, slots=True)
class StopThreshold:
    set: str
    fact: str
    op: str
    value: Scalar
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    code: str
    fact: str
    op: str
    value: Scalar
    in_a_row: int
    action: str
    text: str


@dataclass(frozen=True, slots=True)
class PhaseShare:
    share: float
    round: str
    cap: int


@dataclass(frozen=True, slots=True)
class Phases:
    build_up: PhaseShare
    taper: PhaseShare
    one_change_per_session: bool
    load_rises_if: Comparison
    step_rule: str
    max_down: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    session: int
    share: float
    round: str
    take: str
    text: str


@dataclass(frozen=True, slots=True)
class Repeat:
    same_zone_min_days: int
    usual_days: tuple[int, int]
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capacity:
    units_per_shift: int
    shift_hours: float
    minutes_per_unit: int
    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    max_position_changes: int
    max_position_changes_severity: str
    rest_after_minutes: tuple[int, int]
    room_temperature_c: tuple[int, int]
    ask_again_after_hours: int


@dataclass(frozen=True, slots=True)
class LowComfort:
    below: int
    in_a_row: int
    scope: str
    pressure_shift: int


@dataclass(frozen=True, slots=True)
class MarkedZone:
    in_a_row: int
    scope: str
    pressure_shift: int


@dataclass(frozen=True, slots=True)
class LastingPain:
    hours: int
    scope: str
    minutes_factor: float
    pressure_shift: int


@dataclass(frozen=True, slots=True)
class Discomfort:
    ask: str
    low_comfort: LowComfort
    marked_zone: MarkedZone
    pain_over_24h: LastingPain
    expected: str
    bad_reaction_after_hours: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseRules:
    ladder: tuple[float, ...]
    phase: tuple[PhaseRule, ...]
    gap: tuple[Gap, ...]
    age_factor: tuple[AgeFactor, ...]
    stop_set: tuple[StopSet, ...]
    stop_threshold: tuple[StopThreshold, ...]
    suspend: tuple[Suspend, ...]
    phases: Phases
    review: Review
    repeat: Repeat
    capacity: Capacity
    pace: Pace
    discomfort: Discomfort


@dataclass(frozen=True, slots=True)
class OrderRule:
    code: str
    severity: str
    rule: str
    checkable: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartShare:
    code: Part
    share_min: float
    share_max: float
    content: str


@dataclass(frozen=True, slots=True)
class MeaningfulChange:
    text: str
    points: float | None = None
    percent: float | None = None
    target: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    code: str
    name: str
    unit: str
    min: float
    max: float
    better: str
    meaningful_change: MeaningfulChange
    when: tuple[str, ...]
    who: str
    sources: tuple[str, ...]
    licence: str = ""


@dataclass(frozen=True, slots=True)
class HomeSheet:
    code: str
    conditions: tuple[str, ...]
    minutes: int
    times_per_day: tuple[int, int]
    position: str
    steps: tuple[str, ...]
    avoid: tuple[str, ...]
    who: str
    provenance: Provenance
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Question:
    """A row of the intake or day form and the facts that it opens."""

    order: int
    code: str
    question: str
    who: str
    opens: tuple[str, ...]
    when: Tree | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    after: tuple[str, ...]
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IntakeForm:
    valid_days: int
    tact: tuple[str, ...]
    gate: tuple[Question, ...]
    follow_up: tuple[FollowUp, ...]
    staff: tuple[Question, ...]
    day: tuple[Question, ...]
    observed: tuple[Question, ...]
