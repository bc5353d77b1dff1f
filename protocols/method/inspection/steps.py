"""Steps of a stage: their sum, their order, the shares that come out, and that nothing planned is barred where it is planned."""

from collections import Counter
from dataclasses import replace

from protocols.method.entries import Step, Treatment, Variant
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.usable import Usable
from protocols.method.vocabulary import FAMILIES

SHARE_TOLERANCE = 2.01
STROKING_AT_THE_ENDS = 70


def inspect_steps(desk: Desk) -> None:
    """Every stage, and every variant as a stage of its own."""
    usable = Usable(desk)
    for place, _condition, _stage, treatment in desk.treatments():
        inspect_plan(desk, usable, treatment, place)
        for variant in treatment.variants:
            inspect_plan(desk, usable, with_variant(treatment, variant), f"{place} variant {variant.code}")


def with_variant(treatment: Treatment, variant: Variant) -> Treatment:
    """The treatment as the variant changes it."""
    profiles = {(row.zone, row.side): row.profile for row in variant.profile_at}
    steps = tuple(
        replace(step, profile=profiles.get((step.zone, step.side), step.profile)) if step.part == "main" else step
        for step in treatment.steps
    )
    forbid = tuple(row for row in treatment.forbid if row.family not in variant.lifts_forbid)
    return replace(treatment, steps=steps, forbid=forbid, percussion=variant.percussion, shares=variant.shares)


def inspect_plan(desk: Desk, usable: Usable, treatment: Treatment, place: str) -> None:
    """Sum of minutes, steps one by one, shares, and the order of the steps."""
    steps = treatment.steps
    if not steps:
        desk.faults.add(place, "no steps")
        return
    total = sum(step.minutes for step in steps)
    desk.expect(abs(total - treatment.minutes.full) < 0.001, place, f"steps take {total} min, not {treatment.minutes.full}")
    for number, step in enumerate(steps, 1):
        _step(desk, usable, treatment, step, f"{place} step {number} ({step.zone}, {step.side})")
    _ends(desk, steps, place)
    _shares(desk, treatment, total, place)
    _order(desk, steps, place)


def _step(desk: Desk, usable: Usable, treatment: Treatment, step: Step, place: str) -> None:
    library = desk.library
    desk.expect(step.minutes > 0, place, "minutes are not positive")
    sided = step.zone in library.role_zones or any(library.zones[leaf].paired for leaf in library.tree.leaves(step.zone))
    desk.expect(step.side == "both" or sided, place, "the zone has no sides")
    desk.expect(usable.parts(step.zone), place, "the zone is always excluded")
    line = library.tree.ancestors(step.zone) if step.zone in library.zones else frozenset({step.zone})
    ceiling = min([treatment.pressure_max, *(row.level for row in treatment.pressure_max_at if row.zone in line)])
    profile = library.profiles[step.profile]
    desk.expect(profile.pressure[0] <= ceiling, place, f"profile {profile.code} begins above pressure {ceiling}")
    for family in profile.shares:
        desk.expect(usable.family(treatment, step.zone, step.side, family), place, f"{family} of {profile.code} is barred there")


def _ends(desk: Desk, steps: tuple[Step, ...], place: str) -> None:
    profiles = desk.library.profiles
    for word, step in (("opens", steps[0]), ("closes", steps[-1])):
        stroking = profiles[step.profile].shares.get("stroking", 0)
        desk.expect(stroking >= STROKING_AT_THE_ENDS, place, f"{word} with {stroking} % stroking")


def _shares(desk: Desk, treatment: Treatment, total: float, place: str) -> None:
    found: Counter[str] = Counter()
    for step in treatment.steps:
        for family, percent in desk.library.profiles[step.profile].shares.items():
            found[family] += round(step.minutes * percent * 1000 / total)
    desk.known(treatment.shares, FAMILIES, f"{place} shares")
    for family in FAMILIES:
        wanted = treatment.shares.get(family, 0)
        desk.expect(abs(found[family] / 1000 - wanted) <= SHARE_TOLERANCE, place, f"{family} is {found[family] / 1000:.1f} %, not {wanted}")
    desk.expect(99 <= sum(treatment.shares.values()) <= 101, place, f"intended shares sum to {sum(treatment.shares.values())}")


def _order(desk: Desk, steps: tuple[Step, ...], place: str) -> None:
    desk.expect(steps[0].part == "opening" and steps[-1].part == "closing", place, "does not go from opening to closing")
    ranks = [("opening", "main", "closing").index(step.part) for step in steps]
    desk.expect(ranks == sorted(ranks), place, "parts are mixed")
    main = [step for step in steps if step.part == "main"]
    for zone in sorted({step.zone for step in main}):
        sides = [step.side for step in main if step.zone == zone]
        if "healthy" in sides and "affected" in sides:
            desk.expect(sides.index("healthy") < sides.index("affected"), place, f"{zone}: affected before healthy")
    limb = [desk.library.limb_order.index(step.zone) for step in main if step.zone in desk.library.limb_order]
    desk.expect(limb == sorted(limb), place, "a limb is not worked from near to far")
