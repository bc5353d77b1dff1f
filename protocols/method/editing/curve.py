"""The dose curve by hand: minutes within the bounds of the stage, pressure only downwards, supplements session by session.

The ceiling of a session is the stage's full time under today's findings, what its first session may take, every cap, and never more than
the widest gap of the ladder above the session before. What the protocol itself gives is always within the bounds.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor

from protocols.method.course import full_seconds, round_half_up, step_down
from protocols.method.editing.results import DoseBounds
from protocols.method.edits import Edit, Edits
from protocols.method.plans import Adaptation, CoursePlan, Dose
from protocols.method.reasons import Reason, because
from protocols.method.session.bars import age_row
from protocols.method.setting import Setting

LEAST_PERCENT = 50
MOST_DEPTH = 2
ABOVE = "dose-above-protocol"


@dataclass(frozen=True, slots=True)
class Curve:
    """The doses as a hand left them, their bounds, and the dose edits that are set aside (session, edit, seconds it asks for)."""

    doses: tuple[Dose, ...]
    bounds: tuple[DoseBounds, ...]
    aside: tuple[tuple[int, Edit, int], ...] = ()


def supplements_at(edits: Edits, chosen: tuple[str, ...], number: int) -> tuple[str, ...]:
    """The codes that are on in session ``number``: those of the whole course, and what was switched on or off by hand since."""
    found = dict.fromkeys(chosen)
    for edit in edits.edits:
        if edit.kind == "supplement" and edit.holds_at(number):
            found.pop(edit.code, None)
            if edit.value > 0:
                found[edit.code] = None
    return tuple(found)


def curve_by_hand(setting: Setting, course: CoursePlan, edits: Edits, *, adaptation: Adaptation, is_draft: bool) -> Curve:
    """The doses of a course under its edits of dose and depth, session after session. A barred stage keeps its empty doses."""
    if setting.stage.treatment is None:
        return Curve(course.doses, ())
    above_is_open = is_draft or any(override.code == ABOVE and not override.step for override in edits.overrides)
    bend = _Bend(setting, course, adaptation, above_is_open=above_is_open)
    for dose in course.doses:
        bend.go_on(dose, tuple(edit for edit in edits.edits if edit.holds_at(dose.number)))
    return Curve(tuple(bend.doses), tuple(bend.bounds), tuple(bend.aside))


def worth_today(setting: Setting, adaptation: Adaptation, percent: int) -> int:
    """What ``percent`` of the stage's full time, asked for by hand, is worth today in percent: the records' rungs and factor lower it."""
    full = full_seconds(setting)
    return round_half_up(100 * _lowered(setting, adaptation, round_half_up(full * percent / 100)) / max(full, 1))


def stops_today(setting: Setting, adaptation: Adaptation) -> tuple[int, ...]:
    """The percents that a hand can give today while the records hold the load at rungs of the ladder; ``()``: any within the bounds."""
    if not adaptation.rungs_down:
        return ()
    return tuple(sorted({worth_today(setting, adaptation, asked) for asked in range(LEAST_PERCENT, 101)}))


def asking_for(setting: Setting, adaptation: Adaptation, percent: int) -> int:
    """What a hand must ask for so that today it gives ``percent``, or the nearest below that the records leave open."""
    if adaptation.rungs_down == 0 and adaptation.minutes_factor >= 1.0:
        return percent
    worth = {asked: worth_today(setting, adaptation, asked) for asked in range(LEAST_PERCENT, 101)}
    return max(worth, key=lambda asked: (worth[asked] if worth[asked] <= percent else -worth[asked], -asked))


def _lowered(setting: Setting, adaptation: Adaptation, seconds: int) -> int:
    """What a hand gave, under the rungs and the factor of the adaptation: what the records ask for still lowers it."""
    full, rungs = full_seconds(setting), adaptation.rungs_down
    share = seconds / max(full, 1)
    down = min(share, step_down(setting.library.course, share, rungs)) if rungs else share
    return round_half_up(full * down * min(1.0, adaptation.minutes_factor))


class _Bend:
    """The curve on its way, from the first session to the last."""

    def __init__(self, setting: Setting, course: CoursePlan, adaptation: Adaptation, *, above_is_open: bool) -> None:
        self.setting = setting
        self.adaptation = adaptation
        self.above_is_open = above_is_open
        self.full = full_seconds(setting)
        self.lowers = bool(adaptation.rungs_down or adaptation.minutes_factor < 1.0 or adaptation.repeat_load_of is not None)
        ladder = setting.library.course.ladder
        self.gap = max((upper - lower for lower, upper in pairwise(ladder)), default=0.0)
        self.by_number = {dose.number: dose for dose in course.doses}
        self.doses: list[Dose] = []
        self.bounds: list[DoseBounds] = []
        self.aside: list[tuple[int, Edit, int]] = []

    def go_on(self, dose: Dose, held: tuple[Edit, ...]) -> None:
        """One more session with the edits that it holds; the last edit of a kind counts."""
        most = self._most(dose)
        asked = next((edit for edit in reversed(held) if edit.kind == "dose"), None)
        seconds, why = self._asked(dose, asked, most) if asked else self._own(dose, most)
        if asked and seconds > dose.seconds and not self.above_is_open:
            self.aside.append((dose.number, asked, seconds))
            seconds, why = self._own(dose, most)
        lighter = next((edit for edit in reversed(held) if edit.kind == "depth"), None)
        self.doses.append(_less_deep(replace(dose, seconds=seconds, because=(*dose.because, *why)), lighter))
        highest, protocol = self._percent(most), self._percent(dose.seconds)
        self.bounds.append(DoseBounds(dose.number, min(LEAST_PERCENT, highest), highest, protocol, self._percent(seconds), seconds))

    def _percent(self, seconds: int) -> int:
        return round_half_up(100 * seconds / max(self.full, 1))

    def _own(self, dose: Dose, most: int) -> tuple[int, tuple[Reason, ...]]:
        """The protocol's own dose; less after a session that a hand lowered, where that load is repeated or would rise too much."""
        if dose.seconds <= most:
            return dose.seconds, ()
        repeated = self._repeated(dose)
        if repeated and repeated.seconds == most:
            return most, (because("hand-load-repeated", session=repeated.number),)
        return most, (because("hand-load-rises", percent=self._percent(most)),)

    def _asked(self, dose: Dose, edit: Edit, most: int) -> tuple[int, tuple[Reason, ...]]:
        """The seconds that an edit of the dose gives here, and why: lowered by what earlier sessions ask for, clipped to the bounds."""
        if not self.lowers and edit.value == self._percent(dose.seconds):
            return self._own(dose, most)
        wanted = _lowered(self.setting, self.adaptation, round_half_up(self.full * min(max(edit.value, 0), 1000) / 100))
        if self.lowers and wanted == dose.seconds:
            return self._own(dose, most)
        seconds = min(max(wanted, min(dose.seconds, round_half_up(self.full * LEAST_PERCENT / 100))), most)
        percent, protocol = self._percent(seconds), self._percent(dose.seconds)
        code = "hand-dose" if percent == edit.value else "hand-dose-clipped"
        return seconds, (because(code, percent=percent, asked=edit.value, protocol=protocol),)

    def _repeated(self, dose: Dose) -> Dose | None:
        """The session whose load is repeated, where a hand lowered it below the protocol's."""
        number = self.adaptation.repeat_load_of
        if number is None or not 1 <= number < dose.number or number > len(self.doses):
            return None
        repeated = self.doses[number - 1]
        return repeated if repeated.seconds < self.by_number[number].seconds else None  # else the dose is that of the load already

    def _most(self, dose: Dose) -> int:
        """The most seconds that this session may take: a hand's ceiling and the protocol's own, within one step of the session before.

        Where the session before has its own dose, or more, the protocol's own step from there is always open.
        """
        most, repeated = max(dose.seconds, self._ceiling(dose)), self._repeated(dose)
        if repeated:
            most = min(most, repeated.seconds)
        if not self.doses:
            return most
        step = floor(self.doses[-1].seconds + self.full * self.gap + 1e-6)
        kept = self.doses[-1].seconds >= self.by_number[self.doses[-1].number].seconds
        return min(most, max(step, dose.seconds) if kept else step)

    def _ceiling(self, dose: Dose) -> int:
        """The most seconds that a hand may give whatever the session before: full time after the findings' rungs, first session, caps."""
        if self.lowers:
            return dose.seconds
        course, limits = self.setting.library.course, self.setting.screening.limits
        most = self.full * step_down(course, 1.0, limits.rungs_down)
        if dose.number == 1:
            most = min(most, 60 * self.setting.treatment.minutes.first * age_row(self.setting).minutes_factor)
        return floor(min([most, *(60 * cap.minutes for cap in limits.minutes_caps)]) + 1e-6)


def _less_deep(dose: Dose, edit: Edit | None) -> Dose:
    """The dose with the pressure of its session lowered: the ceiling and every step's own level go down alike."""
    levels = min(max(edit.value, 0), MOST_DEPTH) if edit else 0
    if not levels:
        return dose
    told = (*dose.because, because("hand-depth", levels=levels))
    return replace(dose, because=told, pressure_shift=dose.pressure_shift - levels, pressure_max=max(1, dose.pressure_max - levels))
