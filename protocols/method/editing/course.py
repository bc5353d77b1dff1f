"""A whole course under its edits: the curve first, then every session as it is built, then what was changed in it."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from protocols.method.checking import Problem
from protocols.method.checking.problems import problem
from protocols.method.editing.curve import ABOVE, Curve, curve_by_hand, supplements_at
from protocols.method.editing.grounds import Grounds
from protocols.method.editing.results import EditedCourse, SetAside, SoftRule
from protocols.method.editing.sessions import BEFORE, ON_THE_BENCH, Aside, Desk, Known, Worked, told_aside, work_out
from protocols.method.edits import Edit, Edits
from protocols.method.plans import NO_ADAPTATION, Adaptation, CoursePlan, Dose, SessionPlan
from protocols.method.reasons import Reason, because
from protocols.method.setting import Setting
from protocols.method.whole_course import BuildKey, build_course, build_each, build_keys

MOST_REMEMBERED = 4000  # sessions worked out by one editor; a course and the changes of an afternoon are far below


def edit_course(
    setting: Setting,
    course: CoursePlan,
    edits: Edits,
    *,
    adaptation: Adaptation = NO_ADAPTATION,
    supplements: tuple[str, ...] = (),
    is_draft: bool = False,
) -> EditedCourse:
    """Every session of ``course`` (doses as ``plan_course`` gives them, same adaptation) with what was changed by hand.

    An edit that breaks a hard limit is set aside in the sessions where it does; one that breaks a soft rule without an override too,
    except in a draft, where the rule is told. Deterministic, and never an error for any ``Edits``. Raises ``RoleUnresolved`` for a
    missing input, as building does.
    """
    return CourseEditor(setting, course, adaptation=adaptation, supplements=supplements).edited(edits, is_draft=is_draft)


class CourseEditor:
    """One course that is changed again and again: sessions that a change leaves alone are not worked out anew.

    It gives what ``edit_course`` gives; what it remembers depends on nothing but what it was made of and the edits themselves.
    """

    def __init__(
        self, setting: Setting, course: CoursePlan, *, adaptation: Adaptation = NO_ADAPTATION, supplements: tuple[str, ...] = ()
    ) -> None:
        self.grounds = Grounds(setting, adaptation)
        self.course = course
        self.supplements = supplements
        self.built = build_course(setting, course, adaptation=adaptation, supplements=supplements)
        self.known: dict[int, Known] = {}
        self.plans: dict[BuildKey, SessionPlan] = {}
        self.worked: dict[Hashable, Worked | tuple[Problem, ...]] = {}

    def edited(self, edits: Edits, *, is_draft: bool = False) -> EditedCourse:
        """The course under these edits, as ``edit_course`` says."""
        setting, adaptation = self.grounds.setting, self.grounds.adaptation
        has_rows = setting.stage.treatment is not None and any(session.rows for session in self.built)
        held = edits if has_rows else Edits()
        curve = curve_by_hand(setting, self.course, held, adaptation=adaptation, is_draft=is_draft)
        if not held.edits:
            return EditedCourse(self.built, self.course, self.built, curve=curve.bounds)
        if len(self.worked) > MOST_REMEMBERED:
            self.worked, self.plans = {}, {}  # not emptied: another thread may be reading them
        editing = _Editing(self, Desk(self.grounds, edits.overrides, is_draft), edits, curve)
        sessions = editing.sessions()
        doses = tuple(session.dose or dose for session, dose in zip(sessions, curve.doses, strict=True))
        course, soft, aside = replace(self.course, doses=doses), tuple(editing.soft), tuple(editing.aside)
        return EditedCourse(self.built, course, sessions, soft, aside, curve.bounds, editing.laid)

    def known_of(self, desk: Desk, built: SessionPlan) -> Known:
        """What the check says of a built session; sessions that are built alike share it."""
        return self.known.setdefault(id(built.rows), Known(desk, built))

    def laid(self, doses: tuple[Dose, ...], chosen: tuple[tuple[str, ...], ...], keys: tuple[BuildKey, ...]) -> tuple[SessionPlan, ...]:
        """The sessions as they are built from these doses and supplements; those that are as ever are not built again."""
        plans = self.plans
        same = [plan.dose == dose and codes == self.supplements for plan, dose, codes in zip(self.built, doses, chosen, strict=True)]
        new = [place for place, is_same in enumerate(same) if not is_same and keys[place] not in plans]
        if new:
            fresh = build_each(
                self.grounds.setting,
                tuple(doses[place] for place in new),
                adaptation=self.grounds.adaptation,
                supplements=tuple(chosen[place] for place in new),
            )
            plans |= dict(zip((keys[place] for place in new), fresh, strict=True))
        return tuple(
            plan if is_same else replace(plans[key], number=dose.number, phase=dose.phase, dose=dose)
            for plan, is_same, key, dose in zip(self.built, same, keys, doses, strict=True)
        )


@dataclass(slots=True)
class _Editing:
    """One run over the sessions of a course; sessions that differ in nothing are worked out once."""

    editor: CourseEditor
    desk: Desk
    edits: Edits
    curve: Curve
    soft: list[SoftRule] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    laid: tuple[SessionPlan, ...] = ()

    def sessions(self) -> tuple[SessionPlan, ...]:
        """The edited sessions in order; ``soft`` and ``aside`` are filled on the way."""
        library = self.desk.setting.library
        known = replace(self.edits, edits=tuple(e for e in self.edits.edits if e.kind != "supplement" or e.code in library.supplements))
        chosen = tuple(supplements_at(known, self.editor.supplements, dose.number) for dose in self.curve.doses)
        keys = build_keys(self.desk.setting, self.curve.doses, chosen)
        self.laid = self.editor.laid(self.curve.doses, chosen, keys)
        both = zip(self.editor.built, self.laid, strict=True)
        return tuple(self._session(*plans, dose, key) for plans, dose, key in zip(both, self.curve.doses, keys, strict=True))

    def _session(self, built: SessionPlan, plan: SessionPlan, dose: Dose, key: BuildKey) -> SessionPlan:
        held = tuple(edit for edit in self.edits.edits if edit.holds_at(dose.number))
        if not held and dose == built.dose:
            return built
        about = (key, id(built.rows), dose.phase, held, _hand_reasons(dose), self.desk.overrides, self.desk.is_draft)
        worked = self.editor.worked.get(about)
        if worked is None:
            told, lost = self._told(plan, dose, tuple(edit for edit in held if edit.kind in BEFORE))
            worked = self.editor.worked[about] = self._work_out(self.editor.known_of(self.desk, built), told, dose, held, lost)
        return self._one(built, dose, worked, held)

    def _work_out(
        self, known: Known, plan: SessionPlan, dose: Dose, held: tuple[Edit, ...], lost: list[Aside]
    ) -> Worked | tuple[Problem, ...]:
        worked = work_out(self.desk, known, plan, dose, tuple(edit for edit in held if edit.kind in ON_THE_BENCH))
        if isinstance(worked, tuple) or not lost:
            return worked
        return replace(worked, plan=told_aside(worked.plan, self.desk.setting, lost), aside=(*lost, *worked.aside))

    def _told(self, plan: SessionPlan, dose: Dose, before: tuple[Edit, ...]) -> tuple[SessionPlan, list[Aside]]:
        """The plan that says what was changed before it was built, and the supplements that could not be switched on."""
        there = {planned.supplement for planned in plan.supplements}
        told = list(_hand_reasons(dose))
        lost: list[Aside] = []
        # The last change of a supplement counts.
        for edit in {edit.code: edit for edit in before if edit.kind == "supplement"}.values():
            if edit.code not in self.desk.setting.library.supplements:
                lost.append((edit, (problem("unknown-code", what=edit.code),)))
            elif edit.value <= 0:
                told.append(because("hand-supplement-off", supplement=edit.code))
            elif edit.code in there:
                told.append(because("hand-supplement-on", supplement=edit.code))
            else:
                lost.append((edit, (problem(self._why_no_supplement(edit.code), supplement=edit.code),)))
        return (replace(plan, by_hand=tuple(dict.fromkeys(told))) if told else plan), lost

    def _why_no_supplement(self, code: str) -> str:
        named = {row.supplement for row in self.desk.setting.treatment.supplements}
        return "supplement-excluded" if code in named else "supplement-not-planned"

    def _one(self, built: SessionPlan, dose: Dose, worked: Worked | tuple[Problem, ...], held: tuple[Edit, ...]) -> SessionPlan:
        """A session of its group, with its own number; what was set aside or is soft in it is kept."""
        above: list[Aside] = [(edit, (_above(seconds, built),)) for number, edit, seconds in self.curve.aside if number == dose.number]
        self.aside += [SetAside(dose.number, *each) for each in above]
        if isinstance(worked, tuple):
            edits: list[Aside] = [(edit, worked) for edit in held]
            self.aside += [SetAside(dose.number, *each) for each in edits]
            return told_aside(built, self.desk.setting, [*above, *edits])
        self.soft += [SoftRule(dose.number, *each) for each in worked.soft]
        self.aside += [SetAside(dose.number, *each) for each in worked.aside]
        told = told_aside(worked.plan, self.desk.setting, above)
        return replace(told, number=dose.number, phase=dose.phase, dose=dose)


def _above(seconds: int, built: SessionPlan) -> Problem:
    return problem(ABOVE, severity="warning", dose=seconds, protocol=built.dose.seconds if built.dose else 0)


def _hand_reasons(dose: Dose) -> tuple[Reason, ...]:
    """What a dose says of a hand."""
    return tuple(reason for reason in dose.because if reason.code.startswith("hand-"))
