"""Who else acts when bookings change, in the same transaction: apps above this one say so once, when they are ready."""

import logging
from collections.abc import Callable, Sequence

from django.db import DatabaseError
from django.utils.translation import gettext as _

from clinic.staff.permissions import ActionDenied

logger = logging.getLogger(__name__)

# What happened (a kind of ``BookingChange``: held, booked, moved, released), and the numbers of the bookings, which are written already.
Listener = Callable[[str, Sequence[int]], None]

_listeners: list[Listener] = []


class NotTold(ActionDenied):
    """Something that has to follow from the change could not be done, so the change is not made either."""


def when_bookings_change(listener: Listener) -> None:
    """From now on ``listener`` is told of every change of a booking, inside its transaction: what it raises undoes the change."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_listeners(kind: str, numbers: Sequence[int]) -> None:
    """Tells everybody who listens, in the order in which they said so. Nobody is told of nothing.

    What a listener did not think of raises ``NotTold``, with a sentence for whoever changes the bookings; the log has the rest.
    """
    for listener in _listeners if numbers else ():
        try:
            listener(kind, numbers)
        except (ActionDenied, DatabaseError):
            raise
        except Exception as wrong:
            logger.exception("bookings cannot be %s: a listener failed", kind)
            sentence = _("The messages about these dates could not be written, so nothing was changed. Try again, or tell your support.")
            raise NotTold(sentence) from wrong
