"""Condition trees over facts (rules, forms) and over inputs (conditions)."""

from dataclasses import dataclass

Scalar = bool | int | float | str


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
