"""Facts, contraindication rules, documents that clear them, sources."""

from dataclasses import dataclass
from typing import Literal

from protocols.method.entries.hands import Level
from protocols.method.entries.trees import Scalar, Tree
from protocols.method.vocabulary import Mode, Outcome, Side

FactType = Literal["bool", "int", "number", "enum", "set", "zones"]
Asked = Literal["intake", "day", "measured", "observed", "record", "during", "after"]
Unknown = Literal["blocks", "yes", "zones-out", "ask", "open"]
RuleKind = Literal["emergency", "absolute", "temporary", "relative", "local", "technique", "caution"]
Lifts = Literal["block", "effects", "nothing"]
Topic = Literal["note", "aftercare", "monitor", "product", "consent", "position"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A question whose answer rules use. ``unknown`` is what "don't know" means, ``absent`` the value of a fact that nobody mentions."""

    code: str
    type: FactType
    question: str
    asked: Asked
    unknown: Unknown
    unit: str = ""
    min: float | None = None
    max: float | None = None
    required_when: Tree | None = None
    values: tuple[str, ...] = ()
    absent: Scalar | None = None
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
    margin: Literal["adjacent", "2-cm"] | None = None
    scope: Literal["spot"] | None = None
    extend: Literal["distal"] | None = None
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
    topic: Topic | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClearanceTerms:
    """What a document does to one rule: ``lifts`` block | effects | nothing."""

    document: str
    valid_days: int
    lifts: Lifts
    residual: tuple[Effect, ...] | None = None
    if_missing: tuple[Effect, ...] = ()
    note: str = ""
    required_when: Tree | None = None
    outcome_until: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One contraindication: when it holds, what follows, and what clears it."""

    code: str
    group: str
    title: str
    kind: RuleKind
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
    """A doctor's document; ``stage_valid_days`` is how old it may be at a session of a stage that needs it."""

    code: str
    name: str
    signed_by: str
    must_state: str
    stage_valid_days: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was read."""

    id: str
    title: str
    address: str
