"""A plan of one edition read against another: what of it that other edition forbids this patient now.

Asked of a course that keeps to an edition while its clinic works with another. Only what is forbidden counts: places, families,
techniques, positions and supplements that are out, ceilings of pressure and of minutes, percussion, forced calm, a stage that is barred.
Order, shares and the exact dose are the edition's own that the plan was made with: another edition may give them otherwise, and forbids
nothing by that. What a hand changed is read like everything else.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from protocols.method.checking.bars import Bars
from protocols.method.checking.extras import supplement_problems
from protocols.method.checking.problems import Problem, problem
from protocols.method.checking.protocol import Protocol
from protocols.method.checking.steps import covered_by
from protocols.method.entries import Technique, Treatment
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Row, SessionPlan
from protocols.method.setting import Setting

# Of the problems of supplements those that forbid; how long one takes and in which order is its dose.
FORBIDDEN_SUPPLEMENTS: Final = frozenset(
    {"supplement-not-planned", "supplement-excluded", "supplement-avoided", "supplement-barred", "supplements-over-cap"}
)
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def forbidden_against(plan: SessionPlan, setting: Setting) -> tuple[Problem, ...]:
    """What ``plan`` does that the edition of ``setting`` forbids, in the order of its rows; ``()`` where it forbids nothing.

    ``setting`` is the same patient, screened now with the library of that other edition, and its own condition and stage there. A plan
    without rows does nothing that could be forbidden. Never raises for a code that the other library does not hold: that is told too.
    """
    return Against(setting).forbidden(plan)


class Against:
    """Reads several sessions of one course against the same edition: what bars them is worked out once for all that have the same steps."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._bars: dict[tuple[bool, ...], Bars] = {}

    def forbidden(self, plan: SessionPlan) -> tuple[Problem, ...]:
        """As ``forbidden_against``."""
        if not plan.rows:
            return ()
        strange = tuple(_unknown(plan, self.setting.library))
        if strange:
            return strange
        treatment = self.setting.stage.treatment
        if treatment is None or self.setting.screening.stage_barred is not None:
            return (problem("rows-under-refusal", why="the stage is barred"),)
        return tuple(_Reading(plan, self._bars_at(plan.number, treatment)).problems())

    def _bars_at(self, number: int, treatment: Treatment) -> Bars:
        """Sessions differ in their bars by the steps and variants that are open at their number, and by nothing else."""
        begins = (*(step.from_session for step in treatment.steps), *(variant.from_session for variant in treatment.variants))
        key = tuple(first <= number for first in begins)
        if key not in self._bars:
            self._bars[key] = Bars(Protocol(self.setting, treatment, number), NO_ADAPTATION)
        return self._bars[key]


class _Reading:
    """One session with every bar and ceiling of the other edition."""

    def __init__(self, plan: SessionPlan, bars: Bars) -> None:
        self.plan, self.bars, self.protocol = plan, bars, bars.protocol
        self.library, self.treatment = bars.protocol.setting.library, bars.protocol.treatment

    def problems(self) -> Iterator[Problem]:
        yield from self._time()
        for number, row in enumerate(self.plan.rows):
            covered = covered_by(row, self.protocol.body)
            yield from self._place(number, covered)
            yield from self._technique(number, row, covered)
            yield from self._pressure(number, row, covered)
            yield from self._calm(number, row, covered)
            yield from self._position(number, row)
        yield from (each for each in supplement_problems(self.plan, self.bars) if each.code in FORBIDDEN_SUPPLEMENTS)

    def _time(self) -> Iterator[Problem]:
        """More than a finding leaves. What the stage gives is its dose, and a shorter one forbids nothing."""
        most = 60 * min((cap.minutes for cap in self.bars.limits.minutes_caps), default=24 * 60)
        if self.plan.total_seconds > most:
            yield problem("dose-too-long", dose=self.plan.total_seconds, ceiling=most)

    def _place(self, number: int, covered: frozenset[Place]) -> Iterator[Problem]:
        barred, never = self.bars.barred, self.protocol.body.never_worked
        yield from _first("zone-barred", number, covered & barred)
        yield from _first("zone-excluded", number, covered & (self.bars.excluded - barred))
        yield from _first("zone-never-worked", number, covered & never)

    def _technique(self, number: int, row: Row, covered: frozenset[Place]) -> Iterator[Problem]:
        technique: Technique = self.library.techniques[row.technique]
        for code, places in self.bars.of(technique):
            about = {"technique": technique.code, "family": row.family, "age": self.protocol.setting.age}
            yield from _first(code, number, covered & places, about)
        if row.family == "percussion":
            yield from self._percussion(number, row, covered)

    def _percussion(self, number: int, row: Row, covered: frozenset[Place]) -> Iterator[Problem]:
        if not next((each.percussion for each in self.library.course.phase if each.code == self.plan.phase), False):
            yield problem("percussion-closed", number)
        for place in sorted(covered):
            limit = self.bars.percussion_ceiling(place)
            if row.pressure > limit:
                yield problem("percussion-strong", number, pressure=row.pressure, zone=place.zone, side=place.side, limit=limit)
                return

    def _pressure(self, number: int, row: Row, covered: frozenset[Place]) -> Iterator[Problem]:
        """Above the ceilings of age, stage, danger map and findings. What the stage gives in a phase a reason may set aside by hand."""
        limit = max(1, self.bars.ceiling(covered))
        own = self.treatment.pressure
        if own is not None and not self.plan.by_hand:
            limit = min(limit, own.build_up if self.plan.phase == "build-up" else own.working)
        if row.pressure > limit:
            yield problem("pressure-too-strong", number, pressure=row.pressure, zone=row.zone, side=row.side, limit=limit)

    def _calm(self, number: int, row: Row, covered: frozenset[Place]) -> Iterator[Problem]:
        is_calmed = self.plan.number <= self.treatment.calm_until_session or not covered.isdisjoint(self.bars.calm)
        if is_calmed and (row.tempo != "calm" or row.family == "percussion"):
            yield problem("tempo-not-calm", number, zone=row.zone, side=row.side)

    def _position(self, number: int, row: Row) -> Iterator[Problem]:
        limits = self.bars.limits
        on_order = self.treatment.positions_on_order if limits.positions_ordered else ()
        if row.position in self.treatment.forbid_positions or row.position not in (*self.treatment.positions, *on_order):
            yield problem("position-not-allowed", number, position=row.position)
        elif any(out.position == row.position for out in limits.positions_out):
            yield problem("position-excluded", number, position=row.position)


def _first(code: str, number: int, places: frozenset[Place], about: Mapping[str, Any] = NOTHING) -> Iterator[Problem]:
    """One problem for the first of these places, none where there is none."""
    if places:
        place = min(places)
        yield problem(code, number, zone=place.zone, side=place.side, **about)


def _unknown(plan: SessionPlan, library: Library) -> Iterator[Problem]:
    """Codes that the other edition does not hold: nobody can say what it forbids of them, so it is told like what is forbidden."""
    for number, row in enumerate(plan.rows):
        zones = (row.zone, *(place.zone for place in row.avoid))
        known = row.family in library.families and row.technique in library.techniques and row.position in library.positions
        if not known or not all(zone in library.zones for zone in zones):
            yield problem("unknown-code", number, what=f"{row.zone}, {row.technique}, {row.position}")
    for chosen in plan.supplements:
        if chosen.supplement not in library.supplements or not set(chosen.points) <= set(library.points):
            yield problem("unknown-code", what=chosen.supplement)
