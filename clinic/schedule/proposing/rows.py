"""One date among the others of its course: what stands beside it, what it costs there and what makes it amber."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinic.schedule.proposing.costs import (
    CHANGE,
    LATE_AFTER,
    REST,
    clock_reasons,
    gap_cost,
    gap_reasons,
    is_load_near,
    therapist_cost,
    therapist_reasons,
)
from clinic.schedule.proposing.days import Days, start_cost
from clinic.schedule.proposing.ledger import Ledger, slot_cost
from clinic.schedule.proposing.masks import apart_from
from clinic.schedule.proposing.path import monday_of
from clinic.schedule.proposing.values import ProposedDate, Reason, Shift, Slot, Wanted


@dataclass(frozen=True, slots=True)
class Beside:
    """What is fixed around session ``number``: the days and therapists before and after it, and the days of all the others."""

    number: int
    before: date | None
    after: date | None
    therapist_before: int | None
    therapist_after: int | None
    others: tuple[date, ...]
    is_last: bool


def beside(wanted: Wanted, chosen: Sequence[Slot], number: int) -> Beside:
    """The neighbours of session ``number`` (1 is the first of ``chosen``)."""
    before = chosen[number - 2] if number > 1 else None
    after = chosen[number] if number < len(chosen) else None
    days = {slot.day for at, slot in enumerate(chosen, start=1) if at != number}
    days |= {*wanted.kept, *filter(None, (wanted.after, wanted.then))}
    return Beside(
        number,
        before.day if before else wanted.after,
        after.day if after else wanted.then,
        before.therapist if before else None,
        after.therapist if after else None,
        tuple(sorted(days)),
        after is None,
    )


def has_gap_before(wanted: Wanted, around: Beside) -> bool:
    """Whether the rhythm counts the days before this session."""
    return around.before is not None and not (around.number == 1 and wanted.first_gap_free)


def gap_breaks(days: Days, wanted: Wanted, around: Beside, day: date) -> tuple[Reason, ...]:
    """Which hard rule of the rhythm ``day`` breaks towards its neighbours, and whether its week is full."""
    broken: list[Reason] = []
    if around.before is not None and day <= around.before:
        broken.append(Reason("gap-too-short", {"gap": 0, "min": max(wanted.rhythm.min, 1), "side": "before"}))
    elif has_gap_before(wanted, around) and around.before is not None:
        broken += _gap_break(wanted, days.gap(around.before, day), "before")
    if around.after is not None and day >= around.after:
        broken.append(Reason("gap-too-short", {"gap": 0, "min": max(wanted.rhythm.min, 1), "side": "after"}))
    elif around.after is not None:
        broken += _gap_break(wanted, days.gap(day, around.after), "after")
    in_week = sum(monday_of(other) == monday_of(day) for other in around.others)
    if in_week >= wanted.rhythm.per_week:
        broken.append(Reason("week-full", {"per_week": wanted.rhythm.per_week, "has": in_week}))
    return tuple(broken)


def _gap_break(wanted: Wanted, gap: int, side: str) -> tuple[Reason, ...]:
    least = max(wanted.rhythm.min, 1)
    if gap < least:
        return (Reason("gap-too-short", {"gap": gap, "min": least, "side": side}),)
    if gap > wanted.rhythm.max:
        return (Reason("gap-too-long", {"gap": gap, "max": wanted.rhythm.max, "side": side}),)
    return ()


def place_cost(days: Days, wanted: Wanted, around: Beside, shift: Shift | None, slot: tuple[date, int, int]) -> int:
    """What a date costs with the gap and the change before it, and the gap to a fixed session after the last one.

    ``slot`` is (day, cell, therapist). A gap that the rhythm forbids costs nothing here: it is told as a reason.
    """
    day, cell, therapist = slot
    cost = therapist_cost(wanted, therapist) + (slot_cost(wanted, shift, cell) if shift else 0)
    if around.number == 1:
        cost += start_cost(days, wanted, day) or 0
    elif around.before is not None and day > around.before:
        cost += gap_cost(wanted, around.number, days.gap(around.before, day)) or 0
    if around.therapist_before not in (None, therapist):
        cost += CHANGE
    if around.is_last and around.after is not None and day < around.after:
        cost += gap_cost(wanted, around.number + 1, days.gap(day, around.after)) or 0
    return cost


def cost_to_next(days: Days, wanted: Wanted, around: Beside, day: date, therapist: int) -> int:
    """What the gap and the change to a session after this one cost; they are counted with that session otherwise."""
    if around.is_last or around.after is None or day >= around.after:
        return 0
    change = CHANGE if therapist != around.therapist_after else 0
    return change + (gap_cost(wanted, around.number + 1, days.gap(day, around.after)) or 0)


def amber_reasons(days: Days, wanted: Wanted, around: Beside, shift: Shift | None, slot: Slot) -> tuple[Reason, ...]:
    """What was wished and is missed by this date."""
    reasons: list[Reason] = []
    if has_gap_before(wanted, around) and around.before is not None and slot.day > around.before:
        reasons += gap_reasons(wanted, around.number, days.gap(around.before, slot.day))
    elif around.number == 1 and days.waiting(slot.day) >= LATE_AFTER:
        reasons.append(Reason("starts-late", {"days": days.waiting(slot.day)}))
    if around.is_last and around.after is not None and slot.day < around.after:
        reasons += gap_reasons(wanted, around.number + 1, days.gap(slot.day, around.after))
    reasons += therapist_reasons(wanted, slot.therapist, around.therapist_before)
    reasons += clock_reasons(wanted, slot.cell)
    return (*reasons, *_load_reasons(wanted, shift, slot.cell))


def _load_reasons(wanted: Wanted, shift: Shift | None, cell: int) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    if shift and is_load_near(wanted, shift):
        reasons.append(Reason("load-near", {"units_left": shift.units_left, "minutes_left": shift.minutes_left}))
    if shift and wanted.is_heavy and not apart_from(shift.heavy, wanted.cells, REST) >> cell & 1:
        reasons.append(Reason("beside-heavy", {}))
    return tuple(reasons)


def shift_of(ledger: Ledger, therapist: int, day: date, site: int) -> Shift | None:
    """The shift in which a place lies, if the therapist has one there."""
    return next((shift for shift in ledger.shifts(therapist, day) if shift.site == site), None)


def judge(ledger: Ledger, wanted: Wanted, slots: Sequence[Slot]) -> tuple[ProposedDate, ...]:
    """Each date with its cost and its reasons; the costs add up to that of the course."""
    days = Days(ledger.calendar, wanted)
    return tuple(judge_one(ledger, days, wanted, beside(wanted, slots, number), slot) for number, slot in enumerate(slots, start=1))


def judge_one(ledger: Ledger, days: Days, wanted: Wanted, around: Beside, slot: Slot) -> ProposedDate:
    """One date among fixed neighbours. Hard rules it breaks stand before what only makes it amber."""
    shift = shift_of(ledger, slot.therapist, slot.day, slot.site)
    cost = place_cost(days, wanted, around, shift, (slot.day, slot.cell, slot.therapist))
    broken = [reason for reason in gap_breaks(days, wanted, around, slot.day) if reason.about.get("side") != "after" or around.is_last]
    told = {_base(reason.code) for reason in broken}
    amber = [reason for reason in amber_reasons(days, wanted, around, shift, slot) if _base(reason.code) not in told]
    return ProposedDate(slot, cost, (*broken, *amber))


def _base(code: str) -> str:
    """ "gap-short" says less than "gap-too-short" beside it."""
    return code.replace("-too-", "-")
