"""What the floor asks of the database: one statement a page, written by hand, on the product's tables and with its indexes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection

LIST: Final = """SELECT id, card_number, family_name, given_name, sex, born_on, phone, email FROM patients_patient
ORDER BY clinic_id, family_name, given_name, id LIMIT 25"""
SEARCH: Final = """SELECT id, card_number, family_name, given_name, sex, born_on, phone, email FROM patients_patient
WHERE search_key LIKE %s ORDER BY family_name, given_name, id LIMIT 25"""
PATIENT: Final = """SELECT p.id, p.card_number, p.family_name, p.given_name, p.sex, p.born_on, p.phone, p.email,
b.id AS booking, b.starts_at, b.ends_at, b.state, u.full_name AS therapist
FROM patients_patient p LEFT JOIN schedule_booking b ON b.patient_id = p.id LEFT JOIN staff_user u ON u.id = b.therapist_id
WHERE p.id = %s ORDER BY b.starts_at DESC LIMIT 20"""
CALENDAR: Final = """SELECT b.id, b.starts_at, b.ends_at, b.state, p.id AS patient, p.family_name, p.given_name, p.phone
FROM schedule_booking b JOIN patients_patient p ON p.id = b.patient_id
WHERE b.therapist_id = %s AND b.starts_at >= %s AND b.starts_at < %s AND b.state <> 'released' ORDER BY b.starts_at"""
_BOOK: Final = """INSERT INTO schedule_booking (clinic_id, patient_id, therapist_id, room_id, day, clock, starts_at, ends_at, free_at,
state, is_taken, key, label, hands_on_minutes, units, is_heavy, needs, sequence, created_at, created_by_id, release_reason)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'booked', %s, '', 'floor', 20, 1.0, %s, '[]', 0, %s, %s, '')"""


def moment(value: Any) -> datetime:
    """A moment as the driver gave it: SQLite keeps text."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=None)


def insert_bookings(wanted: Mapping[str, Any], therapist: int) -> None:
    """Half an hour each for a patient. Raises ``IntegrityError`` where therapist, room or patient is taken."""
    who = (wanted["clinic"], wanted["patient"], therapist, wanted["room"])
    now = datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M:%S")
    rows = [(*who, *_times(each), True, False, now, therapist) for each in wanted["starts"]]
    with connection.cursor() as cursor:
        cursor.executemany(_BOOK, rows)


def _times(starts_at: str) -> list[str]:
    starts = datetime.fromisoformat(starts_at)
    ends = starts + timedelta(minutes=25)
    return [starts.date().isoformat(), starts.time().isoformat(), *(f"{each:%Y-%m-%d %H:%M:%S}" for each in (starts, ends, ends))]
