"""What is kept of each change of a booking, and the line in the audit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clinic.audit.actions import record
from clinic.schedule.listening import tell_listeners
from clinic.schedule.models import Booking, BookingChange
from clinic.staff.models import User
from clinic.staff.permissions import Actor

Where = Mapping[str, Any]


def where(booking: Booking) -> Where:
    """Where a booking is, as it is kept: by the clinic's clock, and the moment."""
    return {
        "day": booking.day.isoformat(),
        "clock": f"{booking.clock:%H:%M}",
        "starts_at": booking.starts_at.isoformat(),
        "therapist": booking.therapist_id,
        "room": booking.room_id,
        "device": booking.device_id,
    }


def keep_changes(
    kind: str, bookings: Sequence[Booking], *, before: Mapping[int, Where] | None = None, why: tuple[str, str] = ("", ""), by: User | None
) -> None:
    """Writes one row for each booking: what happened, where it was (by number) and where it is now, why (reason, note) and by whom.

    The bookings themselves are written already: whoever listens (``clinic.schedule.listening``) reads them as they are now.
    """
    BookingChange.objects.bulk_create(
        BookingChange(
            booking=each, kind=kind, before=(before or {}).get(each.pk, {}), after={} if kind == "released" else where(each),
            reason=why[0], note=why[1], by=by,
        )
        for each in bookings
    )  # fmt: skip
    tell_listeners(kind, [each.pk for each in bookings])


def record_each_patient(verb: str, bookings: Iterable[Booking], actor: Actor, details: Mapping[str, Any] | None = None) -> None:
    """One line in the audit for each patient whose bookings these are; an action is nearly always about one."""
    of_patients: dict[int, list[Booking]] = {}
    for each in bookings:
        of_patients.setdefault(each.patient_id, []).append(each)
    for patient, theirs in sorted(of_patients.items()):
        said = {"patient": patient, "bookings": [each.pk for each in theirs], "days": [each.day.isoformat() for each in theirs]}
        record(actor=actor, verb=verb, subject=theirs[0], details=said | dict(details or {}))
