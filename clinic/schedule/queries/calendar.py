"""Everything that is known of a span of days, as proposing takes it: free time of therapists, rooms and devices."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, TypedDict, Unpack

from django.db.models import QuerySet

from clinic.schedule.cells import WHOLE_DAY, cells_from, cells_touched, cells_within, days_between, first_cell_from
from clinic.schedule.models import Absence, Booking, Device, Room
from clinic.schedule.proposing.values import Calendar, Place, Shift
from clinic.schedule.queries import as_needed
from clinic.schedule.queries.as_needed import Places, Reading, Shifts
from clinic.schedule.queries.days import DaysKnown, HoursLine, days_known, in_the_span
from clinic.schedule.queries.taken import Asked, Taken, taken_between
from clinic.schedule.wall_clock import day_bounds, wall_of
from clinic.staff.models import Clinic, Qualification, User
from clinic.web.prepared import Prepared
from patients.models import Patient

Key = tuple[int, date]


class Besides(TypedDict, total=False):
    """What may be said besides: whose own bookings count, which bookings do not count, which qualifications the work needs, and whether
    bookings are read only as they are looked at."""

    patient: Patient | None
    ignoring: Iterable[Booking | int]
    needs: Collection[str]
    as_needed: bool


def calendar_of(
    clinic: Clinic, *, first: date, last: date, therapists: Iterable[User | int], now: datetime, **besides: Unpack[Besides]
) -> Calendar:
    """The days from ``first`` to ``last`` as this clinic's clock shows them, for these therapists (people or their numbers).

    Eight queries, nine where a device is needed (``apparatus`` among ``needs``), however long the span. A shift keeps the cells of its
    working hours in ``works`` also where the therapist is absent (``absent`` has the reason), the moment is past or a session is booked;
    ``free`` holds what is left. Holds that are over at ``now`` and the bookings of ``ignoring`` take nothing. A therapist's bookings at
    other clinics take time and load here too.

    With ``as_needed`` the same is read piece by piece when it is looked at, unless there are few therapists: one query for each of the
    first two therapists and rooms, and one for a block of days of all the others. Such a calendar must not outlive what is written.
    """
    days = days_known(clinic, first, last)
    asked = Asked(clinic, _numbers(therapists), besides.get("patient"), _numbers(besides.get("ignoring", ())), now)
    absences = (each for each in in_the_span(standing_absences, clinic, first, last) if each.therapist_id in asked.therapists)
    devices = _devices(clinic) if Qualification.APPARATUS in besides.get("needs", ()) else ()
    closed = days.closed(first, last)
    is_open = tuple(day for day in days_between(first, last) if day not in closed)
    absent, rooms = absent_cells(absences, first, last), _rooms_by_site(clinic)
    reading = Reading(asked, rooms, first, last)
    lazily = besides.get("as_needed", False) and len(asked.therapists) > as_needed.FEW
    taken = reading.taken if lazily else taken_between(asked, day_bounds(first, clinic.zone)[0], day_bounds(last, clinic.zone)[1])
    if lazily:
        _read_the_small(reading, devices)
    span = Span(days, asked, taken, absent, Hours.of(days, asked.therapists), days.sites_closed(first, last), *wall_of(now, clinic.zone))
    return Calendar(
        open_days=is_open,
        shifts=Shifts(reading, frozenset(is_open), span.shifts_on) if lazily else span.shifts(is_open),
        places=Places(reading, rooms, is_open, span.is_shut) if lazily else span.places(is_open, rooms),
        patient_busy=dict(taken.patient),
        closed=closed,
        absent={key: reason for key, (_cells, reason) in span.absent.items()},
        devices={(each.pk, day): WHOLE_DAY & ~taken.devices.get((each.pk, day), 0) for each in devices for day in is_open},
        device_sites={each.pk: each.site_id for each in devices},
        device_rooms={each.pk: each.room_id for each in devices if each.room_id is not None},
        today=span.today,
        now=first_cell_from(span.clock),
    )


def _read_the_small(reading: Reading, devices: Collection[Device]) -> None:
    """What is little is read at once: where the patient is, and the devices."""
    if reading.asked.patient is not None:
        reading.read("patient", (reading.asked.patient.pk,))
    if devices:
        reading.read("device", tuple(each.pk for each in devices))


def standing_absences(clinic: Clinic | int, first: date, last: date) -> QuerySet[Absence]:
    """Absences that touch the span and were not taken back."""
    return Absence.objects.filter(clinic=clinic, withdrawn_at=None, first_on__lte=last, last_on__gte=first)


@dataclass(frozen=True, slots=True)
class Hours:
    """Who works when: the weekly patterns of each therapist, and single days that differ from them."""

    weekly: Mapping[int, list[tuple[HoursLine, int]]]  # with the cells of each line
    special: Mapping[Key, Mapping[int, int]]

    @classmethod
    def of(cls, days: DaysKnown, therapists: Collection[int]) -> "Hours":
        weekly: dict[int, list[tuple[HoursLine, int]]] = defaultdict(list)
        for line in days.hours:
            if line.therapist_id in therapists:
                weekly[line.therapist_id].append((line, cells_within(line.starts, line.ends)))
        mine = [each for each in days.day_hours if each.therapist_id in therapists]
        special: dict[Key, dict[int, int]] = {(each.therapist_id, each.day): defaultdict(int) for each in mine}
        for each in mine:
            if each.starts and each.ends and each.site_id in days.sites:
                special[each.therapist_id, each.day][each.site_id] |= cells_within(each.starts, each.ends)
        return cls(weekly, special)

    def on(self, key: Key) -> Mapping[int, int]:
        """Site -> cells on which this therapist works on that day."""
        if key in self.special:
            return self.special[key]
        therapist, day = key
        weekday, found = day.weekday(), dict[int, int]()
        for line, cells in self.weekly.get(therapist, ()):
            if line.weekday == weekday and line.valid_from <= day and (line.valid_until is None or day <= line.valid_until):
                found[line.site_id] = found.get(line.site_id, 0) | cells
        return found


@dataclass(frozen=True, slots=True)
class Span:
    """What is known of a span of days of one clinic; ``shut`` are the sites closed on each day.

    ``today`` and ``clock`` are what its clock shows now.
    """

    days: DaysKnown
    asked: Asked
    taken: Taken
    absent: Mapping[Key, tuple[int, str]]
    hours: Hours
    shut: Mapping[date, Mapping[int | None, str]]
    today: date
    clock: time

    def shifts(self, is_open: tuple[date, ...]) -> dict[Key, tuple[Shift, ...]]:
        """(therapist, day) -> a shift for each site where the therapist works on that day."""
        keys = ((therapist, day) for therapist in self.asked.therapists for day in is_open)
        return {key: shifts for key in keys if (shifts := self.shifts_on(key))}

    def shifts_on(self, key: Key) -> tuple[Shift, ...]:
        """The shifts of one therapist on one open day; those of a site that is closed are left out."""
        shut = self.shut.get(key[1], ())
        return tuple(self._shift(key, site, works) for site, works in self.hours.on(key).items() if works and site not in shut)

    def places(self, is_open: tuple[date, ...], rooms: Mapping[int, Sequence[int]]) -> dict[Key, tuple[Place, ...]]:
        """(site, day) -> its rooms with the cells in which nobody uses them; none where the site is closed."""
        taken = self.taken.rooms
        return {
            (site, day): tuple(Place(room, site, day, WHOLE_DAY & ~taken.get((room, day), 0)) for room in numbers)
            for site, numbers in rooms.items()
            for day in is_open
            if not self.is_shut(site, day)
        }

    def is_shut(self, site: int, day: date) -> bool:
        """Whether that site is closed on a day on which the clinic is open."""
        return site in self.shut.get(day, ())

    def _shift(self, key: Key, site: int, works: int) -> Shift:
        therapist, day = key
        taken, rules = self.taken, self.days.rules
        gone = taken.therapists.get(key, 0) | (self.absent[key][0] if key in self.absent else 0)
        return Shift(
            therapist, day, site, works, works & ~gone & self._to_come(day),
            units_left=float(rules.units_per_day) - taken.units.get(key, 0.0),
            minutes_left=rules.hands_on_minutes_per_day - taken.minutes.get(key, 0),
            heavy=taken.heavy.get(key, 0),
        )  # fmt: skip

    def _to_come(self, day: date) -> int:
        if day != self.today:
            return WHOLE_DAY if day > self.today else 0
        return cells_from(self.clock)


def _rooms_by_site(clinic: Clinic) -> dict[int, list[int]]:
    """Site -> its rooms in use, by name. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    for site, room in _ROOMS.rows("", clinic=clinic.pk):
        found[site].append(room)
    return dict(found)


