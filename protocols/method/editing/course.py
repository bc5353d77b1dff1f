"""A whole course under its edits: the curve first, then every session as it is built, then what was changed in it."""

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

GroupKey = tuple[BuildKey, int, str, tuple[int, ...], tuple[Reason, ...]]


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
    built = build_course(setting, course, adaptation=adaptation, supplements=supplements)
    if setting.stage.treatment is None or not any(session.rows for session in built) or not edits.edits:
        curve = curve_by_hand(setting, course, Edits(), adaptation=adaptation, is_draft=is_draft)
        return EditedCourse(built, course, built, curve=curve.bounds)
    curve = curve_by_hand(setting, course, edits, adaptation=adaptation, is_draft=is_draft)
    editing = _Editing(Desk(Grounds(setting, adaptation), edits.overrides, is_draft), edits, built, curve, supplements)
    sessions = editing.sessions()
    doses = tuple(session.dose or dose for session, dose in zip(sessions, curve.doses, strict=True))
    return EditedCourse(
        built, replace(course, doses=doses), sessions, tuple(editing.soft), tuple(editing.aside), curve.bounds, editing.laid
    )


@dataclass(slots=True)
class _Editing:
    """One run over the sessions of a course; sessions that differ in nothing are worked out once."""

    desk: Desk
    edits: Edits
    built: tuple[SessionPlan, ...]
    curve: Curve
    supplements: tuple[str, ...]
    soft: list[SoftRule] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    known: dict[int, Known] = field(default_factory=dict)
    laid: tuple[SessionPlan, ...] = ()

    def sessions(self) -> tuple[SessionPlan, ...]:
        """The edited sessions in order; ``soft`` and ``aside`` are filled on the way."""
        library = self.desk.setting.library
        edits = replace(self.edits, edits=tuple(e for e in self.edits.edits if e.kind != "supplement" or e.code in library.supplements))
        chosen = tuple(supplements_at(edits, self.supplements, dose.number) for dose in self.curve.doses)
        plans = self.laid = self._plans(chosen)
        keys = build_keys(self.desk.setting, self.curve.doses, chosen)
        done: dict[GroupKey, Worked | tuple[Problem, ...]] = {}
        found = []
        for built, plan, key in zip(self.built, plans, keys, strict=True):
            held = tuple(place for place, edit in enumerate(self.edits.edits) if edit.holds_at(plan.number))
            group = (key, built.total_seconds, plan.phase, held, _hand_reasons(plan.dose))
            if not held and plan.dose == built.dose:
                found.append(built)
                continue
            if group not in done:
                done[group] = self._work_out(built, plan, held)
            found.append(self._one(built, plan, done[group], held))
        return tuple(found)

    def _plans(self, chosen: tuple[tuple[str, ...], ...]) -> tuple[SessionPlan, ...]:
        """The sessions as they are built from the edited doses and supplements; those that are the same are not built again."""
        same = [
            plan.dose == dose and codes == self.supplements for plan, dose, codes in zip(self.built, self.curve.doses, chosen, strict=True)
        ]
        if all(same):
            return self.built
        doses = tuple(dose for dose, is_same in zip(self.curve.doses, same, strict=True) if not is_same)
        codes = tuple(each for each, is_same in zip(chosen, same, strict=True) if not is_same)
        fresh = iter(build_each(self.desk.setting, doses, adaptation=self.desk.grounds.adaptation, supplements=codes))
        return tuple(plan if is_same else next(fresh) for plan, is_same in zip(self.built, same, strict=True))

    def _work_out(self, built: SessionPlan, plan: SessionPlan, held: tuple[int, ...]) -> Worked | tuple[Problem, ...]:
        edits = tuple(self.edits.edits[place] for place in held)
        before = tuple(edit for edit in edits if edit.kind in BEFORE)
        plan, lost = self._told(plan, before)
        if plan.dose is None:
            return ()
        on_bench = tuple(edit for edit in edits if edit.kind in ON_THE_BENCH)
        worked = work_out(self.desk, self._known(built), plan, plan.dose, on_bench)
        if isinstance(worked, tuple) or not lost:
            return worked
        return replace(worked, plan=told_aside(worked.plan, self.desk.setting, lost), aside=(*lost, *worked.aside))

    def _known(self, built: SessionPlan) -> Known:
        """What the check says of the built session; sessions that are built alike share it."""
        return self.known.setdefault(id(built.rows), Known(self.desk, built))

    def _told(self, plan: SessionPlan, before: tuple[Edit, ...]) -> tuple[SessionPlan, list[Aside]]:
        """The plan that says what was changed before it was built, and the supplements that could not be switched on."""
        there = {planned.supplement for planned in plan.supplements}
        told = list(_hand_reasons(plan.dose))
        lost: list[Aside] = []
        for edit in before:
            if edit.kind != "supplement":
                continue
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

    def _one(self, built: SessionPlan, plan: SessionPlan, worked: Worked | tuple[Problem, ...], held: tuple[int, ...]) -> SessionPlan:
        """A session of its group, with its own number; what was set aside or is soft in it is kept."""
        above = [(edit, (self._above(edit, built),)) for number, edit in self.curve.aside if number == plan.number]
        self.aside += [SetAside(plan.number, *each) for each in above]
        if isinstance(worked, tuple):
            edits = [(self.edits.edits[place], worked) for place in held]
            self.aside += [SetAside(plan.number, edit, problems) for edit, problems in edits]
            return told_aside(built, self.desk.setting, [*above, *edits])
        self.soft += [SoftRule(plan.number, *each) for each in worked.soft]
        self.aside += [SetAside(plan.number, *each) for each in worked.aside]
        told = told_aside(worked.plan, self.desk.setting, above)
        return replace(told, number=plan.number, phase=plan.phase, dose=plan.dose)

    def _above(self, edit: Edit, built: SessionPlan) -> Problem:
        seconds = built.dose.seconds if built.dose is not None else 0
        return problem(ABOVE, severity="warning", dose=edit.value, protocol=seconds)


def _hand_reasons(dose: Dose | None) -> tuple[Reason, ...]:
    """What a dose says of a hand."""
    return tuple(reason for reason in (dose.because if dose else ()) if reason.code.startswith("hand-"))
