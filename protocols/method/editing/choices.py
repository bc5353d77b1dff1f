"""What may be done with one step of one session: every choice is tried on the session as it is edited, and read by the independent check.

Rows are read alone where a choice touches nothing else (another technique of the family, pressure, tempo); what changes order or time is
tried on the whole session. What is kept is always read as a whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import ceil

from protocols.method.checking import Problem
from protocols.method.checking.single import StepCheck
from protocols.method.editing.bench import Bench, BenchStep, NotThere, Refused, lay_out
from protocols.method.editing.grounds import Grounds
from protocols.method.editing.results import FREE, EditedCourse, StepChoices, Verdict
from protocols.method.editing.sessions import BEFORE, Desk, all_at_once, apply_edit, read_bench
from protocols.method.edits import Edit, Edits, NewStep
from protocols.method.entries import Technique
from protocols.method.plans import NO_ADAPTATION, Adaptation, SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import MIN_STEP_SECONDS, TEMPOS, Mode, Side, Tempo

LEVELS = (1, 2, 3, 4)
STEP_SECONDS = 15  # what one press of "longer" or "shorter" is
# Swapped in from another family they would need what the step has not: a supplement that is chosen, a breath that is led.
NOT_FROM_ANOTHER = ("points", "breathing-assist")
NEW_STEP_THOUSANDTHS = 60
NEW_STEP_PRESSURE = 2
TEMPO_OF: Mapping[Mode, Tempo] = {"calming": "calm", "neutral": "neutral", "tonic": "tonic"}

About = tuple[str, str]  # code of a problem and the key of its step


def choices_for(
    setting: Setting, edited: EditedCourse, edits: Edits, *, number: int, step: str, adaptation: Adaptation = NO_ADAPTATION
) -> StepChoices:
    """What may be done with the step ``step`` (key) of session ``number`` on top of ``edits``; nothing where it is not there.

    A verdict names only what the choice would break that is whole now. Whole seconds; deterministic.
    """
    trial = _trial(setting, edited, edits, number, adaptation)
    if trial is None or step not in trial.bench.keys:
        return StepChoices(step)
    return StepChoices(
        step,
        techniques=tuple(trial.techniques(step)),
        pressures=tuple((level, trial.alone(step, Edit("pressure", number, number, step=step, value=level))) for level in LEVELS),
        tempos=tuple((tempo, trial.alone(step, Edit("tempo", number, number, step=step, code=tempo))) for tempo in TEMPOS),
        moves=tuple(trial.moves(step)),
        minutes=tuple(trial.minutes(step)),
        removal=trial.whole(Edit("remove", number, number, step=step, from_others=True)),
    )


def zones_to_add(
    setting: Setting, edited: EditedCourse, edits: Edits, *, number: int, after: str, adaptation: Adaptation = NO_ADAPTATION
) -> tuple[tuple[str, Side, Verdict], ...]:
    """Every zone of the tree that hands may work at all, on each side it has, as a short step of stroking behind ``after``."""
    trial = _trial(setting, edited, edits, number, adaptation)
    if trial is None:
        return ()
    library = setting.library
    sides: dict[bool, tuple[Side, ...]] = {True: ("left", "right", "both"), False: ("both",)}
    workable = (zone for zone in library.zones.values() if library.tree.workable_leaves(zone.code))
    return tuple((zone.code, side, trial.new_zone(zone.code, side, after)) for zone in workable for side in sides[zone.paired])


def _trial(setting: Setting, edited: EditedCourse, edits: Edits, number: int, adaptation: Adaptation) -> "_Trial | None":
    """The session with its edits on the bench; None for a session without rows, or none at all."""
    if not 1 <= number <= len(edited.sessions) or not edited.sessions[number - 1].rows:
        return None
    desk = Desk(Grounds(setting, adaptation), edits.overrides, is_draft=True)
    laid = (edited.laid or edited.built)[number - 1]
    return _Trial(desk, _edited_bench(desk, laid, edited, edits, number))


def _edited_bench(desk: Desk, laid: SessionPlan, edited: EditedCourse, edits: Edits, number: int) -> Bench:
    """The session with the edits that hold in it."""
    dose = edited.course.doses[number - 1]
    aside = [each.edit for each in edited.aside if each.session == number]
    held = tuple(edit for edit in edits.edits if edit.holds_at(number) and edit.kind not in BEFORE and edit not in aside)
    return all_at_once(lay_out(replace(laid, dose=dose), desk.grounds, dose), held)[0]


class _Trial:
    """One session on which choices are tried."""

    def __init__(self, desk: Desk, bench: Bench) -> None:
        self.desk = desk
        self.bench = bench
        self.check = StepCheck(desk.setting, bench.dose, desk.grounds.adaptation)
        self.broken = frozenset((one.code, step) for one, step in read_bench(desk, bench)[1])

    # trying ---------------------------------------------------------------------------------------------------------------
    def whole(self, edit: Edit) -> Verdict:
        """What a change breaks in the whole session that is not broken now."""
        try:
            tried = apply_edit(self.bench, edit)
        except NotThere:
            return FREE
        except Refused as refused:
            return Verdict(refused.problems)
        return Verdict(tuple(one for one, step in read_bench(self.desk, tried)[1] if (one.code, step) not in self.broken))

    def alone(self, key: str, edit: Edit) -> Verdict:
        """What a change breaks in the rows of its step that is not broken now."""
        try:
            tried = apply_edit(self.bench, edit)
        except Refused as refused:
            return Verdict(refused.problems)
        return Verdict(self._in_step(tried, key))

    def _in_step(self, tried: Bench, key: str) -> tuple[Problem, ...]:
        place = tried.at(key)
        found = self.check.problems(tried.steps[place].rows, tried.row_number(place))
        fresh = {one.code: one for one in reversed(found) if (one.code, key) not in self.broken}
        return tuple(one for one in found if fresh.get(one.code) is one)

    # kinds of choices -----------------------------------------------------------------------------------------------------
    def techniques(self, key: str) -> Iterator[tuple[str, str, Verdict]]:
        """Every technique that could stand in the place of each family of the step: of the family itself, then of those it has not."""
        step = self.bench.steps[self.bench.at(key)]
        for family in dict.fromkeys(step.families):
            yield from ((family, one.code, self._swap(step, family, one)) for one in self._of(family))
            for other in self.desk.setting.library.families:
                if other not in step.families and other not in NOT_FROM_ANOTHER and family != "stroking":
                    yield from self._other_family(step, family, other)

    def _of(self, family: str) -> tuple[Technique, ...]:
        return self.desk.grounds.body.of_family[family]

    def _swap(self, step: BenchStep, family: str, technique: Technique) -> Verdict:
        number = self.bench.plan.number
        return self.alone(step.key, Edit("technique", number, number, step=step.key, family=family, code=technique.code))

    def _other_family(self, step: BenchStep, family: str, other: str) -> Iterator[tuple[str, str, Verdict]]:
        """Order and mix depend on the family alone, so they are tried once, with the first technique that nothing bars in its rows."""
        number, of_all = self.bench.plan.number, None
        for technique in self._of(other):
            verdict = self._swap(step, family, technique)
            if not verdict.is_barred and of_all is None:
                edit = Edit("technique", number, number, step=step.key, family=family, code=technique.code)
                rows = {one.code for one in verdict.problems}
                of_all = tuple(one for one in self.whole(edit).problems if one.code not in rows)
            more = of_all if of_all and not verdict.is_barred else ()
            yield family, technique.code, Verdict((*verdict.problems, *more))

    def moves(self, key: str) -> Iterator[tuple[str, str, Verdict]]:
        """First, one up, one down, last, where the step does not stand there already."""
        keys = self.bench.keys
        at, number = keys.index(key), self.bench.plan.number
        anchors = {"first": "", "up": keys[at - 2] if at > 1 else "", "down": keys[min(at + 1, len(keys) - 1)], "last": keys[-1]}
        for word, after in anchors.items():
            if at > 0 if word in ("first", "up") else at < len(keys) - 1:
                yield word, after, self.whole(Edit("move", number, number, step=key, after=after))

    def minutes(self, key: str) -> Iterator[tuple[int, Verdict]]:
        """15 s less and 15 s more, in thousandths of the built time."""
        step, number = self.bench.steps[self.bench.at(key)], self.bench.plan.number
        for seconds in (step.seconds - STEP_SECONDS, step.seconds + STEP_SECONDS):
            value = round(1000 * seconds / step.built_seconds())
            yield value, self.whole(Edit("minutes", number, number, step=key, value=value, from_others=True))

    def new_zone(self, zone: str, side: Side, after: str) -> Verdict:
        """A short step of stroking on a zone."""
        number, tempo = self.bench.plan.number, TEMPO_OF[self.desk.setting.treatment.mode]
        new = NewStep(zone, side, (self._of("stroking")[0].code,), NEW_STEP_PRESSURE, tempo)
        value = max(NEW_STEP_THOUSANDTHS, ceil(1000 * MIN_STEP_SECONDS / self.bench.dose.seconds))  # in a short session too it can stand
        return self.whole(Edit("add", number, number, step="+new", after=after, value=value, from_others=True, new=new))
