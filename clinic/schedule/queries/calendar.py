"""Everything that is known of a span of days, as proposing takes it: free time of therapists, rooms and devices."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypedDict, Unpack

from django.db.models import QuerySet

from clinic.schedule.cells import WHOLE_DAY, cells_from, cells_touched, cells_within, days_between, first_cell_from
from clinic.schedule.models import Absence, Booking, Device, Room
from clinic.schedule.proposing.values import Calendar, Place, Shift
from clinic.schedule.queries.days import DaysKnown, days_known, days_of_line
from clinic.schedule.queries.taken import Asked, Taken, taken_between
from clinic.schedule.wall_clock import day_bounds, wall_of
from clinic.staff.models import Clinic, Qualification, User
from patients.models import Patient

Key = tuple[int, date]


class Besides(TypedDict, total=False):
    """What may be said besides: whose own bookings count, which bookings do not count, and which qualifications the work needs."""

    patient: Patient | None
    ignoring: Iterable[Booking | int]
    needs: Collection[str]


def calendar_of(
    clinic: Clinic, *, first: date, last: date, therapists: Iterable[User | int], now: datetime, **besides: Unpack[Besides]
) -> Calendar:
    """The days from ``first`` to ``last`` as this clinic's clock shows them, for these therapists (people or their numbers).

    Eight queries, nine where a device is needed (``apparatus`` among ``needs``), however long the span. A shift keeps the cells of its
    working hours in ``works`` also where the therapist is absent (``absent`` has the reason), the moment is past or a session is booked;
    ``free`` holds what is left. Holds that are over at ``now`` and the bookings of ``ignoring`` take nothing. A therapist's bookings at
    other clinics take time and load here too.
    """
    days = days_known(clinic, first, last)
    asked = Asked(clinic, _numbers(therapists), besides.get("patient"), _numbers(besides.get("ignoring", ())), now)
    taken = taken_between(asked, day_bounds(first, clinic.zone)[0], day_bounds(last, clinic.zone)[1])
    absences = tuple(standing_absences(clinic, first, last).filter(therapist__in=asked.therapists))
    span = Span(days, asked, taken, _absent_cells(absences, first, last), *wall_of(now, clinic.zone))
    closed = days.closed(first, last)
    is_open = tuple(day for day in days_between(first, last) if day not in closed)
    devices = _devices(clinic) if Qualification.APPARATUS in besides.get("needs", ()) else ()
    return Calendar(
        open_days=is_open,
        shifts=span.shifts(is_open),
        places=span.places(is_open, Room.objects.filter(clinic=clinic, is_active=True, site__is_active=True).order_by("name", "pk")),
        patient_busy=dict(taken.patient),
        closed=closed,
        absent={key: reason for key, (_cells, reason) in span.absent.items()},
        devices={(each.pk, day): WHOLE_DAY & ~taken.devices.get((each.pk, day), 0) for each in devices for day in is_open},
        device_sites={each.pk: each.site_id for each in devices},
        device_rooms={each.pk: each.room_id for each in devices if each.room_id is not None},
        today=span.today,
        now=first_cell_from(span.clock),
    )


def standing_absences(clinic: Clinic | int, first: date, last: date) -> QuerySet[Absence]:
    """Absences that touch the span and were not taken back."""
    return Absence.objects.filter(clinic=clinic, withdrawn_at=None, first_on__lte=last, last_on__gte=first)


@dataclass(frozen=True, slots=True)
class Span:
    """What is known of a span of days of one clinic. ``today`` and ``clock`` are what its clock shows now."""

    days: DaysKnown
    asked: Asked
    taken: Taken
    absent: Mapping[Key, tuple[int, str]]
    today: date
    clock: time

    def shifts(self, is_open: tuple[date, ...]) -> dict[Key, tuple[Shift, ...]]:
        """(therapist, day) -> a shift for each site where the therapist works on that day."""
        if not is_open:
            return {}
        closed = self.days.sites_closed(is_open[0], is_open[-1])
        worked, opened = self._worked(is_open[0], is_open[-1]), set(is_open)
        made = {
            key: tuple(self._shift(key, site, works) for site, works in by_site.items() if works and site not in closed.get(key[1], ()))
            for key, by_site in worked.items()
            if key[1] in opened
        }
        return {key: shifts for key, shifts in made.items() if shifts}

    def places(self, is_open: tuple[date, ...], rooms: Iterable[Room]) -> dict[Key, tuple[Place, ...]]:
        """(site, day) -> its rooms with the cells in which nobody uses them; none where the site is closed."""
        closed = self.days.sites_closed(is_open[0], is_open[-1]) if is_open else {}
        by_site: dict[int, list[int]] = defaultdict(list)
        for room in rooms:
            by_site[room.site_id].append(room.pk)
        taken = self.taken.rooms
        return {
            (site, day): tuple(Place(room, site, day, WHOLE_DAY & ~taken.get((room, day), 0)) for room in numbers)
            for site, numbers in by_site.items()
            for day in is_open
            if site not in closed.get(day, ())
        }

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

    def _worked(self, first: date, last: date) -> dict[Key, dict[int, int]]:
        """(therapist, day) -> site -> cells, by the weekly patterns; what was said of a day replaces them on that day."""
        found: dict[Key, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for line in self.days.hours:
            if line.therapist_id in self.asked.therapists:
                cells = cells_within(line.starts, line.ends)
                for day in days_of_line(line, first, last):
                    found[line.therapist_id, day][line.site_id] |= cells
        mine = [each for each in self.days.day_hours if each.therapist_id in self.asked.therapists]
        found.update({(each.therapist_id, each.day): defaultdict(int) for each in mine})
        for each in mine:
            if each.starts and each.ends and each.site_id in self.days.sites:
                found[each.therapist_id, each.day][each.site_id] |= cells_within(each.starts, each.ends)
        return found


def _absent_cells(absences: Iterable[Absence], first: date, last: date) -> dict[Key, tuple[int, str]]:
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
