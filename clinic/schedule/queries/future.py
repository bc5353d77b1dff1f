"""Bookings to come at a place, and those that an absence or a closure hits."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.schedule.cells import cells_touched
from clinic.schedule.models import Absence, Booking, Closure, Device, Room, Site
from clinic.schedule.queries.calendar import Hours
from clinic.schedule.queries.days import days_known
from clinic.schedule.states import BookingState
from clinic.schedule.wall_clock import wall_of
from clinic.staff.models import Clinic, User


def bookings_to_come(clinic: Clinic, now: datetime | None = None) -> QuerySet[Booking]:
    """What is booked at the clinic and not over, the earliest first."""
    found = Booking.objects.filter(clinic=clinic, state=BookingState.BOOKED, ends_at__gt=now or timezone.now())
    return found.select_related("therapist", "room__site").order_by("starts_at", "pk")


def future_bookings_at(place: Site | Room | Device) -> QuerySet[Booking]:
    """What is booked at a place from now on, the earliest first. For a site: in its rooms."""
    found = bookings_to_come(place.clinic)
    if isinstance(place, Site):
        return found.filter(room__site=place)
    return found.filter(room=place) if isinstance(place, Room) else found.filter(device=place)


def bookings_hit_by_absence(absence: Absence, now: datetime | None = None) -> QuerySet[Booking]:
    """What the therapist is booked for from now on while away, the earliest first; nothing for an absence that was taken back.

    A part of a day hits every session that it touches.
    """
    found = bookings_to_come(absence.clinic, now).filter(therapist=absence.therapist, day__range=(absence.first_on, absence.last_on))
    if absence.withdrawn_at is not None:
        return found.none()
    if absence.starts is None or absence.ends is None:
        return found
    # Wall time against wall time; a time that the clocks skip ends up an hour later, which hits no session too few.
    begins = datetime.combine(absence.first_on, absence.starts, tzinfo=absence.clinic.zone)
    return found.filter(Q(clock__gte=absence.starts) | Q(ends_at__gt=begins), clock__lt=absence.ends)


def bookings_hit_by_closure(closure: Closure, now: datetime | None = None) -> QuerySet[Booking]:
    """What is booked from now on in the clinic, or in the closed site, on the days of a closure, the earliest first."""
    found = bookings_to_come(closure.clinic, now).filter(day__range=(closure.first_on, closure.last_on))
    if closure.withdrawn_at is not None or closure.is_open:
        return found.none()
    return found if closure.site_id is None else found.filter(room__site=closure.site_id)


def bookings_outside_hours(clinic: Clinic, therapist: User) -> tuple[Booking, ...]:
    """What somebody is booked for from now on at a time, or a site, of no hours: they were changed after the booking. Six queries at most.

    Booked they stay, so nobody else would tell of them. Absences and closures are told as conflicts, whatever the hours.
    """
    booked = tuple(bookings_to_come(clinic).filter(therapist=therapist))
    if not booked:
        return ()
    hours = Hours.of(days_known(clinic, booked[0].day, booked[-1].day), {therapist.pk})
    return tuple(each for each in booked if not _is_within(each, hours, clinic))


def _is_within(booking: Booking, hours: Hours, clinic: Clinic) -> bool:
    _day, ends = wall_of(booking.ends_at, clinic.zone)
    works = hours.on((booking.therapist_id, booking.day)).get(booking.room.site_id, 0)
    return not cells_touched(booking.clock, ends) & ~works
