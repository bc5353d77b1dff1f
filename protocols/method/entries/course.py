"""Rules of a course as numbers, and of the order of steps."""

from dataclasses import dataclass
from typing import Literal

from protocols.method.entries.hands import Level
from protocols.method.entries.trees import Comparison, Scalar
from protocols.method.vocabulary import Part, Phase


@dataclass(frozen=True, slots=True)
class PhaseRule:
    """What a phase of the course changes: minutes, pressure, percussion."""

    code: Phase
    minutes_factor: tuple[float, ...]
    pressure_shift: int
    percussion: bool
    new_technique: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """What to do after so many missed open days."""

    missed_days_min: int
    missed_days_max: int
    action: Literal["go-on", "repeat-load", "step-back", "reassess"]
    rungs: int
    text: str


@dataclass(frozen=True, slots=True)
class AgeFactor:
    """Limits by age; both ends of the age range are included."""

    age_min: int
    age_max: int
    minutes_factor: float
    pressure_max: Level
    percussion: Literal["never", "light", "profile"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class StopSet:
    """Signs that end a session at once, as words for the therapist."""

    code: str
    name: str
    stop: tuple[str, ...]
    then: str


@dataclass(frozen=True, slots=True)
class StopThreshold:
    """A number that ends a session at once."""

    set: str
    fact: str
    op: str
    value: Scalar
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    """What pauses or ends the course."""

    code: str
    fact: str
    op: str
    value: Scalar
    in_a_row: int
    action: Literal["pause", "doctor", "screen-again"]
    text: str


@dataclass(frozen=True, slots=True)
class PhaseShare:
    """How many sessions a phase has: a share of the course, rounded, at most ``cap``."""

    share: float
    round: Literal["up", "down"]
    cap: int


@dataclass(frozen=True, slots=True)
class Phases:
    """How a course is divided and how its load may change."""

    build_up: PhaseShare
    taper: PhaseShare
    one_change_per_session: bool
    load_rises_if: Comparison
    step_rule: str
    max_down: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """When the plan is looked at again."""

    session: int
    share: float
    round: Literal["up", "down"]
    take: Literal["earlier"]
    text: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """When the same zone may be treated in a new course."""

    same_zone_min_days: int
    usual_days: tuple[int, int]
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capacity:
    """Work of one therapist in a shift."""

    units_per_shift: int
    shift_hours: float
    minutes_per_unit: int
    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """What makes a session calm and safe for the patient."""

    max_position_changes: int
    max_position_changes_severity: Literal["error", "warning"]
    rest_after_minutes: tuple[int, int]
    room_temperature_c: tuple[int, int]
    ask_again_after_hours: int


@dataclass(frozen=True, slots=True)
class LowComfort:
    """Pressure after comfort below a value, sessions running."""

    below: int
    in_a_row: int
    scope: Literal["session", "zone"]
    pressure_shift: int


@dataclass(frozen=True, slots=True)
class MarkedZone:
    """Pressure of a zone that the patient marked as painful."""

    in_a_row: int
    scope: Literal["session", "zone"]
    pressure_shift: int


@dataclass(frozen=True, slots=True)
class LastingPain:
    """Next session after pain that lasted."""

    hours: int
    scope: Literal["next session"]
    minutes_factor: float
    pressure_shift: int


@dataclass(frozen=True, slots=True)
class Discomfort:
    """What is asked after a session and what follows."""

    ask: str
    low_comfort: LowComfort
    marked_zone: MarkedZone
    pain_over_24h: LastingPain
    expected: str
    bad_reaction_after_hours: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseRules:
    """All rules of a course."""

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
    """How steps stand in a session; an error makes a plan invalid, a warning is shown."""

    code: str
    severity: Literal["error", "warning"]
    rule: str
    checkable: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartShare:
    """Share of a session that a part takes."""

    code: Part
    share_min: float
    share_max: float
    content: str
