"""Where messages get their words from: for each kind of message one source, which reads everything again at the moment of sending.

Apps above this one register the kinds that they know about when they are ready; this app knows bookings and patients only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from clinic.reminders.fields import Fields
from clinic.reminders.models import Message
from clinic.reminders.states import DropReason
from clinic.schedule.models import Booking

# For many messages at once (with clinic, patient, user and booking read already): what each says now, or why it is not needed any more.
Read = Callable[[Sequence[Message], datetime], Mapping[int, Fields | DropReason]]
# After sending, in the transaction that marks them as sent.
Settle = Callable[[Sequence[tuple[Message, Fields]], datetime], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What a kind of message says (``read``), and what is kept once it was sent (``settle``)."""

    read: Read
    settle: Settle | None = None


@dataclass(frozen=True, slots=True)
class InSeries:
    """The place of a booking in a course: ``series`` is the same for all dates of one course."""

    series: str
    number: int
    count: int


_sources: Final[dict[str, Source]] = {}
_series: list[Callable[[Sequence[int]], Mapping[int, InSeries]]] = []
_times: list[Callable[[Booking, datetime], Sequence[tuple[date, time]]]] = []
_pain: list[Callable[[Message, int, datetime], None]] = []


def register_source(source: Source, *kinds: str) -> None:
    """Messages of these kinds get their words from ``source``; registered again it replaces the earlier one."""
    _sources.update(dict.fromkeys(map(str, kinds), source))


def source_of(kind: str) -> Source:
    """Raises ``KeyError`` for a kind that nobody registered."""
    return _sources[kind]


def series_with(provider: Callable[[Sequence[int]], Mapping[int, InSeries]]) -> None:
    """``provider`` tells of numbers of bookings which of them are dates of a course. One provider; the last one counts."""
    _series[:] = [provider]


def series_of(bookings: Sequence[int]) -> Mapping[int, InSeries]:
    """The bookings among these that are dates of a course. At most two queries."""
    return _series[0](bookings) if _series and bookings else {}


def offer_times_with(provider: Callable[[Booking, datetime], Sequence[tuple[date, time]]]) -> None:
    """``provider`` tells for a booking which other times are free by the rules of its course, the best first."""
    _times[:] = [provider]


def times_for(booking: Booking, now: datetime) -> Sequence[tuple[date, time]]:
    """Other free times for this booking (day and clock of the clinic), the best first; nothing is held."""
    return _times[0](booking, now) if _times else ()


def keep_pain_with(keeper: Callable[[Message, int, datetime], None]) -> None:
    """``keeper`` keeps the answer to the question of the next morning (0 none to 10 worst) where the plan finds it."""
    _pain[:] = [keeper]


def keep_pain(message: Message, pain: int, now: datetime) -> None:
    """Hands the answer over. Raises ``RuntimeError`` where nobody keeps it: an answer is never lost silently."""
    if not _pain:
        raise RuntimeError("nobody keeps the answers of the next morning")
    _pain[0](message, pain, now)
