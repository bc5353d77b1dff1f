"""Supplementary methods: off unless chosen, outside the steps' time, under the session's cap on minutes (supplements.toml)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from protocols.method.entries import StageSupplement, Supplement
from protocols.method.findings import SupplementOut
from protocols.method.places import Place
from protocols.method.plans import PlannedSupplement
from protocols.method.reasons import Reason, because
from protocols.method.roles import resolve_side
from protocols.method.session.bars import is_set
from protocols.method.session.body import Body
from protocols.method.session.draft import Ground, Session
from protocols.method.setting import Setting
from protocols.method.vocabulary import Side

# Vertebral levels from below upwards; the eighth cervical root counts as C8.
SPINE = (("S", 5), ("L", 5), ("T", 12), ("C", 8))
UPWARDS = tuple(f"{region}{number}" for region, count in SPINE for number in range(count, 0, -1))

# Segmental work is done beside the spine; these zones hold its levels (their ``segments`` in zones.toml).
BESIDE_THE_SPINE = (
    "sacrum", "paravertebral-lumbar", "paravertebral-thoracic-lower", "paravertebral-thoracic-upper", "nape", "occiput",
)  # fmt: skip


@lru_cache(maxsize=256)
def levels_upwards(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Single levels named by texts such as ``C3-C5``, ``T11-L2``, ``S3-S1, L5-L4``, caudal to cranial, each once."""
    found: set[str] = set()
    for text in texts:
        for low, high in re.findall(r"\b([CTLS]\d+)(?:\s*-\s*([CTLS]\d+))?", text):
            ends = [UPWARDS.index(level) for level in (low, high or low) if level in UPWARDS]
            found.update(UPWARDS[min(ends) : max(ends) + 1] if ends else ())
    return tuple(level for level in UPWARDS if level in found)


def barred_because(setting: Setting, entry: Supplement) -> Reason | None:
    """Why a supplement is out as a whole: stage, age, the patient's facts or a finding; None when it is open."""
    classes = setting.library.supplement_classes
    for word in setting.treatment.forbid_supplements:
        if entry.code in (classes[word].members if word in classes else (word,)):
            return because("supplement-stage-forbids", supplement=entry.code)
    if entry.age is not None and not entry.age[0] <= setting.age <= entry.age[1]:
        return because("supplement-age", supplement=entry.code, age=setting.age)
    for fact in entry.avoid_when:
        if is_set(setting.screening.facts.get(fact)):
            return because("supplement-avoids-fact", supplement=entry.code, fact=fact)
    whole = (out for out in _outs(setting, entry) if out.points is None and out.places is None)
    return next((out.because for out in whole), None)


def _outs(setting: Setting, entry: Supplement) -> Iterator[SupplementOut]:
    classes = setting.library.supplement_classes
    for out in setting.screening.limits.supplements_out:
        members = classes[out.supplement].members if out.supplement in classes else ()
        points_class = out.points is not None and entry.supplement_class == "points"
        if out.supplement == entry.code or entry.code in members or points_class:
            yield out


def plan_supplements(session: Session, chosen: tuple[str, ...]) -> tuple[PlannedSupplement, ...]:
    """The chosen supplements that the stage has and nothing bars, within the cap on minutes; the others are explained omissions.

    The time they may take is what the cap leaves above the stage's full dose, not above a dose lowered today: so lowering the dose
    never makes room for something new. A method with several rows in the stage (one for each side of the face) shares one dose of points.
    """
    setting = session.ground.setting
    caps = [60 * cap.minutes for cap in setting.screening.limits.minutes_caps]
    room = min(caps) - max(session.dose.seconds, int(60 * _full_minutes(setting))) if caps else None
    found: list[PlannedSupplement] = []
    for code in dict.fromkeys(chosen):
        for row in _open_rows(session, code):
            planned = _plan_one(session, row, room, taken=sum(len(one.points) for one in found if one.supplement == code))
            if planned is not None:
                found.append(planned)
                room = None if room is None else room - planned.seconds
    return tuple(found)


def holds_points(setting: Setting, planned: tuple[PlannedSupplement, ...]) -> bool:
    """Whether a point method is among them, so that the points in a profile keep their share."""
    return any(setting.library.supplements[row.supplement].supplement_class == "points" for row in planned)


def _full_minutes(setting: Setting) -> float:
    by_age = (row.minutes for row in setting.treatment.minutes_by_age if row.age_min <= setting.age <= row.age_max)
    return next(by_age, setting.treatment.minutes.full)


def _open_rows(session: Session, code: str) -> tuple[StageSupplement, ...]:
    """The stage's rows of a supplement; none, and said so, when the stage has none or the whole of it is barred."""
    setting = session.ground.setting
    rows = tuple(row for row in setting.treatment.supplements if row.supplement == code)
    why = barred_because(setting, setting.library.supplements[code]) if rows else because("supplement-not-in-stage", supplement=code)
    if why is not None:
        session.omit("supplement", code, None, why)
    return rows if why is None else ()


