"""A day as a time-indexed model: one yes-or-no for each (session, therapist, first cell), and what of them excludes what.

It is data only, so that it can be read and tested without a solver. Rooms are counted: at no moment may more sessions be at a site
than it has free rooms. Where rooms are free at different times that is less than what is needed, so the bound still holds but a plan
may not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clinic.schedule.proposing.day_values import Day, DayPlace, DaySession, DayTherapist, possible_cells, price
from clinic.schedule.proposing.masks import cells_of

SCALE = 10  # units of load are counted in tenths


@dataclass(frozen=True, slots=True)
class Choice:
    """One yes-or-no: this session, with this therapist, from this cell."""

    session: int  # its place in the day's list
    therapist: int
    cell: int
    cost: int


@dataclass(frozen=True, slots=True)
class Limit:
    """The choices of ``weights`` may weigh no more than ``most`` together."""

    weights: tuple[tuple[int, int], ...]  # (number of the choice, weight)
    most: int


@dataclass(frozen=True, slots=True)
class DayModel:
    """Of each session exactly one choice, or none at the price of ``UNPLACED``; of each group in ``at_most_one`` at most one."""

    choices: tuple[Choice, ...]
    of_session: tuple[tuple[int, ...], ...]
    at_most_one: tuple[tuple[int, ...], ...]
    limits: tuple[Limit, ...]


def model_of(day: Day) -> DayModel:
    """The model of a day. What says the same is said once, and what cannot bind is left out."""
    people = {person.therapist: person for person in day.therapists}
    choices = tuple(choice for at in range(len(day.sessions)) for choice in _choices(day, people, at))
    of_session: list[list[int]] = [[] for _ in day.sessions]
    for number, choice in enumerate(choices):
        of_session[choice.session].append(number)
    groups = {tuple(group) for group in _exclusions(day, choices) if len(group) > 1}
    return DayModel(choices, tuple(map(tuple, of_session)), tuple(sorted(groups)), tuple(_limits(day, people, choices)))


def _choices(day: Day, people: dict[int, DayTherapist], at: int) -> Iterator[Choice]:
    session = day.sessions[at]
    for therapist in session.therapists:
        if therapist in people:
            for cell in cells_of(possible_cells(day, session, people[therapist])):
                yield Choice(at, therapist, cell, price(session, therapist, cell))


def _exclusions(day: Day, choices: tuple[Choice, ...]) -> Iterable[list[int]]:
    """Who would need a therapist, or be in two places, at one moment."""
    treating: dict[tuple[int, int], list[int]] = defaultdict(list)
    coming: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, choice in enumerate(choices):
        session = day.sessions[choice.session]
        for cell in range(choice.cell, choice.cell + session.cells + session.turnover):
            treating[choice.therapist, cell].append(number)
        for cell in range(choice.cell, choice.cell + session.cells):
            coming[session.patient, cell].append(number)
    return [*treating.values(), *coming.values()]


def _limits(day: Day, people: dict[int, DayTherapist], choices: tuple[Choice, ...]) -> Iterator[Limit]:
    """Rooms at each moment, and each therapist's load."""
    if day.rooms:
        yield from _room_limits(day, people, choices)
    by_therapist: dict[int, list[tuple[int, DaySession]]] = defaultdict(list)
    for number, choice in enumerate(choices):
        by_therapist[choice.therapist].append((number, day.sessions[choice.session]))
    for therapist, mine in by_therapist.items():
        minutes = tuple((number, session.minutes) for number, session in mine if session.minutes)
        units = tuple((number, round(session.units * SCALE)) for number, session in mine if session.units)
        person = people[therapist]
        for limit in (Limit(minutes, person.minutes_left), Limit(units, int(person.units_left * SCALE + 1e-6))):
            if can_bind(limit, choices):
                yield limit


def can_bind(limit: Limit, choices: tuple[Choice, ...]) -> bool:
    """Whether the heaviest choice of every session together could weigh more than allowed."""
    heaviest: dict[int, int] = defaultdict(int)
    for number, weight in limit.weights:
        session = choices[number].session
        heaviest[session] = max(heaviest[session], weight)
    return sum(heaviest.values()) > limit.most


def _room_limits(day: Day, people: dict[int, DayTherapist], choices: tuple[Choice, ...]) -> Iterator[Limit]:
    used: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, choice in enumerate(choices):
        session = day.sessions[choice.session]
        for cell in range(choice.cell, choice.cell + session.cells + session.turnover):
            used[people[choice.therapist].site, cell].append(number)
    seen = set()
    for (site, cell), numbers in used.items():
        rooms = sum(room.site == site and room.free >> cell & 1 for room in day.rooms)
        limit = Limit(tuple((number, 1) for number in numbers), rooms)
        therapists = len({choices[number].therapist for number in numbers})
        if therapists > rooms and limit not in seen:
            seen.add(limit)
            yield limit


def places_of(day: Day, model: DayModel, chosen: Iterable[int]) -> dict[int, DayPlace] | None:
    """The places of the choices made, by key, with a room for each; None where the rooms cannot be shared out like that.

    Sessions in order of their beginning take the room that has been free for the shortest time; that always works where all
    rooms of a site are free all the time.
    """
    people = {person.therapist: person for person in day.therapists}
    free = {room.room: room.free for room in day.rooms}
    places: dict[int, DayPlace] = {}
    for choice in sorted((model.choices[number] for number in chosen), key=lambda each: (each.cell, each.session)):
        session, room = day.sessions[choice.session], None
        if day.rooms:
            length = session.cells + session.turnover
            cells = ((1 << length) - 1) << choice.cell
            fitting = [each.room for each in day.rooms if each.site == people[choice.therapist].site and free[each.room] & cells == cells]
            if not fitting:
                return None
            room = min(fitting, key=lambda each: free[each].bit_count())
            free[room] &= ~cells
        places[session.key] = DayPlace(choice.cell, choice.therapist, room)
    return places
