"""Time of a day as a set of cells of five minutes: an ``int`` whose bit ``c`` stands for the cell from ``c * 5`` minutes on."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from clinic.schedule.proposing.values import CELL_MINUTES, CELLS

WHOLE_DAY: Final = (1 << CELLS) - 1
MINUTES_A_DAY: Final = 24 * 60


def minute_of(clock: time) -> int:
    """Whole minutes since midnight."""
    return clock.hour * 60 + clock.minute


def clock_of(cell: int) -> time:
    """The time at which a cell begins. Raises ``ValueError`` for a cell that no day has."""
    return time(cell * CELL_MINUTES // 60, cell * CELL_MINUTES % 60)


@cache
def cells_between(first: int, last: int) -> int:
    """The cells that a span of minutes of a day touches; none for an empty one."""
    start, end = max(first, 0) // CELL_MINUTES, -(-min(last, MINUTES_A_DAY) // CELL_MINUTES)
    return ((1 << end) - 1) & ~((1 << start) - 1) if end > start else 0


def cells_within(starts: time, ends: time) -> int:
    """The cells that lie whole between two times: working time is never rounded up."""
    start, end = -(-minute_of(starts) // CELL_MINUTES), minute_of(ends) // CELL_MINUTES
    return ((1 << end) - 1) & ~((1 << start) - 1) if end > start else 0


def cells_touched(starts: time, ends: time) -> int:
    """The cells that the span between two times touches: what is taken is never rounded down."""
    return cells_between(minute_of(starts), minute_of(ends))


def cells_from(clock: time) -> int:
    """The cells of a day that begin at or after a time."""
    return WHOLE_DAY & ~((1 << first_cell_from(clock)) - 1)


def first_cell_from(clock: time) -> int:
    """The first cell of a day that begins at or after a time; ``CELLS`` where none does any more."""
    return -(-minute_of(clock) // CELL_MINUTES)


class WallDays:
    """Turns spans of whole minutes since 1970 (UTC) into cells of the days that the clinic's clock shows. Remembers what it was asked."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._walls: dict[int, tuple[int, int]] = {}
        self._days: dict[int, date] = {}
        self._spans: dict[tuple[int, int], tuple[tuple[date, int], ...]] = {}

    def cells(self, start: int, end: int) -> tuple[tuple[date, int], ...]:
        """(day, cells) for each day that the span touches.

        Where the clocks change inside the span, every cell that it may stand for is taken: nothing is offered there by mistake.
        """
        key = (start, end)
        found = self._spans.get(key)
        if found is None:
            found = self._spans[key] = tuple(self._cut(start, end))
        return found

    def _cut(self, start: int, end: int) -> Iterator[tuple[date, int]]:
        (day, first), (last_day, last) = self._wall(start), self._wall(end)
        last += (last_day - day) * MINUTES_A_DAY
        first, last = min(first, last - (end - start)), max(first + end - start, last)
        for number in range(first // MINUTES_A_DAY, -(-last // MINUTES_A_DAY)):
            cells = cells_between(first - number * MINUTES_A_DAY, last - number * MINUTES_A_DAY)
            if cells:
                yield self._day(day + number), cells

    def _wall(self, minute: int) -> tuple[int, int]:
        found = self._walls.get(minute)
        if found is None:
            there = datetime.fromtimestamp(minute * 60, self._zone)
            found = self._walls[minute] = (there.toordinal(), there.hour * 60 + there.minute)
        return found

    def _day(self, ordinal: int) -> date:
        found = self._days.get(ordinal)
        if found is None:
            found = self._days[ordinal] = date.fromordinal(ordinal)
        return found


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last one."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
