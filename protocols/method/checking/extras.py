"""Supplements: only those of the stage, none that is out, within their dose and under the cap on minutes."""

import re
from collections.abc import Iterator

from protocols.method.checking.bars import Bars, is_set
from protocols.method.checking.problems import Problem, problem
from protocols.method.plans import PlannedSupplement, SessionPlan

Spans = list[tuple[tuple[int, int], tuple[int, int]]]

# From below upwards: sacral segments first, cervical last.
REGIONS = "SLTC"

# Zones beside the spine, whose segments in zones.toml name the levels that are worked there.
BESIDE_THE_SPINE = frozenset(
    {"sacrum", "paravertebral-lumbar", "paravertebral-thoracic-lower", "paravertebral-thoracic-upper", "nape", "occiput"}
)

# Where the lowest levels are worked beside the spine; the danger map, findings and pregnancy bar them as places.
LOWER_SPINE = {"S": "sacrum", "L": "paravertebral-lumbar"}


def supplement_problems(plan: SessionPlan, bars: Bars) -> Iterator[Problem]:
    """Every breach in the supplements of a plan."""
    for planned in plan.supplements:
        yield from _one(planned, bars)
    library = bars.protocol.setting.library
    chosen = {library.supplements[planned.supplement].supplement_class for planned in plan.supplements}
    for number, row in enumerate(plan.rows):
        if row.family == "points" and "points" not in chosen:
            yield problem("points-off", number)
    together = plan.total_seconds + sum(planned.seconds for planned in plan.supplements)
    for cap in bars.limits.minutes_caps:
        if plan.supplements and together > 60 * cap.minutes:
            yield problem("supplements-over-cap", total=together, cap=60 * cap.minutes)


def _one(planned: PlannedSupplement, bars: Bars) -> Iterator[Problem]:
    treatment, library = bars.protocol.treatment, bars.protocol.setting.library
    entry = library.supplements[planned.supplement]
    if planned.supplement not in {row.supplement for row in treatment.supplements}:
        yield problem("supplement-not-planned", supplement=entry.code)
    if _is_out(planned, bars) or not _of_age(entry.age, bars.protocol.setting.age):
        yield problem("supplement-excluded", supplement=entry.code)
    if any(is_set(bars.facts.get(fact)) for fact in entry.avoid_when):
        yield problem("supplement-avoided", supplement=entry.code)
    if any(entry.code in bar.supplements for bar in bars.orders) or (bars.barred and _may_touch(planned, bars)):
        yield problem("supplement-barred", supplement=entry.code)
    low, high = entry.dose.get("minutes", (0, 24 * 60))
    if not 60 * low <= planned.seconds <= 60 * high:
        yield problem("supplement-dose", supplement=entry.code, seconds=planned.seconds)
    if _on_barred_places(planned, bars):
        yield problem("supplement-excluded", supplement=entry.code)
    heights = [_height(level) for level in planned.levels]
    if heights != sorted(heights):
        yield problem("segmental-order")


def _on_barred_places(planned: PlannedSupplement, bars: Bars) -> bool:
    """A level of loin or sacrum, or a point, where nothing of the kind may be done."""
    barred = bars.excluded.union(*(out.places or () for out in bars.limits.supplements_out if out.supplement == planned.supplement))
    for zone in {LOWER_SPINE[level[0]] for level in planned.levels if level[0] in LOWER_SPINE}:
        if not barred.isdisjoint(bars.body.places(zone, planned.side if bars.body.zones[zone].paired else "both")):
            return True
    library = bars.protocol.setting.library
    never = {zone for row in library.dangers.values() if row.always_excluded for zone in row.zones}
    return any(library.points[point].caution in never for point in planned.points)


def _may_touch(planned: PlannedSupplement, bars: Bars) -> bool:
    """Whether a supplement may be done on a barred place. Only readable levels say where it is done; without them it may be anywhere."""
    zones = [bars.body.zones[code] for code in BESIDE_THE_SPINE]
    for level in planned.levels:
        # No zone names the eighth cervical root: it is worked with the seventh.
        spans = _spans(level.replace("C8", "C7"))
        held = [zone.code for zone in zones if _meet(spans, _spans(zone.segments))]
        if not spans or any(bars.barred & bars.body.places(zone, planned.side) for zone in held):
            return True
    return not planned.levels


def _meet(spans: Spans, others: Spans) -> bool:
    return any(low <= top and bottom <= high for low, high in spans for bottom, top in others)


def _spans(text: str) -> Spans:
    """The lowest and highest level of each span in a text such as ``C3-C5, T11-L2``, counted from below."""
    found = re.findall(r"([CTLS])(\d+)(?:\s*-\s*([CTLS])(\d+))?", text)
    ends = [((low, number), (high or low, other or number)) for low, number, high, other in found]
    ranked = [sorted((REGIONS.index(region), -int(number)) for region, number in pair) for pair in ends]
    return [(bottom, top) for bottom, top in ranked]


def _of_age(span: tuple[int, int] | None, age: int) -> bool:
    return span is None or span[0] <= age <= span[1]


def _is_out(planned: PlannedSupplement, bars: Bars) -> bool:
    """By a finding, or by the stage, which names supplements or whole classes; a word that is both means the class."""
    classes = bars.protocol.setting.library.supplement_classes
    for word in bars.protocol.treatment.forbid_supplements:
        if planned.supplement in (classes[word].members if word in classes else (word,)):
            return True
    for out in bars.limits.supplements_out:
        whole = out.points is None and out.places is None
        if out.supplement == planned.supplement and (whole or not (out.points or frozenset()).isdisjoint(planned.points)):
            return True
    return False


def _height(level: str) -> tuple[int, int]:
    """How high a segment such as ``T12`` or ``L5-L4`` lies: its lowest end, counted from below."""
    ends = re.findall(r"([CTLS])(\d+)", level)
    return min(((REGIONS.index(region), -int(number)) for region, number in ends), default=(0, 0))
