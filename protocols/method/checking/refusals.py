"""What a plan says of itself: outcome, whether it may start, and that a refusal has no steps (invariants 7 and 16)."""

from collections.abc import Iterator

from protocols.method.checking.bars import Bars
from protocols.method.checking.problems import Problem, problem
from protocols.method.plans import SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome


def refusal_problems(plan: SessionPlan, setting: Setting) -> Iterator[Problem]:
    """Whether outcome, start and steps agree with the screening."""
    screening = setting.screening
    if plan.outcome < screening.outcome:
        yield problem("outcome-too-mild", plan=plan.outcome.code, screening=screening.outcome.code)
    for why in _no_steps_because(setting):
        if plan.rows:
            yield problem("rows-under-refusal", why=why)
    if plan.may_start:
        for why in _no_start_because(plan, setting):
            yield problem("may-not-start", why=why)
    if not plan.rows and not plan.omissions and not any(_no_steps_because(setting)):
        yield problem("refused-without-reason")


def _no_steps_because(setting: Setting) -> Iterator[str]:
    if not setting.screening.outcome.allows_steps:
        yield f"the outcome is {setting.screening.outcome.code}"
    if setting.screening.stage_barred is not None or setting.stage.treatment is None:
        yield "the stage is barred"


def _no_start_because(plan: SessionPlan, setting: Setting) -> Iterator[str]:
    if not setting.screening.may_start:
        yield "something is in the way"
    if plan.outcome >= Outcome.DOCTOR:
        yield f"the outcome is {plan.outcome.code}"
    if not plan.rows:
        yield "it has no steps"


def target_problems(plan: SessionPlan, bars: Bars) -> Iterator[Problem]:
    """A session without its target zones, or without more than half of the stage's minutes, is at least deferred.

    An opening or closing whose zone is out moves elsewhere with its time, so only main steps are gone.
    """
    asked = bars.protocol.asked
    out = bars.excluded | bars.body.never_worked
    target = frozenset(place for step in asked if step.part == "main" for place in step.places) - bars.body.never_worked
    gone = sum(step.minutes for step in asked if step.part == "main" and step.places <= out)
    if (target <= bars.excluded or gone > bars.protocol.minutes / 2) and plan.outcome < Outcome.DEFER:
        yield problem("target-gone")
    if plan.rows:
        calm_everywhere = any(row.places is None for row in bars.limits.calm)
        if calm_everywhere and plan.replanned != (bars.protocol.treatment.mode == "tonic"):
            yield problem("replanned-differs")
