"""Seconds: the dose's time over the steps that are left, and a step's time over its families. Whole seconds by largest remainder."""

from collections.abc import Sequence

from protocols.method.session.draft import Draft
from protocols.method.vocabulary import FAMILIES

EPSILON = 1e-9


def share_seconds(total: int, weights: Sequence[float], ceilings: Sequence[int]) -> list[int]:
    """Whole seconds by weight, none above its ceiling, together ``total`` or, when the ceilings do not allow that, their sum.

    Largest remainder; equal remainders go to the earlier one.
    """
    if total >= sum(ceilings):
        return list(ceilings)
    exact = _fill(total, weights, ceilings)
    whole = [int(value + EPSILON) for value in exact]
    order = sorted(range(len(whole)), key=lambda place: (-round(exact[place] - whole[place], 6), place))
    left = total - sum(whole)
    while left > 0:
        for place in order:
            if left > 0 and whole[place] < ceilings[place]:
                whole[place] += 1
                left -= 1
    return whole


def _fill(total: int, weights: Sequence[float], ceilings: Sequence[int]) -> list[float]:
    """Exact shares: what would be above its ceiling stays there, the rest is shared again."""
    exact = [0.0] * len(weights)
    free = list(range(len(weights)))
    left = float(total)
    # The ceilings of those that are free hold more than is left, so one of them is always below its own.
    while True:
        weight = sum(weights[place] for place in free)
        full = [place for place in free if left * weights[place] > ceilings[place] * weight * (1 + EPSILON)]
        if not full:
            for place in free:
                exact[place] = left * weights[place] / weight
            return exact
        for place in full:
            exact[place] = ceilings[place]
            left -= ceilings[place]
            free.remove(place)


def give_seconds(total: int, drafts: list[Draft]) -> None:
    """Sets the seconds of the steps: the dose by own times, no step above 1.5 times its own."""
    ceilings = [draft.longest for draft in drafts]
    for draft, seconds in zip(drafts, share_seconds(total, [draft.own for draft in drafts], ceilings), strict=True):
        draft.seconds = seconds


def family_seconds(draft: Draft) -> dict[str, int]:
    """Whole seconds of each family of the step, in the clinical order."""
    families = [family for family in FAMILIES if draft.shares.get(family, 0) > 0]
    seconds = share_seconds(draft.seconds, [draft.shares[family] for family in families], [draft.seconds] * len(families))
    return dict(zip(families, seconds, strict=True))
