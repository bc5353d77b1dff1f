"""One session under its edits: all at once where that is sound, else edit by edit, and what breaks something is set aside for today.

Nothing is decided here. Each change makes rows; the independent check reads what came of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from protocols.method.checking import Problem, check_plan
from protocols.method.editing.adding import add
from protocols.method.editing.bench import Bench, NotThere, Refused, lay_out, sealed
from protocols.method.editing.grounds import Grounds
from protocols.method.editing.keys import step_keys, zone_of
from protocols.method.editing.minutes import leave_out, lengthen
from protocols.method.editing.simple import move, press, quicken
from protocols.method.editing.techniques import swap
from protocols.method.edits import Edit, Override
from protocols.method.plans import Dose, SessionPlan
from protocols.method.reasons import Reason, because
from protocols.method.setting import Setting

Apply = Callable[[Bench, Edit], Bench]
Soft = tuple[str, Problem, Override | None]  # the key of the step ("": the session), what is broken, and by whose word

ON_THE_BENCH: Mapping[str, Apply] = {
    "move": move,
    "minutes": lengthen,
    "technique": swap,
    "pressure": press,
    "tempo": quicken,
    "remove": leave_out,
    "add": add,
}


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of the edits of one session."""

    plan: SessionPlan
    soft: tuple[Soft, ...] = ()
    aside: tuple[tuple[Edit, tuple[Problem, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What all sessions of a course are edited under."""

    grounds: Grounds
    overrides: tuple[Override, ...]
    is_draft: bool

    @property
    def setting(self) -> Setting:
        """The setting of the course."""
        return self.grounds.setting

    def read(self, plan: SessionPlan, dose: Dose) -> tuple[Problem, ...]:
        """What the independent check says of a plan that was edited."""
        return check_plan(plan, self.setting, dose=dose, adaptation=self.grounds.adaptation, edited=True)

    def override_of(self, code: str, step: str) -> Override | None:
        """Who set this soft rule aside at this step; a rule of the whole session has no step."""
        return next((override for override in self.overrides if (override.code, override.step) == (code, step)), None)


def apply_edit(bench: Bench, edit: Edit) -> Bench:
    """The bench after one change. Raises ``Refused`` or ``NotThere``."""
    return ON_THE_BENCH[edit.kind](bench, edit)


def work_out(desk: Desk, built: SessionPlan, plan: SessionPlan, dose: Dose, edits: tuple[Edit, ...]) -> Worked | tuple[Problem, ...]:
    """``plan``, built under ``dose``, with these edits; ``built`` is the session without any change by hand.

    Where ``plan`` itself, without the edits, breaks something, what it breaks is given back.
    """
    if not plan.rows:
        return Worked(plan)
    known = Known(desk, built)
    bench, quiet = _all_at_once(lay_out(plan, desk.grounds, dose), edits)
    if bench is not None:
        found = _accepted(desk, known, bench)
        if found is not None:
            return replace(found, aside=tuple((edit, ()) for edit in quiet))
    return _one_by_one(desk, known, lay_out(plan, desk.grounds, dose), edits)


class Known:
    """What the check says of the plan as it was built: not the hand's doing. Read only when it matters."""

    def __init__(self, desk: Desk, built: SessionPlan) -> None:
        self.desk = desk
        self.built = built
        self._codes: frozenset[tuple[str, str]] | None = None

    @property
    def codes(self) -> frozenset[tuple[str, str]]:
        """(code, key of the step) of every warning of the built plan."""
        if self._codes is None:
            dose = self.built.dose
            problems = self.desk.read(self.built, dose) if dose is not None else ()
            self._codes = frozenset((one.code, _step_of(self.built, one)) for one in problems)
        return self._codes


def _all_at_once(bench: Bench, edits: tuple[Edit, ...]) -> tuple[Bench | None, tuple[Edit, ...]]:
    """The bench after all edits, and those whose step is not there; no bench where one of them cannot even be made."""
    quiet: list[Edit] = []
    for edit in edits:
        try:
            bench = apply_edit(bench, edit)
        except NotThere:
            quiet.append(edit)
        except Refused:
            return None, ()
    return bench, tuple(quiet)


def _accepted(desk: Desk, known: Known, bench: Bench) -> Worked | None:
    """The session that stands on the bench, where it breaks no hard limit and no soft rule that nobody set aside."""
    plan, problems = _look(desk, bench)
    if plan is None or any(one.severity == "error" for one in problems):
        return None
    soft = _soft(desk, known, plan, problems)
    if not desk.is_draft and any(override is None for _step, _problem, override in soft):
        return None
    return Worked(plan, soft)


def _look(desk: Desk, bench: Bench) -> tuple[SessionPlan | None, tuple[Problem, ...]]:
    plan = sealed(bench)
    return (None, plan) if isinstance(plan, tuple) else (plan, desk.read(plan, bench.dose))


def _soft(desk: Desk, known: Known, plan: SessionPlan, problems: tuple[Problem, ...]) -> tuple[Soft, ...]:
    """The soft rules that the plan breaks and the built one does not, each once."""
    found: dict[tuple[str, str], Soft] = {}
    for one in problems:
        about = (one.code, _step_of(plan, one))
        if one.severity == "warning" and about not in found and about not in known.codes:
            found[about] = (about[1], one, desk.override_of(*about))
    return tuple(found.values())


def _step_of(plan: SessionPlan, one: Problem) -> str:
    """The key of the step that a problem is about; empty for the whole session."""
    if one.row is None or not 0 <= one.row < len(plan.rows):
        return ""
    return step_keys(plan)[plan.rows[one.row].step]


# Edit by edit ---------------------------------------------------------------------------------------------------------------
def _one_by_one(desk: Desk, known: Known, bench: Bench, edits: tuple[Edit, ...]) -> Worked | tuple[Problem, ...]:
    """The edits that bring nothing that bars them, in their order; the others are set aside with what they would break."""
    aside: list[tuple[Edit, tuple[Problem, ...]]] = []
    last = _accepted(desk, known, bench)
    if last is None:
        return _against(desk, known, bench)
    for edit in edits:
        try:
            tried = apply_edit(bench, edit)
        except NotThere:
            aside.append((edit, ()))
            continue
        except Refused as refused:
            aside.append((edit, refused.problems))
            continue
        found = _accepted(desk, known, tried)
        if found is None:
            aside.append((edit, _against(desk, known, tried)))
        else:
            bench, last = tried, found
    return Worked(told_aside(last.plan, desk.setting, aside), last.soft, tuple(aside))


def _against(desk: Desk, known: Known, bench: Bench) -> tuple[Problem, ...]:
    """What bars the session that stands on the bench: every error, and every warning that nobody set aside."""
    plan, problems = _look(desk, bench)
    errors = tuple(one for one in problems if one.severity == "error")
    if plan is None or desk.is_draft:
        return errors
    return (*errors, *(one for _step, one, override in _soft(desk, known, plan, problems) if override is None))


def told_aside(plan: SessionPlan, setting: Setting, aside: Sequence[tuple[Edit, tuple[Problem, ...]]]) -> SessionPlan:
    """The plan that says which edits it sets aside; those whose step is not there are not told."""
    told = tuple(_aside(edit, setting) for edit, problems in aside if problems)
    return replace(plan, by_hand=(*plan.by_hand, *dict.fromkeys(told))) if told else plan


def _aside(edit: Edit, setting: Setting) -> Reason:
    zone = edit.new.zone if edit.new is not None else zone_of(edit.step)
    if zone in setting.library.zones:
        return because("hand-aside-at", edit=edit.kind, zone=zone)
    return because("hand-aside", edit=edit.kind)
