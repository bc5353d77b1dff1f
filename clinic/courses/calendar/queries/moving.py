"""What moving one session would change: this one alone, this and the rest alike, or as few others as the gaps demand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from clinic.courses.calendar.queries.choosing import Ground
from clinic.courses.calendar.slots import only_at
from clinic.schedule.cells import clock_of
from clinic.schedule.proposing import judged, propose, why_not
from clinic.schedule.proposing.values import At, Reason, Slot

ONLY: Final = "only"
REST: Final = "rest"
REFLOW: Final = "reflow"
WAYS: Final = (ONLY, REST, REFLOW)


@dataclass(frozen=True, slots=True)
class Change:
    """Where the movable sessions of a course would be, in their order; ``against`` is why it cannot be so, ``at`` which one is meant."""

    slots: tuple[Slot, ...] = ()
    against: tuple[Reason, ...] = ()
    at: int = 0


def change_of(ground: Ground, number: int, slot: Slot, way: str) -> Change:
    """All dates after the one at place ``number`` (1 is the first) has gone to ``slot``, in that way. Nothing is written."""
    make = {ONLY: _only, REST: _rest, REFLOW: _reflow}[way]
    return make(ground, number, slot)


def reasons_against(ground: Ground, number: int, slot: Slot) -> tuple[Reason, ...]:
    """What speaks against this slot while all other dates stay."""
    return why_not(ground.calendar, ground.wanted, ground.chosen, number, At(slot.day, slot.cell, slot.therapist))


def _only(ground: Ground, number: int, slot: Slot) -> Change:
    slots = _with(ground.chosen, number, slot)
    return Change(slots, reasons_against(ground, number, slot), number)


def _rest(ground: Ground, number: int, slot: Slot) -> Change:
    """The same shift for this session and every later one: as many open days, and as much of the clock; therapist and room may differ."""
    old, days = ground.chosen[number - 1], ground.calendar.open_days
    if slot.day not in days or old.day not in days:
        return Change(against=_alone(ground, number, slot), at=number)
    steps, clock = days.index(slot.day) - days.index(old.day), slot.cell - old.cell
    slots = [*ground.chosen[: number - 1], slot]
    for at in range(number, len(ground.chosen)):
        there = ground.chosen[at]
        place = days.index(there.day) + steps if there.day in days else -1
        moved = _near(ground, there, days[place], there.cell + clock) if 0 <= place < len(days) else None
        if moved is None:
            return Change(against=(Reason("too-few-days", _about(ground, at)),), at=at + 1)
        slots.append(moved)
    return Change(tuple(slots), _alone(ground, number, slot), number)


def _near(ground: Ground, there: Slot, day: date, cell: int) -> Slot | None:
    """A free place on that day at that time: with the same therapist if possible, else with a colleague, else at another time."""
    same = propose(ground.calendar, only_at(ground.wanted, day, clock_of(cell), there.therapist))
    anybody = same if same.dates else propose(ground.calendar, only_at(ground.wanted, day, clock_of(cell), None))
    if anybody.dates:
        return anybody.dates[0].slot
    any_time = replace(
        only_at(ground.wanted, day, clock_of(cell), None), earliest=ground.wanted.earliest, latest=ground.wanted.latest,
        preferred=cell, step=ground.wanted.step,
    )  # fmt: skip
    found = propose(ground.calendar, any_time)
    return found.dates[0].slot if found.dates else None


def _reflow(ground: Ground, number: int, slot: Slot) -> Change:
    """Moves as few later sessions as possible, so that every gap is kept again; those before stay."""
    head = (*ground.chosen[: number - 1], slot)
    against = _alone(ground, number, slot)
    for moved in range(len(ground.chosen) - number + 1):
        tail = _tail(ground, head, number, moved)
        if tail is not None:
            return Change((*head, *tail), against, number)
    return Change(against=(*against, Reason("too-few-days", _about(ground, number))), at=number)


def _tail(ground: Ground, head: Sequence[Slot], number: int, moved: int) -> tuple[Slot, ...] | None:
    """The sessions after the head when so many of them are looked for anew and the others stay; None when that cannot be."""
    kept = ground.chosen[number + moved :]
    if moved == 0:
        return kept if _keeps_gaps(ground, head, kept) else None
    wanted = replace(
        ground.wanted, count=moved, first_on=head[-1].day + timedelta(days=1), after=head[-1].day, then=kept[0].day if kept else None,
        done=ground.wanted.done + number, kept=(*ground.wanted.kept, *(each.day for each in (*head[:-1], *kept[1:]))),
        last_on=max(ground.wanted.last_on, ground.calendar.open_days[-1]) if ground.calendar.open_days else ground.wanted.last_on,
    )  # fmt: skip
    found = propose(ground.calendar, wanted)
    return (*(row.slot for row in found.dates), *kept) if found.dates else None


def _keeps_gaps(ground: Ground, head: Sequence[Slot], kept: Sequence[Slot]) -> bool:
    """Whether the first session that stays is still far and near enough."""
    if not kept:
        return True
    if kept[0].day <= head[-1].day:
        return False
    broken = {reason.code for reason in judged(ground.calendar, ground.wanted, [*head, *kept])[len(head)].reasons}
    return not broken & {"gap-too-short", "gap-too-long", "week-full"}


def _alone(ground: Ground, number: int, slot: Slot) -> tuple[Reason, ...]:
    """What speaks against the slot where the later dates give way."""
    return why_not(ground.calendar, ground.wanted, ground.chosen[:number], number, At(slot.day, slot.cell, slot.therapist))


def _with(slots: Sequence[Slot], number: int, slot: Slot) -> tuple[Slot, ...]:
    return (*slots[: number - 1], slot, *slots[number:])


def _about(ground: Ground, fit: int) -> dict[str, object]:
    return {"fit": fit, "wanted": len(ground.chosen), "last_on": ground.wanted.last_on}
