"""Planned things: the dose of a session, the course, one session with its rows, and what was left out. All frozen and self-checking."""

from dataclasses import dataclass

from protocols.method.places import Place
from protocols.method.reasons import Reason
from protocols.method.vocabulary import FAMILIES, MIN_ROW_SECONDS, PARTS, Outcome, Part, Phase, Side, Tempo


class UnsafePlan(ValueError):
    """Raised when a plan object would be built in a state that no plan may have."""


@dataclass(frozen=True, slots=True)
class Dose:
    """What session ``number`` of ``of`` may take: whole seconds after every cap, a pressure ceiling, and whether percussion is open."""

    number: int
    of: int
    phase: Phase
    seconds: int
    pressure_shift: int  # the phase's shift (0 or less), plus what adaptation takes off
    pressure_max: int  # ceiling for every step of this session: stage, age, findings without zones
    percussion: bool
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One family and technique of one step. ``zone``/``side`` are what is really worked; ``avoid`` the parts of it that are not."""

    step: int  # which step of the session, from 0; rows of one step stand together
    part: Part
    zone: str
    side: Side
    family: str
    technique: str
    seconds: int
    pressure: int
    tempo: Tempo
    position: str
    avoid: tuple[Place, ...] = ()
    because: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if self.seconds < MIN_ROW_SECONDS:
            raise UnsafePlan(f"row of {self.seconds} s on {self.zone}")
        if not 1 <= self.pressure <= 4:
            raise UnsafePlan(f"pressure {self.pressure} on {self.zone}")
        if self.part not in PARTS or self.family not in FAMILIES:
            raise UnsafePlan(f"{self.part}/{self.family} on {self.zone}")


@dataclass(frozen=True, slots=True)
class Omission:
    """Something the protocol has and this session does not. ``kind``: zone, family, technique, supplement, position, step or session."""

    kind: str
    code: str
    side: Side | None
    because: Reason


@dataclass(frozen=True, slots=True)
class PlannedSupplement:
    supplement: str
    seconds: int
    points: tuple[str, ...] = ()
    side: Side = "both"
    levels: tuple[str, ...] = ()  # segmental work, caudal to cranial
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """One session exactly as it will be given. No rows when the outcome or the stage gives none.

    ``by_hand`` says what a therapist changed in it, and which of these changes cannot hold today; empty for a plan as it was built.
    """

    number: int
    of: int
    phase: Phase
    outcome: Outcome
    may_start: bool
    rows: tuple[Row, ...]
    omissions: tuple[Omission, ...]
    positions: tuple[str, ...]
    total_seconds: int
    supplements: tuple[PlannedSupplement, ...] = ()
    replanned: bool = False
    dose: Dose | None = None
    by_hand: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if sum(row.seconds for row in self.rows) != self.total_seconds:
            raise UnsafePlan("rows do not add up to the total")
        if self.rows and (self.rows[0].family != "stroking" or self.rows[-1].family != "stroking"):
            raise UnsafePlan("a session begins and ends with stroking")
        if self.rows and not self.outcome.allows_steps:
            raise UnsafePlan(f"rows under {self.outcome.code}")
        if self.may_start and (not self.rows or self.outcome >= Outcome.DOCTOR):
            raise UnsafePlan(f"a plan with outcome {self.outcome.code} may not start")
        if self.dose is not None and self.total_seconds > self.dose.seconds:
            raise UnsafePlan("more time than the dose")


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """The doses of a course, when it is reviewed, and its massage units."""

    doses: tuple[Dose, ...]
    review_after: int
    procedure_area: str
    units: float


@dataclass(frozen=True, slots=True)
class Hurt:
    """Where it hurt in a session, and at which row if known."""

    place: Place
    row: int | None = None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What was really felt. 0-10 each; comfort 10 is best, pain 0 is best. None = not answered."""

    number: int
    comfort: int | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    pain_next_day: int | None = None
    bad_reaction: bool = False
    hurts: tuple[Hurt, ...] = ()
    systolic_before: int | None = None
    systolic_after: int | None = None
    skin_or_swelling: bool | None = None  # the fact after.bruise-swelling-or-calf-pain
    sleep_or_headache: bool | None = None  # the fact after.sleep-worse-or-headache


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A proposal for the next session, each part with its reason. ``action``: go-on | repeat | step-back | reassess | pause | doctor.

    ``pressure_shift`` (0 or less) is for the whole session, ``zone_shifts`` for marked places, ``minutes_factor`` (at most 1.0) for
    minutes, ``rungs_down`` for the dose ladder; ``leave_out`` are techniques, ``repeat_load_of`` is the session whose load is repeated.
    """

    action: str = "go-on"
    pressure_shift: int = 0
    zone_shifts: tuple[tuple[Place, int], ...] = ()
    minutes_factor: float = 1.0
    rungs_down: int = 0
    repeat_load_of: int | None = None
    leave_out: tuple[str, ...] = ()
    because: tuple[Reason, ...] = ()


NO_ADAPTATION = Adaptation()
