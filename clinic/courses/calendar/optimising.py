"""One day planned anew: what the planner is asked, and what its plan means. Values in, values out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from clinic.courses.calendar.rehoming import Affected, Step
from clinic.schedule.proposing.day_values import UNPLACED, Day, DayPlace, DayPlan, DayRoom, DaySession, DayTherapist, price
from clinic.schedule.proposing.values import CELLS, Calendar, Slot

TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Booked:
    """One session of the day. ``therapists`` may do it, ``usual`` gives the course, in ``free`` the patient can come."""

    session: Affected
    therapists: tuple[int, ...]
    usual: int
    free: int = (1 << CELLS) - 1

    @property
    def now(self) -> int:
        """The cells it takes of its therapist now."""
        return ((1 << self.session.cells + self.session.turnover) - 1) << self.session.slot.cell


def day_from(calendar: Calendar, booked: Collection[Booked], step: int) -> Day:
    """The question for the planner. ``calendar`` is of that one day and leaves these bookings out."""
    (day,) = calendar.open_days
    shifts = {who: max(each, key=lambda shift: shift.free.bit_count()) for (who, on), each in calendar.shifts.items() if on == day and each}
    people = (DayTherapist(who, each.site, each.free, each.minutes_left, each.units_left) for who, each in sorted(shifts.items()))
    rooms = (DayRoom(place.room, place.site, place.free) for places in calendar.places.values() for place in places)
    return Day(tuple(people), tuple(rooms), tuple(_asked(each) for each in booked), step)


def _asked(booked: Booked) -> DaySession:
    each = booked.session
    return DaySession(
        key=each.booking, patient=each.patient, cells=each.cells, therapists=booked.therapists, wished=each.slot.cell,
        usual=booked.usual, turnover=each.turnover, free=booked.free, minutes=each.minutes, units=each.units,
    )  # fmt: skip


def present(day: Day, booked: Collection[Booked]) -> dict[int, DayPlace]:
    """The places of the sessions that can be given where they are."""
    free = {person.therapist: person.free for person in day.therapists}
    able = (each for each in booked if not each.now & ~free.get(each.session.slot.therapist, 0))
    return {each.session.booking: DayPlace(each.session.slot.cell, each.session.slot.therapist, each.session.slot.room) for each in able}


def cost_now(day: Day, booked: Collection[Booked]) -> int:
    """What the day costs as it is booked."""
    places, asked = present(day, booked), {each.key: each for each in day.sessions}
    return sum(price(asked[key], place.therapist, place.cell) for key, place in places.items()) + UNPLACED * (len(booked) - len(places))


def plan_around(day: Day, booked: Collection[Booked], plan: Callable[[Day], DayPlan]) -> DayPlan:
    """A plan in which nobody gets the room of a session that finds no place: such a session stays where it is until somebody has called."""
    found, unplaced = plan(day), set[int]()
    for _ in range(TRIES):
        if not found.unplaced:
            break
        unplaced |= set(found.unplaced)
        day = _without(day, [each for each in booked if each.session.booking in unplaced])
        found = plan(day)
    return replace(found, unplaced=tuple(sorted(unplaced | set(found.unplaced))), cost=found.cost + UNPLACED * len(unplaced))


def _without(day: Day, staying: Collection[Booked]) -> Day:
    gone = {each.session.booking for each in staying}
    taken: dict[int, int] = {}
    for each in staying:
        taken[each.session.slot.room] = taken.get(each.session.slot.room, 0) | each.now
    rooms = tuple(replace(room, free=room.free & ~taken.get(room.room, 0)) for room in day.rooms)
    return replace(day, rooms=rooms, sessions=tuple(each for each in day.sessions if each.key not in gone))


def figures_of(cost: int) -> tuple[int, int]:
    """A cost as people read it: how many sessions have no place, and the points of the others."""
    return divmod(cost, UNPLACED)


def steps_of(sessions: Mapping[int, Affected], places: Mapping[int, DayPlace], sites: Mapping[int, int]) -> tuple[Step, ...]:
    """The sessions that would go elsewhere. ``sites`` are those of the rooms."""
    found = []
    for key, place in places.items():
        session = sessions[key]
        room = session.slot.room if place.room is None else place.room
        found.append(Step(session, Slot(session.slot.day, place.cell, place.therapist, room, sites[room], session.slot.device)))
    return tuple(each for each in found if not each.stays)