def _rooms(_kind: str, *, clinic: int) -> QuerySet[Any, Any]:
    rooms = Room.objects.filter(clinic=clinic, is_active=True, site__is_active=True)
    return rooms.order_by("name", "pk").values_list("site_id", "pk")


_ROOMS: Final = Prepared(_rooms)


def absent_cells(absences: Iterable[Absence], first: date, last: date) -> dict[Key, tuple[int, str]]:
    """(therapist, day) -> the cells of that day in which absences keep the therapist away, and the reason of the first of them."""
    found: dict[Key, tuple[int, str]] = {}
    for each in absences:
        cells = cells_touched(each.starts, each.ends) if each.starts and each.ends else WHOLE_DAY
        for day in days_between(max(first, each.first_on), min(last, each.last_on)):
            before, reason = found.get((each.therapist_id, day), (0, each.reason))
            found[each.therapist_id, day] = (before | cells, reason)
    return found


def _devices(clinic: Clinic) -> tuple[Device, ...]:
    found = Device.objects.filter(clinic=clinic, is_active=True, site__is_active=True).select_related("room").order_by("name", "pk")
    return tuple(each for each in found if each.room is None or each.room.is_active)


def _numbers(things: Iterable[User | Booking | int]) -> frozenset[int]:
    return frozenset(each if isinstance(each, int) else each.pk for each in things)
