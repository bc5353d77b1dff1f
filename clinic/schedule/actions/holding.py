"""Places held for a while, until somebody confirms them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.schedule.actions.locking import lock_for, locked_bookings
from clinic.schedule.actions.noting import keep_changes, record_each_patient
from clinic.schedule.actions.placing import Request, place_all
from clinic.schedule.actions.turns import booking_transaction
from clinic.schedule.actions.wanting import Place
from clinic.schedule.models import Booking
from clinic.schedule.permissions import check_can_book
from clinic.schedule.states import BookingReason, BookingState
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor


class HoldOver(ActionDenied):
    """The time for which these places were held is over, or nothing is held under this key."""


def hold_places(*, clinic: Clinic, key: str, places: Sequence[Place], until: datetime, actor: Actor) -> list[Booking]:
    """Holds all these places or none until that moment, in their order; nobody else gets them meanwhile.

    The same request with the same key again gives back what it made, and does not hold longer. Raises what ``book_places`` raises.
    """
    return place_all(Request(clinic, key, tuple(places), until=until), actor)


@booking_transaction()
def confirm_holds(*, clinic: Clinic, key: str, actor: Actor) -> list[Booking]:
    """Books all that is held under this key, in the order of time; a second time it changes nothing. What was released stays so.

    Raises ``HoldOver`` when the time was over for even one of them: its place may be somebody else's by now.
    """
    check_can_book(actor)
    if actor.clinic != clinic:
        raise ActionDenied(_("Choose bookings of this clinic."))
    of_key = Booking.objects.filter(clinic=clinic, key=key)
    lock_for(*of_key)
    now, rows = timezone.now(), sorted(locked_bookings(of_key).values(), key=lambda row: (row.starts_at, row.pk))
    if not any(row.is_taken for row in rows) or any(_is_over(row, now) for row in rows):
        raise HoldOver(_("These places are not held any more. Ask for free places again."))
    held = [row for row in rows if row.state == BookingState.HELD]
    if held:
        _book(held, actor)
    return [row for row in rows if row.is_taken]


def _is_over(row: Booking, now: datetime) -> bool:
    return row.release_reason == BookingReason.EXPIRED or (row.held_until is not None and row.held_until <= now)


def _book(held: Sequence[Booking], actor: Actor) -> None:
    numbers = [each.pk for each in held]
    Booking.objects.filter(pk__in=numbers).update(state=BookingState.BOOKED, held_until=None, sequence=F("sequence") + 1)
    for each in held:
        each.state, each.held_until, each.sequence = BookingState.BOOKED, None, each.sequence + 1
    keep_changes("booked", held, by=actor.user)
    record_each_patient("confirmed-dates", held, actor)
