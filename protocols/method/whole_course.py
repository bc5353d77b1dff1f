"""Every session of a course. Sessions that differ in nothing but their number, or the name of their phase, are built once."""

from bisect import bisect_right
from dataclasses import replace

from protocols.method.entries import Stage
from protocols.method.plans import Adaptation, CoursePlan, Dose, SessionPlan
from protocols.method.session import build_sessions
from protocols.method.setting import Setting

BuildKey = tuple[Dose, int, tuple[str, ...]]


def build_course(setting: Setting, course: CoursePlan, *, adaptation: Adaptation, supplements: tuple[str, ...]) -> tuple[SessionPlan, ...]:
    """Every session of the course with the same supplements."""
    return build_each(setting, course.doses, adaptation=adaptation, supplements=(supplements,) * len(course.doses))


def build_each(
    setting: Setting, doses: tuple[Dose, ...], *, adaptation: Adaptation, supplements: tuple[tuple[str, ...], ...]
) -> tuple[SessionPlan, ...]:
    """The session of each dose with its own supplements (as many as doses)."""
    keys = build_keys(setting, doses, supplements)
    distinct = dict(zip(reversed(keys), reversed(doses), strict=True))
    built: dict[BuildKey, SessionPlan] = {}
    for chosen in dict.fromkeys(key[2] for key in distinct):
        alike = {key: dose for key, dose in distinct.items() if key[2] == chosen}
        sessions = build_sessions(setting, doses=tuple(alike.values()), adaptation=adaptation, supplements=chosen)
        built |= dict(zip(alike, sessions, strict=True))
    return tuple(replace(built[key], number=dose.number, phase=dose.phase, dose=dose) for key, dose in zip(keys, doses, strict=True))


def build_keys(setting: Setting, doses: tuple[Dose, ...], supplements: tuple[tuple[str, ...], ...]) -> tuple[BuildKey, ...]:
    """What each session is built from: equal keys, equal sessions."""
    waits = sorted(set(_waits(setting.stage)))
    pairs = zip(doses, supplements, strict=True)
    return tuple((_as_built(dose, setting.stage), bisect_right(waits, dose.number), chosen) for dose, chosen in pairs)


def _as_built(dose: Dose, stage: Stage) -> Dose:
    """The dose without what leaves its session as it is: its number, its reasons, and the name of the phase.

    A phase acts through minutes, pressure shift and percussion, which stand in the dose; only a stage with pressures of its own
    reads its name.
    """
    by_name = stage.treatment is not None and stage.treatment.pressure is not None
    return replace(dose, number=0, because=(), phase=dose.phase if by_name else "working")


def _waits(stage: Stage) -> tuple[int, ...]:
    """The sessions at which something of the stage begins: a step, a family, the end of its calm beginning, a variant."""
    treatment = stage.treatment
    if treatment is None:
        return ()
    of_steps = (session for step in treatment.steps for session in (step.from_session, *step.family_from.values()))
    return (*of_steps, *treatment.family_from.values(), treatment.calm_until_session + 1, *(row.from_session for row in treatment.variants))
