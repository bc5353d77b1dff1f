"""What a stage allows: limits, dose, course, positions and methods, held against those of the release. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from protocols.method.checking.bars import AIRWAY_CLEARANCE
from protocols.method.checking.doses import stage_level
from protocols.method.entries import Stage, StagePercussion, StageSupplement, Treatment, Variant
from protocols.method.library import Library
from protocols.method.vocabulary import MAX_PRESSURE, PHASES
from protocols.variants.strict_forbid import forbid_loosened, leaves_of
from protocols.variants.strict_steps import steps_loosened
from protocols.variants.strict_values import (
    Limit,
    Loosening,
    all_kept,
    at_least,
    at_most,
    compared,
    dropped_or_same,
    kept_where_set,
    later_or_same,
    none_added,
    plain,
    ranked,
    same,
)

OLDEST: Final = 130
# Blows that a zone takes only where a stage names them, which is why naming them opens something.
NAMED_ONLY: Final = frozenset({"fingertip", "prescribed"})


@dataclass(frozen=True, slots=True)
class Treated:
    """A stage that may be massaged, with its library."""

    stage: Stage
    treatment: Treatment
    library: Library


OF_TREATMENT: Final[Mapping[str, Limit]] = {
    "positions": Limit("positions", none_added),
    "pressure_max": Limit("pressure-max", at_most),
    "tempo": Limit("tempo", ranked("calm", "neutral", "tonic")),
    "mode": Limit("mode", ranked("calming", "neutral", "tonic")),
    # 0 = looked at again instead of repeated
    "repeat_after_days": Limit("repeat-after-days", lambda before, after: after == 0 or 0 < before <= after),
    "stop_sets": Limit("stop-sets", all_kept),
    "warnings": Limit("warnings", all_kept),
    "needs_document": Limit("needs-document", kept_where_set),
    "forbid_positions": Limit("forbid-positions", all_kept),
    "forbid_supplements": Limit("forbid-supplements", all_kept),
    "family_from": Limit("family-from", later_or_same),
    "calm_until_session": Limit("calm-until-session", at_least),
    "positions_on_order": Limit("positions-on-order", none_added),
    "positions_on_order_from": Limit("positions-on-order-from", dropped_or_same),
}
OF_MINUTES: Final[Mapping[str, Limit]] = {
    "first": Limit("minutes-first", at_most),
    "full": Limit("minutes-full", at_most),
    "max": Limit("minutes-max", at_most),
}
OF_SESSIONS: Final[Mapping[str, Limit]] = {"max": Limit("sessions-max", at_most)}
OF_CADENCE: Final[Mapping[str, Limit]] = {
    "every_days_min": Limit("every-days-min", at_least),
    "per_week": Limit("per-week", at_most),
}
OF_VARIANT: Final[Mapping[str, Limit]] = {
    "requires": Limit("form-requires", same),
    "needs_document": Limit("form-document", same),
    "from_session": Limit("form-from-session", at_least),
    "profile_at": Limit("form-profiles", none_added),
    "lifts_forbid": Limit("form-lifts", none_added),
}


def treatment_loosened(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    """What the treatment of a stage allows more of than that of the release."""
    shipped, own = before.treatment, after.treatment
    yield from compared(address, OF_TREATMENT, shipped, own)
    yield from compared(address, OF_MINUTES, shipped.minutes, own.minutes)
    yield from compared(address, OF_SESSIONS, shipped.sessions, own.sessions)
    yield from compared(address, OF_CADENCE, shipped.cadence, own.cadence)
    for compare in BY_FUNCTION.values():
        yield from compare(address, before, after)


def _pressure(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    """In each phase, what becomes of every pressure that a step may ask for: with levels of its own a stage takes no shift."""
    for phase in PHASES:
        pairs = zip(_levels(before, phase), _levels(after, phase), strict=True)
        higher = next(((old, new) for old, new in pairs if new > old), None)
        if higher is not None:
            yield Loosening(address, f"pressure-{phase}", *higher)


def _levels(of: Treated, phase: str) -> tuple[int, ...]:
    level, shift = stage_level(of.treatment, phase, of.library.course)  # type: ignore[arg-type]
    return tuple(max(1, min(asked, level) + shift) for asked in range(1, MAX_PRESSURE + 1))


def _pressure_at(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    for zone in sorted({leaf for cap in before.treatment.pressure_max_at for leaf in leaves_of(before.library, cap.zone)}):
        old, new = _ceiling(before, zone), _ceiling(after, zone)
        if new > old:
            yield Loosening(address, "pressure-max-at", {"zone": zone, "value": old}, {"zone": zone, "value": new})


def _ceiling(of: Treated, leaf: str) -> int:
    caps = (cap.level for cap in of.treatment.pressure_max_at if leaf in leaves_of(of.library, cap.zone))
    return min([of.treatment.pressure_max, *caps])


def _minutes_by_age(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    """A full session at each age: what the stage says for that age, else its minutes times the factor of the age."""
    if before.treatment.minutes_by_age == after.treatment.minutes_by_age:
        return
    for age in range(OLDEST + 1):
        old, new = _full(before, age), _full(after, age)
        if new > old + 1e-9:
            yield Loosening(address, "minutes-by-age", {"age": age, "value": old}, {"age": age, "value": new})
            return


def _full(of: Treated, age: int) -> float:
    for row in of.treatment.minutes_by_age:
        if row.age_min <= age <= row.age_max:
            return float(row.minutes)
    factors = (row.minutes_factor for row in of.library.course.age_factor if row.age_min <= age <= row.age_max)
    return of.treatment.minutes.full * next(factors, 1.0)


def _supplements(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    for row in after.treatment.supplements:
        if not any(_is_narrower(there, row) for there in before.treatment.supplements):
            yield Loosening(address, "supplements", None, plain(row))


def _is_narrower(before: StageSupplement, after: StageSupplement) -> bool:
    if before.supplement != after.supplement:
        return False
    points = before.points == after.points or (bool(after.points) and set(after.points) <= set(before.points))
    return points and before.side in (after.side, "both")


def _percussion(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    old, new = before.treatment.percussion, after.treatment.percussion
    if not percussion_is_kept(old, new, before.library):
        yield Loosening(address, "percussion", plain(old), plain(new))


def percussion_is_kept(before: StagePercussion | None, after: StagePercussion | None, library: Library) -> bool:
    """Whether blows are open no wider. Naming none leaves what the zones allow; naming some closes the rest, but opens the places
    that take blows only where a stage names them."""
    if before == after:
        return True
    if after is None:
        return False
    if after.requires == AIRWAY_CLEARANCE and (before is None or before.requires != AIRWAY_CLEARANCE):
        return False
    leaves = {leaf for zone in after.zones for leaf in leaves_of(library, zone)}
    if before is None:
        return not any(library.zones[leaf].percussion in NAMED_ONLY for leaf in leaves if leaf in library.zones)
    named = {leaf for zone in before.zones for leaf in leaves_of(library, zone)}
    return set(after.techniques) <= set(before.techniques) and leaves <= named and before.requires in (None, after.requires)


def _variants(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    """Forms of a stage that a fact and a document open: none is new, none opens more."""
    known = {row.code: row for row in before.treatment.variants}
    for form in after.treatment.variants:
        there = known.get(form.code)
        if there is None:
            yield Loosening(address, "form-new", None, form.code)
        else:
            yield from _form(address, there, form, before.library)


def _form(address: str, before: Variant, after: Variant, library: Library) -> Iterator[Loosening]:
    yield from compared(address, OF_VARIANT, before, after)
    if not percussion_is_kept(before.percussion, after.percussion, library):
        yield Loosening(address, "form-percussion", plain(before.percussion), plain(after.percussion))


def _forbid(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    yield from forbid_loosened(address, before.treatment, after.treatment, after.library)


def _steps(address: str, before: Treated, after: Treated) -> Iterator[Loosening]:
    remote = before.stage.local == "remote-only"
    yield from steps_loosened(address, (before.treatment, before.library), (after.treatment, after.library), remote_only=remote)


BY_FUNCTION: Final[Mapping[str, Callable[[str, Treated, Treated], Iterator[Loosening]]]] = {
    "pressure": _pressure,
    "pressure_max_at": _pressure_at,
    "minutes_by_age": _minutes_by_age,
    "supplements": _supplements,
    "percussion": _percussion,
    "variants": _variants,
    "forbid": _forbid,
    "steps": _steps,
}
