"""What a stage allows: limits, dose, course and forbidden rows, held against those of the release. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from protocols.method.entries import Treatment
from protocols.method.library import Library
from protocols.variants.strict_values import (
    Limit,
    Loosening,
    all_kept,
    at_least,
    at_most,
    compared,
    kept_where_set,
    later_or_same,
    none_added,
    ranked,
)

Side = tuple[Treatment, Library]

OF_TREATMENT: Final[Mapping[str, Limit]] = {
    "positions": Limit("positions", none_added),
    "pressure_max": Limit("pressure-max", at_most),
    "tempo": Limit("tempo", ranked("calm", "neutral", "tonic")),
    "mode": Limit("mode", ranked("calming", "neutral", "tonic")),
    "repeat_after_days": Limit("repeat-after-days", lambda before, after: after == 0 or 0 < before <= after),
    "stop_sets": Limit("stop-sets", all_kept),
    "warnings": Limit("warnings", all_kept),
    "needs_document": Limit("needs-document", kept_where_set),
    "forbid_positions": Limit("forbid-positions", all_kept),
    "forbid_supplements": Limit("forbid-supplements", all_kept),
    "family_from": Limit("family-from", later_or_same),
    "calm_until_session": Limit("calm-until-session", at_least),
    "positions_on_order": Limit("positions-on-order", none_added),
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


def treatment_loosened(address: str, shipped: Side, own: Side) -> Iterator[Loosening]:
    """What the treatment of a stage allows more of than that of the release. Each side is a treatment and its library."""
    before, after = shipped[0], own[0]
    yield from compared(address, OF_TREATMENT, before, after)
    yield from compared(address, OF_MINUTES, before.minutes, after.minutes)
    yield from compared(address, OF_SESSIONS, before.sessions, after.sessions)
    yield from compared(address, OF_CADENCE, before.cadence, after.cadence)
