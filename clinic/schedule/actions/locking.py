"""Who comes first where two want the same: rows are locked before a booking is written, by everybody in one order.

The order is patients, people, rooms, devices, each by number, then bookings by number, then the request (``Placement``), last the head
of the audit. An action that follows another one in the same transaction would lock again after the head: whoever puts several together
locks everything that any of them needs by ``lock_resources`` first.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from clinic.schedule.models import Booking, Device, Room
from clinic.staff.models import User
from patients.models import Patient


def lock_resources(*, patients: Iterable[int], therapists: Iterable[int], rooms: Iterable[int], devices: Iterable[int | None]) -> None:
    """Locks these rows, given by number, in the one order; the same row twice is no harm. Inside a transaction.

    They are locked as rows that are referred to go on being referred to (FOR NO KEY UPDATE): nobody else waits for them but those who
    book. On SQLite the transaction itself is the lock: one writes at a time. Raises ``TransactionManagementError`` outside of one.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock is kept until the transaction is over, and there is none")
    if not connection.features.has_select_for_no_key_update:
        return
    wanted = ((Patient, patients), (User, therapists), (Room, rooms), (Device, (each for each in devices if each is not None)))
    found = [(model._meta.db_table, sorted(set(numbers))) for model, numbers in wanted]
    # All in one go: whoever holds a lock makes others wait for each answer of the server. They are carried out one after the other.
    locks = [
        f"SELECT id FROM {table} WHERE id IN ({', '.join(['%s'] * len(numbers))}) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608  # our own tables
        for table, numbers in found
        if numbers
    ]
    if locks:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(locks), [number for _table, numbers in found for number in numbers])


def lock_for(*bookings: Booking) -> None:
    """Locks all that these bookings use or will use."""
    lock_resources(
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
