"""From a case to a plan: screen, dose, adapt, build, and have the independent check read every session before anybody sees it."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from protocols.method.adapting import adapt
from protocols.method.case import Case
from protocols.method.checking import check_plan
from protocols.method.chosen import Chosen
from protocols.method.course import plan_course
from protocols.method.deciding import refusals
from protocols.method.entries import Stage
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.plans import NO_ADAPTATION, Adaptation, CoursePlan, Dose, SessionPlan, UnsafePlan
from protocols.method.roles import planned_places
from protocols.method.screening import PlanFacts, screen
from protocols.method.session import build_session, build_sessions
from protocols.method.setting import Setting


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One session of a course with everything it was made from. ``adaptation`` is what the records of earlier sessions proposed."""

    setting: Setting
    screening: Screening
    course: CoursePlan
    session: SessionPlan
    adaptation: Adaptation = NO_ADAPTATION


@dataclass(frozen=True, slots=True)
class PlannedCourse:
    """All sessions of a course as they would be given under the findings of the case."""

    setting: Setting
    screening: Screening
    course: CoursePlan
    sessions: tuple[SessionPlan, ...]
    adaptation: Adaptation = NO_ADAPTATION


def plan_session(case: Case, library: Library) -> PlannedSession:
    """The session that the case asks for. Raises ``UnsafePlan`` when the independent check finds an error in it: then there is no plan."""
    setting = setting_of(case, library)
    adaptation = adaptation_of(case, library)
    course = plan_course(setting, count=case.of, adaptation=adaptation)
    dose = course.doses[case.number - 1]
    session = build_session(setting, dose=dose, adaptation=adaptation, supplements=case.supplements)
    refuse_unsafe(session, setting, dose=dose, adaptation=adaptation)
    return PlannedSession(setting, setting.screening, course, session, adaptation)


def plan_whole_course(case: Case, library: Library) -> PlannedCourse:
    """Every session of the case's course, each one checked. Raises ``UnsafePlan`` as ``plan_session`` does."""
    setting = setting_of(case, library)
    adaptation = adaptation_of(case, library)
    course = plan_course(setting, count=case.of, adaptation=adaptation)
    sessions = build_course(setting, course, adaptation=adaptation, supplements=case.supplements)
    for session, dose in zip(sessions, course.doses, strict=True):
        refuse_unsafe(session, setting, dose=dose, adaptation=adaptation)
    return PlannedCourse(setting, setting.screening, course, sessions, adaptation)


def setting_of(case: Case, library: Library) -> Setting:
    """The case screened. The planner's own facts are worked out here: the zones planned before findings, and whether it is session 1."""
    zones = planned_places(library, case.condition, case.stage, case.inputs)
    screening = screen(
        case.answers,
        library=library,
        chosen=Chosen(case.condition, case.stage, case.inputs, case.bars),
        plan=PlanFacts(zones, first_session=case.number == 1, session_number=case.number),
        clearances=case.clearances,
        on=case.on,
    )
    return Setting(library, case.condition, case.stage, case.inputs, screening, case.age)


def adaptation_of(case: Case, library: Library) -> Adaptation:
    """What a therapist decided, else what the records propose; nothing without records or in a stage that is not massaged.

    Raises ``UnsafePlan`` for a decision that lets go of what nobody may let go of.
    """
    if not case.records or case.stage.treatment is None:
        return NO_ADAPTATION
    proposal = adapt(case.records, library=library, stage=case.stage, missed_days=case.missed_days, is_released=case.is_released)
    if case.decided is None:
        return proposal
    if found := refusals(proposal, case.decided, library):
        raise UnsafePlan(f"what was decided about the next session is not allowed: {', '.join(found)}")
    return case.decided


def build_course(setting: Setting, course: CoursePlan, *, adaptation: Adaptation, supplements: tuple[str, ...]) -> tuple[SessionPlan, ...]:
    """Every session of the course. Sessions that differ in nothing but their number, or the name of their phase, are built once."""
    waits = sorted(set(_waits(setting.stage)))
    keys = [(_as_built(dose, setting.stage), bisect_right(waits, dose.number)) for dose in course.doses]
    distinct = dict(zip(reversed(keys), reversed(course.doses), strict=True))
    built = dict(
        zip(distinct, build_sessions(setting, doses=tuple(distinct.values()), adaptation=adaptation, supplements=supplements), strict=True)
    )
    return tuple(replace(built[key], number=dose.number, phase=dose.phase, dose=dose) for key, dose in zip(keys, course.doses, strict=True))


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


def refuse_unsafe(session: SessionPlan, setting: Setting, *, dose: Dose, adaptation: Adaptation = NO_ADAPTATION) -> None:
    """Raises ``UnsafePlan`` with the first error that the independent check finds in a session, and does nothing when there is none."""
    for problem in check_plan(session, setting, dose=dose, adaptation=adaptation):
        if problem.severity == "error":
            raise UnsafePlan(f"session {session.number} was refused by the independent check: {problem.sentence} ({problem.code})")
