"""A patient with a date and a message about it, as the tests of links and answers need them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.reminders.models import Message
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from tests.factories import a_clinic, a_patient
from tests.schedule_factories import a_booking, a_room, a_workday


def a_date(*, clinic: Clinic | None = None, **fields: Any) -> Booking:
    """A booking a week ahead, in a house with an address."""
    clinic = clinic or a_clinic(time_zone="Europe/Berlin")
    patient = fields.pop("patient", None) or a_patient(clinic=clinic)
    room = clinic.rooms.first() or a_room(clinic=clinic)
    return a_booking(patient=patient, room=room, day=fields.pop("day", a_workday(clinic=clinic)), **fields)


def a_message(booking: Booking | None = None, *, kind: str = "reminder-day", **fields: Any) -> Message:
    """A message that was sent about this date."""
    booking, now = booking or a_date(), timezone.now()
    told = {"dates": [[booking.pk, booking.starts_at.isoformat(), ""]]}
    values: dict[str, Any] = {
        "clinic": booking.clinic, "patient": booking.patient, "booking": booking, "kind": kind, "channel": "email", "state": "sent",
        "about": f"booking:{booking.pk}", "due_at": now, "sent_at": now, "not_after": booking.starts_at, "language": "en", "fields": told,
    }  # fmt: skip
    return Message.objects.create(**values | fields)


def behind_us(booking: Booking) -> Booking:
    """The same date, begun a minute ago."""
    now = timezone.now().replace(second=0, microsecond=0)
    begun = now - timedelta(minutes=1)
    Booking.objects.filter(pk=booking.pk).update(starts_at=begun, ends_at=now + timedelta(minutes=29), free_at=now + timedelta(minutes=34))
    booking.refresh_from_db()
    return booking
