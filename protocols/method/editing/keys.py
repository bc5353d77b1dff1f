"""The names of steps that stay the same from one building to the next: row of the protocol, zone and side; ``+2`` for one added by hand."""

from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import Row, SessionPlan
from protocols.method.vocabulary import SIDES

ADDED = "+"


def step_keys(plan: SessionPlan) -> tuple[str, ...]:
    """The key of each step of a plan, by ``Row.step``: ``4:trapezius-upper:left``, or ``+2`` for the second step that was ever added.

    A key that would come twice has its turn behind it (``4:knee:left:2``).
    """
    firsts: dict[int, Row] = {}
    for row in plan.rows:
        firsts.setdefault(row.step, row)
    found: list[str] = []
    for number in sorted(firsts):
        found.append(_unlike(key_of(firsts[number]), found))
    return tuple(found)


def key_of(row: Row) -> str:
    """The key of the step that a row belongs to."""
    for reason in row.because:
        if reason.code == "hand-added":
            return dict(reason.about)["step"]
        if reason.code == "protocol-row":
            return f"{dict(reason.about)['row']}:{row.zone}:{row.side}"
    return f"0:{row.zone}:{row.side}"


def _unlike(key: str, taken: list[str]) -> str:
    """The key, or the key with its turn behind it."""
    turn = 1 + sum(other == key or other.startswith(f"{key}:") for other in taken)
    return key if turn == 1 else f"{key}:{turn}"


def zone_of(key: str) -> str:
    """The zone that a key names; empty for an added step and for anything that is no key."""
    parts = key.split(":")
    return parts[1] if len(parts) > 2 else ""


def meant_by(key: str, keys: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """The steps that a key means in this session: the very one, else those that findings have left of it. None: it is not there.

    A finding that takes half of a step must not bring back what was removed or lightened on the other half.
    """
    if key in keys:
        return (key,)
    asked = _read(key, library)
    if asked is None:
        return ()
    whole = library.tree.leaf_places(asked[1])
    rests = ((other, _read(other, library)) for other in keys)
    return tuple(other for other, rest in rests if rest and rest[0] == asked[0] and library.tree.leaf_places(rest[1]) <= whole)


def _read(key: str, library: Library) -> tuple[str, Place] | None:
    """(row of the protocol, place) of a key, None for one of no known place."""
    parts = key.split(":")
    side = next((side for side in SIDES if side == parts[2]), None) if len(parts) > 2 else None
    if side is None or parts[1] not in library.zones:
        return None
    return parts[0], Place(parts[1], side)
