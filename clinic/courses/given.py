"""What was given of a plan: the events of a player read along the clock. Pure; ``static/js/player-clock.js`` reads them in the same way.

A session begins with its first row when it is started, and each row gives way to the next one when its time is over, without a
touch: events only tell where the hands did something else. So a tablet that sleeps, or stands without a network, loses nothing.
The order of events is that of the clock, whenever and however often they arrive: two devices that play one session are merged by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from clinic.courses.states import EventKind
from protocols.method.places import Place

MOST_MORE: Final = 300  # seconds that a row may be lengthened in all: what is longer is another plan
AFTER_THE_LAST: Final = frozenset({EventKind.BEGUN, EventKind.LONGER})  # what may follow when every row had its time


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``value`` by kind: begun {row}; longer, shorter {row, seconds}; skipped {row, reason, words}; hurt {row, zone, side};
    stopped {reason, words}; none of the others has one."""

    key: str
    device: str
    seq: int
    at_ms: int  # since the start
    kind: str
    value: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowGiven:
    """One row of the plan as it was given: whole seconds; ``reason`` is a code of ``SkipReason``, "" for a row that was not skipped."""

    row: int
    planned: int
    given: int
    reason: str = ""
    words: str = ""

    @property
    def is_as_planned(self) -> bool:
        return self.given == self.planned and not self.reason


@dataclass(frozen=True, slots=True)
class HurtAt:
    """Where it hurt, and at which row of the plan; None where it was told afterwards."""

    place: Place
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """How far a session is at one moment. ``row`` is None when it is over; ``left_ms`` is the time left of the row.

    ``ahead_ms`` is the time left of everything to come, that row among it. ``is_final``: it was ended by hand; rows that ran out by the
    clock alone may be taken up again.
    """

    row: int | None
    left_ms: int
    is_paused: bool
    ended_ms: int | None
    rows: tuple[RowGiven, ...]
    hurts: tuple[HurtAt, ...] = ()
    stop_reason: str = ""
    stop_words: str = ""
    ahead_ms: int = 0
    is_final: bool = False

    @property
    def is_over(self) -> bool:
        return self.row is None

    @property
    def seconds(self) -> int:
        """Hands-on time that was really given."""
        return sum(row.given for row in self.rows)

    @property
    def is_as_planned(self) -> bool:
        return not self.stop_reason and all(row.is_as_planned for row in self.rows)


def played(planned: Sequence[int], events: Iterable[Event], now_ms: int) -> Played:
    """How far a session with rows of ``planned`` seconds is ``now_ms`` after its start.

    Events may come in any order, and twice. One of a device whose clock goes ahead counts at once, and time is as far as it says.
    """
    clock, known = _Clock(planned), dict[str, Event]()
    for event in sorted(events, key=lambda each: (each.at_ms, each.device, each.seq, each.key)):
        known.setdefault(event.key, event)
    for event in known.values():
        clock.run_to(event.at_ms)
        clock.take(event)
    clock.run_to(now_ms)
    return clock.played()


class _Clock:
    def __init__(self, planned: Sequence[int]) -> None:
        self.planned = tuple(planned)
        self.target = [seconds * 1000 for seconds in planned]
        self.elapsed = [0 for _each in planned]
        self.most = [(seconds + MOST_MORE) * 1000 for seconds in planned]
        self.skipped: dict[int, tuple[str, str]] = {}
        self.hurts: dict[HurtAt, None] = {}
        self.row: int | None = 0 if self.planned else None
        self.at, self.is_paused, self.is_final, self.stop = 0, False, False, ("", "")
        self.ended: int | None = None if self.planned else 0

    def run_to(self, moment: int) -> None:
        """The time up to that moment goes to the rows, each until its own is used up."""
        while self.row is not None and not self.is_paused and self.at < moment:
            passed = min(moment - self.at, max(self.target[self.row] - self.elapsed[self.row], 0))
            self.elapsed[self.row] += passed
            self.at += passed
            if self.elapsed[self.row] >= self.target[self.row]:
                self._go_on()
        self.at = max(self.at, moment)

    def _go_on(self) -> None:
        after = (each for each in range((self.row or 0) + 1, len(self.planned)) if each not in self.skipped)
        self._go_to(next(after, None))

    def _go_to(self, row: int | None) -> None:
        self.row = row
        if row is None:
            self.ended = self.at

    def take(self, event: Event) -> None:
        """What the event changes from its moment on. One about a row that is not there changes nothing."""
        if event.kind == EventKind.HURT:
            self._hurt(event.value)
        elif not self.is_final:
            self._before_the_end(event, event.value.get("row"))

    def _hurt(self, value: Mapping[str, Any]) -> None:
        row = value.get("row")
        self.hurts[HurtAt(Place(value["zone"], value["side"]), row if self._has(row) else None)] = None

    def _has(self, row: Any) -> bool:
        return isinstance(row, int) and 0 <= row < len(self.planned)

    def _before_the_end(self, event: Event, row: Any) -> None:
        if event.kind == EventKind.STOPPED:
            self.stop = (event.value.get("reason", ""), event.value.get("words", ""))
        if event.kind in (EventKind.STOPPED, EventKind.FINISHED):
            self._end()
        elif self.row is None and event.kind not in AFTER_THE_LAST:
            return
        elif event.kind in (EventKind.PAUSED, EventKind.RESUMED):
            self.is_paused = event.kind == EventKind.PAUSED
        elif self._has(row):
            self._at_row(event, row)

    def _end(self) -> None:
        self.is_final = True
        if self.row is not None:
            self._go_to(None)

    def _at_row(self, event: Event, row: int) -> None:
        if event.kind == EventKind.BEGUN:
            self._begin(row)
        elif event.kind == EventKind.SKIPPED:
            self.skipped[row] = (event.value.get("reason", ""), event.value.get("words", ""))
            if row == self.row:
                self._go_on()
        elif event.kind in (EventKind.LONGER, EventKind.SHORTER):
            sign = 1 if event.kind == EventKind.LONGER else -1
            wanted = self.target[row] + sign * 1000 * abs(int(event.value.get("seconds", 0)))
            self.target[row] = min(max(wanted, self.elapsed[row]), self.most[row])

    def _begin(self, row: int) -> None:
        """From there on; a row that had its time already is given once more."""
        self.skipped.pop(row, None)
        if self.elapsed[row] >= self.target[row]:
            self.target[row] = self.elapsed[row] + self.planned[row] * 1000
            self.most[row] = self.target[row] + MOST_MORE * 1000
        self.ended = None
        self._go_to(row)

    def played(self) -> Played:
        left = 0 if self.row is None else self.target[self.row] - self.elapsed[self.row]
        ahead = left + sum(map(self._left_of, range((self.row or 0) + 1, len(self.planned)))) if self.row is not None else 0
        rows = (
            RowGiven(row, planned, self.elapsed[row] // 1000, *self.skipped.get(row, ("", ""))) for row, planned in enumerate(self.planned)
        )
        return Played(self.row, left, self.is_paused, self.ended, tuple(rows), tuple(self.hurts), *self.stop, ahead, self.is_final)

    def _left_of(self, row: int) -> int:
        return 0 if row in self.skipped else max(self.target[row] - self.elapsed[row], 0)
