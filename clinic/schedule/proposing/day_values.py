"""One day of a clinic that is planned anew: what goes in and what comes out. Cells as in ``values``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from clinic.schedule.proposing.masks import span, starts, window
from clinic.schedule.proposing.values import CELLS

NOT_USUAL: Final = 20  # a session with somebody else than the usual therapist: as bad as an hour and forty minutes
DRIFT: Final = 1  # each cell between the wished time and the session
UNPLACED: Final = 10_000  # a session without a place is worse than any place
WHOLE_DAY: Final = span(0, CELLS)


@dataclass(frozen=True, slots=True)
class DayTherapist:
    """Who works where that day: ``free`` are the cells that may be used, with what is not planned anew taken out."""

    therapist: int
    site: int
    free: int
    minutes_left: int = 100_000
    units_left: float = 1e6


@dataclass(frozen=True, slots=True)
class DayRoom:
    """A room and the cells in which it may be used."""

    room: int
    site: int
    free: int


@dataclass(frozen=True, slots=True)
class DaySession:
    """One session to place. ``key`` names it (a booking's number); ``wished`` is its first cell now, or the one that is wished.

    ``therapists`` are those who may do it, ``usual`` the one whose patient it is. ``free`` are the cells in which the patient can come.
    """

    key: int
    patient: int
    cells: int
    therapists: tuple[int, ...]
    wished: int
    usual: int | None = None
    turnover: int = 0
    free: int = WHOLE_DAY
    minutes: int = 0
    units: float = 0.0


@dataclass(frozen=True, slots=True)
class Day:
    """A day to plan anew. Without ``rooms`` there is always one. A therapist stands in the list once."""

    therapists: tuple[DayTherapist, ...]
    rooms: tuple[DayRoom, ...]
    sessions: tuple[DaySession, ...]
    step: int = 3


@dataclass(frozen=True, slots=True)
class DayPlace:
    """Where one session goes. ``room`` is None where the day has no rooms."""

    cell: int
    therapist: int
    room: int | None


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The places by key of session, the keys of those that found none, and the cost of it all."""

    places: Mapping[int, DayPlace]
    unplaced: tuple[int, ...]
    cost: int


def price(session: DaySession, therapist: int, cell: int) -> int:
    """What one place costs."""
    return DRIFT * abs(cell - session.wished) + (NOT_USUAL if session.usual not in (None, therapist) else 0)


def cost_of_day(day: Day, places: Mapping[int, DayPlace]) -> int:
    """The cost of a plan; what has no place counts as ``UNPLACED``."""
    total = 0
    for session in day.sessions:
        place = places.get(session.key)
        total += UNPLACED if place is None else price(session, place.therapist, place.cell)
    return total


def plan_of(day: Day, places: Mapping[int, DayPlace]) -> DayPlan:
    """The plan with what it leaves out and costs."""
    return DayPlan(places, tuple(each.key for each in day.sessions if each.key not in places), cost_of_day(day, places))


def possible_cells(day: Day, session: DaySession, person: DayTherapist) -> int:
    """Where a session could begin with one therapist if nothing else had to be placed."""
    if person.minutes_left < session.minutes or person.units_left < session.units:
        return 0
    mask = window(0, CELLS, session.cells, day.step) & starts(session.free, session.cells)
    mask &= starts(person.free, session.cells + session.turnover)
    if not day.rooms:
        return mask
    rooms = 0
    for room in day.rooms:
        if room.site == person.site:
            rooms |= starts(room.free, session.cells + session.turnover)
    return mask & rooms


def least_cost(day: Day) -> int:
    """A lower bound: each session where it would be best if it were alone."""
    people = {person.therapist: person for person in day.therapists}
    total = 0
    for session in day.sessions:
        total += min(
            (
                price(session, person.therapist, cell)
                for person in (people[each] for each in session.therapists if each in people)
                for cell in range(CELLS)
                if possible_cells(day, session, person) >> cell & 1
            ),
            default=UNPLACED,
        )
    return total
