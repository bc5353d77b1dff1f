"""Who comes first where two want the same: rows are locked before a booking is written, by everybody in one order.

The order is patients, people, rooms, devices, each by number, then bookings by number, then the request (``Placement``), last the head
of the audit. An action that follows another one in the same transaction would lock again after the head: whoever puts several together
locks everything that any of them needs by ``lock_resources`` first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet

from clinic.schedule.models import Booking, Device, Room
from clinic.staff.models import User
from patients.models import Patient

Row = TypeVar("Row", Patient, User, Room, Device)


@dataclass(frozen=True, slots=True)
class Locked:
    """The rows that are locked until the transaction is over, by number. A number that does not exist is not among them."""

    patients: dict[int, Patient]
    therapists: dict[int, User]
    rooms: dict[int, Room]
    devices: dict[int, Device]


def lock_resources(*, patients: Iterable[int], therapists: Iterable[int], rooms: Iterable[int], devices: Iterable[int | None]) -> Locked:
    """Locks these rows, given by number, in the one order; the same row twice is no harm. Inside a transaction.

    They are locked as rows that are referred to go on being referred to (FOR NO KEY UPDATE): nobody else waits for them but those who
    book. On SQLite the transaction itself is the lock: one writes at a time.
    """
    return Locked(
        patients=_locked(Patient.objects.only("clinic", "given_name", "middle_name", "family_name", "merged_into"), patients),
        therapists=_locked(User.objects.only("full_name", "is_active"), therapists),
        rooms=_locked(Room.objects.all(), rooms),
        devices=_locked(Device.objects.all(), (number for number in devices if number is not None)),
    )


def _locked(rows: "QuerySet[Row]", numbers: Iterable[int]) -> dict[int, Row]:
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    return {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",), no_key=True)}


def lock_for(*bookings: Booking) -> Locked:
    """Locks all that these bookings use or will use."""
    return lock_resources(
        patients=(each.patient_id for each in bookings),
        therapists=(each.therapist_id for each in bookings),
        rooms=(each.room_id for each in bookings),
        devices=(each.device_id for each in bookings),
    )


def locked_bookings(bookings: Iterable[Booking]) -> dict[int, Booking]:
    """These bookings as they are now, locked, by number; after what they use was locked."""
    numbers = sorted({each.pk for each in bookings})
    rows = Booking.objects.filter(pk__in=numbers).select_related("clinic", "patient", "therapist", "room", "device")
    return {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
