"""What became of a measure since the start. The words and thresholds are those of the library (head of ``measures.toml``):

good = past the meaningful change; partial = half of it; none = less; worse = the opposite. Points and percent of the start value:
whichever is reached first. Inside the target counts as reached.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from clinic.courses.outcomes.values import Valued
from protocols.method.entries import Measure

Trend = Literal["good", "partial", "none", "worse"]

HALF: Final = 0.5
CLOSE: Final = 1e-9  # 0.3 x 3 is not 0.9 to a computer
# "mean of the last 3 sessions" in the words of the library.
MEAN_OF_LAST: Final[Mapping[str, int]] = {"blood-pressure": 3}


def numbers(values: Iterable[Valued]) -> tuple[float, ...]:
    """The values that are numbers, in their order."""
    return tuple(each.value for each in values if each.value is not None)


def start_and_now(measure: Measure, values: Sequence[Valued]) -> tuple[float, float] | None:
    """The first value and where it stands now, in the unit of the measure; None before there are two."""
    found = numbers(values)
    count = MEAN_OF_LAST.get(measure.code, 1)
    if len(found) < 2:
        return None
    last = found[-min(count, len(found) - 1) :]
    return found[0], sum(last) / len(last)


def meaningful_change(measure: Measure, start: float) -> float | None:
    """How much counts as a real change from this start, in the unit of the measure, always above 0; None where the library names none."""
    change = measure.meaningful_change
    percent = abs(start) * change.percent / 100 if change.percent else 0.0
    known = [each for each in (change.points or 0.0, percent) if each > 0]
    return min(known) if known else None


def has_direction(measure: Measure) -> bool:
    """Whether the library says which way is better: lower, higher, or into a target."""
    return measure.better in ("lower", "higher") or (measure.better == "to range" and measure.meaningful_change.target is not None)


def is_reached(measure: Measure, value: float) -> bool:
    """Whether a value lies inside the target. A measure without one reaches none."""
    target = measure.meaningful_change.target
    return target is not None and target[0] <= value <= target[1]


def trend(measure: Measure, values: Sequence[Valued]) -> Trend | None:
    """What became of a measure. ``values`` of one side, oldest first.

    None while there is nothing to compare, and where the library gives no number or no direction: such a measure is read by eye.
    Worse is symmetrical to partial: half of the meaningful change in the other direction.
    """
    pair = start_and_now(measure, values)
    if pair is None or not has_direction(measure):
        return None
    start, now = pair
    if is_reached(measure, now):
        return "good"
    needed = meaningful_change(measure, start) or _way(measure, start) or (_way(measure, now) or None)
    return None if needed is None else _verdict(_gain(measure, start, now), needed)


def worse_running(measure: Measure, values: Sequence[Valued]) -> int:
    """How many of the last values, one after the other, were worse than the start."""
    known = [each for each in values if each.value is not None]
    count = 0
    while len(known) > 1 and trend(measure, known) == "worse":
        count, known = count + 1, known[:-1]
    return count


def _verdict(gain: float, needed: float) -> Trend:
    share = gain / needed
    if share >= 1 - CLOSE:
        return "good"
    if share >= HALF - CLOSE:
        return "partial"
    return "worse" if share <= -HALF + CLOSE else "none"


def _gain(measure: Measure, start: float, now: float) -> float:
    """How far it came towards what is better; below 0 the other way."""
    if measure.better == "lower":
        return start - now
    if measure.better == "higher":
        return now - start
    return _way(measure, start) - _way(measure, now)


def _way(measure: Measure, value: float) -> float:
    """How far a value is from the target; 0 inside it or without one."""
    target = measure.meaningful_change.target
    return 0.0 if target is None else max(target[0] - value, value - target[1], 0.0)
