"""Between bookings, slots of the proposer, and what a form sends of a slot."""

import re
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Final

from clinic.courses.calendar.asked import in_reach
from clinic.courses.calendar.wanting import Work
from clinic.courses.models import Course
from clinic.schedule.actions.wanting import Move, Place
from clinic.schedule.cells import clock_of, minute_of
from clinic.schedule.models import Booking
from clinic.schedule.proposing.values import CELL_MINUTES, CELLS, Slot, Wanted

_WRITTEN: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,3})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.(\d{0,9})")


def slot_of(booking: Booking) -> Slot:
    """The slot that a booking takes; its room must be there already."""
    cell = minute_of(booking.clock) // CELL_MINUTES
    return Slot(booking.day, cell, booking.therapist_id, booking.room_id, booking.room.site_id, booking.device_id)


def written(slot: Slot) -> str:
    """A slot as a form carries it."""
    device = "" if slot.device is None else slot.device
    return f"{slot.day.isoformat()}.{slot.cell}.{slot.therapist}.{slot.room}.{slot.site}.{device}"


def read_slot(text: str) -> Slot | None:
    """The slot that a form carries; None for anything else. What it names is only believed after the calendar was asked."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    day, cell, therapist, room, site, device = found.groups()
    try:
        slot = Slot(date.fromisoformat(day), int(cell), int(therapist), int(room), int(site), int(device) if device else None)
    except ValueError:
        return None
    return slot if slot.cell < CELLS and in_reach(slot.day) == slot.day else None


def only_at(wanted: Wanted, day: date, clock: time, therapist: int | None) -> Wanted:
    """The same work, at exactly this time: by this therapist, or by anybody who may do it."""
    cell = minute_of(clock) // CELL_MINUTES
    whom = wanted.therapists if therapist is None else (therapist,)
    return replace(
        wanted, count=1, first_on=day, last_on=day, earliest=cell, latest=cell + wanted.cells, preferred=None, step=1,
        therapists=whom, weekdays=frozenset(range(7)), after=None, then=None, kept=(),
    )  # fmt: skip


def place_of(course: Course, slot: Slot, work: Work) -> Place:
    """What is to be held or booked for one session of this course."""
    return Place(
        patient=course.patient, therapist_id=slot.therapist, room_id=slot.room, device_id=slot.device, day=slot.day,
        clock=clock_of(slot.cell), second=None, minutes=work.minutes, turnover_minutes=work.turnover_minutes,
        hands_on_minutes=work.hands_on_minutes, units=Decimal(str(work.units)), is_heavy=work.is_heavy, needs=work.needs, label="",
    )  # fmt: skip


def move_to(booking: Booking, slot: Slot) -> Move:
    """The booking at another slot."""
    return Move(booking, slot.day, clock_of(slot.cell), None, slot.therapist, slot.room, slot.device)


def is_at(booking: Booking, slot: Slot) -> bool:
    """Whether the booking takes this very slot already."""
    return slot_of(booking) == slot
