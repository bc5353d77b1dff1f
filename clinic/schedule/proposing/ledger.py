"""What is free: a calendar from which places are taken and to which they are given back, asked by bit masks that are kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from clinic.schedule.proposing.costs import BESIDE_HEAVY, LOAD_NEAR, REST, clock_cost, is_load_near
from clinic.schedule.proposing.masks import apart_from, nearest, span, starts, window
from clinic.schedule.proposing.values import CELLS, Calendar, Place, Shift, Slot, Wanted

WHOLE_DAY = span(0, CELLS)


@dataclass(slots=True)
class _Rooms:
    """Rooms that are still to be looked at, and the beginnings that those looked at leave."""

    left: Iterator[tuple[Place, int | None, int]]
    free: int = 0


class Ledger:
    """The free places of a calendar. The calendar itself is never changed."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._shifts: dict[tuple[int, date], tuple[Shift, ...]] = {}  # days on which something was taken or given back
        self._places: dict[tuple[int, date], Sequence[Place]] = {}
        self._devices = dict(calendar.devices)
        self._devices_on: dict[date, list[int]] = {}
        for device, day in sorted(self._devices):
            self._devices_on.setdefault(day, []).append(device)
        self._therapist_starts: dict[tuple[int, date], dict[tuple[int, int], int]] = {}
        self._place_starts: dict[tuple[int, date], dict[tuple[int, bool], _Rooms]] = {}

    def shifts(self, therapist: int, day: date) -> tuple[Shift, ...]:
        """The shifts of a therapist on a day, one for each site."""
        key = (therapist, day)
        return self._shifts[key] if key in self._shifts else self.calendar.shifts.get(key, ())

    def patient_starts(self, wanted: Wanted, day: date) -> int:
        """Where a session can begin that day as far as the patient, the wished hours, the grid and the clock on the wall go."""
        mask = window(wanted.earliest, wanted.latest, wanted.cells, wanted.step)
        busy = self.calendar.patient_busy.get(day, 0) | wanted.busy.get(day, 0)
        if busy:
            mask &= starts(WHOLE_DAY & ~busy, wanted.cells)
        today = self.calendar.today
        if today is None or day > today:
            return mask
        return mask & ~span(0, self.calendar.now) if day == today else 0

    def starts(self, wanted: Wanted, shift: Shift, patient: int) -> int:
        """Where a session can begin in ``shift``: patient, therapist, load, room and device all allow it."""
        if not patient or not fits_load(wanted, shift):
            return 0
        length = wanted.cells + wanted.turnover
        known, key = self._therapist_starts.setdefault((shift.therapist, shift.day), {}), (shift.site, length)
        mask = known.get(key)
        if mask is None:
            mask = known[key] = starts(shift.free, length)
        mask &= patient
        return mask & self.place_starts(shift.site, shift.day, length, with_device=wanted.needs_device, among=mask) if mask else 0

    def place_starts(self, site: int, day: date, length: int, *, with_device: bool, among: int) -> int:
        """Where some room at ``site`` is free for ``length`` cells, together with a device if one is needed.

        Of the cells ``among`` which a beginning is looked for, each that is possible is told; no more rooms are looked at than that takes.
        """
        known, key = self._place_starts.setdefault((site, day), {}), (length, with_device)
        rooms = known.get(key)
        if rooms is None:
            rooms = known[key] = _Rooms(self._pairs(site, day, length, with_device=with_device))
        while among & ~rooms.free and (pair := next(rooms.left, None)):
            rooms.free |= pair[2]
        return rooms.free

    def _rooms(self, site: int, day: date) -> Sequence[Place]:
        key = (site, day)
        return self._places[key] if key in self._places else self.calendar.places.get(key, ())

    def _pairs(self, site: int, day: date, length: int, *, with_device: bool) -> Iterator[tuple[Place, int | None, int]]:
        """Rooms in their order, each with the devices that can be used in it, and where both are free."""
        calendar = self.calendar
        for place in self._rooms(site, day):
            free = starts(place.free, length)
            if not with_device:
                yield place, None, free
                continue
            for device in self._devices_on.get(day, ()):
                here = calendar.device_sites.get(device, site) == site and calendar.device_rooms.get(device, place.room) == place.room
                if here:
                    yield place, device, free & starts(self._devices[device, day], length)

    def cheapest(self, wanted: Wanted, therapist: int, day: date, patient: int) -> tuple[int, int, Shift] | None:
        """The cheapest (cost, cell, shift) of a therapist's day, without what depends on other sessions."""
        found = None
        for shift in self.shifts(therapist, day):
            mask = self.starts(wanted, shift, patient)
            if mask:
                cost, cell = cheapest_cell(wanted, shift, mask)
                if found is None or cost < found[0]:
                    found = (cost, cell, shift)
        return found

    def slot(self, wanted: Wanted, shift: Shift, cell: int) -> Slot:
        """The place at ``cell``, one of ``starts``: the first room, and device, that is free."""
        length = wanted.cells + wanted.turnover
        for place, device, free in self._pairs(shift.site, shift.day, length, with_device=wanted.needs_device):
            if free >> cell & 1:
                return Slot(shift.day, cell, shift.therapist, place.room, shift.site, device)
        raise LookupError(cell)

    def take(self, wanted: Wanted, slot: Slot) -> None:
        """Takes a place out: nobody else gets it."""
        self._book(wanted, slot, taken=True)

    def give_back(self, wanted: Wanted, slot: Slot) -> None:
        """Gives back what ``take`` took."""
        self._book(wanted, slot, taken=False)

    def _book(self, wanted: Wanted, slot: Slot, *, taken: bool) -> None:
        length, sign = wanted.cells + wanted.turnover, -1 if taken else 1
        cells, heavy = span(slot.cell, slot.cell + length), span(slot.cell, slot.cell + wanted.cells) if wanted.is_heavy else 0
        self._shifts[slot.therapist, slot.day] = tuple(
            replace(
                shift,
                free=shift.free & ~cells if taken else shift.free | cells if shift.site == slot.site else shift.free,
                heavy=shift.heavy | heavy if taken else shift.heavy & ~heavy,
                units_left=shift.units_left + sign * wanted.units,
                minutes_left=shift.minutes_left + sign * wanted.minutes,
            )
            for shift in self.shifts(slot.therapist, slot.day)
        )
        self._places[slot.site, slot.day] = tuple(
            replace(place, free=place.free & ~cells if taken else place.free | cells) if place.room == slot.room else place
            for place in self._rooms(slot.site, slot.day)
        )
        if slot.device is not None:
            free = self._devices[slot.device, slot.day]
            self._devices[slot.device, slot.day] = free & ~cells if taken else free | cells
        self._therapist_starts.pop((slot.therapist, slot.day), None)
        self._place_starts.pop((slot.site, slot.day), None)


def fits_load(wanted: Wanted, shift: Shift) -> bool:
    """Whether the therapist's load of the day has room for one session more."""
    return shift.units_left >= wanted.units and shift.minutes_left >= wanted.minutes


def cheapest_cell(wanted: Wanted, shift: Shift, mask: int) -> tuple[int, int]:
    """(cost, cell) of the cheapest first cell in ``mask``; the earlier one of two that cost the same."""
    load = LOAD_NEAR if is_load_near(wanted, shift) else 0
    calm = mask & apart_from(shift.heavy, wanted.cells, REST) if wanted.is_heavy and shift.heavy else mask
    found = []
    if calm:
        cell = nearest(calm, wanted.preferred)
        found.append((load + clock_cost(wanted, cell), cell))
    if mask != calm:
        cell = nearest(mask & ~calm, wanted.preferred)
        found.append((load + BESIDE_HEAVY + clock_cost(wanted, cell), cell))
    return min(found)


def slot_cost(wanted: Wanted, shift: Shift, cell: int) -> int:
    """The cost of one first cell, as ``cheapest_cell`` counts it."""
    return cheapest_cell(wanted, shift, 1 << cell)[0]
