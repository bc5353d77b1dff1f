"""Bookings put straight into the table, for tests of what reads them."""

from datetime import date, time, timedelta
from typing import Any

from clinic.schedule.models import Booking, BookingChange, Room, Site
from clinic.schedule.wall_clock import moment_of
from clinic.staff.models import Clinic, User
from patients.models import Patient


def a_room(clinic: Clinic, *, name: str = "Room 1", site: str = "Main house", address: str = "") -> Room:
    """A room of the clinic; the site is made with the first one."""
    house, _made = Site.objects.get_or_create(clinic=clinic, name=site, defaults={"address": address})
    return Room.objects.get_or_create(clinic=clinic, site=house, name=name)[0]


def a_booking(
    *, patient: Patient, therapist: User, day: date, clock: time = time(10, 0), minutes: int = 30, room: Room | None = None, **more: Any
) -> Booking:
    """Booked by the therapist, with the line that says so."""
    clinic, second = patient.clinic, more.pop("second", None)
    starts = moment_of(day, clock, clinic.zone, second=second)
    ends = starts + timedelta(minutes=minutes)
    fields: dict[str, Any] = {"free_at": ends + timedelta(minutes=5), "created_by": therapist} | more
    room = room or a_room(clinic)
    booking = Booking.objects.create(
        clinic=clinic, patient=patient, therapist=therapist, room=room, day=day, clock=clock, starts_at=starts, ends_at=ends, **fields
    )
    BookingChange.objects.create(booking=booking, kind="held" if booking.state == "held" else "booked", by=therapist)
    return booking
