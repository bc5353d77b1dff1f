"""A calendar that is read as it is looked at: most searches end with the first therapist and the first rooms, long before its last day.

Whoever is asked about first, and the first rooms, are read alone, for all days at once; after that all the others together: a week, the
next two, the next four … What comes out is the same as if everything had been read.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, overload

from django.db.models import Q, QuerySet

from clinic.schedule.cells import WHOLE_DAY, WallDays
from clinic.schedule.models import Booking
from clinic.schedule.proposing.values import Place, Shift
from clinic.schedule.queries.taken import LONGEST, Asked, Key, Taken, moments_and_loads, standing_at, take_load
from clinic.schedule.wall_clock import day_bounds
from clinic.web.prepared import Prepared

ALONE: Final = 2  # therapists, and rooms, that are read one by one
BLOCK: Final = 7  # days of all the others that are read together first; each block has twice the days of the one before
FEW: Final = 8  # therapists of whom everything is read at once: one query for little costs less than several for less
MOMENTS: Final = ("start", "end", "free")
LOADS: Final = ("load", "hands_on_minutes", "heavy")


class Reading:
    """What bookings take out of the days from ``first`` to ``last``, read for one therapist, room or device when it is asked for."""

    def __init__(self, asked: Asked, rooms: Mapping[int, Sequence[int]], first: date, last: date) -> None:
        self.asked, self.first, self.last, self.taken = asked, first, last, Taken()
        self._all: Mapping[str, Collection[int]] = {
            "therapist": asked.therapists,
            "room": [each for site in rooms.values() for each in site],
        }
        self._days = WallDays(asked.clinic.zone)
        self._known: set[tuple[str, int]] = set()  # read for all days
        self._blocks: set[tuple[str, date]] = set()  # read for all the others

    def need(self, kind: str, number: int, day: date) -> None:
        """Reads what is taken of this ``kind`` (therapist, room) on that day."""
        if (kind, number) in self._known:
            return
        if sum(known == kind for known, _number in self._known) < ALONE:
            self.read(kind, (number,))
            return
        block = self._block(day)
        if (kind, block[0]) not in self._blocks:
            self._blocks.add((kind, block[0]))
            self._take(kind, [each for each in self._all[kind] if (kind, each) not in self._known], *block)

    def read(self, kind: str, numbers: Collection[int]) -> None:
        """Reads what is taken of these on all days. One query."""
        self._known.update((kind, each) for each in numbers)
        self._take(kind, numbers, self.first, self.last)

    def _block(self, day: date) -> tuple[date, date]:
        """The first and the last day of the block in which a day lies."""
        length = BLOCK << ((day - self.first).days // BLOCK + 1).bit_length() - 1
        begin = self.first + timedelta(days=length - BLOCK)
        return begin, min(begin + timedelta(days=length - 1), self.last)

    def _take(self, kind: str, numbers: Collection[int], first: date, last: date) -> None:
        if not numbers:
            return
        cells_of, taken = self._days.cells, self.taken
        into = {"therapist": taken.therapists, "room": taken.rooms, "device": taken.devices}.get(kind)
        for number, start, end, free, *load in self._lines(kind, numbers, first, last):
            if into is None:
                for day, cells in cells_of(start, end):
                    taken.patient[day] |= cells
                continue
            for day, cells in cells_of(start, free):
                into[number, day] |= cells
            if load:
                take_load(taken, cells_of(start, end), number, load, since=first)

    def _lines(self, kind: str, numbers: Collection[int], first: date, last: date) -> list[tuple[Any, ...]]:
        zone, ignoring = self.asked.clinic.zone, tuple(sorted(self.asked.ignoring))
        besides = {"ignoring": ignoring} if ignoring else {}
        start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
        return _LINES.rows(kind, numbers=tuple(numbers), now=self.asked.now, start=start, end=end, **besides)


def _lines(
    kind: str, *, numbers: tuple[int, ...], now: datetime, start: datetime, end: datetime, ignoring: tuple[int, ...] = ()
) -> QuerySet[Any, Any]:
    found = Booking.objects.filter(standing_at(now), Q(**{f"{kind}__in": numbers}), is_taken=True)
    found = found.filter(starts_at__gte=start - LONGEST, starts_at__lt=end, free_at__gt=start).exclude(pk__in=ignoring)
    return moments_and_loads(found).values_list(f"{kind}_id", *MOMENTS, *(LOADS if kind == "therapist" else ()))


_LINES: Final = Prepared(_lines)


class Shifts(Mapping[Key, tuple[Shift, ...]]):
    """(therapist, day) -> a shift for each site, made by ``make`` when it is asked for."""

    def __init__(self, reading: Reading, is_open: frozenset[date], make: Callable[[Key], tuple[Shift, ...]]) -> None:
        self._reading, self._is_open, self._make = reading, is_open, make
        self._made: dict[Key, tuple[Shift, ...]] = {}

    def __getitem__(self, key: Key) -> tuple[Shift, ...]:
        found: tuple[Shift, ...] | None = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: Key, default: Any = None) -> Any:
        """As of any mapping, without raising on the way: most days of a search are asked about."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._read(*key)
        return found or default

    def __iter__(self) -> Iterator[Key]:
        keys = ((therapist, day) for therapist in self._reading.asked.therapists for day in sorted(self._is_open))
        return (key for key in keys if self.get(key))

    def __len__(self) -> int:
        return sum(1 for _key in self)

    def _read(self, therapist: int, day: date) -> tuple[Shift, ...]:
        if therapist not in self._reading.asked.therapists or day not in self._is_open:
            return ()
        self._reading.need("therapist", therapist, day)
        return self._make((therapist, day))


class Rooms(Sequence[Place]):
    """The rooms of a site on one day in their order, each read when it is looked at."""

    def __init__(self, reading: Reading, site: int, day: date, numbers: Sequence[int]) -> None:
        self._reading, self._site, self._day, self._numbers = reading, site, day, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> Place: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Place]: ...

    def __getitem__(self, at: int | slice) -> Place | Sequence[Place]:
        if isinstance(at, slice):
            return tuple(self[each] for each in range(*at.indices(len(self))))
        room = self._numbers[at]
        self._reading.need("room", room, self._day)
        return Place(room, self._site, self._day, WHOLE_DAY & ~self._reading.taken.rooms.get((room, self._day), 0))


class Places(Mapping[Key, Sequence[Place]]):
    """(site, day) -> its rooms; none where the site is closed."""

    def __init__(
        self, reading: Reading, rooms: Mapping[int, Sequence[int]], is_open: Sequence[date], is_shut: Callable[[int, date], bool]
    ) -> None:
        self._reading, self._rooms, self._is_shut = reading, rooms, is_shut
        self._is_open = dict.fromkeys(is_open)

    def __getitem__(self, key: Key) -> Sequence[Place]:
        site, day = key
        if site not in self._rooms or day not in self._is_open or self._is_shut(site, day):
            raise KeyError(key)
        return Rooms(self._reading, site, day, self._rooms[site])

    def __iter__(self) -> Iterator[Key]:
        return ((site, day) for site in self._rooms for day in self._is_open if not self._is_shut(site, day))

    def __len__(self) -> int:
        return sum(1 for _key in self)
