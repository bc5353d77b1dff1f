"""The intake form and the day form."""

from dataclasses import dataclass
from typing import Literal

from protocols.method.entries.trees import Tree


@dataclass(frozen=True, slots=True)
class Question:
    """A row of the intake or day form and the facts that it opens."""

    order: int
    code: str
    question: str
    who: Literal["patient", "staff", "trained", "therapist"]
    opens: tuple[str, ...]
    when: Tree | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Facts that are asked once a fact of ``after`` is true, not empty, or a number above 0."""

    after: tuple[str, ...]
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """Both forms. ``tact`` are facts that trained staff ask with tact; ``valid_days`` counts from the signature."""

    valid_days: int
    tact: tuple[str, ...]
    gate: tuple[Question, ...]
    follow_up: tuple[FollowUp, ...]
    staff: tuple[Question, ...]
    day: tuple[Question, ...]
    observed: tuple[Question, ...]
