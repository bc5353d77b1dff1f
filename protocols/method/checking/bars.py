"""Where each technique is barred for this patient, with which code, and how strong a place may be worked."""

from collections.abc import Iterator, Mapping

from protocols.method.checking.body import NOWHERE
from protocols.method.checking.protocol import Protocol
from protocols.method.entries import AgeFactor, PressureAt, Technique
from protocols.method.findings import Limits
from protocols.method.places import Place
from protocols.method.plans import Adaptation

AIRWAY_CLEARANCE = "history.airway-clearance-prescribed"
FINGERTIP = frozenset({"percussion-fingertip", "percussion-pushing"})
LIGHT_PRESSURE = 2
MUSCLE_PRESSURE = 3
MAX_LEVEL = 5


def age_row(rows: tuple[AgeFactor, ...], age: int) -> AgeFactor:
    """The row of the age table for an age in whole years."""
    return next(row for row in rows if row.age_min <= age <= row.age_max)


def is_set(value: object) -> bool:
    """Whether a fact bars what avoids it: true, not empty, or a number above 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value > 0
    return bool(value)


class Bars:
    """The bars and ceilings of one session. ``of(technique)`` gives pairs of problem code and leaf places."""

    def __init__(self, protocol: Protocol, adaptation: Adaptation) -> None:
        self.protocol = protocol
        self.body = protocol.body
        self.limits: Limits = protocol.setting.screening.limits
        self.facts = protocol.setting.screening.facts
        self.adaptation = adaptation
        self.age = age_row(protocol.setting.library.course.age_factor, protocol.setting.age)
        # Bars of referral and consent are read here from the bars themselves, not from the limits that the builder keeps to.
        self.orders = protocol.setting.screening.bars
        self.barred = NOWHERE.union(*(self.body.of_places(bar.places) for bar in self.orders))
        self.excluded = self.barred.union(*(out.places for out in self.limits.places_out))
        self.calm = NOWHERE.union(*(self.everywhere_or(row.places) for row in self.limits.calm))
        self.ceilings = self._ceilings()
        self._found: dict[str, tuple[tuple[str, frozenset[Place]], ...]] = {}

    def everywhere_or(self, places: frozenset[Place] | None) -> frozenset[Place]:
        """The places of a limit; None means everywhere."""
        return self.body.everywhere if places is None else places

    def of(self, technique: Technique) -> tuple[tuple[str, frozenset[Place]], ...]:
        """Every reason that bars this technique, with the leaf places it holds for."""
        if technique.code not in self._found:
            pairs = (
                *self.body.barred_for_all(technique),
                *self._by_stage(technique),
                *self._by_order(technique),
                *self._by_patient(technique),
            )
            struck = tuple(self._by_policy(technique)) if technique.family == "percussion" else ()
            self._found[technique.code] = tuple(pair for pair in (*pairs, *struck) if pair[1])
        return self._found[technique.code]

    def _by_stage(self, technique: Technique) -> Iterator[tuple[str, frozenset[Place]]]:
        for row, places in self.protocol.forbidden:
            if row.family in ("all", technique.family) or row.technique == technique.code:
                yield "stage-forbids", places

    def _by_order(self, technique: Technique) -> Iterator[tuple[str, frozenset[Place]]]:
        if any(technique.code in bar.techniques or technique.family in bar.families for bar in self.orders):
            yield "technique-barred", self.body.everywhere

    def _by_patient(self, technique: Technique) -> Iterator[tuple[str, frozenset[Place]]]:
        for family in self.limits.families_out:
            if family.family == technique.family:
                yield "family-excluded", self.everywhere_or(family.places)
        for out in self.limits.techniques_out:
            if out.technique == technique.code:
                yield "technique-excluded", self.everywhere_or(out.places)
        if any(is_set(self.facts.get(fact)) for fact in technique.avoid_when):
            yield "technique-avoided", self.body.everywhere
        for fact in technique.avoid_at:
            value = self.facts.get(fact)
            yield "technique-avoided", self.body.of_places(value) if isinstance(value, tuple) else NOWHERE
        if technique.code in self.adaptation.leave_out:
            yield "technique-left-out", self.body.everywhere

    # percussion -----------------------------------------------------------------------------------------------------------
    def _by_policy(self, technique: Technique) -> Iterator[tuple[str, frozenset[Place]]]:
        if self._too_young_or_old(technique):
            yield "percussion-age", self.body.everywhere
        yield "percussion-policy", frozenset(place for place in self.body.everywhere if not self._may_strike(technique, place))
        named = self.protocol.percussion
        if named is not None:
            open_to = technique.code in named.techniques and (named.requires is None or self._holds(named.requires))
            yield "percussion-policy", self.body.everywhere - (self.body.of_zones(named.zones) if open_to else NOWHERE)

    def _too_young_or_old(self, technique: Technique) -> bool:
        if self.age.percussion == "never":
            return not self._clears_airways()
        return self.age.percussion == "light" and not technique.light

    def _clears_airways(self) -> bool:
        """Whether a doctor prescribed airway clearance and this stage strikes for that and nothing else."""
        named = self.protocol.percussion
        return self.limits.airway_clearance and named is not None and named.requires == AIRWAY_CLEARANCE

    def _holds(self, fact: str) -> bool:
        return self.limits.airway_clearance if fact == AIRWAY_CLEARANCE else is_set(self.facts.get(fact))

    def _may_strike(self, technique: Technique, place: Place) -> bool:
        policy = self.body.zones[place.zone].percussion
        if policy == "light":
            return technique.light
        if policy == "prescribed":
            return self._clears_airways()
        if policy == "fingertip":
            return self.protocol.percussion is not None and technique.code in FINGERTIP
        return policy in ("muscle", "allowed")

    def percussion_ceiling(self, place: Place) -> int:
        """The pressure above which a leaf place may not be struck."""
        policy = self.body.zones[place.zone].percussion
        ceiling = {"light": LIGHT_PRESSURE, "muscle": MUSCLE_PRESSURE}.get(policy, MAX_LEVEL)
        return min(ceiling, LIGHT_PRESSURE) if self.age.percussion == "light" else ceiling

    # pressure -------------------------------------------------------------------------------------------------------------
    def _ceilings(self) -> Mapping[Place, int]:
        ceilings = dict(self.body.pressure_ceilings)
        for cap in self.limits.pressure_caps:
            _lower(ceilings, self.everywhere_or(cap.places), cap.level)
        for level in (bar.pressure_max for bar in self.orders if bar.pressure_max is not None):
            _lower(ceilings, self.body.everywhere, level)
        for local in self.protocol.treatment.pressure_max_at:
            _lower(ceilings, self._local_places(local), local.level)
        return ceilings

    def _local_places(self, local: PressureAt) -> frozenset[Place]:
        roles = (asked.places for asked in self.protocol.asked if asked.role == local.zone)
        return self.body.of_zones((local.zone,)).union(*roles)

    def ceiling(self, covered: frozenset[Place]) -> int:
        """The lowest ceiling of age, stage, danger map and findings over these leaf places."""
        level = min(self.age.pressure_max, self.protocol.treatment.pressure_max)
        return min((level, *(self.ceilings.get(place, level) for place in covered)))

    def marked_shift(self, covered: frozenset[Place]) -> int:
        """How many levels an earlier session takes off these places (0 or less)."""
        shifts = (shift for place, shift in self.adaptation.zone_shifts if covered & self.body.of_places((place,)))
        return min(shifts, default=0)


def _lower(ceilings: dict[Place, int], places: frozenset[Place], level: int) -> None:
    for place in places:
        ceilings[place] = min(ceilings.get(place, MAX_LEVEL), level)
