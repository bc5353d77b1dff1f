"""Who else acts when bookings change, in the same transaction: apps above this one say so once, when they are ready."""

from collections.abc import Callable, Sequence

# What happened (a kind of ``BookingChange``: held, booked, moved, released), and the numbers of the bookings, which are written already.
Listener = Callable[[str, Sequence[int]], None]

_listeners: list[Listener] = []


def when_bookings_change(listener: Listener) -> None:
    """From now on ``listener`` is told of every change of a booking, inside its transaction: what it raises undoes the change."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_listeners(kind: str, numbers: Sequence[int]) -> None:
    """Tells everybody who listens, in the order in which they said so. Nobody is told of nothing."""
    for listener in _listeners if numbers else ():
        listener(kind, numbers)
