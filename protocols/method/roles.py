"""Roles and sides: from "convex side of the upper curve" and "segment below the injury" to zones on a left or right side.

Everything here is decided by the protocol and the inputs alone, before any finding. Sources: head of ``zones.toml`` and README
"Zones, sides, roles" of the library; the side rule of scoliosis is contested between schools and said so in ``scoliosis.toml``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from protocols.method.edits import NO_EDITS, Edits, Felt
from protocols.method.entries import Condition, CurveSides, Forbid, Stage, Step
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.reasons import Reason, because
from protocols.method.vocabulary import Part, RoleSide, Side

Inputs = Mapping[str, object]

OPPOSITE: Mapping[str, Side] = {"left": "right", "right": "left"}
TENSE_INPUT = "tense_convex_segments"
FLACCID_INPUT = "flaccid_concave_segments"


class RoleUnresolved(ValueError):
    """An input that a role or a side needs is missing or of the wrong kind. The sentence names it."""


@dataclass(frozen=True, slots=True)
class ResolvedStep:
    """One protocol step on one real zone and side. ``minutes`` is its share of the full dose; ``row`` its place in the stage's list.

    ``role`` and ``role_side`` are the words of the protocol, kept for order rules and for the explanation.
    """

    row: int
    part: Part
    place: Place
    minutes: float
    profile: str
    role: str
    role_side: RoleSide
    from_session: int = 1
    family_from: Mapping[str, int] = field(default_factory=dict)
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FeltRule:
    """What the hand finds on one side of a curve, as an input of the condition, and the mix and the reason that follow from it."""

    side: RoleSide
    felt: Felt
    input: str
    profile: str
    reason: str


# The words stand in ``side_rule.override`` of scoliosis.toml.
FELT_RULES = (
    FeltRule("convex", "tense", TENSE_INPUT, "relaxing", "tense-convex"),
    FeltRule("concave", "flaccid", FLACCID_INPUT, "neutral", "flaccid-concave"),
)


# Sides ----------------------------------------------------------------------------------------------------------------------
def _side_input(inputs: Inputs, code: str) -> Side:
    side = inputs.get(code)
    if side not in ("left", "right", "both"):
        raise RoleUnresolved(f"input {code} must say left, right or both, not {side!r}")
    return side


def _affected(inputs: Inputs, role_side: RoleSide) -> Side | None:
    side = _side_input(inputs, "affected_side")
    if role_side == "affected":
        return side
    return OPPOSITE.get(side)


def _convex_input(curves: CurveSides, inputs: Inputs, line: frozenset[str]) -> str:
    if inputs.get("curve_shape") != "s":
        return curves.c_shape_from
    return curves.lumbar_convex_from if line & set(curves.lumbar_zones) else curves.thoracic_convex_from


def resolve_side(library: Library, condition: Condition, inputs: Inputs, role_side: RoleSide, zone: str) -> Side | None:
    """The real side of ``role_side`` at ``zone``. None: nothing there (the healthy side when both sides are affected).

    Raises ``RoleUnresolved`` when the input that decides is missing.
    """
    if role_side in ("left", "right", "both"):
        return role_side
    if role_side in ("affected", "healthy"):
        return _affected(inputs, role_side)
    if condition.curve_sides is None:
        raise RoleUnresolved(f"condition {condition.code} says no curve sides for {role_side}")
    line = library.tree.ancestors(zone) if zone in library.zones else frozenset()
    convex = _side_input(inputs, _convex_input(condition.curve_sides, inputs, line))
    return convex if role_side == "convex" else OPPOSITE[convex]


def on_side(library: Library, zone: str, side: Side) -> Place:
    """The zone on that side; an unpaired zone always has side ``both``."""
    return Place(zone, side if library.zones[zone].paired else "both")


# Role zones -----------------------------------------------------------------------------------------------------------------
def _from_input(library: Library, code: str, inputs: Inputs, side: Side) -> tuple[Place, ...]:
    named = inputs.get(code)
    if not isinstance(named, tuple) or not named:
        raise RoleUnresolved(f"input {code} must name at least one zone")
    # A side that the therapist drew counts; an undrawn one takes the role's.
    drawn = (on_side(library, place.zone, side if place.side == "both" else place.side) for place in named)
    return tuple(dict.fromkeys(drawn))


def role_places(library: Library, role: str, inputs: Inputs, side: Side) -> tuple[Place, ...]:
    """Zones of a role zone (or the plain zone itself) on ``side``, in the table's order; ``if_empty`` and ``same_as`` followed.

    Raises ``RoleUnresolved`` when the region or the zones' input is missing.
    """
    entry = library.role_zones.get(role)
    if entry is None:
        return (on_side(library, role, side),)
    if entry.from_input is not None:
        return _from_input(library, entry.from_input, inputs, side)
    row = library.resolutions.get(str(inputs.get("region")))
    if row is None:
        raise RoleUnresolved("input region must name a region of the role table")
    zones = row.zones_of(entry.same_as or role)
    if not zones and entry.if_empty is not None:
        return role_places(library, entry.if_empty, inputs, side)
    return tuple(on_side(library, zone, side) for zone in zones)


def forbid_places(library: Library, condition: Condition, inputs: Inputs, row: Forbid) -> frozenset[Place]:
    """Leaf places that a ``forbid`` row binds. A role side of ``all`` is resolved leaf by leaf, so an S-curve swaps at its level.

    A row that names a role side binds an unpaired leaf wholly: the stricter reading.
    """
    if row.zone in library.role_zones:
        side = resolve_side(library, condition, inputs, row.side, row.zone)
        roots = role_places(library, row.zone, inputs, side) if side is not None else ()
        return frozenset(leaf for place in roots for leaf in library.tree.leaf_places(place))
    if row.side == "both":
        return library.tree.all_places() if row.zone == "all" else library.tree.leaf_places(Place(row.zone, "both"))
    leaves = library.tree.leaves(row.zone) if row.zone != "all" else {place.zone for place in library.tree.all_places()}
    found: set[Place] = set()
    for leaf in leaves:
        side = resolve_side(library, condition, inputs, row.side, leaf)
        if side is not None:
            found |= library.tree.leaf_places(Place(leaf, side))
    return frozenset(found)


# Steps ----------------------------------------------------------------------------------------------------------------------
def _places_of(library: Library, condition: Condition, inputs: Inputs, step: Step) -> tuple[Place, ...]:
    side = resolve_side(library, condition, inputs, step.side, step.zone)
    return () if side is None else role_places(library, step.zone, inputs, side)


def _felt_at(library: Library, inputs: Inputs, step: Step, place: Place) -> FeltRule | None:
    """The rule of what the hand found at a step. One segment of it is enough: the gentler mix counts for the whole step."""
    leaves = library.tree.leaf_places(place)
    for rule in FELT_RULES:
        named = inputs.get(rule.input)
        if step.side == rule.side and isinstance(named, tuple) and any(leaves & library.tree.leaf_places(each) for each in named):
            return rule
    return None


def _resolve(library: Library, condition: Condition, inputs: Inputs, row: int, step: Step) -> Iterator[ResolvedStep]:
    places = _places_of(library, condition, inputs, step)
    for place in places:
        felt = _felt_at(library, inputs, step, place)
        yield ResolvedStep(
            row=row,
            part=step.part,
            place=place,
            minutes=step.minutes / len(places),
            profile=felt.profile if felt else step.profile,
            role=step.zone,
            role_side=step.side,
            from_session=step.from_session,
            family_from=step.family_from,
            because=(because(felt.reason, zone=place.zone),) if felt else (),
        )


def _one_sided_forbids(library: Library, condition: Condition, stage: Stage, inputs: Inputs) -> Iterator[tuple[str, frozenset[Place]]]:
    for row in stage.treatment.forbid if stage.treatment else ():
        if row.family is not None and row.scope is None and row.side != "both":
            yield row.family, forbid_places(library, condition, inputs, row)


def _must_split(library: Library, step: ResolvedStep, forbids: tuple[tuple[str, frozenset[Place]], ...]) -> bool:
    if step.place.side != "both" or not library.zones[step.place.zone].paired:
        return False
    shares = library.profiles[step.profile].shares
    for family, places in forbids:
        if family == "all" or family in shares:
            hit = {leaf.side for leaf in library.tree.leaf_places(step.place) & places} - {"both"}
            if len(hit) == 1:
                return True
    return False


def _halves(step: ResolvedStep, inputs: Inputs) -> tuple[ResolvedStep, ResolvedStep]:
    """Left and right half of a step; the healthy side first, as the order rule wants it."""
    first: Side = "right" if inputs.get("affected_side") == "left" else "left"
    half = replace(step, place=Place(step.place.zone, first), minutes=step.minutes / 2)
    return half, replace(half, place=Place(step.place.zone, OPPOSITE[first]))


def resolve_steps(library: Library, condition: Condition, stage: Stage, inputs: Inputs) -> tuple[ResolvedStep, ...]:
    """The stage's steps on real zones and sides, in protocol order, before any finding.

    Several zones of a role share the minutes equally; healthy steps fall away when both sides are affected; a ``both`` step is split
    where a forbid row binds one side only. Raises ``RoleUnresolved`` for a missing input.
    """
    if stage.treatment is None:
        return ()
    forbids = tuple(_one_sided_forbids(library, condition, stage, inputs))
    found: list[ResolvedStep] = []
    for row, step in enumerate(stage.treatment.steps):
        for resolved in _resolve(library, condition, inputs, row, step):
            found.extend(_halves(resolved, inputs) if _must_split(library, resolved, forbids) else (resolved,))
    return tuple(found)


def left_out_by_roles(library: Library, condition: Condition, stage: Stage, inputs: Inputs) -> tuple[int, ...]:
    """Rows of the stage's list that resolve to nothing: healthy-side steps of a patient whose both sides are affected."""
    steps = stage.treatment.steps if stage.treatment else ()
    return tuple(row for row, step in enumerate(steps) if not _places_of(library, condition, inputs, step))


