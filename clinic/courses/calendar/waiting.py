"""Who of those that wait fits a place that fell free. Pure: values in, values out.

Somebody waits for an earlier date of the next session of a course, or for a first date of one that has none. Only that one session
moves; the others stay where they are, so the gaps on both sides are kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from clinic.schedule.proposing import judged, propose, why_not
from clinic.schedule.proposing.values import CELLS, At, Calendar, Reason, Rhythm, Slot, Wanted

SHOWN: Final = 3
ANY_DAY: Final = frozenset(range(7))
# What only says how a course's own rhythm began; it does not make one who waits fit less.
NO_LESS: Final = frozenset({"starts-late", "load-near", "beside-heavy"})


@dataclass(frozen=True, slots=True)
class FreePlace:
    """A place that fell free: from ``cell`` on, as long as it was taken before (``cells``)."""

    day: date
    cell: int
    cells: int
    therapist: int

    @property
    def key(self) -> tuple[int, date, int]:
        """Whose time it is: a therapist's time is offered to one at a time, whatever the room."""
        return self.therapist, self.day, self.cell


@dataclass(frozen=True, slots=True)
class Wait:
    """One who waits, with the wishes: days (Monday is 0), cells between which the session lies, therapist, and from when to when."""

    number: int
    since: datetime
    first_on: date
    last_on: date
    weekdays: frozenset[int] = ANY_DAY
    earliest: int = 0
    latest: int = CELLS
    therapist: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who waits and the course behind it.

    ``chosen`` are the places of the sessions that are booked and to come; the first of them would move. Without any, the next session has
    no date yet. ``last_on`` is the last day that was given or must stay, ``busy`` the cells in which the patient is somewhere else.
    """

    wait: Wait
    wanted: Wanted
    chosen: tuple[Slot, ...] = ()
    last_on: date | None = None
    busy: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody whom a place fits. ``reasons`` are what the course would rather have; ``days_sooner`` counts calendar days."""

    wait: Wait
    slot: Slot
    reasons: tuple[Reason, ...] = ()
    days_sooner: int | None = None  # None: the session has no date yet
    gap: int | None = None  # open days after the session before; None: there is none that counts


def may_suit(wait: Wait, place: FreePlace, now_booked: Slot | None) -> bool:
    """Whether the wishes allow the place, and it is earlier than what is booked; the calendar is not asked yet."""
    is_wished = wait.first_on <= place.day <= wait.last_on and place.day.weekday() in wait.weekdays
    is_wished = is_wished and wait.earliest <= place.cell < wait.latest and wait.therapist in (None, place.therapist)
    return is_wished and (now_booked is None or (place.day, place.cell) < (now_booked.day, now_booked.cell))


def keeps_rhythm(rhythm: Rhythm, day: date, before: date | None, after: date | None, open_days: Iterable[date]) -> bool:
    """Whether a session on that day keeps the gaps of its course to the sessions before and after it.

    After a break that is longer than any gap there is nothing to keep.
    """
    days = tuple(open_days)
    if before is not None and (before >= day or sum(before < each <= day for each in days) < rhythm.min):
        return False
    return after is None or rhythm.min <= sum(day < each <= after for each in days) <= rhythm.max


def match(calendar: Calendar, candidate: Candidate, place: FreePlace) -> Match | None:
    """How the place would suit this candidate; ``None`` where a wish, the rhythm of the course or the calendar speaks against it."""
    now_booked = candidate.chosen[0] if candidate.chosen else None
    if not may_suit(candidate.wait, place, now_booked):
        return None
    wanted = _wanted_at(candidate, place)
    chosen = candidate.chosen or (Slot(place.day, place.cell, place.therapist, 0, 0),)
    if why_not(calendar, wanted, chosen, 1, At(place.day, place.cell, place.therapist)):
        return None
    slot = _slot_at(calendar, wanted, place)
    if slot is None:
        return None
    first = judged(calendar, wanted, (slot, *chosen[1:]))[0]
    return Match(
        candidate.wait,
        slot,
        tuple(reason for reason in first.reasons if reason.code not in NO_LESS),
        None if now_booked is None else (now_booked.day - place.day).days,
        None if wanted.after is None else sum(wanted.after < day <= place.day for day in calendar.open_days),
    )


def best_matches(calendar: Calendar, place: FreePlace, candidates: Iterable[Candidate], *, limit: int | None = SHOWN) -> tuple[Match, ...]:
    """Whom the place fits: whose course it suits best first, and among equals who waits longest."""
    found = [each for candidate in candidates if (each := match(calendar, candidate, place)) is not None]
    return tuple(sorted(found, key=lambda each: (len(each.reasons), each.wait.since, each.wait.number))[:limit])


def is_still_free(calendar: Calendar, place: FreePlace) -> bool:
    """Whether the therapist works there and is free for the whole of it, and some room of that site is."""
    asked = ((1 << place.cells) - 1) << place.cell
    for shift in calendar.shifts.get((place.therapist, place.day), ()):
        rooms = calendar.places.get((shift.site, place.day), ())
        if shift.free & asked == asked and any(room.free & asked == asked for room in rooms):
            return True
    return False


def _wanted_at(candidate: Candidate, place: FreePlace) -> Wanted:
    """What must hold at that place: the rhythm of the course, and of the wishes those with which somebody waits."""
    wanted, wait, last = candidate.wanted, candidate.wait, candidate.last_on
    # After a break that is longer than any gap, the gap counts no more: the sooner the better.
    after = last if last is not None and (last >= place.day or (place.day - last).days <= wanted.rhythm.max) else None
    whom: Sequence[int] = [each for each in wanted.therapists if wait.therapist in (None, each)]
    return replace(
        wanted,
        count=max(len(candidate.chosen), 1),
        first_on=place.day,
        last_on=max(place.day, wanted.last_on),
        after=after,
        therapists=tuple(whom),
        earliest=wait.earliest,
        latest=wait.latest,
        preferred=None,
        weekdays=wait.weekdays,
        step=1,
        busy=candidate.busy,
    )


def _slot_at(calendar: Calendar, wanted: Wanted, place: FreePlace) -> Slot | None:
    """The place with the room, and the device, that the session would have."""
    there = replace(
        wanted, count=1, last_on=place.day, earliest=place.cell, latest=place.cell + wanted.cells,
        therapists=(place.therapist,), after=None, then=None, kept=(),
    )  # fmt: skip
    found = propose(calendar, there)
    return found.dates[0].slot if found.dates else None
