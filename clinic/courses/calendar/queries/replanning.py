"""A day that is to be planned anew, read from its bookings; and the runs that did so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from clinic.courses.calendar.optimising import Booked, day_from
from clinic.courses.calendar.queries.affected import COURSE_PLANS, WITH_A_BOOKING
from clinic.courses.calendar.queries.rehoming_cases import affected_of
from clinic.courses.models import Replanning
from clinic.schedule.cells import WHOLE_DAY, cells_within
from clinic.schedule.models import Booking, Room, Wishes
from clinic.schedule.proposing.day_values import Day
from clinic.schedule.proposing.values import CELL_MINUTES
from clinic.schedule.queries import calendar_of, rules_of, therapists_for
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic


@dataclass(frozen=True, slots=True)
class DayAsked:
    """The question, the bookings that it is about by their numbers, and the sites of all rooms."""

    day: Day
    booked: tuple[Booked, ...]
    bookings: Mapping[int, Booking]
    sites: Mapping[int, int]


def day_asked(clinic: Clinic, day: date, *, now: datetime) -> DayAsked | None:
    """The sessions of that day that have not begun, those with a device apart, which stay where they are.

    None for a day that is closed or has none. Some fifteen queries, and two for each kind of session that not everybody may give.
    """
    bookings = {each.pk: each for each in _movable(clinic, day, now)}
    people = [each.pk for each in therapists_for(clinic)]
    calendar = calendar_of(clinic, first=day, last=day, therapists=people, now=now, ignoring=list(bookings))
    if not calendar.open_days or not bookings:
        return None
    booked = _booked(clinic, bookings)
    sites = dict(Room.objects.filter(clinic=clinic).values_list("pk", "site_id"))
    return DayAsked(day_from(calendar, booked, rules_of(clinic).grid_minutes // CELL_MINUTES), booked, bookings, sites)


def _movable(clinic: Clinic, day: date, now: datetime) -> QuerySet[Booking]:
    found = Booking.objects.filter(clinic=clinic, day=day, state=BookingState.BOOKED, device=None, starts_at__gt=now)
    return found.select_related(*WITH_A_BOOKING).defer("session__plan", *COURSE_PLANS).order_by("starts_at", "pk")


def _booked(clinic: Clinic, bookings: Mapping[int, Booking]) -> tuple[Booked, ...]:
    wishes = {each.patient_id: each for each in Wishes.objects.filter(patient__in={each.patient_id for each in bookings.values()})}
    able: dict[tuple[tuple[str, ...], str], tuple[int, ...]] = {}
    found = []
    for each in bookings.values():
        wish = wishes.get(each.patient_id)
        kind = (tuple(each.needs), wish.therapist_sex if wish else "")
        if kind not in able:
            able[kind] = tuple(person.pk for person in therapists_for(clinic, needs=kind[0], sex=kind[1]))
        session = getattr(each, "session", None)
        usual = session.course.therapist_id if session is not None else None
        asked = Booked(affected_of(each), able[kind], usual or each.therapist_id)
        found.append(Booked(asked.session, asked.therapists, asked.usual, _can_come(wish) | asked.now))
    return tuple(found)


def _can_come(wish: Wishes | None) -> int:
    if wish is None or wish.earliest is None or wish.latest is None:
        return WHOLE_DAY
    return cells_within(wish.earliest, wish.latest)


def replanning_or_404(clinic: Clinic, pk: int) -> Replanning:
    """One run at this clinic."""
    return get_object_or_404(Replanning.objects.select_related("clinic", "asked_by"), clinic=clinic, pk=pk)


def replannings_of(clinic: Clinic, day: date) -> QuerySet[Replanning]:
    """The runs for a day, the newest first."""
    return Replanning.objects.filter(clinic=clinic, day=day).select_related("asked_by")
