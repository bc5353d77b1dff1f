"""From a case to a plan: screen, dose, adapt, build, and have the independent check read every session before anybody sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from protocols.method.adapting import adapt
from protocols.method.case import Case
from protocols.method.checking import Problem, check_curve, check_plan
from protocols.method.chosen import Chosen
from protocols.method.course import plan_course
from protocols.method.deciding import refusals
from protocols.method.editing import EditedCourse, edit_course, step_keys
from protocols.method.edits import Override
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.plans import NO_ADAPTATION, Adaptation, CoursePlan, Dose, SessionPlan, UnsafePlan
from protocols.method.roles import planned_places
from protocols.method.screening import PlanFacts, screen
from protocols.method.session import build_session
from protocols.method.setting import Setting
from protocols.method.whole_course import build_course


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
    """All sessions of a course as they would be given under the findings of the case. ``edited``: what hands changed, if they did."""

    setting: Setting
    screening: Screening
    course: CoursePlan
    sessions: tuple[SessionPlan, ...]
    adaptation: Adaptation = NO_ADAPTATION
    edited: EditedCourse | None = None


def plan_session(case: Case, library: Library) -> PlannedSession:
    """The session that the case asks for. Raises ``UnsafePlan`` when the independent check finds an error in it: then there is no plan."""
    if case.edits.edits:
        whole = plan_whole_course(case, library)
        return PlannedSession(whole.setting, whole.screening, whole.course, whole.sessions[case.number - 1], whole.adaptation)
    setting = setting_of(case, library)
    adaptation = adaptation_of(case, library)
    course = plan_course(setting, count=case.of, adaptation=adaptation)
    dose = course.doses[case.number - 1]
    session = build_session(setting, dose=dose, adaptation=adaptation, supplements=case.supplements)
    refuse_unsafe(session, setting, dose=dose, adaptation=adaptation)
    return PlannedSession(setting, setting.screening, course, session, adaptation)


def plan_whole_course(case: Case, library: Library, *, is_draft: bool = False) -> PlannedCourse:
    """Every session of the case's course with what was changed by hand, each one checked. Raises ``UnsafePlan`` as ``plan_session`` does.

    In a draft a soft rule that nobody set aside is told; in a plan its edit is set aside.
    """
    setting = setting_of(case, library)
    adaptation = adaptation_of(case, library)
    course = plan_course(setting, count=case.of, adaptation=adaptation)
    if case.edits.edits:
        edited = edit_course(setting, course, case.edits, adaptation=adaptation, supplements=case.supplements, is_draft=is_draft)
        planned = PlannedCourse(setting, setting.screening, edited.course, edited.sessions, adaptation, edited)
        if not is_draft:  # a draft was read when it was worked out, and is read again before it is kept
            _refuse_unsafe_edits(planned, edited, case.edits.overrides)
        return planned
    sessions = build_course(setting, course, adaptation=adaptation, supplements=case.supplements)
    for session, dose in zip(sessions, course.doses, strict=True):
        refuse_unsafe(session, setting, dose=dose, adaptation=adaptation)
    return PlannedCourse(setting, setting.screening, course, sessions, adaptation)


def _refuse_unsafe_edits(planned: PlannedCourse, edited: EditedCourse, overrides: tuple[Override, ...]) -> None:
    """Reads a course that hands changed once more: its curve, and every session; one that stayed as built as strictly as ever.

    A soft rule that nobody set aside is refused like an error.
    """
    doses = planned.course.doses
    if doses != tuple(session.dose for session in edited.built):
        for problem in check_curve(doses, planned.setting, planned.adaptation):
            raise UnsafePlan(f"the doses set by hand were refused by the independent check: {problem.sentence} ({problem.code})")
    for session, built, dose in zip(planned.sessions, edited.built, doses, strict=True):
        if session.rows == built.rows and dose == built.dose:
            refuse_unsafe(session, planned.setting, dose=dose, adaptation=planned.adaptation)
        else:
            _refuse_edited(planned, session, built, overrides)


def _refuse_edited(planned: PlannedCourse, session: SessionPlan, built: SessionPlan, overrides: tuple[Override, ...]) -> None:
    """``built`` is the session without any change: a warning that stands in it too is the protocol's own and no hand's."""
    told = {(override.code, override.step) for override in overrides}
    for problem, step in _read_edited(planned, session):
        if problem.severity == "error":
            _refuse(session, problem)
        about = (problem.code, step)
        if about not in told and about not in {(one.code, key) for one, key in _read_edited(planned, built)}:
            _refuse(session, problem)


def _read_edited(planned: PlannedCourse, session: SessionPlan) -> Iterator[tuple[Problem, str]]:
    """What the check says of a session as of one edited by hand, each problem with the key of its step."""
    keys, dose = step_keys(session), session.dose or planned.course.doses[session.number - 1]
    for problem in check_plan(session, planned.setting, dose=dose, adaptation=planned.adaptation, edited=True):
        yield problem, "" if problem.row is None else keys[session.rows[problem.row].step]


def setting_of(case: Case, library: Library) -> Setting:
    """The case screened. The planner's own facts are worked out here: the zones planned before findings, and whether it is session 1."""
    zones = planned_places(library, case.condition, case.stage, case.inputs, case.edits)
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


def refuse_unsafe(session: SessionPlan, setting: Setting, *, dose: Dose, adaptation: Adaptation = NO_ADAPTATION) -> None:
    """Raises ``UnsafePlan`` with the first error that the independent check finds in a session, and does nothing when there is none.

    For a session whose steps are as they were built: it is read as strictly as that, whatever it says of changes that do not hold today.
    """
    for problem in check_plan(session, setting, dose=dose, adaptation=adaptation, edited=False):
        if problem.severity == "error":
            _refuse(session, problem)


def _refuse(session: SessionPlan, problem: Problem) -> NoReturn:
    raise UnsafePlan(f"session {session.number} was refused by the independent check: {problem.sentence} ({problem.code})")
