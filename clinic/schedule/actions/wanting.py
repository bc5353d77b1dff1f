"""What is wanted of the calendar: a new place, or another place for a booking that is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from clinic.schedule.models import Booking
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is wanted, by the clock on the clinic's wall.

    ``second`` says which one is meant of a time that comes twice on that day. The patient stays ``minutes``; therapist, room and
    device are busy ``turnover_minutes`` longer. ``needs`` are codes of ``Qualification``.
    """

    patient: Patient
    therapist_id: int
    room_id: int
    device_id: int | None
    day: date
    clock: time
    second: bool | None
    minutes: int
    turnover_minutes: int
    hands_on_minutes: int
    units: Decimal | int
    is_heavy: bool
    needs: Sequence[str]
    label: str


@dataclass(frozen=True, slots=True)
class Move:
    """Where a booking goes: everything about its new place, also what stays as it is."""

    booking: Booking
    day: date
    clock: time
    second: bool | None
    therapist_id: int
    room_id: int
    device_id: int | None
