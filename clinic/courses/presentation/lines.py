"""Plans in words, ready to print: what templates loop over. Nothing here decides anything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceLine:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """One reason in words. ``decides``: it is what left something out. ``repeats``: an earlier row of the step has said it."""

    text: str
    details: tuple[str, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    decides: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class ChainLink:
    """The reasons of one kind: protocol, stage, dose, body, finding, record or other."""

    kind: str
    heading: str
    said: tuple[Said, ...]


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
    cleared_by: str = ""  # the document that lifted it; what then stays of the rule is in ``changes``


@dataclass(frozen=True, slots=True)
class ObstacleLine:
    """Something in the way of the start. ``kind``: fact | document | rule | plan."""

    kind: str
    title: str
    because: str
    is_referral: bool = False


@dataclass(frozen=True, slots=True)
class RowLine:
    number: int  # in the session, from 1
    places: tuple[str, ...]  # ids of the places that it works, for the body map
    family: str
    family_name: str
    technique: str
    note: str
    seconds: int
    pressure: int
    tempo: str
    because: tuple[str, ...]
    avoid: str
    chain: tuple[ChainLink, ...]
    is_by_hand: bool = False  # somebody changed it, or put it there


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
    places: tuple[str, ...]  # ids of the places that its rows work
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
class LeftOut:
    """One thing that the protocol has and the session has not, wherever it is missing, with everything that decided so."""

    kind: str  # zone, family, technique, supplement, position, step or session
    family: str  # the family whose mark it bears, "" for what is no work of the hands
    name: str
    side: str
    decided_by: str  # what decided, in a few words
    nowhere: bool  # the session does not have it at all; otherwise it is missing in places only
    of_patient: bool  # because of this patient, not of the protocol or the dose
    because: tuple[str, ...]
    chain: tuple[ChainLink, ...]


@dataclass(frozen=True, slots=True)
class FamilyTotal:
    """How much of a session a family takes; ``percent`` of all families add up to 100."""

    code: str
    name: str
    seconds: int
    percent: int


@dataclass(frozen=True, slots=True)
class SupplementLine:
    name: str
    seconds: int
    details: str
    because: tuple[str, ...]
    chain: tuple[ChainLink, ...]


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
    left_out: tuple[LeftOut, ...]  # both of these, by what is missing, with their chains
    families: tuple[FamilyTotal, ...]


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One session of the course: what its dose allows and what is really planned."""

    number: int
    of: int
    phase: str
    phase_code: str
    seconds: int
    pressure: int  # the strongest row
    pressure_max: int  # the ceiling of the dose
    percussion: str  # planned | open (the dose would allow it) | closed
    is_review: bool
    families: tuple[tuple[str, int], ...]  # seconds by family, in the clinical order
    label: str  # the session in one line, for whoever does not see the drawing


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

    @property
    def found(self) -> int:
        """How many rules hold, those that a document lifted among them: a lifted rule is no absent one."""
        return len(self.findings) + len(self.cleared)
