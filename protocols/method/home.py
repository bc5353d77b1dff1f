"""What is left of a home sheet for one patient. Pure: the same bars as in a session take steps off the sheet.

A step goes wholly and on both sides as soon as one of its places is barred: at home nobody can be trusted to go round a place.
Source: head of ``home-sheets.toml`` of the library.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from protocols.method.entries import Condition, HomeSheet, HomeWork, Stage
from protocols.method.findings import Limits
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.reasons import Reason, because
from protocols.method.roles import Inputs, forbid_places, resolve_side, role_places

LIGHT = 2  # a ceiling of pressure at or below which the sheet says so
POINTS = "points"  # a family of techniques, and the class of supplements that work points


@dataclass(frozen=True, slots=True)
class HomeCase:
    """Who the sheet is for. ``inputs`` are checked; ``limits`` are those of the newest screening, bars of referral and consent included."""

    library: Library
    condition: Condition
    stage: Stage
    inputs: Inputs
    limits: Limits


@dataclass(frozen=True, slots=True)
class HomePlan:
    """``out`` by index of the step: why it is not done. ``position_out``: the sheet as a whole cannot be done. ``minutes``: at most."""

    out: Mapping[int, tuple[Reason, ...]]
    position_out: Reason | None
    minutes: int
    is_light: bool

    def is_left(self, steps: int) -> bool:
        """Whether anything of the sheet may be done."""
        return self.position_out is None and len(self.out) < steps


def home_plan(case: HomeCase, sheet: HomeSheet) -> HomePlan:
    """What the limits and the stage take off a sheet. Raises ``RoleUnresolved`` when a zone of it hangs on an input that is missing."""
    places = [places_of(case, work) for work in sheet.work]
    out = {at: why for at, work in enumerate(sheet.work) if (why := tuple(dict.fromkeys(_barred(case, work, places[at]))))}
    kept = frozenset[Place]().union(*(here for at, here in enumerate(places) if at not in out))
    limits = case.limits
    return HomePlan(
        out=out,
        position_out=next((bar.because for bar in limits.positions_out if bar.position in sheet.needs), None),
        minutes=min((sheet.minutes, *(cap.minutes for cap in limits.minutes_caps))),
        is_light=any(cap.level <= LIGHT and _meets(cap.places, kept) for cap in limits.pressure_caps),
    )


def places_of(case: HomeCase, work: HomeWork) -> frozenset[Place]:
    """Every leaf place that a step touches: zones on both sides, role zones on the side of the role. Raises ``RoleUnresolved``."""
    library, found = case.library, set[Place]()
    for zone in work.zones:
        role = library.role_zones.get(zone)
        side = resolve_side(library, case.condition, case.inputs, role.side, zone) if role else "both"
        for place in role_places(library, zone, case.inputs, side) if side else ():
            found |= library.tree.leaf_places(place)
    return frozenset(found)


def _barred(case: HomeCase, work: HomeWork, here: frozenset[Place]) -> Iterator[Reason]:
    limits, techniques = case.limits, case.library.techniques
    yield from _never(case.library, here)
    yield from (bar.because for bar in limits.places_out if bar.places & here)
    yield from (spot.because for spot in limits.spots if spot.places & here)
    yield from (bar.because for bar in limits.families_out if bar.family in work.families and _meets(bar.places, here))
    barred = (bar for bar in limits.techniques_out if techniques[bar.technique].family in work.families)
    yield from (bar.because for bar in barred if _meets(bar.places, here))
    if "percussion" in work.families:
        yield from (bar.because for bar in limits.calm if _meets(bar.places, here))
    if POINTS in work.families:
        supplements = case.library.supplements
        yield from (bar.because for bar in limits.supplements_out if supplements[bar.supplement].supplement_class == POINTS)
    yield from _forbidden(case, work, here)


def _never(library: Library, here: frozenset[Place]) -> Iterator[Reason]:
    """A step all of whose places are worked on nobody, such as a point in the hollow of the knee."""
    if here and here <= library.tree.always_out:
        dangers = (row for row in library.dangers.values() if row.always_excluded)
        yield from (because("danger-spot", danger=row.code) for row in dangers if {place.zone for place in here} & set(row.zones))


def _forbidden(case: HomeCase, work: HomeWork, here: frozenset[Place]) -> Iterator[Reason]:
    """What the stage forbids there. A row for marked spots only is told by the spots."""
    treatment = case.stage.treatment
    for row in treatment.forbid if treatment else ():
        technique = case.library.techniques[row.technique].family if row.technique else None
        meant = row.family == "all" or (row.family or technique) in work.families
        if row.scope is None and meant and forbid_places(case.library, case.condition, case.inputs, row) & here:
            yield because("stage-forbids", stage=f"{case.condition.code}/{case.stage.code}", zone=row.zone)


def _meets(places: frozenset[Place] | None, here: frozenset[Place]) -> bool:
    """Whether a limit holds somewhere here; None holds everywhere."""
    return bool(here) and (places is None or bool(places & here))