def stage_forbids_all(library: Library, condition: Condition, stage: Stage, inputs: Inputs) -> frozenset[Place]:
    """Leaf places on which the stage forbids every family (``family = "all"``, spots apart)."""
    rows = stage.treatment.forbid if stage.treatment else ()
    barred = (row for row in rows if row.family == "all" and row.scope is None)
    return frozenset(place for row in barred for place in forbid_places(library, condition, inputs, row))


def planned_places(library: Library, condition: Condition, stage: Stage, inputs: Inputs, edits: Edits = NO_EDITS) -> frozenset[Place]:
    """The fact ``plan.zones``: leaf places of all steps before findings, without what is never worked or wholly forbidden by the stage.

    Places that ``edits`` add belong to it, whether they hold today or not: what hangs on them has to be asked before they can.
    """
    steps = resolve_steps(library, condition, stage, inputs)
    added = (Place(edit.new.zone, edit.new.side) for edit in edits.edits if edit.new is not None and edit.new.zone in library.zones)
    touched = frozenset(leaf for place in (*(step.place for step in steps), *added) for leaf in library.tree.leaf_places(place))
    return touched - library.tree.always_out - stage_forbids_all(library, condition, stage, inputs)


def refused_places(library: Library, condition: Condition, stage: Stage, inputs: Inputs) -> tuple[tuple[str, Place], ...]:
    """(input code, place) for each place that the inputs put into a role of this stage although it may not be worked there.

    A role never resolves into a zone that the stage forbids or that is never worked; the check of the inputs refuses such a case.
    """
    if stage.treatment is None:
        return ()
    barred = stage_forbids_all(library, condition, stage, inputs)
    found: dict[tuple[str, Place], None] = {}
    for step in stage.treatment.steps:
        role = library.role_zones.get(step.zone)
        if role is None:
            continue
        for place in _places_of(library, condition, inputs, step):
            leaves = library.tree.leaf_places(place)
            clash = leaves & barred if role.from_input else not leaves - barred
            if clash or not leaves - library.tree.always_out:
                found[(role.from_input or "region", place)] = None
    return tuple(found)
