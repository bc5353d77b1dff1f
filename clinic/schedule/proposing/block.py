"""Dates for a block of courses: one by one exactly, then a bounded search that puts a few similar ones back in another order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from clinic.schedule.proposing.asking import propose_from
from clinic.schedule.proposing.ledger import Ledger
from clinic.schedule.proposing.obstacles import obstacles_of
from clinic.schedule.proposing.path import cheapest_dates
from clinic.schedule.proposing.rows import judge
from clinic.schedule.proposing.values import Calendar, Proposal, Slot, Wanted

UNPLACED: Final = 100_000  # a course without dates is worse than any dates
FEWEST, MOST = 3, 8  # courses taken out at a time
NEAR: Final = 12  # cells from the wished time within which somebody sits where this course would like to be


@dataclass(frozen=True, slots=True)
class Budget:
    """How long the repair search goes on: ``rounds`` at most, sooner when ``is_over`` says so. The same ``seed`` gives the same dates."""

    rounds: int = 0
    seed: int = 0
    is_over: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Placed:
    """What one course has at the moment."""

    slots: list[Slot] | None
    cost: int


def propose_block(calendar: Calendar, wanteds: Sequence[Wanted], budget: Budget | None = None) -> tuple[Proposal, ...]:
    """Dates of each course, in the order given, no two in one place. With a budget, cheaper together than one after another.

    A course placed by going one by one stays placed: a round is kept only where it costs less and nobody loses all dates.
    """
    ledger = Ledger(calendar)
    placed = [_place(ledger, wanted) for wanted in wanteds]
    if budget is not None and len(wanteds) > 1:
        dice = Random(budget.seed)  # noqa: S311  # the same dates for the same question
        for _ in range(budget.rounds):
            if budget.is_over():
                break
            _one_round(ledger, wanteds, placed, dice)
    return tuple(_proposal(ledger, wanted, course) for wanted, course in zip(wanteds, placed, strict=True))


def _place(ledger: Ledger, wanted: Wanted) -> Placed:
    """The cheapest dates that are left, taken out of the ledger."""
    slots = cheapest_dates(ledger, wanted)
    if slots is None:
        return Placed(None, UNPLACED if wanted.count else 0)
    cost = sum(row.cost for row in judge(ledger, wanted, slots))
    for slot in slots:
        ledger.take(wanted, slot)
    return Placed(slots, cost)


def _clear(ledger: Ledger, wanted: Wanted, course: Placed) -> None:
    for slot in course.slots or ():
        ledger.give_back(wanted, slot)


def _one_round(ledger: Ledger, wanteds: Sequence[Wanted], placed: list[Placed], dice: Random) -> None:
    """Takes a few similar courses out, puts them back exactly in another order, and keeps that where it is cheaper."""
    out = _similar(wanteds, placed, dice)
    before = {at: placed[at] for at in out}
    for at in out:
        _clear(ledger, wanteds[at], placed[at])
    dice.shuffle(out)
    after = {at: _place(ledger, wanteds[at]) for at in out}
    lost = any(after[at].slots is None and before[at].slots is not None for at in out)
    if not lost and sum(course.cost for course in after.values()) < sum(course.cost for course in before.values()):
        for at, course in after.items():
            placed[at] = course
        return
    for at, course in after.items():
        _clear(ledger, wanteds[at], course)
    for at, course in before.items():
        for slot in course.slots or ():
            ledger.take(wanteds[at], slot)


def _similar(wanteds: Sequence[Wanted], placed: Sequence[Placed], dice: Random) -> list[int]:
    """A few courses, the first one the dearest of three, the others those that sit where it would like to be."""
    first = max((dice.randrange(len(wanteds)) for _ in range(3)), key=lambda at: placed[at].cost)
    mine = wanteds[first]

    def nearness(at: int) -> float:
        sits = (slot for slot in placed[at].slots or () if slot.therapist in mine.therapists)
        hits = sum(mine.preferred is None or abs(slot.cell - mine.preferred) < NEAR for slot in sits)
        return hits * (0.5 + dice.random())

    return sorted(range(len(wanteds)), key=lambda at: (at != first, -nearness(at)))[: dice.randint(FEWEST, MOST)]


def _proposal(ledger: Ledger, wanted: Wanted, course: Placed) -> Proposal:
    """The dates with their reasons, judged with the course's own places free."""
    if course.slots is None:
        return propose_from(ledger, wanted) if not wanted.count else Proposal((), 0, obstacles_of(ledger, wanted))
    _clear(ledger, wanted, course)
    dates = judge(ledger, wanted, course.slots)
    for slot in course.slots:
        ledger.take(wanted, slot)
    return Proposal(dates, sum(row.cost for row in dates))
