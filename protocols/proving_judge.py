"""What must hold of a course edited by hand, whatever the edits: read by the independent check, and by nothing that edits."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from protocols.method.checking import check_curve, check_plan
from protocols.method.course import plan_course
from protocols.method.editing import CourseEditor, EditedCourse, step_keys
from protocols.method.edits import Edit, Edits
from protocols.method.plans import NO_ADAPTATION, Adaptation, SessionPlan
from protocols.method.setting import Setting


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that the plan of a course is made from at one moment."""

    setting: Setting
    count: int
    adaptation: Adaptation = NO_ADAPTATION
    edits: Edits = field(default_factory=Edits)
    supplements: tuple[str, ...] = ()

    def editor(self) -> CourseEditor:
        """Somebody who changes this course again and again under the same findings and records."""
        course = plan_course(self.setting, count=self.count, adaptation=self.adaptation)
        return CourseEditor(self.setting, course, adaptation=self.adaptation, supplements=self.supplements)

    def worked(self, *, is_draft: bool = False) -> EditedCourse:
        """The course of this moment with its edits, worked out by somebody who remembers nothing."""
        return self.editor().edited(self.edits, is_draft=is_draft)


# Judgement ------------------------------------------------------------------------------------------------------------------
class Judge:
    """Reads results. A session that was read before under the same findings and reasons is not read again."""

    def __init__(self) -> None:
        self.checked = 0
        self._read: dict[int, tuple[object, set[tuple[SessionPlan, bool]]]] = {}

    def problems(self, moment: Moment, worked: EditedCourse, *, is_draft: bool = False) -> Iterator[str]:
        """Everything that must never be in the result of these edits, in words."""
        doses = tuple(plan.dose for plan in worked.sessions)
        if doses != worked.course.doses:
            yield "dose: course and sessions name different ones"
        if doses != tuple(plan.dose for plan in worked.built):
            yield from (f"curve: {each.sentence}" for each in check_curve(worked.course.doses, moment.setting, moment.adaptation))
        for plan, built in zip(worked.sessions, worked.built, strict=True):
            yield from self._of_session(moment, worked, plan, built, is_draft=is_draft)

    def _of_session(self, moment: Moment, worked: EditedCourse, plan: SessionPlan, built: SessionPlan, *, is_draft: bool) -> Iterator[str]:
        yield from _unsaid(moment, worked, plan, built)
        if plan.dose is None:
            return
        is_as_built = (plan.rows, plan.dose, plan.supplements) == (built.rows, built.dose, built.supplements)
        if self._is_read(moment, plan, is_draft=is_draft):
            return
        self.checked += 1
        keys = step_keys(plan)
        held = {(each.code, each.step) for each in moment.edits.overrides}
        told = {(rule.problem.code, rule.step) for rule in worked.soft if rule.session == plan.number}
        for found in check_plan(plan, moment.setting, dose=plan.dose, adaptation=moment.adaptation, edited=not is_as_built):
            about = (found.code, "" if found.row is None else keys[plan.rows[found.row].step])
            if found.severity == "error":
                yield f"{found.code}: session {plan.number}, {found.sentence}"
            elif about not in (told if is_draft else held & told):
                yield f"no reason for {found.code}: session {plan.number}, {found.sentence}"

    def _is_read(self, moment: Moment, plan: SessionPlan, *, is_draft: bool) -> bool:
        """Whether this very session was read, and found good, under the same findings, records and reasons."""
        key = (moment.setting, moment.adaptation, moment.edits.overrides)
        known = self._read.setdefault(hash((id(moment.setting), moment.adaptation, moment.edits.overrides)), (key, set()))[1]
        if (plan, is_draft) in known:
            return True
        known.add((plan, is_draft))
        return False


def _unsaid(moment: Moment, worked: EditedCourse, plan: SessionPlan, built: SessionPlan) -> Iterator[str]:
    """A change that nobody made, and one that the plan does not tell."""
    holds = [edit for edit in moment.edits.edits if edit.holds_at(plan.number)]
    if not holds and plan.dose == built.dose and plan != built:
        yield f"changed: session {plan.number} is not what was built and no edit holds there"
    if (plan.rows, plan.supplements, plan.dose) != (built.rows, built.supplements, built.dose) and not plan.by_hand:
        yield f"silent: session {plan.number} differs from what was built and does not say so"
    away = {each.edit for each in worked.aside if each.session == plan.number}
    if plan.rows and not plan.by_hand and any(edit not in away and not _may_be_idle(edit, holds) for edit in holds):
        yield f"lost: an edit of session {plan.number} neither holds nor is set aside"
    if plan.outcome < built.outcome:
        yield f"outcome: session {plan.number} is milder than what was built"


def _may_be_idle(edit: Edit, holds: list[Edit]) -> bool:
    """Whether an edit may change nothing: a dose that the protocol gives anyway, no level less, what a later edit says otherwise."""
    about_the_same = [each for each in holds if each.kind == edit.kind and (edit.kind == "depth" or each.code == edit.code)]
    is_last = about_the_same[-1] is edit
    return edit.kind == "dose" or (edit.kind == "depth" and edit.value <= 0) or (edit.kind in ("depth", "supplement") and not is_last)
