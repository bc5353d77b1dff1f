"""What a screening says: findings, open rules, what is in the way, and the limits that a session must keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

from protocols.method.entries import Effect
from protocols.method.places import Place
from protocols.method.reasons import Reason
from protocols.method.vocabulary import MAX_PRESSURE, Outcome

BarSource = Literal["referral", "consent"]
BAR_SOURCES: Final[tuple[BarSource, ...]] = get_args(BarSource)


@dataclass(frozen=True, slots=True)
class Clearance:
    """A doctor's document. It lifts only the rules it names, only for its days. ``fallen`` = a change of health after it was issued."""

    document: str
    issued_on: date
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bar:
    """What a referral bars, or a patient who withdrew consent. Each part holds by itself and everywhere; empty bars nothing.

    ``places`` are zones of any level on a side; they, the families, techniques and supplements are left out, and no place is worked
    stronger than ``pressure_max`` (1-5; None is no bar). Raises ``ValueError`` for another source or level; ``barring.check_bars``
    holds the codes against a library.
    """

    source: BarSource
    places: tuple[Place, ...] = ()
    families: frozenset[str] = frozenset()
    techniques: frozenset[str] = frozenset()
    supplements: frozenset[str] = frozenset()
    pressure_max: int | None = None

    def __post_init__(self) -> None:
        if self.source not in BAR_SOURCES:
            raise ValueError(f"nobody bars as {self.source!r}")
        if self.pressure_max is not None and not 1 <= self.pressure_max <= MAX_PRESSURE:
            raise ValueError(f"pressure {self.pressure_max} cannot be a bar")


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule that was tried: ``fired``, ``silent``, ``open`` (undecided), ``cleared``, or ``broken`` (counted as a refusal)."""

    rule: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired. ``outcome`` is what counts after a clearance; ``effects`` are those in force after it."""

    rule: str
    kind: str
    outcome: Outcome
    explanation: str
    sources: tuple[str, ...]
    effects: tuple[Effect, ...]
    cleared: bool = False
    cleared_by: str | None = None
    ends_when: str = ""
    may_be_lifted_by: str | None = None  # document code, None when nothing lifts it


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that could not be decided because these facts are unknown."""

    rule: str
    outcome: Outcome
    facts: tuple[str, ...]
    blocks_start: bool


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that must be there before a session may start. ``kind``: fact | document | rule | plan."""

    kind: str
    code: str
    because: Reason


@dataclass(frozen=True, slots=True)
class PlacesOut:
    """Leaf places that are not worked."""

    places: frozenset[Place]
    because: Reason


@dataclass(frozen=True, slots=True)
class FamilyOut:
    """A family left out; ``places`` None = everywhere."""

    family: str
    places: frozenset[Place] | None
    because: Reason


@dataclass(frozen=True, slots=True)
class TechniqueOut:
    technique: str
    places: frozenset[Place] | None
    because: Reason


@dataclass(frozen=True, slots=True)
class PressureCap:
    level: int
    places: frozenset[Place] | None
    because: Reason


@dataclass(frozen=True, slots=True)
class MinutesCap:
    minutes: int
    because: Reason


@dataclass(frozen=True, slots=True)
class ForcedCalm:
    """All steps (``places`` None) or the steps on these places are calm: no percussion, kneading halved in favour of stroking."""

    places: frozenset[Place] | None
    because: Reason


@dataclass(frozen=True, slots=True)
class SupplementOut:
    """A supplement code that is out, or some of its points or places."""

    supplement: str
    points: frozenset[str] | None
    places: frozenset[Place] | None
    because: Reason


@dataclass(frozen=True, slots=True)
class PositionOut:
    position: str
    because: Reason


@dataclass(frozen=True, slots=True)
class Spot:
    """A marked spot inside a zone that stays worked: shown to the therapist, never a reason to drop the zone."""

    places: frozenset[Place]
    because: Reason


@dataclass(frozen=True, slots=True)
class Advice:
    topic: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything a session must keep. Merged without order: union of what is out, minimum of caps, intersection of positions."""

    places_out: tuple[PlacesOut, ...] = ()
    families_out: tuple[FamilyOut, ...] = ()
    techniques_out: tuple[TechniqueOut, ...] = ()
    pressure_caps: tuple[PressureCap, ...] = ()
    minutes_caps: tuple[MinutesCap, ...] = ()
    calm: tuple[ForcedCalm, ...] = ()
    supplements_out: tuple[SupplementOut, ...] = ()
    positions_out: tuple[PositionOut, ...] = ()  # forbid-positions, and every position outside an allow-positions list
    spots: tuple[Spot, ...] = ()
    rungs_down: int = 0  # lower-dose steps, added up, at most max_down
    rungs_because: tuple[Reason, ...] = ()
    airway_clearance: bool = False  # history.airway-clearance-prescribed is true
    variants_open: frozenset[str] = (
        frozenset()
    )  # variant codes whose fact is true and whose document is valid (session number not yet looked at)
    positions_ordered: bool = False  # the input named by positions_on_order_from is true


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Screening:
    """All findings of one moment. ``outcome`` is the worst of the findings; an empty target is found when a session is built.

    ``may_start`` is False while ``obstacles`` is not empty or the outcome (after clearances) is doctor or worse.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    open_rules: tuple[OpenRule, ...]
    obstacles: tuple[Obstacle, ...]
    limits: Limits
    trials: tuple[Trial, ...]
    advice: tuple[Advice, ...] = ()
    measures_required: tuple[str, ...] = ()
    stage_barred: Reason | None = None
    facts: Mapping[str, object] = field(default_factory=dict)  # facts used, implied ones included, for the record
    bars: tuple[Bar, ...] = ()  # what the limits above hold of referral and consent, for the record and for the checker

    @property
    def may_start(self) -> bool:
        """True when nothing stands in the way of the session."""
        return not self.obstacles and self.outcome < Outcome.DOCTOR and self.stage_barred is None
