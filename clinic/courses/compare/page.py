"""The page of two plans: what differs in the course, and one session row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.compare.asked import LAST, OWN, PROTOCOL, SIGNED, CompareAsked
from clinic.courses.compare.pairs import TwoPlans
from clinic.courses.compare.side import SidePresenter
from clinic.courses.day.handover_card import record_line
from clinic.courses.models import Course
from clinic.courses.presentation.differences import DifferencePresenter
from clinic.courses.presentation.two_curves import two_curves
from protocols.comparing import CourseDifference, compare_courses, compare_sessions
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.plans import SessionPlan


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to compare with: what the address says, and its name."""

    value: str
    name: str


def choices_for(course: Course, library: Library, names: Names, *, asks: CompareAsked) -> dict[str, Any]:
    """What the form offers: the plan's own past, the other stages of its condition, and the other protocols with their stages."""
    past = {PROTOCOL: _("Its protocol, without the changes by hand"), SIGNED: _("As it was signed"), LAST: _("The last session given")}
    condition = library.conditions[course.condition]
    stages = (Choice(f"stage:{code}", names.of("stages", f"{condition.code}/{code}")) for code in condition.stages if code != course.stage)
    return {
        "value": asks.value,
        "own": tuple(Choice(code, past[code]) for code in OWN),
        "stages": tuple(stages),
        "protocols": tuple(_others(course, library, names)),
    }


def _others(course: Course, library: Library, names: Names) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    for code, condition in sorted(library.conditions.items(), key=lambda item: names.of("conditions", item[0])):
        if code != course.condition:
            stages = (Choice(f"protocol:{code}/{each}", names.of("stages", f"{code}/{each}")) for each in condition.stages)
            yield names.of("conditions", code), tuple(stages)


class ComparedPage:
    """Everything that the page says of two plans."""

    def __init__(self, plans: TwoPlans, asked: CompareAsked, query: QueryDict, library: Library, names: Names) -> None:
        self.plans, self.asked, self.query = plans, asked, query
        self.differences, self.sides = DifferencePresenter(library, names), SidePresenter(library, names)

    def context(self) -> dict[str, Any]:
        """What the template shows; ``session`` is missing where no session stands in both."""
        before, after = self.plans.before, self.plans.after
        found = compare_courses(before, after)
        shown = self._shown()
        context = {
            "plans": self.plans,
            "head_before": self.plans.heads[0],
            "head_after": self.plans.heads[1],
            "felt": record_line(self.plans.record, self.sides) if self.plans.record else None,
            "difference": None if self.plans.is_one else self.differences.course(before, after, found),
            "curves": None if self.plans.is_one else two_curves(before.sessions, after.sessions),
        }
        return context | (self._session(*shown, found) if shown else {})

    def _session(self, before: SessionPlan, after: SessionPlan, whole: CourseDifference) -> dict[str, Any]:
        return {
            "session": self.differences.one_session(before, after, compare_sessions(before, after)),
            "side": self.sides.beside(before, after),
            "session_links": [] if self.plans.is_one else self._links(before.number, whole),
        }

    def _shown(self) -> tuple[SessionPlan, SessionPlan] | None:
        """The session asked for in both plans; by default the first that differs in what is done."""
        pairs = {old.number: (old, new) for old, new in zip(self.plans.before.sessions, self.plans.after.sessions, strict=False)}
        if not pairs:
            return None
        if self.asked.session in pairs:
            return pairs[self.asked.session]
        return next((pair for pair in pairs.values() if pair[0].rows != pair[1].rows), next(iter(pairs.values())))

    def _links(self, current: int, found: CourseDifference) -> list[tuple[int, str, bool, bool]]:
        """(number, query, is shown, differs) of every session that both plans have."""
        both = min(len(self.plans.before.sessions), len(self.plans.after.sessions))
        changed = {number for number, _rows in found.sessions}
        return [(number, self._at(number), number == current, number in changed) for number in range(1, both + 1)]

    def _at(self, number: int) -> str:
        moved = {name: self.query.getlist(name) for name in self.query if name != "session"}
        return urlencode({**moved, "session": [str(number)]}, doseq=True)
