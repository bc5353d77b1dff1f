"""Sessions that could not take place go to their new places: all of them or none, and once however often it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.courses.models import Session
from clinic.courses.states import SessionState
from clinic.schedule.actions import Move, lock_resources, move_bookings, once
from clinic.schedule.actions.once import kept_result, the_request
from clinic.schedule.models import Booking, BookingChange
from clinic.schedule.permissions import check_can_book
from clinic.staff.permissions import ActionDenied, Actor


@dataclass(frozen=True, slots=True)
class Rehomed:
    """One session's new place, and the code of ``BookingReason`` for its history."""

    move: Move
    reason: str


def rehome_sessions(
    *, key: str, asked: Mapping[str, str], moves: Sequence[Rehomed], calls: Sequence[Booking], actor: Actor
) -> dict[str, list[int]]:
    """Moves all these sessions in one transaction; ``calls`` stay where they are until the patients were spoken with.

    ``asked`` is the request as it was sent. The same request with the same key again answers what the first one did: ``changes`` are
    the rows that say where each session was and is, ``calls`` the bookings left. A course keeps its therapist: who stands in, does so
    for that session. Raises what ``move_bookings`` raises, and ``ActionDenied`` for a session that was given or lost meanwhile.
    """
    check_can_book(actor)
    bookings = [each.move.booking for each in moves]
    with transaction.atomic():
        # All is locked before anything is written, in the one order; sessions moved for several reasons are written one after another.
        lock_resources(
            patients=[each.patient_id for each in bookings],
            therapists=[number for each in moves for number in (each.move.therapist_id, each.move.booking.therapist_id)],
            rooms=[number for each in moves for number in (each.move.room_id, each.move.booking.room_id)],
            devices=[number for each in moves for number in (each.move.device_id, each.move.booking.device_id)],
        )
        made: dict[str, list[int]] = once(
            clinic=actor.clinic, key=key, asked={"what": "rehome", **asked}, run=lambda: _moved(moves, calls, actor), actor=actor
        )
    return made


def _moved(moves: Sequence[Rehomed], calls: Sequence[Booking], actor: Actor) -> dict[str, list[int]]:
    bookings = [each.move.booking.pk for each in moves]
    if Session.objects.filter(booking__in=bookings).exclude(state=SessionState.BOOKED).exists():
        raise ActionDenied(_("One of these sessions was given or given up in the meantime. Look at the list again."))
    for reason in sorted({each.reason for each in moves}):
        move_bookings(moves=[each.move for each in moves if each.reason == reason], reason=reason, note="", actor=actor)
    changes = BookingChange.objects.filter(booking__in=bookings, kind="moved").order_by("booking_id", "pk")
    newest: dict[int, int] = {each.booking_id: each.pk for each in changes}
    return {"changes": sorted(newest.values()), "calls": sorted(each.pk for each in calls)}


def done_before(*, key: str, asked: Mapping[str, str], actor: Actor) -> Any:
    """What the first request with this key did; None when there was none. Raises ``OtherRequest`` when that was another request."""
    kept = kept_result(the_request(actor.clinic, key, {"what": "rehome", **asked}, actor))
    return None if kept is None else kept["made"]
