"""Holds that nobody confirmed in time give their places up."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from clinic.audit.actions import record
from clinic.schedule.actions.noting import keep_changes, where
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingReason, BookingState

AT_ONCE = 500


def release_expired_holds(*, now: datetime) -> int:
    """Releases every hold that was over at ``now``, of all clinics; answers how many. Safe to run twice and by two at once.

    Nobody waits for it: a hold that is over keeps nobody from its place, because whoever books there ends it first.
    """
    ended = 0
    while found := _release_some(now):
        ended += found
    return ended


@transaction.atomic
def _release_some(now: datetime) -> int:
    ended = _end(Q(), now)
    of_clinics: dict[int, list[Booking]] = {}
    for each in ended:
        of_clinics.setdefault(each.clinic_id, []).append(each)
    for _clinic, theirs in sorted(of_clinics.items()):
        said = {"bookings": [each.pk for each in theirs]}
        record(actor=None, verb="ended-holds", subject=theirs[0], details=said, clinic=theirs[0].clinic)
    return len(ended)


def end_holds(holds: Sequence[Booking], now: datetime) -> list[Booking]:
    """Releases those of these holds that were over at ``now``; answers them. What they use is locked by whoever wants it."""
    return _end(Q(pk__in=[each.pk for each in holds]), now) if holds else []


def _end(which: Q, now: datetime) -> list[Booking]:
    rows = Booking.objects.filter(which, state=BookingState.HELD, held_until__lte=now)
    # Always by number: two who end the same holds at one moment wait for each other in one direction only.
    over = list(rows.order_by("pk").select_for_update(of=("self",))[:AT_ONCE])
    if over:
        end(over, BookingReason.EXPIRED, now)
        keep_changes("released", over, before={each.pk: where(each) for each in over}, why=(BookingReason.EXPIRED, ""), by=None)
    return over


def end(bookings: list[Booking], reason: str, now: datetime) -> None:
    """Gives the places of these locked bookings up, in one statement."""
    Booking.objects.filter(pk__in=[each.pk for each in bookings]).update(
        state=BookingState.RELEASED, is_taken=False, held_until=None, released_at=now, release_reason=reason, sequence=F("sequence") + 1
    )
