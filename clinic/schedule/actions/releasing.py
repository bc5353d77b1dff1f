"""Bookings give their places up."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.schedule.actions.checking import check_may_change
from clinic.schedule.actions.expiring import end
from clinic.schedule.actions.locking import lock_for, locked_bookings
from clinic.schedule.actions.noting import keep_changes, record_each_patient, where
from clinic.schedule.actions.times import day_words
from clinic.schedule.actions.turns import booking_transaction
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.permissions import ActionDenied, Actor


class StaleBooking(ActionDenied):
    """Somebody else has changed this booking since it was read."""


@booking_transaction()
def release_bookings(*, bookings: Iterable[Booking], reason: str, note: str, actor: Actor) -> list[Booking]:
    """Gives the places of these bookings up, held or booked, and answers those that were released now.

    ``reason`` is a code of ``BookingReason``. One that is released already is left as it is. Raises ``StaleBooking`` for one that was
    moved since it was read: who wanted to release Monday must not release Tuesday.
    """
    given = list(bookings)
    check_may_change(given, reason, actor)
    lock_for(*given)
    rows = locked_bookings(given)
    before = unchanged([each for each in given if rows[each.pk].state != BookingState.RELEASED], rows)
    released, why = list(before.values()), (reason, note.strip())
    if released:
        end(released, reason, timezone.now())
        keep_changes("released", released, before={pk: where(each) for pk, each in before.items()}, why=why, by=actor.user)
        record_each_patient("released-dates", released, actor, {"reason": reason, "note": note.strip()})
    return released


def unchanged(bookings: Sequence[Booking], rows: Mapping[int, Booking]) -> dict[int, Booking]:
    """The locked ``rows`` of these bookings, by number. Raises ``StaleBooking`` when one is not as it was read."""
    for each in bookings:
        row = rows[each.pk]
        if row.state == BookingState.RELEASED or row.sequence != each.sequence:
            about = {"day": day_words(each.day), "time": f"{each.clock:%H:%M}"}
            raise StaleBooking(_("Somebody else has changed the date on %(day)s at %(time)s in the meantime. Look at it again.") % about)
    return {each.pk: rows[each.pk] for each in bookings}
