"""Small calendars for the proposer, and a plain way of finding all courses in them, cell by cell, to compare with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from clinic.schedule.proposing.costs import BESIDE_HEAVY, CHANGE, DRIFT, GAP, LOAD_NEAR, NOT_WISHED, REST, WAIT
from clinic.schedule.proposing.masks import span
from clinic.schedule.proposing.values import Calendar, Place, Rhythm, Shift, Slot, Wanted

MONDAY = date(2026, 9, 7)
EIGHT, NOON, FIVE = 96, 144, 204


def weekdays_from(first: date, count: int, *, closed: tuple[date, ...] = (), week: range = range(5)) -> tuple[date, ...]:
    """The next ``count`` open days."""
    days = (first + timedelta(days=number) for number in range(count * 4))
    return tuple(day for day in days if day.weekday() in week and day not in closed)[:count]


def calm_calendar(days: tuple[date, ...], therapists: tuple[int, ...] = (1, 2), rooms: int = 2, **others) -> Calendar:
    """Everybody works from eight to five and nothing is booked."""
    day_long = span(EIGHT, FIVE)
    return Calendar(
        days,
        {(person, day): (Shift(person, day, 1, day_long, day_long),) for person in therapists for day in days},
        {(1, day): tuple(Place(10 + room, 1, day, day_long) for room in range(rooms)) for day in days},
        **others,
    )


def plain_wanted(**changes) -> Wanted:
    """Four sessions of half an hour at nine, every other day."""
    wanted = Wanted(4, 6, 1, Rhythm(1, 3, 2), MONDAY, MONDAY + timedelta(days=60), (1, 2), preferred=108)
    return replace(wanted, **changes)


def without(calendar: Calendar, therapist: int, day: date, cells: int) -> Calendar:
    """The same calendar with some cells of a therapist booked."""
    shifts = dict(calendar.shifts)
    shifts[therapist, day] = tuple(replace(shift, free=shift.free & ~cells) for shift in shifts[therapist, day])
    return replace(calendar, shifts=shifts)


def small_world(seed: int) -> tuple[Calendar, Wanted]:
    """A scarce calendar of a few short days and a short course: everything that can bind does so now and then."""
    dice = Random(seed)  # noqa: S311  # invented calendars, no secret
    days = weekdays_from(MONDAY, dice.choice([6, 8, 9]), week=range(dice.choice([5, 6])))
    people, sites = (1, 2, 3)[: dice.choice([1, 2, 3])], (1, 2)[: dice.choice([1, 1, 2])]
    works = span(96, 120)
    shifts = {}
    for person in people:
        for day in days:
            if dice.random() < 0.85:
                units, minutes = dice.choice([1.0, 3.0, 30.0]), dice.choice([15, 60, 300])
                free, heavy = _some(dice, works, 0.85), _some(dice, works, 0.1)
                shifts[person, day] = (Shift(person, day, dice.choice(sites), works, free, units, minutes, heavy),)
    places = {
        (site, day): tuple(Place(site * 10 + room, site, day, _some(dice, works, 0.8)) for room in range(2))
        for site in sites
        for day in days
    }
    devices = {(person, day): _some(dice, works, 0.9) for person in (71, 72) for day in days}
    busy = {day: span(96, 102) for day in days if dice.random() < 0.2}
    calendar = Calendar(days, shifts, places, busy, devices=devices, device_sites={71: 1, 72: 1}, device_rooms={72: 11})
    least = dice.choice([1, 1, 2])
    rhythm = Rhythm(
        least,
        least + dice.choice([0, 1, 2]),
        least + dice.choice([0, 1]),
        dice.choice([7, 1, 2, 3]),
        dice.choice([0, 1, 2]),
        dice.choice([0, 2]),
    )
    return calendar, Wanted(
        dice.choice([2, 3, 4]), dice.choice([3, 6]), dice.choice([0, 1]), rhythm, days[0], days[-1], dice.choice([people, people[::-1]]),
        earliest=dice.choice([0, 99]), preferred=dice.choice([None, 96, 105]), weekdays=frozenset(dice.choice([range(7), (0, 2, 4, 5)])),
        same_therapist=dice.random() < 0.2, units=dice.choice([0.0, 1.5]), minutes=dice.choice([0, 20]), is_heavy=dice.random() < 0.4,
        needs_device=dice.random() < 0.3, has_wished_therapist=dice.random() < 0.8, after=dice.choice([None, None, days[0]]),
    )  # fmt: skip


def _some(dice: Random, mask: int, share: float) -> int:
    """Most of ``mask``, in runs of three cells."""
    return mask & sum(0b111 << cell for cell in range(96, 120, 3) if dice.random() < share)


# The plain way ----------------------------------------------------------------------------------------------------------------
def is_free(calendar: Calendar, wanted: Wanted, slot: Slot) -> bool:
    """Every hard rule of one place, cell by cell."""
    treated = range(slot.cell, slot.cell + wanted.cells)
    used = range(slot.cell, slot.cell + wanted.cells + wanted.turnover)
    shift = next(each for each in calendar.shifts[slot.therapist, slot.day] if each.site == slot.site)
    place = next(each for each in calendar.places[slot.site, slot.day] if each.room == slot.room)
    device_ok = slot.device is None
    if slot.device is not None:
        device_ok = calendar.device_sites[slot.device] == slot.site and calendar.device_rooms.get(slot.device, slot.room) == slot.room
        device_ok &= all(calendar.devices[slot.device, slot.day] >> cell & 1 for cell in used)
    return (
        slot.day in calendar.open_days and wanted.first_on <= slot.day <= wanted.last_on
        and slot.therapist in wanted.therapists and slot.day.weekday() in wanted.weekdays
        and wanted.earliest <= slot.cell and slot.cell + wanted.cells <= wanted.latest and slot.cell % wanted.step == 0
        and all(shift.free >> cell & 1 and place.free >> cell & 1 for cell in used)
        and not any(calendar.patient_busy.get(slot.day, 0) >> cell & 1 for cell in treated)
        and shift.units_left >= wanted.units and shift.minutes_left >= wanted.minutes
        and device_ok and (slot.device is not None) == wanted.needs_device
    )  # fmt: skip


def all_slots(calendar: Calendar, wanted: Wanted) -> list[Slot]:
    """Every possible place; of places that differ in room or device only, one."""
    found: dict[tuple[date, int, int], Slot] = {}
    for (person, day), shifts in calendar.shifts.items():
        for shift in shifts:
            for place in calendar.places[shift.site, day]:
                for device in sorted({device for device, _day in calendar.devices}) if wanted.needs_device else [None]:
                    for cell in range(96, 120):
                        slot = Slot(day, cell, person, place.room, shift.site, device)
                        if (day, cell, person) not in found and is_free(calendar, wanted, slot):
                            found[day, cell, person] = slot
    return list(found.values())


def keeps_rhythm(calendar: Calendar, wanted: Wanted, slots: list[Slot]) -> bool:
    """Gaps, weeks and the one therapist, where one is asked for."""
    at = [calendar.open_days.index(slot.day) for slot in slots]
    if wanted.after is not None:
        at.insert(0, calendar.open_days.index(wanted.after))
    weeks = [slot.day.isocalendar()[:2] for slot in slots] + ([wanted.after.isocalendar()[:2]] if wanted.after else [])
    return (
        all(wanted.rhythm.min <= later - earlier <= wanted.rhythm.max for earlier, later in pairwise(at))
        and all(weeks.count(week) <= wanted.rhythm.per_week for week in weeks)
        and not (wanted.same_therapist and len({slot.therapist for slot in slots}) > 1)
    )


def cost_of(calendar: Calendar, wanted: Wanted, slots: list[Slot]) -> int:
    """The cost of a whole course, counted the plain way."""
    at = [calendar.open_days.index(slot.day) for slot in slots]
    total = (
        WAIT * at[0] if wanted.after is None else GAP * abs(at[0] - calendar.open_days.index(wanted.after) - wanted.rhythm.ideal_before(2))
    )
    for number, (one, other) in enumerate(pairwise(slots), start=2):
        total += GAP * abs(at[number - 1] - at[number - 2] - wanted.rhythm.ideal_before(number)) + CHANGE * (
            one.therapist != other.therapist
        )
    return total + sum(_alone(calendar, wanted, slot) for slot in slots)


def _alone(calendar: Calendar, wanted: Wanted, slot: Slot) -> int:
    shift = calendar.shifts[slot.therapist, slot.day][0]
    cost = DRIFT * abs(slot.cell - wanted.preferred) if wanted.preferred is not None else 0
    cost += NOT_WISHED * (wanted.has_wished_therapist and slot.therapist != wanted.therapists[0])
    cost += LOAD_NEAR * (shift.units_left < 2 * wanted.units or shift.minutes_left < 2 * wanted.minutes)
    near = range(max(slot.cell - REST, 0), slot.cell + wanted.cells + REST)
    return cost + BESIDE_HEAVY * (wanted.is_heavy and any(shift.heavy >> cell & 1 for cell in near))


def all_courses(calendar: Calendar, wanted: Wanted) -> Iterator[list[Slot]]:
    """Every course that keeps all rules, of each therapist's day only the cheapest place."""
    best: dict[tuple[date, int], Slot] = {}
    for slot in all_slots(calendar, wanted):
        kept = best.get((slot.day, slot.therapist))
        if kept is None or _alone(calendar, wanted, slot) < _alone(calendar, wanted, kept):
            best[slot.day, slot.therapist] = slot
    found = sorted(best.values(), key=lambda slot: (slot.day, wanted.therapists.index(slot.therapist)))
    yield from _longer(calendar, wanted, found, [])


def _longer(calendar: Calendar, wanted: Wanted, slots: list[Slot], begun: list[Slot]) -> Iterator[list[Slot]]:
    if len(begun) == wanted.count:
        yield begun
        return
    for slot in slots:
        if not begun or slot.day > begun[-1].day:
            longer = [*begun, slot]
            if keeps_rhythm(calendar, wanted, longer):
                yield from _longer(calendar, wanted, slots, longer)


def first_fit(calendar: Calendar, wanted: Wanted) -> list[Slot] | None:
    """What a hurried receptionist takes: each time the first place that keeps the rules, without looking back."""
    begun: list[Slot] = []
    order = sorted(all_slots(calendar, wanted), key=lambda slot: (slot.day, slot.cell, wanted.therapists.index(slot.therapist)))
    for _ in range(wanted.count):
        fitting = (slot for slot in order if (not begun or slot.day > begun[-1].day) and keeps_rhythm(calendar, wanted, [*begun, slot]))
        slot = next(fitting, None)
        if slot is None:
            return None
        begun.append(slot)
    return begun
