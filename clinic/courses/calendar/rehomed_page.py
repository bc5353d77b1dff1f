"""What each patient must be told after conflicts were settled, with the telephone beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from clinic.courses.calendar.queries.affected import Conflict
from clinic.courses.calendar.queries.choosing import Names
from clinic.courses.calendar.queries.rehomed import Done
from clinic.courses.calendar.queries.rehoming_cases import course_number
from clinic.courses.calendar.rehoming import Way
from clinic.courses.calendar.rehoming_page import Told, call_words, change_words
from clinic.schedule.models import Booking, BookingChange
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class ToTell:
    """One patient and everything that is to be said. ``is_open``: a call has not ended in a new date yet."""

    patient: Patient
    way: str
    words: tuple[str, ...]
    is_open: bool = False
    booking: int = 0  # of a call that belongs to a course: for it another date can be looked for


def lines_of(done: Done, names: Names, conflicts: Mapping[int, Conflict]) -> tuple[ToTell, ...]:
    """One line for each patient: first who has to be called, then who has another time, then who has another therapist.

    ``conflicts`` are those of now: a call that is among them no more was settled since.
    """
    calls = [_to_call(each, conflicts) for each in done.calls]
    told: dict[int, list[BookingChange]] = {}
    for change in done.changes:
        told.setdefault(change.booking.patient_id, []).append(change)
    moved = [_told(changes, names) for changes in told.values()]
    order = [Way.CALL.value, Way.MOVED.value, Way.COLLEAGUE.value]
    return tuple(sorted((*_joined(calls), *moved), key=lambda line: (order.index(line.way), line.patient.full_name)))


def _to_call(booking: Booking, conflicts: Mapping[int, Conflict]) -> ToTell:
    if booking.pk not in conflicts:
        return ToTell(booking.patient, Way.CALL.value, ())
    movable = booking.pk if course_number(booking) is not None else 0
    return ToTell(booking.patient, Way.CALL.value, (call_words(conflicts[booking.pk]),), is_open=True, booking=movable)


def _joined(calls: list[ToTell]) -> list[ToTell]:
    found: dict[int, ToTell] = {}
    for each in calls:
        before = found.get(each.patient.pk)
        words = (*(before.words if before else ()), *each.words)
        is_open = each.is_open or (before is not None and before.is_open)
        found[each.patient.pk] = ToTell(each.patient, each.way, words, is_open, (before.booking if before else 0) or each.booking)
    return list(found.values())


def _told(changes: list[BookingChange], names: Names) -> ToTell:
    both = [(_place(each.before, names), _place(each.after, names)) for each in changes]
    stays = all((old.day, old.clock) == (new.day, new.clock) for old, new in both)
    way = Way.COLLEAGUE if stays else Way.MOVED
    return ToTell(changes[0].booking.patient, way.value, tuple(change_words(old, new) for old, new in both))


def _place(kept: Mapping[str, Any], names: Names) -> Told:
    therapist, room = names.therapists.get(kept["therapist"], ""), names.rooms.get(kept["room"], "")
    return Told(date.fromisoformat(kept["day"]), time.fromisoformat(kept["clock"]), therapist, room)
