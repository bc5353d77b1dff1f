"""Sites, rooms, hours and bookings that tests need, each by one keyword-only function. What a test does not name is made up and valid."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from clinic.schedule.actions import Place
from clinic.schedule.models import Booking, Device, Room, Site, WorkingHours
from clinic.schedule.states import BookingState
from clinic.schedule.wall_clock import moment_of
from clinic.staff.models import Clinic, User
from patients.models import Patient
from tests.factories import a_clinic, a_member, a_patient

_numbers = count(1)
EVERY_WEEKDAY = range(5)


def a_key() -> str:
    """What a form sends along, so that a request is carried out once."""
    return uuid4().hex


def a_workday(*, clinic: Clinic, ahead: int = 7) -> date:
    """The first day from Monday to Friday that lies at least this many days ahead of the clinic's today."""
    day = clinic.today() + timedelta(days=ahead)
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def a_site(*, clinic: Clinic | None = None, name: str = "") -> Site:
    """One house of a clinic."""
    return Site.objects.create(clinic=clinic or a_clinic(), name=name or f"House {next(_numbers)}")


def a_room(*, clinic: Clinic | None = None, site: Site | None = None, name: str = "", is_active: bool = True) -> Room:
    """A room; without a site in the clinic's first one, which is made where there is none."""
    clinic = site.clinic if site else clinic or a_clinic()
    site = site or clinic.sites.first() or a_site(clinic=clinic)
    return Room.objects.create(clinic=clinic, site=site, name=name or f"Room {next(_numbers)}", is_active=is_active)


def a_device(*, site: Site, room: Room | None = None, name: str = "") -> Device:
    """A device; without a room it can be carried through its site."""
    return Device.objects.create(clinic=site.clinic, site=site, room=room, name=name or f"Device {next(_numbers)}")


def hours_of(
    therapist: User,
    *,
    site: Site,
    shifts: Sequence[tuple[time, time]] = ((time(8), time(12)), (time(13), time(17))),
    weekdays: Iterable[int] = EVERY_WEEKDAY,
    valid_from: date = date(2020, 1, 1),
    valid_until: date | None = None,
) -> list[WorkingHours]:
    """A weekly pattern; what lies between two shifts is the break."""
    return WorkingHours.objects.bulk_create(
        WorkingHours(
            clinic=site.clinic, therapist=therapist, site=site, weekday=weekday, starts=starts, ends=ends,
            valid_from=valid_from, valid_until=valid_until,
        )
        for weekday in weekdays
        for starts, ends in shifts
    )  # fmt: skip


def a_place(*, patient: Patient, therapist: User, room: Room, day: date | None = None, clock: time = time(10), **fields: Any) -> Place:
    """A wanted place of 30 minutes, with 5 minutes of turnover."""
    details: dict[str, Any] = {"device_id": None, "second": None, "minutes": 30, "turnover_minutes": 5, "hands_on_minutes": 20}
    details |= {"units": 2, "is_heavy": False, "needs": (), "label": ""} | fields
    day = day or a_workday(clinic=patient.clinic)
    return Place(patient=patient, therapist_id=therapist.pk, room_id=room.pk, day=day, clock=clock, **details)


def a_booking(
    *,
    patient: Patient | None = None,
    therapist: User | None = None,
    room: Room | None = None,
    day: date | None = None,
    clock: time = time(10),
    minutes: int = 30,
    turnover: int = 5,
    **fields: Any,
) -> Booking:
    """A booking as a row, put there without the action: it may lie in the past. ``held_until`` makes it a hold.

    A patient, a room or a therapist that is not named is new.
    """
    clinic = patient.clinic if patient else room.clinic if room else a_clinic()
    patient, room = patient or a_patient(clinic=clinic), room or a_room(clinic=clinic)
    therapist, day = therapist or a_member(clinic=clinic), day or a_workday(clinic=clinic)
    starts_at = moment_of(day, clock, clinic.zone, second=False)
    ends_at = starts_at + timedelta(minutes=minutes)
    details: dict[str, Any] = {"hands_on_minutes": max(0, minutes - 10), "created_by": therapist} | fields
    if details.get("held_until"):
        details["state"] = BookingState.HELD
    if details.get("state") == BookingState.RELEASED:
        details = {"is_taken": False, "released_at": timezone.now(), "release_reason": "other"} | details
    return Booking.objects.create(
        clinic=clinic, patient=patient, therapist=therapist, room=room, day=day, clock=clock, starts_at=starts_at, ends_at=ends_at,
        free_at=ends_at + timedelta(minutes=turnover), **details,
    )  # fmt: skip
