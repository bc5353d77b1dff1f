"""Made-up events of a player, for tests that read them along the clock."""

from dataclasses import asdict
from random import Random
from typing import Any

from hypothesis import strategies as st

from clinic.courses.given import Event
from clinic.courses.states import EventKind, SkipReason, StopReason

ZONES = ("gluteal", "calf", "trapezius-upper")
SIDES = ("left", "right", "both")


def value_of(kind: str, chance: Random, rows: int) -> dict[str, Any]:
    """What such an event says; now and then of a row that is not there."""
    row = chance.randrange(rows + 1)
    if kind in (EventKind.LONGER, EventKind.SHORTER):
        return {"row": row, "seconds": chance.choice((10, 60, 300))}
    if kind == EventKind.SKIPPED:
        return {"row": row, "reason": chance.choice(SkipReason.values)}
    if kind == EventKind.HURT:
        return {"row": chance.choice((row, None)), "zone": chance.choice(ZONES), "side": chance.choice(SIDES)}
    if kind == EventKind.STOPPED:
        return {"reason": chance.choice(StopReason.values)}
    return {"row": row} if kind == EventKind.BEGUN else {}


# Ending is rare, or most made-up sessions would be over at once.
KINDS = [kind for kind in EventKind.values if kind not in (EventKind.STOPPED, EventKind.FINISHED)] * 4
KINDS += [str(EventKind.STOPPED), str(EventKind.FINISHED)]


def some_events(chance: Random, rows: int, until_ms: int) -> list[Event]:
    """Up to 24 events of two devices. Moments are few, so that many fall together."""
    made = []
    for number in range(chance.randrange(25)):
        kind = chance.choice(KINDS)
        at = chance.choice((chance.randrange(until_ms + 1), chance.randrange(until_ms // 30_000 + 1) * 30_000))
        value = value_of(kind, chance, rows)
        made.append(Event(f"key-{number:02d}-{chance.randrange(99):02d}", chance.choice("ab"), chance.randrange(9), at, kind, value))
    return made


def some_plan(chance: Random) -> list[int]:
    """Planned seconds of a few rows."""
    return [chance.choice((30, 45, 60, 90, 240)) for _row in range(chance.randrange(1, 7))]


@st.composite
def sessions(draw: Any) -> tuple[list[int], list[Event], int]:
    """Planned seconds, events, and the moment at which they are read."""
    chance = Random(draw(st.integers(0, 2**32)))  # noqa: S311  # not a secret
    planned = some_plan(chance)
    events = some_events(chance, len(planned), 900_000)
    return planned, events, chance.randrange(900_001)


def as_json(events: list[Event]) -> list[dict[str, Any]]:
    """As the player holds them."""
    return [asdict(event) for event in events]
