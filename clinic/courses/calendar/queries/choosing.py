"""The ground on which dates are chosen: what is wanted, what is free, and what people and rooms are called. A fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.slots import only_at, slot_of
from clinic.courses.calendar.standing import CourseDates, dates_of, movable
from clinic.courses.calendar.wanting import Work, pattern_of, wanted_again, wanted_of
from clinic.courses.models import Course, Session
from clinic.schedule.cells import clock_of
from clinic.schedule.models import Booking, Room
from clinic.schedule.proposing import alternatives, judged, propose, why_not
from clinic.schedule.proposing.masks import span
from clinic.schedule.proposing.values import At, Calendar, Proposal, ProposedDate, Reason, Slot, Wanted
from clinic.schedule.queries import calendar_of, therapists_for
from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared

BACK: timedelta = timedelta(days=35)  # gaps are counted over open days, from the session before
AHEAD: timedelta = timedelta(days=35)  # how far a single date can be moved beyond the last one


@dataclass(frozen=True, slots=True)
class Names:
    """What people and rooms of a clinic are called, by their numbers."""

    therapists: Mapping[int, str]
    rooms: Mapping[int, str]


def names_at(clinic: Clinic) -> Names:
    """Two queries."""
    people = {each.pk: each.full_name for each in therapists_for(clinic)}
    return Names(people, room_names(clinic))


def room_names(clinic: Clinic) -> dict[int, str]:
    """What the rooms of a clinic are called, also those that are used no more. One query."""
    return dict(_ROOMS.rows("", clinic=clinic.pk))


def _rooms(_kind: str, *, clinic: int) -> QuerySet[Any, Any]:
    return Room.objects.filter(clinic=clinic).values_list("pk", "name")


_ROOMS: Final = Prepared(_rooms)


@dataclass(frozen=True, slots=True)
class Ground:
    """``chosen`` are the slots of all sessions that can still be moved, in their order; ``sessions`` or holds stand behind them."""

    course: Course
    dates: CourseDates
    wanted: Wanted
    calendar: Calendar
    chosen: tuple[Slot, ...] = ()

    def proposal(self) -> Proposal:
        """All dates at the least cost, or why there are none."""
        return propose(self.calendar, self.wanted)

    def judged(self) -> tuple[ProposedDate, ...]:
        """The chosen dates with what is missing of the wishes."""
        return judged(self.calendar, self.wanted, self.chosen)

    def others_for(self, number: int, limit: int = 5) -> tuple[ProposedDate, ...]:
        """The best other times for the date at that place among the chosen ones (1 is the first); the others stay."""
        return alternatives(self.calendar, self.wanted, self.chosen, number, limit)

    def why_not(self, number: int, day: date, clock: time, therapist: int | None) -> tuple[Reason, ...]:
        """What speaks against this time for the date at that place; nothing when it is possible."""
        cell = only_at(self.wanted, day, clock, therapist).earliest
        return why_not(self.calendar, self.wanted, self.chosen, number, At(day, cell, therapist))

    def slot_at(self, day: date, clock: time, therapist: int | None, room: int | None = None) -> Slot | None:
        """A free place at exactly this time, whatever the gaps and wishes; None when somebody or something is not free.

        In this ``room`` where it is free, else in the first one that is.
        """
        found = propose(self.calendar, only_at(self.wanted, day, clock, therapist))
        if not found.dates:
            return None
        slot = found.dates[0].slot
        is_free = room is not None and slot.device is None and self._is_free(replace(slot, room=room or 0))
        return replace(slot, room=room or 0) if is_free else slot

    def has_place(self, slot: Slot) -> bool:
        """Whether a slot that somebody sent is one: at the site where the therapist works then, a free room, a device if one is needed."""
        found = self.slot_at(slot.day, clock_of(slot.cell), slot.therapist)
        return found is not None and (found.site, found.device is None) == (slot.site, slot.device is None) and self._is_free(slot)

    def _is_free(self, slot: Slot) -> bool:
        asked = span(slot.cell, slot.cell + self.wanted.cells + self.wanted.turnover)
        rooms = self.calendar.places.get((slot.site, slot.day), ())
        return any(place.room == slot.room and place.free & asked == asked for place in rooms)


def ground_for(course: Course, pattern: Pattern, *, now: datetime, ignoring: Iterable[Booking] = ()) -> Ground:
    """For dates that are to be proposed. ``ignoring`` are holds of the same course that may be used anew."""
    dates = dates_of(course)
    wanted = wanted_of(course, pattern, dates=dates)
    return Ground(course, dates, wanted, _calendar(course, wanted, now=now, ignoring=tuple(ignoring)))


def ground_before(course: Course, pattern: Pattern, *, dates: CourseDates, work: Work, now: datetime) -> Ground:
    """For dates of a course that is not kept yet: what it needs of the calendar is told, not read."""
    wanted = wanted_of(course, pattern, dates=dates, work=work)
    return Ground(course, dates, wanted, _calendar(course, wanted, now=now, ignoring=()))


def ground_of_holds(course: Course, holds: Sequence[Booking], *, now: datetime) -> Ground:
    """For dates that are held and may still be changed before they are confirmed."""
    dates = dates_of(course)
    wanted = wanted_of(course, pattern_of(course, dates), count=len(holds), dates=dates)
    calendar = _calendar(course, wanted, now=now, ignoring=holds, last=max((hold.day for hold in holds), default=None))
    return Ground(course, dates, wanted, calendar, tuple(slot_of(hold) for hold in holds))


def ground_of_booked(course: Course, *, now: datetime, on: date) -> tuple[Ground, tuple[Session, ...]]:
    """For sessions that are booked and to come, which may be moved; with these sessions in their order."""
    dates = dates_of(course)
    sessions = movable(dates, now)
    wanted = wanted_again(course, dates, sessions, pattern_of(course, dates), on=on)
    bookings = [session.booking for session in sessions if session.booking]
    calendar = _calendar(course, wanted, now=now, ignoring=bookings, last=max((each.day for each in bookings), default=None))
    return Ground(course, dates, wanted, calendar, tuple(slot_of(each) for each in bookings)), sessions


def _calendar(course: Course, wanted: Wanted, *, now: datetime, ignoring: Sequence[Booking], last: date | None = None) -> Calendar:
    first = min(wanted.first_on, wanted.after or wanted.first_on, course.clinic.today())
    # Beyond the last day as well, so that it can be said that a later end would do.
    reach = wanted.first_on + timedelta(days=wanted.count * wanted.rhythm.max * 7 // 5) + AHEAD
    until = max(reach, last + AHEAD if last else first)
    whom = tuple(dict.fromkeys([*wanted.therapists, *wanted.others, *(each.therapist_id for each in ignoring)]))
    needs = ("apparatus",) if wanted.needs_device else ()
    return calendar_of(
        course.clinic, first=first, last=until, therapists=whom, now=now, patient=course.patient, ignoring=ignoring, needs=needs,
        as_needed=True,
    )  # fmt: skip
