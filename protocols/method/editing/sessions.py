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
Aside = tuple[Edit, tuple[Problem, ...]]  # an edit that does not hold, and what it would break; nothing: its step is not there
Barred = tuple[Problem, str]  # what bars a session, and the key of its step ("": the session)
Soft = tuple[str, Problem, Override | None]  # the key of the step ("": the session), what is broken, and by whose word

# Searching for what breaks a session pays only while it is shorter than trying edit by edit.
MOST_TRIES = 8

BEFORE = ("dose", "depth", "supplement")  # what is changed before a session is built
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
    aside: tuple[Aside, ...] = ()


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


def work_out(desk: Desk, known: "Known", plan: SessionPlan, dose: Dose, edits: tuple[Edit, ...]) -> Worked | tuple[Problem, ...]:
    """``plan``, built under ``dose``, with these edits.

    All of them at once; where that breaks something, without those that bring it; where these are not soon found, edit by edit. Where
    ``plan`` itself, without the edits, breaks something, what it breaks is given back.
    """
    if not plan.rows:
        return Worked(plan)
    bench = lay_out(plan, desk.grounds, dose)
    return _without_suspects(desk, known, bench, edits) or _one_by_one(desk, known, bench, edits)


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
            keys = step_keys(self.built)
            self._codes = frozenset((one.code, step_of(self.built, keys, one)) for one in problems)
        return self._codes


def all_at_once(bench: Bench, edits: tuple[Edit, ...]) -> tuple[Bench, list[Aside]]:
    """The bench after all edits that can be made, and the others: their step is not there, or they make what no plan may be."""
    aside: list[Aside] = []
    for edit in edits:
        try:
            bench = apply_edit(bench, edit)
        except NotThere:
            aside.append((edit, ()))
        except Refused as refused:
            aside.append((edit, refused.problems))
    return bench, aside


def read_bench(desk: Desk, bench: Bench) -> tuple[SessionPlan | None, tuple[Barred, ...]]:
    """The plan on the bench, None where it can be none at all; and everything that the check says of it, with the keys of the steps."""
    plan = sealed(bench)
    if isinstance(plan, tuple):
        return None, tuple((one, "") for one in plan)
    keys = bench.keys
    return plan, tuple((one, step_of(plan, keys, one)) for one in desk.read(plan, bench.dose))


def look(desk: Desk, known: Known, bench: Bench) -> tuple[Worked | None, tuple[Barred, ...]]:
    """The session on the bench, None where something bars it; and what bars it, each with the key of its step."""
    plan, problems = read_bench(desk, bench)
    if plan is None:
        return None, problems
    soft = _soft(desk, known, tuple(each for each in problems if each[0].severity == "warning"))
    bars = tuple(each for each in problems if each[0].severity == "error")
    if not desk.is_draft:
        bars = (*bars, *((one, step) for step, one, override in soft if override is None))
    return (None if bars else Worked(plan, soft)), bars


def _soft(desk: Desk, known: Known, warnings: tuple[tuple[Problem, str], ...]) -> tuple[Soft, ...]:
    """The soft rules, each with the key of its step, that the plan breaks and the built one does not, each once."""
    found: dict[tuple[str, str], Soft] = {}
    for one, step in warnings:
        about = (one.code, step)
        if about not in found and about not in known.codes:
            found[about] = (step, one, desk.override_of(*about))
    return tuple(found.values())


def step_of(plan: SessionPlan, keys: tuple[str, ...], one: Problem) -> str:
    """The key of the step that a problem is about; empty for the whole session."""
    return "" if one.row is None else keys[plan.rows[one.row].step]


# What is set aside ----------------------------------------------------------------------------------------------------------
def _without_suspects(desk: Desk, known: Known, bench: Bench, edits: tuple[Edit, ...]) -> Worked | None:
    """All edits but those without which less is broken, looked for where it is broken, the latest first. None: not soon found."""
    aside: list[Aside] = []
    left, tries = edits, MOST_TRIES
    made, impossible = all_at_once(bench, left)
    worked, bars = look(desk, known, made)
    while worked is None:
        for suspect in _suspects(left, bars)[:tries]:
            tries -= 1
            others = tuple(edit for edit in left if edit is not suspect)
            made, refused = all_at_once(bench, others)
            found, fewer = look(desk, known, made)
            if len(fewer) < len(bars):
                aside.append((suspect, _gone(bars, fewer)))
                left, impossible, worked, bars = others, refused, found, fewer
                break
        else:
            return None
    return _told(worked, desk.setting, [*aside, *impossible])


def _gone(bars: tuple[Barred, ...], fewer: tuple[Barred, ...]) -> tuple[Problem, ...]:
    """What is no longer broken."""
    still = {(one.code, step) for one, step in fewer}
    return tuple(one for one, step in bars if (one.code, step) not in still) or tuple(one for one, _step in bars)


def _suspects(edits: tuple[Edit, ...], bars: tuple[Barred, ...]) -> tuple[Edit, ...]:
    """The edits, the latest first: before all others those of the very steps where something is broken."""
    steps = {step for _problem, step in bars}
    latest = tuple(reversed(edits))
    return (*(edit for edit in latest if edit.step in steps), *(edit for edit in latest if edit.step not in steps))


def _one_by_one(desk: Desk, known: Known, bench: Bench, edits: tuple[Edit, ...]) -> Worked | tuple[Problem, ...]:
    """The edits that bring nothing that bars them, in their order; the others are set aside with what they would break."""
    last, bars = look(desk, known, bench)
    if last is None:
        return tuple(one for one, _step in bars)
    aside: list[Aside] = []
    for edit in edits:
        tried, impossible = all_at_once(bench, (edit,))
        worked, bars = (None, ()) if impossible else look(desk, known, tried)
        if worked is None:
            aside += impossible or [(edit, tuple(one for one, _step in bars))]
        else:
            bench, last = tried, worked
    return _told(last, desk.setting, aside)


def _told(worked: Worked, setting: Setting, aside: list[Aside]) -> Worked:
    return replace(worked, plan=told_aside(worked.plan, setting, aside), aside=tuple(aside)) if aside else worked


def told_aside(plan: SessionPlan, setting: Setting, aside: Sequence[Aside]) -> SessionPlan:
    """The plan that says which edits it sets aside; those whose step is not there are not told."""
    told = tuple(_aside(edit, setting) for edit, problems in aside if problems)
    return replace(plan, by_hand=(*plan.by_hand, *dict.fromkeys(told))) if told else plan


def _aside(edit: Edit, setting: Setting) -> Reason:
    zone = edit.new.zone if edit.new is not None else zone_of(edit.step)
    if zone in setting.library.zones:
        return because("hand-aside-at", edit=edit.kind, zone=zone)
    return because("hand-aside", edit=edit.kind)
