"""Row by row: zone, family, technique, pressure, tempo and position against everything that bars them (invariants 2-6, 11, 19)."""

from collections.abc import Iterator

from protocols.method.checking.bars import Bars
from protocols.method.checking.doses import stage_level
from protocols.method.checking.problems import Problem, Severity, problem
from protocols.method.checking.steps import Worked
from protocols.method.entries import Profile, Technique
from protocols.method.places import Place
from protocols.method.plans import Dose, Row
from protocols.method.vocabulary import MIN_ROW_SECONDS


class RowCheck:
    """Checks the rows of one session. ``soft`` is the severity of what a therapist may change by hand."""

    def __init__(self, bars: Bars, dose: Dose, *, edited: bool) -> None:
        self.bars = bars
        self.protocol = bars.protocol
        self.library = bars.protocol.setting.library
        self.dose = dose
        self.edited = edited
        self.soft: Severity = "warning" if edited else "error"

    def problems(self, step: Worked) -> Iterator[Problem]:
        """Every breach in the rows of one step."""
        for (number, row), covered in zip(step.rows, step.places, strict=True):
            technique = self.library.techniques[row.technique]
            yield from self._place(number, row, covered)
            yield from self._technique(number, row, covered, technique)
            yield from self._family(number, row, step)
            yield from self._pressure(number, row, covered, step)
            yield from self._tempo(number, row, covered, step)
            yield from self._position(number, row)
            if row.family == "percussion":
                yield from self._percussion(number, row, covered)

    def _place(self, number: int, row: Row, covered: frozenset[Place]) -> Iterator[Problem]:
        if row.seconds < MIN_ROW_SECONDS:
            yield problem("row-too-short", number, seconds=row.seconds)
        if not row.because:
            yield problem("row-unexplained", number, zone=row.zone)
        if not covered:
            yield problem("nothing-worked", number, zone=row.zone)
        if row.side != "both" and not self.protocol.body.zones[row.zone].paired:
            yield problem("side-wrong", number, zone=row.zone, side=row.side)
        yield from _at("zone-barred", number, covered & self.bars.barred)
        yield from _at("zone-excluded", number, covered & (self.bars.excluded - self.bars.barred))
        yield from _at("zone-never-worked", number, covered & self.protocol.body.never_worked)
        yield from _at("zone-not-planned", number, covered - self.protocol.planned, severity=self.soft)

    def _technique(self, number: int, row: Row, covered: frozenset[Place], technique: Technique) -> Iterator[Problem]:
        if technique.family != row.family:
            yield problem("technique-of-other-family", number, technique=technique.code, family=row.family)
        for code, places in self.bars.of(technique):
            yield from _at(code, number, covered & places, technique=technique.code, family=row.family, age=self.protocol.setting.age)

    def _family(self, number: int, row: Row, step: Worked) -> Iterator[Problem]:
        if not any(row.family in _may_become(self.protocol.profiles_of(asked)) for asked in step.may_be):
            yield problem("family-not-planned", number, severity=self.soft, family=row.family, zone=row.zone)
        elif not any(self.protocol.number >= self.protocol.begins_at(asked, row.family) for asked in step.may_be):
            yield problem("family-too-early", number, severity=self.soft, family=row.family, zone=row.zone)

    # pressure -------------------------------------------------------------------------------------------------------------
    def _pressure(self, number: int, row: Row, covered: frozenset[Place], step: Worked) -> Iterator[Problem]:
        low, high = self.library.techniques[row.technique].pressure
        if not low <= row.pressure <= high:
            yield problem("pressure-outside-technique", number, technique=row.technique, pressure=row.pressure)
        hard = max(1, min(self.bars.ceiling(covered), self.dose.pressure_max) + self.bars.marked_shift(covered))
        own = min(hard, self._step_level(step, covered))
        if row.pressure > (hard if self.edited else own):
            limit = hard if self.edited else own
            yield problem("pressure-too-strong", number, pressure=row.pressure, zone=row.zone, limit=limit, side=row.side)
        elif row.pressure > own:
            yield problem(
                "pressure-above-protocol", number, severity="warning", pressure=row.pressure, zone=row.zone, limit=own, side=row.side
            )
        if row.family == "kneading" and row.pressure == 1 and not self._twitching(row, step):
            yield problem("kneading-at-level-1", number, zone=row.zone)

    def _step_level(self, step: Worked, covered: frozenset[Place]) -> int:
        """Pressure of the step before any ceiling: profile, stage and phase, earlier sessions; never below 1."""
        uppers = [profile.pressure[1] for asked in step.may_be for profile in self.protocol.profiles_of(asked)]
        level, shift = stage_level(self.protocol.treatment, self.dose.phase, self.library.course)
        shift += self.bars.adaptation.pressure_shift + self.bars.marked_shift(covered)
        return max(1, min([level, max(uppers, default=level)]) + shift)

    def _twitching(self, row: Row, step: Worked) -> bool:
        tonic = any(profile.tempo == "tonic" for asked in step.may_be for profile in self.protocol.profiles_of(asked))
        return row.technique == "kneading-twitching" and tonic

    def _percussion(self, number: int, row: Row, covered: frozenset[Place]) -> Iterator[Problem]:
        if not self.dose.percussion or not self._phase_has_percussion():
            yield problem("percussion-closed", number)
        limits = [(self.bars.percussion_ceiling(place), place) for place in covered]
        limit, place = min(limits, default=(row.pressure, Place(row.zone, row.side)))
        if row.pressure > limit:
            yield problem("percussion-strong", number, pressure=row.pressure, zone=place.zone, side=place.side, limit=limit)

    def _phase_has_percussion(self) -> bool:
        return next(row.percussion for row in self.library.course.phase if row.code == self.dose.phase)

    # tempo and position ---------------------------------------------------------------------------------------------------
    def _tempo(self, number: int, row: Row, covered: frozenset[Place], step: Worked) -> Iterator[Problem]:
        calm = self.protocol.number <= self.protocol.treatment.calm_until_session or not covered.isdisjoint(self.bars.calm)
        if calm and row.tempo != "calm":
            yield problem("tempo-not-calm", number, zone=row.zone, side=row.side)
        if row.tempo not in self.library.families[row.family].tempos or (calm and row.family == "percussion"):
            yield problem("tempo-unfit", number, family=row.family, tempo=row.tempo)
        planned = {profile.tempo for asked in step.may_be for profile in self.protocol.profiles_of(asked)}
        # A step is calmed as a whole, also where a row of it leaves the calmed part out.
        calmed = row.tempo == "calm" and any(not asked.places.isdisjoint(self.bars.calm) for asked in step.may_be)
        if not calm and not calmed and row.tempo not in planned:
            yield problem("tempo-not-planned", number, severity=self.soft, zone=row.zone, tempo=row.tempo)

    def _position(self, number: int, row: Row) -> Iterator[Problem]:
        treatment, limits = self.protocol.treatment, self.bars.limits
        open_now = (*treatment.positions, *(treatment.positions_on_order if limits.positions_ordered else ()))
        if row.position not in open_now or row.position in treatment.forbid_positions:
            yield problem("position-not-allowed", number, position=row.position)
        if any(out.position == row.position for out in limits.positions_out):
            yield problem("position-excluded", number, position=row.position)
        if not self.protocol.body.reaches(self.library.positions[row.position], row.zone, row.side):
            yield problem("position-does-not-reach", number, zone=row.zone, side=row.side, position=row.position)


def _may_become(profiles: tuple[Profile, ...]) -> frozenset[str]:
    """The families that a step may show: those of its mixes, and those that barred ones turn into."""
    families: set[str] = {"stroking"}
    for profile in profiles:
        families |= set(profile.shares)
    return frozenset(families | ({"vibration"} if "percussion" in families else set()))


def _at(code: str, number: int, places: frozenset[Place], *, severity: Severity = "error", **about: object) -> Iterator[Problem]:
    """One problem for the first of the places in the way, none when there are none."""
    if places:
        place = min(places)
        yield problem(code, number, severity=severity, zone=place.zone, side=place.side, **about)
