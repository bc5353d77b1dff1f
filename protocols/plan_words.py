"""Plans in words on the pages of the library: the same words as on the page of a course. Courses register here what says them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from protocols.comparing import CourseDifference, Planned
from protocols.differences import Difference
from protocols.method.findings import NO_LIMITS, Limits, Screening
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.plans import SessionPlan


class PlanWords(Protocol):
    """Says a screening and a session; what it gives is for the templates of courses."""

    def screening(self, screening: Screening, outcome: str) -> Any: ...

    def session(self, plan: SessionPlan, *, stage: str = "", limits: Limits = NO_LIMITS) -> Any: ...


class DifferenceWords(Protocol):
    """Says what differs between two plans; what it gives is for the templates of courses."""

    def course(self, before: Planned, after: Planned, found: CourseDifference) -> Any: ...

    def one_session(self, before: SessionPlan, after: SessionPlan, found: tuple[Difference[Any], ...]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Sayers:
    """Who makes the words, from a library and its names."""

    plans: Callable[[Library, Names], PlanWords]
    differences: Callable[[Library, Names], DifferenceWords]


_REGISTERED: list[Sayers] = []


def say_plans_with(sayers: Sayers) -> None:
    """From now on plans are said so. Called once, when the apps are ready."""
    _REGISTERED[:] = [sayers]


def plan_words(library: Library, names: Names) -> PlanWords:
    """What says the plans made with this library."""
    return _REGISTERED[0].plans(library, names)


def difference_words(library: Library, names: Names, before: Names) -> DifferenceWords:
    """What says the difference to a plan of another edition, whose names are ``before``: what only that one has is named by it."""
    return _REGISTERED[0].differences(library, replace(names, texts={**before.texts, **names.texts}))
