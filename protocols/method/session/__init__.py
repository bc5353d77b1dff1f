"""``build_session``: from a dose to the rows of one session, every one explained; and many sessions on shared ground.

What the words mean here: a step's *own time* is dose seconds x its minutes / minutes of all steps open in this session.
See ``opening_steps`` (before findings), ``restricting`` (findings), ``choosing`` (techniques), ``sequencing`` (order).
"""

from protocols.method.plans import NO_ADAPTATION, Adaptation, Dose, Omission, SessionPlan
from protocols.method.reasons import Reason, because
from protocols.method.session.builder import build_on, lay_ground, variant_at
from protocols.method.session.draft import Ground
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome

__all__ = ["build_session", "build_sessions"]


def build_session(
    setting: Setting, *, dose: Dose, adaptation: Adaptation = NO_ADAPTATION, supplements: tuple[str, ...] = ()
) -> SessionPlan:
    """One session. ``dose`` comes from ``plan_course`` with the same adaptation, which has lowered it already; here the adaptation only
    marks zones and leaves techniques out. ``supplements`` are the codes chosen for this session.

    A barred stage and the outcomes absolute and emergency give no rows. Raises ``RoleUnresolved`` for a missing input.
    """
    return build_sessions(setting, doses=(dose,), adaptation=adaptation, supplements=supplements)[0]


def build_sessions(
    setting: Setting, *, doses: tuple[Dose, ...], adaptation: Adaptation = NO_ADAPTATION, supplements: tuple[str, ...] = ()
) -> tuple[SessionPlan, ...]:
    """The sessions of several doses, as ``build_session`` gives each; what they have in common is worked out once."""
    why = _no_steps_because(setting)
    if why is not None:
        return tuple(_without_steps(setting, dose, why) for dose in doses)
    grounds: dict[str, Ground] = {}
    found = []
    for dose in doses:
        variant = variant_at(setting, dose.number)
        code = variant.code if variant else ""
        if code not in grounds:
            grounds[code] = lay_ground(setting, dose.number, adaptation)
        found.append(build_on(grounds[code], dose, supplements))
    return tuple(found)


def _no_steps_because(setting: Setting) -> Reason | None:
    screening = setting.screening
    if setting.stage.treatment is None or screening.stage_barred is not None:
        return screening.stage_barred or because("stage-barred", stage=f"{setting.condition.code}/{setting.stage.code}")
    return None if screening.outcome.allows_steps else because("outcome-gives-no-steps", outcome=screening.outcome.code)


def _without_steps(setting: Setting, dose: Dose, why: Reason) -> SessionPlan:
    outcome = setting.screening.outcome
    if setting.stage.treatment is None:
        outcome = max(outcome, Outcome.EMERGENCY if setting.stage.emergency else Outcome.ABSOLUTE)
    return SessionPlan(
        number=dose.number,
        of=dose.of,
        phase=dose.phase,
        outcome=outcome,
        may_start=False,
        rows=(),
        omissions=(Omission("session", setting.stage.code, None, why),),
        positions=(),
        total_seconds=0,
        dose=dose,
    )
