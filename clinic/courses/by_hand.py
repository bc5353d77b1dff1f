"""What no protocol put into a plan: changes by hand, soft rules that were set aside and by whom, and what cannot hold today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.courses.edit_words import edit_words, override_reason, palpated_words, rule_name, sessions_of_edit, step_words
from clinic.courses.models import Course, RuleOverride
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.queries import request_of
from clinic.courses.session_spans import sessions_words
from protocols.method.edits import Edits, Override
from protocols.method.plans import SessionPlan
from protocols.method.reasons import Reason

ASIDE: Final = "hand-aside"  # what a finding of today keeps from holding


@dataclass(frozen=True, slots=True)
class RuleSetAside:
    """A soft rule that somebody set aside: in which sessions, why, and by whom. ``row`` is where that was kept."""

    override: Override
    first: int
    last: int
    by_id: int
    by: str
    row: RuleOverride | None

    def body(self, where: tuple[str, str]) -> dict[str, Any]:
        """As it is signed; ``where`` is the zone and side."""
        said = self.override
        held = {"code": said.code, "step": said.step, "zone": where[0], "side": where[1], "first": self.first, "last": self.last}
        on = self.row.edit.at.date().isoformat() if self.row else ""
        return held | {"reason": said.reason, "words": said.words, "by": {"id": self.by_id, "name": self.by}, "on": on}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The same in words."""

    rule: str
    where: str
    sessions: str
    reason: str
    words: str
    by: str

    @property
    def rule_and_words(self) -> str:
        """In the fewest words, for whoever stands at the couch."""
        where = f" ({self.where})" if self.where else ""
        return _("%(rule)s: %(words)s") % {"rule": f"{self.rule}{where}", "words": self.words}

    @property
    def sentence(self) -> str:
        """All of it in one line, for a document."""
        where = f" ({self.where})" if self.where else ""
        about = {"sessions": self.sessions, "rule": f"{self.rule}{where}", "reason": self.reason, "words": self.words, "by": self.by}
        return _("%(sessions)s, a soft rule set aside: %(rule)s. Reason: %(reason)s. “%(words)s” – %(by)s") % about


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a reader is told: every change, what the hand felt, the rules that were set aside, and what does not hold today."""

    changes: tuple[str, ...]
    felt: tuple[str, ...]
    rules: tuple[RuleLine, ...]
    aside: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, a line each."""
        return (*self.changes, *self.felt, *(line.sentence for line in self.rules), *self.aside)


def by_hand_in(course: Course, sessions: Iterable[SessionPlan], presenter: InOneLanguage, *, number: int = 0) -> ByHand | None:
    """What was changed by hand in the plan; None where nothing was. With a ``number``, only what holds in that session.

    ``sessions`` are those that it is told for. One query where a rule was set aside, else none.
    """
    edits = request_of(course).edits
    if not edits:
        return None
    rules = tuple(rule for rule in rules_set_aside(course, edits) if not number or rule.first <= number <= rule.last)
    return ByHand(
        changes=tuple(edit_words(edit, presenter, edits) for edit in edits.edits if not number or edit.holds_at(number)),
        felt=tuple(palpated_words(each, presenter) for each in edits.palpated),
        rules=tuple(_line(rule, presenter, edits) for rule in rules),
        aside=tuple(_aside(sessions, presenter)),
    )


def _line(rule: RuleSetAside, presenter: InOneLanguage, edits: Edits) -> RuleLine:
    said = rule.override
    where = step_words(said.step, presenter, edits) if said.step else ""
    sessions = sessions_of_edit(rule.first, rule.last)
    return RuleLine(rule_name(said.code), where, sessions, override_reason(said.reason), said.words, rule.by)


def _aside(sessions: Iterable[SessionPlan], presenter: InOneLanguage) -> Iterator[str]:
    """What was changed and cannot hold, each reason with the sessions that it is about."""
    found: dict[Reason, list[int]] = {}
    for plan in sessions:
        for reason in dict.fromkeys(plan.by_hand):
            if reason.code.startswith(ASIDE):
                found.setdefault(reason, []).append(plan.number)
    for reason, numbers in found.items():
        yield _("%(sessions)s, does not hold today: %(why)s") % {"sessions": sessions_words(numbers), "why": presenter.speaker.say(reason)}


# The rules ----------------------------------------------------------------------------------------------------------------------
def rules_set_aside(course: Course, edits: Edits) -> tuple[RuleSetAside, ...]:
    """Every soft rule that stands set aside in the course, with who did it. One query, none where there is no such rule."""
    if not edits.overrides:
        return ()
    kept: dict[tuple[str, str], RuleOverride] = {}
    for row in RuleOverride.objects.filter(edit__course=course).select_related("edit__by").defer(*UNREAD).order_by("pk"):
        kept[row.code, row.step] = row
    return tuple(_set_aside(each, kept.get((each.code, each.step)), course, edits) for each in edits.overrides)


UNREAD: Final = ("edit__before", "edit__after", "edit__acts")


def _set_aside(said: Override, row: RuleOverride | None, course: Course, edits: Edits) -> RuleSetAside:
    if row is not None:
        return RuleSetAside(said, row.first, row.last, row.edit.by_id, row.edit.by.full_name, row)
    held = [edit for edit in edits.edits if edit.step == said.step] or list(edits.edits)
    first, last = min((edit.first for edit in held), default=1), max((edit.last for edit in held), default=course.session_count)
    return RuleSetAside(said, first, min(last, course.session_count), course.planned_by_id, course.planned_by.full_name, None)


def overrides_body(course: Course) -> list[dict[str, Any]]:
    """The soft rules that were set aside, as they are signed. One query where there are any, else none."""
    edits = request_of(course).edits
    return [rule.body(_place_of(rule.override.step, edits)) for rule in rules_set_aside(course, edits)]


def _place_of(key: str, edits: Edits) -> tuple[str, str]:
    if key.startswith("+"):
        new = next((each.new for each in edits.edits if each.step == key and each.new), None)
        return (new.zone, new.side) if new else ("", "")
    parts = (*key.split(":"), "", "")
    return (parts[1], parts[2])
