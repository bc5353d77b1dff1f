"""A session was missed or cancelled late: the three ways in which its course can go on, with what each changes."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from clinic.courses.calendar.queries.choosing import Ground, ground_of_booked
from clinic.courses.calendar.slots import slot_of
from clinic.courses.calendar.wanting import pattern_of, wanted_at_the_end
from clinic.courses.models import Course
from clinic.schedule.proposing import propose
from clinic.schedule.proposing.values import Reason, Slot

EXTEND: Final = "extend"
LEAVE: Final = "leave"
REFLOW: Final = "reflow"
RULES: Final = (EXTEND, LEAVE, REFLOW)


@dataclass(frozen=True, slots=True)
class Turn:
    """One session before and after: its date now and then; None is no date."""

    number: int
    before: Slot | None
    after: Slot | None

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Way:
    """One way on. ``new`` is the date that is to be booked besides, ``slots`` where the booked ones would be; or why it cannot be."""

    rule: str
    turns: tuple[Turn, ...]
    slots: tuple[Slot, ...] = ()
    new: Slot | None = None
    against: tuple[Reason, ...] = ()


def ways_on(course: Course, *, now: datetime) -> tuple[Way, ...]:
    """The three ways: extend, leave the last one without a date, re-flow. A fixed number of queries."""
    ground, sessions = ground_of_booked(course, now=now, on=course.clinic.today())
    waiting = ground.dates.open_ones
    if not waiting:
        return ()
    numbers = sorted([*(session.number for session in sessions), *(session.number for session in waiting)])
    before = {session.number: slot_of(session.booking) for session in sessions if session.booking}
    return (
        _extended(ground, numbers, before),
        Way(LEAVE, _turns(numbers, before, ground.chosen), ground.chosen),
        _reflowed(ground, numbers, before),
    )


def _turns(numbers: list[int], before: dict[int, Slot], slots: tuple[Slot, ...]) -> tuple[Turn, ...]:
    given = [*slots, *([None] * len(numbers))]
    return tuple(Turn(number, before.get(number), slot) for number, slot in zip(numbers, given, strict=False))


def _extended(ground: Ground, numbers: list[int], before: dict[int, Slot]) -> Way:
    """Each session takes the date of the next one, and the last one gets a new date at the end.

    The calendar in which the booked ones may move serves: the new date lies after all of them, so they stand in nobody's way there.
    """
    wanted = wanted_at_the_end(ground.course, ground.dates, ground.wanted, pattern_of(ground.course, ground.dates))
    if wanted.count < 1:
        return Way(EXTEND, (), against=(Reason("too-few-days", {"fit": 0, "wanted": 1, "last_on": wanted.last_on}),))
    found = propose(ground.calendar, wanted)
    if not found.dates:
        return Way(EXTEND, (), against=found.obstacles)
    slots = (*ground.chosen, found.dates[0].slot)
    return Way(EXTEND, _turns(numbers, before, slots), ground.chosen, found.dates[0].slot)


def _reflowed(ground: Ground, numbers: list[int], before: dict[int, Slot]) -> Way:
    """The session gets a date as soon as the gaps allow, and as few others as possible move for it."""
    for moved in range(len(ground.chosen) + 1):
        kept = ground.chosen[moved:]
        wanted = replace(
            ground.wanted, count=moved + 1, then=kept[0].day if kept else None,
            kept=(*ground.wanted.kept, *(each.day for each in kept[1:])), first_on=_tomorrow(ground),
        )  # fmt: skip
        found = propose(ground.calendar, wanted)
        if found.dates:
            fresh = tuple(row.slot for row in found.dates)
            slots = (*fresh, *kept)
            # The dates that are booked already move to the first places; what is new is the last one of them.
            return Way(REFLOW, _turns(numbers, before, slots), (*fresh[:moved], *kept), fresh[moved])
    return Way(REFLOW, (), against=found.obstacles)


def _tomorrow(ground: Ground) -> date:
    return ground.course.clinic.today() + timedelta(days=1)
