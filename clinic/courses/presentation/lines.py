"""Plans in words, ready to print: what templates loop over. Nothing here decides anything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceLine:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A rule that fired or is open, for ``_components/finding.html``."""

    title: str
    outcome: str
    explanation: str
    changes: tuple[str, ...]
    ends_when: str
    lifted_by: str
    asked: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ObstacleLine:
    """Something in the way of the start. ``kind``: fact | document | rule | plan."""

    kind: str
    title: str
    because: str


@dataclass(frozen=True, slots=True)
class RowLine:
    family: str
    family_name: str
    technique: str
    note: str
    seconds: int
    pressure: int
    tempo: str
    because: tuple[str, ...]
    avoid: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """The rows of one step: what the hands do on one zone before they go on."""

    number: int
    part: str
    zone: str
    side: str
    side_role: str  # convex, concave, affected or healthy side, where the protocol treats the two differently
    position: str
    is_new_position: bool
    seconds: int
    rows: tuple[RowLine, ...]
    limits: tuple[str, ...]  # what findings, age and earlier sessions changed here
    keep_off: tuple[str, ...]  # spots that the hand goes round
    origin: tuple[str, ...]  # the protocol row and the dose


@dataclass(frozen=True, slots=True)
class OmissionLine:
    what: str
    side: str
    because: str


@dataclass(frozen=True, slots=True)
class SupplementLine:
    name: str
    seconds: int
    details: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session in words. ``steps`` is empty where there is nothing to give."""

    number: int
    of: int
    phase: str
    outcome: str
    may_start: bool
    total_seconds: int
    dose_seconds: int
    pressure_max: int
    replanned: bool
    steps: tuple[StepLine, ...]
    supplements: tuple[SupplementLine, ...]
    omissions: tuple[OmissionLine, ...]  # because of this patient
    by_dose: tuple[OmissionLine, ...]  # because of the protocol and the dose


@dataclass(frozen=True, slots=True)
class DoseLine:
    number: int
    phase: str
    seconds: int
    pressure_max: int
    percussion: bool
    is_review: bool


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """The screening in words: what it comes to, what fired, what is open, what is in the way."""

    outcome: str
    sentence: str
    findings: tuple[FindingLine, ...]
    cleared: tuple[FindingLine, ...]
    open_rules: tuple[FindingLine, ...]
    obstacles: tuple[ObstacleLine, ...]
    questions_intake: tuple[str, ...]
    questions_today: tuple[str, ...]
    advice: tuple[str, ...]
