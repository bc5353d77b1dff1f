"""What no protocol put into a plan: changes by hand, soft rules that were set aside and by whom, and what cannot hold today."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.courses.edit_words import edit_words, override_reason, palpated_words, rule_name, sessions_of_edit, step_words
from clinic.courses.models import Course, RuleOverride
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.queries import request_of
from clinic.courses.session_spans import sessions_words
from clinic.web.marks import clock
from clinic.web.templatetags.marks import pressure_word, tempo_word
from protocols.method.editing import step_keys
from protocols.method.editing.minutes import wanted_seconds
from protocols.method.edits import Edit, Edits, Override
from protocols.method.plans import SessionPlan
from protocols.method.reasons import Reason

ASIDE: Final = "hand-aside"  # what a finding of today keeps from holding
FOLLOWS: Final = frozenset({"hand-load-rises", "hand-load-repeated", "hand-dose-clipped"})  # what a change brings with it elsewhere
MOST_VALUES: Final = 4  # of one change that holds for many sessions
TOLD_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "dose": ("hand-dose", "hand-dose-clipped"),
    "minutes": ("hand-minutes", "hand-minutes-family"),
    "technique": ("hand-technique",),
    "pressure": ("hand-pressure", "hand-pressure-family"),
    "tempo": ("hand-tempo",),
}


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


def by_hand_in(course: Course, sessions: Sequence[SessionPlan], presenter: InOneLanguage, *, number: int = 0) -> ByHand | None:
    """What was changed by hand in the plan; None where nothing was. With a ``number``, only what holds in that session.

    ``sessions`` are those that it is told for. One query where a rule was set aside, else none.
    """
    edits = request_of(course).edits
    if not edits:
        return None
    rules = tuple(rule for rule in rules_set_aside(course, edits) if not number or rule.first <= number <= rule.last)
    return ByHand(
        changes=tuple(_changes(edits, sessions, presenter, number)),
        felt=tuple(palpated_words(each, presenter) for each in edits.palpated),
        rules=tuple(_line(rule, presenter, edits) for rule in rules),
        aside=tuple(_aside(sessions, presenter)),
    )


def _line(rule: RuleSetAside, presenter: InOneLanguage, edits: Edits) -> RuleLine:
    said = rule.override
    where = step_words(said.step, presenter, edits) if said.step else ""
    sessions = sessions_of_edit(rule.first, rule.last)
    return RuleLine(rule_name(said.code), where, sessions, override_reason(said.reason), said.words, rule.by)


# What the plan gives on its own ---------------------------------------------------------------------------------------------------
def _changes(edits: Edits, sessions: Sequence[SessionPlan], presenter: InOneLanguage, number: int) -> Iterator[str]:
    """A sentence for each change, with what the plan itself gives there and what stands now, where the sessions say so."""
    for edit in edits.edits:
        if not number or edit.holds_at(number):
            said = edit_words(edit, presenter, edits)
            values = dict.fromkeys(pair for plan in sessions if edit.holds_at(plan.number) for pair in _values(edit, plan, presenter))
            shown = ", ".join(f"{built} → {now}" for built, now in list(values)[:MOST_VALUES])
            yield f"{said} {_('By the protocol, and now: %(values)s.') % {'values': shown}}" if shown else said


def _values(edit: Edit, plan: SessionPlan, presenter: InOneLanguage) -> Iterator[tuple[str, str]]:
    """(what the protocol gives, what stands now) in one session, as the reasons of its plan tell it."""
    told = [dict(reason.about) for reason in plan.by_hand if reason.code in TOLD_BY.get(edit.kind, ())]
    zone = zone_of_step(edit)
    for about in told:
        if edit.kind == "dose":
            yield f"{about['protocol']}\N{NO-BREAK SPACE}%", f"{about['percent']}\N{NO-BREAK SPACE}%"
        elif about.get("zone") == zone and about.get("family", "") == (edit.family if edit.kind != "technique" else ""):
            yield from _minutes(edit, about, plan) if edit.kind == "minutes" else _two_values(edit, about, presenter)


def _minutes(edit: Edit, about: Mapping[str, str], plan: SessionPlan) -> Iterator[tuple[str, str]]:
    """What stands now is read from the rows: a later change of another step may have taken from this one since."""
    if wanted_seconds(int(about["built"]), edit.value) != int(about["seconds"]):
        return  # the same zone, and another step of it
    keys = step_keys(plan)
    turns = dict(zip(dict.fromkeys(row.step for row in plan.rows), keys, strict=True))
    now = sum(row.seconds for row in plan.rows if turns[row.step] == edit.step and edit.family in ("", row.family))
    yield clock(int(about["built"])), clock(now or int(about["seconds"]))


def _two_values(edit: Edit, about: Mapping[str, str], presenter: InOneLanguage) -> Iterator[tuple[str, str]]:
    if edit.kind == "technique" and about["technique"] == edit.code:
        yield (presenter.names.of("techniques", about["instead"]), presenter.names.of("techniques", edit.code))
    elif edit.kind == "pressure" and "built" in about:
        yield str(pressure_word(int(about["built"]))), str(pressure_word(int(about["level"])))
    elif edit.kind == "tempo" and "built" in about:
        yield str(tempo_word(about["built"])), str(tempo_word(about["tempo"]))


def zone_of_step(edit: Edit) -> str:
    """The zone in the key of the step that is changed; empty for a step that was added."""
    return (*edit.step.split(":"), "", "")[1]


def _aside(sessions: Iterable[SessionPlan], presenter: InOneLanguage) -> Iterator[str]:
    """What was changed and cannot hold, and what a change brings with it, each reason with the sessions that it is about."""
    found: dict[Reason, list[int]] = {}
    for plan in sessions:
        for reason in dict.fromkeys(plan.by_hand):
            if reason.code.startswith(ASIDE) or reason.code in FOLLOWS:
                found.setdefault(reason, []).append(plan.number)
    yield from (f"{sessions_words(numbers)}: {presenter.speaker.say(reason)}" for reason, numbers in found.items())


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