def _plan_one(session: Session, row: StageSupplement, room: int | None, *, taken: int) -> PlannedSupplement | None:
    setting, code = session.ground.setting, row.supplement
    entry = setting.library.supplements[code]
    points = _open_points(session, entry, row, taken)
    side = resolve_side(setting.library, setting.condition, setting.inputs, row.side, setting.treatment.steps[0].zone)
    levels = _open_levels(session, entry, row, side) if side is not None else ()
    seconds = _seconds(entry, len(points))
    nowhere = side is None or (row.points and not points) or (entry.supplement_class == "segmental" and not levels)
    if side is None or nowhere or (room is not None and seconds > max(room, 0)):
        session.omit("supplement", code, None, because("supplement-no-room", supplement=code))
        return None
    return PlannedSupplement(code, seconds, points, side, levels, _because(entry, row))


def _open_points(session: Session, entry: Supplement, row: StageSupplement, taken: int) -> tuple[str, ...]:
    """The stage's points that nothing bars; with ``taken`` of other rows as many as the low figure of the dose."""
    out = barred_points(session.ground.setting, entry, row)
    for point in row.points:
        if point in out:
            session.omit("supplement", entry.code, None, out[point])
    low = int(entry.dose.get("points", (taken + len(row.points), 0))[0])
    return tuple(point for point in row.points if point not in out)[: max(low - taken, 0)]


def barred_points(setting: Setting, entry: Supplement, row: StageSupplement) -> dict[str, Reason]:
    """The points that a finding or the danger map takes from a supplement, each with its reason."""
    out = {point: bar.because for bar in _outs(setting, entry) for point in bar.points or ()}
    return out | {point: because("danger-spot", danger=danger) for point, danger in _never_pressed(setting, row)}


def _never_pressed(setting: Setting, row: StageSupplement) -> Iterator[tuple[str, str]]:
    """Points that lie, by their caution, in a zone of the danger map that is never worked, with that row of the map."""
    for code in row.points:
        for danger in setting.library.dangers.values():
            if danger.always_excluded and setting.library.points[code].caution in danger.zones:
                yield code, danger.code


def _seconds(entry: Supplement, points: int) -> int:
    """The low figure of the dose at first; nothing for a method whose dose says no time of a visit."""
    if "seconds_per_point" in entry.dose:
        count = points or int(entry.dose["points"][0])
        return int(entry.dose["seconds_per_point"][0]) * count
    for key, factor in (("minutes", 60), ("minutes_per_area", 60), ("seconds_per_muscle", 1)):
        if key in entry.dose:
            return int(entry.dose[key][0] * factor)
    return 0


# Levels ---------------------------------------------------------------------------------------------------------------------
def _levels(setting: Setting, entry: Supplement, row: StageSupplement) -> tuple[str, ...]:
    """Levels of segmental work: the condition's own, else those that its notes name, the stage's before those of its other stages."""
    if entry.supplement_class != "segmental":
        return ()
    segmental = setting.condition.segmental
    if segmental is not None:
        return levels_upwards(segmental.levels)
    treated = (stage.treatment for stage in setting.condition.stages.values() if stage.treatment is not None)
    notes = [other.note for treatment in treated for other in treatment.supplements if other.supplement == row.supplement]
    return next((levels for levels in map(levels_upwards, ((note,) for note in (row.note, *notes))) if levels), ())


def _open_levels(session: Session, entry: Supplement, row: StageSupplement, side: Side) -> tuple[str, ...]:
    """The levels beside the spine that neither a finding nor the supplement's own bars take."""
    levels: list[str] = []
    for level, why in told_levels(session.ground, entry, row, side):
        if why is None:
            levels.append(level)
        else:
            session.omit("supplement", entry.code, None, why)
    return tuple(levels)


def told_levels(ground: Ground, entry: Supplement, row: StageSupplement, side: Side) -> Iterator[tuple[str, Reason | None]]:
    """Each level of segmental work, caudal to cranial, with what takes it; None where it is worked."""
    bars = [(bar.mask, bar.because) for bar in ground.findings.places]
    bars += [(ground.body.of_any(out.places), out.because) for out in _outs(ground.setting, entry) if out.places is not None]
    for level in _levels(ground.setting, entry, row):
        there = _place_of_level(ground.setting, ground.body, level, side)
        yield level, next((reason for mask, reason in bars if mask & there), None)


def _place_of_level(setting: Setting, body: Body, level: str, side: Side) -> int:
    """The zones beside the spine that hold a level. No zone names the eighth cervical root: it is worked with the seventh."""
    near = "C7" if level == "C8" else level
    zones = (setting.library.zones[code] for code in BESIDE_THE_SPINE)
    mask = 0
    for zone in zones:
        if near in levels_upwards((zone.segments,)):
            mask |= body.mask_at(Place(zone.code, side if zone.paired else "both"))
    return mask


def _because(entry: Supplement, row: StageSupplement) -> tuple[Reason, ...]:
    words = (because("supplement-chosen", supplement=entry.code, sources=entry.sources),)
    return (*words, because("supplement-note", note=row.note)) if row.note else words
