"""What the stage asks for in one session, resolved a second time from the library: steps, forbidden places, percussion, own times."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from protocols.method.checking.body import NOWHERE, OTHER_SIDE, Body, body_of
from protocols.method.entries import Forbid, Profile, StagePercussion, Step, Treatment, Variant
from protocols.method.places import Place
from protocols.method.setting import Setting
from protocols.method.vocabulary import Part, RoleSide

# What palpation changes on a side of a curve (scoliosis.toml, side_rule): the input that names the segments, and their mix.
BY_PALPATION = {"convex": ("tense_convex_segments", "relaxing"), "concave": ("flaccid_concave_segments", "neutral")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One step of the stage on one zone, as this session may have it.

    ``profiles`` holds more than one where palpation names only a part of the zone.
    """

    part: Part
    zone: str
    role: str
    role_side: RoleSide
    places: frozenset[Place]
    minutes: float
    profiles: tuple[str, ...]
    row: Step


class Protocol:
    """The stage of a setting at session ``number``. Only for a stage that has a treatment."""

    def __init__(self, setting: Setting, treatment: Treatment, number: int) -> None:
        self.setting = setting
        self.treatment = treatment
        self.number = number
        self.body: Body = body_of(setting.library)

    # roles and sides ------------------------------------------------------------------------------------------------------
    def _zones_of(self, code: str) -> tuple[tuple[str, str | None], ...]:
        """Zones of a plain or role zone, each with the side that was drawn for it, if one was."""
        role = self.setting.library.role_zones.get(code)
        if role is None:
            return ((code, None),)
        if role.from_input is not None:
            named = self.setting.inputs.get(role.from_input, ())
            drawn = named if isinstance(named, tuple) else ()
            return tuple(dict.fromkeys((place.zone, None if place.side == "both" else place.side) for place in drawn))
        table = self.setting.library.resolutions.get(str(self.setting.inputs.get("region")))
        zones = table.zones_of(role.same_as or code) if table else ()
        return tuple((zone, None) for zone in zones) or (self._zones_of(role.if_empty) if role.if_empty else ())

    def _side_at(self, leaf: str, side: RoleSide) -> str | None:
        """The side that a role side means at a leaf, None where it means none at all."""
        inputs = self.setting.inputs
        if side in ("affected", "healthy"):
            affected = str(inputs.get("affected_side", "both"))
            return affected if side == "affected" else OTHER_SIDE.get(affected)
        if side in ("concave", "convex"):
            convex = str(inputs.get(self._curve_input(leaf), "both"))
            return convex if side == "convex" else OTHER_SIDE.get(convex, convex)
        return side

    def _curve_input(self, leaf: str) -> str:
        curves = self.setting.condition.curve_sides
        if curves is None:
            return "convex_side"
        if self.setting.inputs.get("curve_shape") != "s":
            return curves.c_shape_from
        lower = not self.body.line(leaf).isdisjoint(curves.lumbar_zones)
        return curves.lumbar_convex_from if lower else curves.thoracic_convex_from

    def places(self, zone: str, side: RoleSide) -> frozenset[Place]:
        """The leaf places of a zone on a side of the protocol, each leaf by its own curve."""
        if side not in ("concave", "convex"):
            meant = self._side_at(zone, side)
            return NOWHERE if meant is None else self.body.places(zone, meant)
        sides = ((leaf, self._side_at(leaf, side)) for leaf in self.body.leaves(zone))
        return NOWHERE.union(*(self.body.places(leaf, meant) for leaf, meant in sides if meant is not None))

    # steps ----------------------------------------------------------------------------------------------------------------
    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The variants that are in force at this session."""
        ready = self.setting.screening.limits.variants_open
        return tuple(row for row in self.treatment.variants if row.code in ready and self.number >= row.from_session)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The steps of this session before any finding. A closing step that waits for its session closes on another zone."""
        steps = tuple(asked for step in self.treatment.steps for asked in self._asked(step))
        worked = NOWHERE.union(*(asked.places for asked in steps if asked.row.from_session <= self.number))
        return tuple(
            asked if asked.row.from_session <= self.number else replace(asked, places=worked)
            for asked in steps
            if asked.row.from_session <= self.number or asked.part == "closing"
        )

    def _asked(self, step: Step) -> Iterator[Asked]:
        zones = self._zones_of(step.zone)
        for zone, drawn in zones:
            places = self.body.places(zone, drawn) if drawn else self.places(zone, step.side)
            if places:
                profiles = self._profiles(step, places)
                yield Asked(step.part, zone, step.zone, step.side, places, step.minutes / len(zones), profiles, step)

    def _profiles(self, step: Step, places: frozenset[Place]) -> tuple[str, ...]:
        usual = step.profile
        for variant in self.variants if step.part == "main" else ():
            usual = next((row.profile for row in variant.profile_at if (row.zone, row.side) == (step.zone, step.side)), usual)
        of_side = BY_PALPATION.get(step.side)
        felt = self.setting.inputs.get(of_side[0], ()) if of_side else ()
        if of_side is None or not isinstance(felt, tuple):
            return (usual,)
        named = self.body.of_places(felt)
        if places.isdisjoint(named):
            return (usual,)
        return (of_side[1],) if places <= named else (of_side[1], usual)

    def profiles_of(self, asked: Asked) -> tuple[Profile, ...]:
        """The mixes of families that this step may have."""
        return tuple(self.setting.library.profiles[code] for code in asked.profiles)

    @cached_property
    def planned(self) -> frozenset[Place]:
        """Every leaf place that this session may work."""
        return NOWHERE.union(*(asked.places for asked in self.asked))

    @cached_property
    def minutes(self) -> float:
        """Minutes of the steps that are open in this session; a step that waits gives its time to the others."""
        return sum(asked.minutes for asked in self.asked)

    # what the stage bars --------------------------------------------------------------------------------------------------
    @cached_property
    def forbidden(self) -> tuple[tuple[Forbid, frozenset[Place]], ...]:
        """Each forbid row in force with its leaf places. A row of scope ``spot`` bars a mark on the skin, not a zone."""
        lifted = {family for variant in self.variants for family in variant.lifts_forbid}
        rows = (row for row in self.treatment.forbid if row.scope != "spot" and row.family not in lifted)
        return tuple((row, self._forbidden_places(row)) for row in rows)

    def _forbidden_places(self, row: Forbid) -> frozenset[Place]:
        if row.zone == "all" and row.side == "both":
            return self.body.everywhere
        zones = tuple((code, None) for code in self.body.roots) if row.zone == "all" else self._zones_of(row.zone)
        return NOWHERE.union(*(self.body.places(zone, drawn) if drawn else self.places(zone, row.side) for zone, drawn in zones))

    @cached_property
    def percussion(self) -> StagePercussion | None:
        """What the stage, or the variant in force, names for percussion."""
        return next((variant.percussion for variant in self.variants), self.treatment.percussion)

    def begins_at(self, asked: Asked, family: str) -> int:
        """The first session that has this family in this step."""
        return max(self.treatment.family_from.get(family, 1), asked.row.family_from.get(family, 1))
