"""Effects of rules: whether one does at least what another does. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from protocols.method.entries import Effect
from protocols.method.library import Library
from protocols.variants.strict_forbid import leaves_of
from protocols.variants.strict_trees import implies
from protocols.variants.strict_values import all_kept, at_least, at_most, dropped_or_same, kept_where_set, none_added, same

# Without zones of their own these hold everywhere.
EVERYWHERE_OR_THERE: Final = frozenset({"exclude-families", "max-pressure", "force-mode"})


def uncovered(before: tuple[Effect, ...], after: tuple[Effect, ...], library: Library) -> Iterator[Effect]:
    """The effects of ``before`` that no effect of ``after`` covers."""
    for effect in before:
        if not any(covers(new, effect, library) for new in after):
            yield effect


def covers(new: Effect, old: Effect, library: Library) -> bool:
    """Whether an effect does all that the old one does. Effects of different types are never compared."""
    if new == old:
        return True
    if new.type != old.type or not _covers_places(new, old, library):
        return False
    return all(is_kept(getattr(old, name), getattr(new, name)) for name, is_kept in BY_FIELD.items()) and _covers_positions(new, old)


def _covers_places(new: Effect, old: Effect, library: Library) -> bool:
    """Zones of its own, zones that a fact names, and the side of them."""
    if old.type == "only-zones":
        return _leaves(new.zones, library) <= _leaves(old.zones, library)
    if old.type in EVERYWHERE_OR_THERE and not new.zones and new.zones_from is None:
        return True
    if new.zones_from != old.zones_from or bool(new.zones) is not bool(old.zones):
        return False
    side = (new.side in (None, "both") and new.side_from is None) or (new.side, new.side_from) == (old.side, old.side_from)
    return side and _leaves(old.zones, library) <= _leaves(new.zones, library)


def _leaves(zones: tuple[str, ...], library: Library) -> frozenset[str]:
    return frozenset[str]().union(*(leaves_of(library, zone) for zone in zones))


def _covers_positions(new: Effect, old: Effect) -> bool:
    """Positions are forbidden by name or allowed by name: of the first none may go, of the second none may come."""
    is_kept = none_added if old.type == "allow-positions" else all_kept
    return is_kept(old.positions, new.positions)


def _asked_as_often(old: Any, new: Any) -> bool:
    return new is None or (old is not None and implies(old, new))


BY_FIELD: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "fact": same,
    "default": all_kept,
    "margin": kept_where_set,
    "scope": dropped_or_same,  # only the marked spot; without it the whole zone
    "extend": kept_where_set,
    "families": all_kept,
    "unless": dropped_or_same,
    "techniques": all_kept,
    "supplements": all_kept,
    "level": lambda old, new: old is None or (new is not None and at_most(old, new)),
    "minutes": lambda old, new: old is None or (new is not None and at_most(old, new)),
    "age_min": lambda old, new: new is None or (old is not None and at_most(old, new)),
    "age_max": lambda old, new: new is None or (old is not None and at_least(old, new)),
    "mode": same,
    "steps": lambda old, new: old is None or (new is not None and at_least(old, new)),
    "facts": all_kept,
    "when": _asked_as_often,
    "topic": same,
    "text": same,
}
BY_FUNCTION: Final[Mapping[str, Callable[..., bool]]] = {
    "type": covers,
    "zones": _covers_places,
    "zones_from": _covers_places,
    "side": _covers_places,
    "side_from": _covers_places,
    "positions": _covers_positions,
}
