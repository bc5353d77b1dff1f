"""Writes the scene of the proof into an empty database: a clinic, and patients each of whom has one reminder to come.

Everybody agreed to both channels; half would rather have e-mail, half text messages. The reminders are written by the product's own
action. It is noon at this clinic, whatever time it is here, so that nobody's quiet hours are in the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.utils import timezone

from clinic.reminders.actions.posting import Post, post
from clinic.reminders.faults.scene import due_of, email_of, phone_of, zone_where_it_is_noon
from clinic.reminders.models import MessageWishes
from clinic.reminders.states import Channel, Kind
from clinic.schedule.models import Booking, Room, Site
from clinic.staff.models import Clinic, Role, StaffRole, User
from patients.models import MessageConsent, Patient

THERAPISTS: Final = 100
FIRST_AFTER: Final = timedelta(hours=3)  # the first session, from the first reminder
APART: Final = timedelta(minutes=15)
A_TIME: Final = 500  # patients written at once


@dataclass(frozen=True)
class House:
    """Where everybody comes to."""

    clinic: Clinic
    admin: User
    therapists: Sequence[User]
    rooms: Sequence[Room]


def write_scene(reminders: int, begins: float, seconds: float) -> None:
    """So many reminders, the first at the moment ``begins``, spread over so many ``seconds``."""
    house = _house()
    for first in range(0, reminders, A_TIME):
        numbers = range(first, min(first + A_TIME, reminders))
        bookings = _bookings(house, numbers, _patients(house, numbers), datetime.fromtimestamp(begins, UTC))
        dues = [datetime.fromtimestamp(due_of(number, reminders, begins, seconds), UTC) for number in numbers]
        post((_reminder(each, due) for each, due in zip(bookings, dues, strict=True)), clinic=house.clinic)


def _house() -> House:
    clinic = Clinic.objects.create(name="Faults", time_zone=zone_where_it_is_noon(timezone.now()), country="DE")
    people = [User(email=f"{number}@staff.faults.example", full_name=f"Person {number}") for number in range(THERAPISTS + 1)]
    admin, *therapists = User.objects.bulk_create(people)
    StaffRole.objects.bulk_create(StaffRole(user=each, clinic=clinic, role=Role.THERAPIST) for each in therapists)
    StaffRole.objects.create(user=admin, clinic=clinic, role=Role.ADMIN)
    site = Site.objects.create(clinic=clinic, name="House")
    rooms = Room.objects.bulk_create(Room(clinic=clinic, site=site, name=f"Room {number}") for number in range(THERAPISTS))
    return House(clinic, admin, therapists, rooms)


def _patients(house: House, numbers: range) -> list[Patient]:
    alike = {"clinic": house.clinic, "given_name": "A", "born_on": date(1980, 1, 1), "sex": "female", "registered_by": house.admin}
    patients = Patient.objects.bulk_create(
        Patient(card_number=str(number), family_name=f"Family {number}", phone=phone_of(number), email=email_of(number), **alike)
        for number in numbers
    )
    said = {"said_on": house.clinic.today(), "recorded_by": house.admin}
    MessageConsent.objects.bulk_create(
        MessageConsent(patient=each, channel=channel, is_given=True, **said) for each in patients for channel in Channel.values
    )
    MessageWishes.objects.bulk_create(
        MessageWishes(patient=each, preferred=Channel.values[number % 2], **said) for number, each in zip(numbers, patients, strict=True)
    )
    return patients


def _bookings(house: House, numbers: range, patients: Sequence[Patient], begins: datetime) -> list[Booking]:
    return Booking.objects.bulk_create(_booking(house, number, each, begins) for number, each in zip(numbers, patients, strict=True))


def _booking(house: House, number: int, patient: Patient, begins: datetime) -> Booking:
    starts_at = begins.replace(second=0, microsecond=0) + FIRST_AFTER + APART * (number // THERAPISTS)
    local, ends_at = starts_at.astimezone(house.clinic.zone), starts_at + timedelta(minutes=10)
    return Booking(
        clinic=house.clinic, patient=patient, therapist=house.therapists[number % THERAPISTS], room=house.rooms[number % THERAPISTS],
        day=local.date(), clock=local.time(), starts_at=starts_at, ends_at=ends_at, free_at=ends_at, created_by=house.admin,
    )  # fmt: skip


def _reminder(booking: Booking, due: datetime) -> Post:
    return Post(
        Kind.REMINDER_HOURS,
        f"booking:{booking.pk}",
        due,
        booking.starts_at,
        patient=booking.patient,
        booking=booking,
        version=booking.sequence,
    )
