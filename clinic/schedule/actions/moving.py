"""Bookings go to other places."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import timedelta
from typing import Final

from django.db.models import F
from django.utils import timezone

from clinic.schedule.actions.checking import check_may_change, check_not_past, check_resources
from clinic.schedule.actions.expiring import end_holds
from clinic.schedule.actions.locking import lock_for, locked_bookings
from clinic.schedule.actions.noting import keep_changes, record_each_patient, where
from clinic.schedule.actions.releasing import unchanged
from clinic.schedule.actions.taken import Use, check_free, told_when_taken
from clinic.schedule.actions.times import agreed_moment
from clinic.schedule.actions.turns import booking_transaction
from clinic.schedule.actions.wanting import Move
from clinic.schedule.models import Booking
from clinic.schedule.permissions import check_takes_nobody_alone
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor

MOVED: Final = ("therapist", "room", "device", "day", "clock", "starts_at", "ends_at", "free_at", "sequence")
FAR_AWAY: Final = timedelta(days=365_000)  # a thousand years on nobody is in the way


@told_when_taken()
@booking_transaction()
def move_bookings(*, moves: Sequence[Move], reason: str, note: str, actor: Actor, allow_past: bool = False) -> list[Booking]:
    """Moves all these bookings or none, in their order; several may change places with each other. What is held stays held.

    Each keeps its number, its length and its patient, so that whoever looks at it finds it where it is now. ``reason`` is a code of
    ``BookingReason``. Raises what ``book_places`` raises, and ``StaleBooking`` for one that was changed since it was read.
    """
    check_may_change([move.booking for move in moves], reason, actor)
    changing = (move for move in moves if move.therapist_id != move.booking.therapist_id)
    check_takes_nobody_alone(((move.booking.patient_id, move.therapist_id) for move in changing), actor)
    now = timezone.now()
    read, goals = [move.booking for move in moves], [_at(move, move.booking, actor.clinic) for move in moves]
    lock_for(*read, *goals)
    before = unchanged(read, locked_bookings(read))
    moved = [_at(move, before[move.booking.pk], actor.clinic) for move in moves]
    if not allow_past:
        check_not_past(moved, now)
    over = check_free(moved, now=now)
    check_resources(actor.clinic, moved)
    end_holds(over, now)
    _write_places(moved, before)
    keep_changes("moved", moved, before={pk: where(each) for pk, each in before.items()}, why=(reason, note.strip()), by=actor.user)
    said = {"from": [before[each.pk].day.isoformat() for each in moved], "reason": reason, "note": note.strip()}
    record_each_patient("moved-dates", moved, actor, said)
    return moved


def _at(move: Move, booking: Booking, clinic: Clinic) -> Booking:
    """A copy of the booking at its new place."""
    starts_at = agreed_moment(move.day, move.clock, clinic.zone, second=move.second)
    moved = copy(booking)
    moved.ends_at = starts_at + (booking.ends_at - booking.starts_at)
    moved.free_at = starts_at + (booking.free_at - booking.starts_at)
    moved.day, moved.clock, moved.starts_at = move.day, move.clock, starts_at
    moved.therapist_id, moved.room_id, moved.device_id = move.therapist_id, move.room_id, move.device_id
    moved.sequence += 1
    return moved


def _write_places(moved: Sequence[Booking], before: Mapping[int, Booking]) -> None:
    """Those that want each other's places leave all of them first: the database looks at each row as soon as it is written."""
    were = {pk: Use.of(each) for pk, each in before.items()}
    if any(Use.of(each).clash_with(were[other.pk]) for each in moved for other in moved if other is not each):
        away = {name: F(name) + FAR_AWAY for name in ("starts_at", "ends_at", "free_at")}
        Booking.objects.filter(pk__in=were).update(**away)
    for each in moved:
        each.save(update_fields=MOVED)
