"""Sessions that cannot take place as booked: each goes to a colleague, to another time, or to the call list, and all fit together.

Pure: values in, values out. What could be done about each session is found elsewhere; here the choices are made for all at once.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from clinic.schedule.proposing.values import Calendar, Reason, Slot

# So many partial answers are tried for each group of sessions that could stand in each other's way; then the best one found is taken.
BUDGET: Final = 5_000
# One call outweighs any number of moves, and one move any number of changes of therapist.
CALL_COST: Final = 10**9
MOVE_COST: Final = 10**5
MOST_OF_A_MOVE: Final = MOVE_COST - 1

Key = tuple[str, int, date]


class Way(StrEnum):
    """What is done about a session: a colleague takes it at its time, it comes at another time, or the patient is called."""

    COLLEAGUE = "colleague"
    MOVED = "moved"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Affected:
    """One booked session that cannot take place as booked. ``cells`` is its length, ``turnover`` the cells after it.

    One that ``stands`` could stay, but may have to move with others of its course: the calendar counts it where it is.
    """

    booking: int
    patient: int
    slot: Slot
    cells: int
    turnover: int = 0
    units: float = 0.0
    minutes: int = 0
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One session goes to one place."""

    session: Affected
    slot: Slot

    @property
    def stays(self) -> bool:
        return self.slot == self.session.slot


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be done about the sessions of a case. ``reasons`` say what of the wishes it misses."""

    way: Way
    steps: tuple[Step, ...]
    cost: int
    reasons: tuple[Reason, ...] = ()

    @property
    def code(self) -> str:
        """The same for the same steps, so that a page that was sent names what it showed."""
        said = ";".join(f"{step.session.booking}:{step.slot}" for step in self.steps)
        return f"{self.way}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    @property
    def moves(self) -> tuple[Step, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if not step.stays)


@dataclass(frozen=True, slots=True)
class Case:
    """Sessions of one patient that hang together, and what can be done about them. Calling the patient is always one of the choices."""

    sessions: tuple[Affected, ...]
    choices: tuple[Choice, ...]

    def choice(self, code: str) -> Choice | None:
        """The choice with this code, if it is still there."""
        return next((each for each in self.choices if each.code == code), None)


def a_case(sessions: Sequence[Affected], choices: Iterable[Choice]) -> Case:
    """A case with these choices, the least costly first, and the call at the end."""
    found = {each.code: each for each in sorted(choices, key=lambda each: (each.cost, each.code))}
    return Case(tuple(sessions), (*found.values(), call_for(sessions)))


def call_for(sessions: Sequence[Affected]) -> Choice:
    """Nothing is moved: the sessions stay where they are, marked, until somebody has spoken with the patient."""
    return Choice(Way.CALL, tuple(Step(each, each.slot) for each in sessions), CALL_COST * len(sessions))


# Who could stand in -------------------------------------------------------------------------------------------------------------
def stand_ins(calendar: Calendar, session: Affected, colleagues: Sequence[int]) -> tuple[Slot, ...]:
    """The same day, time and site with each of these colleagues who is free and has the load left, in a free room.

    The room stays the same where it is free. ``calendar`` must leave out the affected bookings themselves. Whether the colleagues
    have learned what the session needs is asked before.
    """
    room = _room_for(calendar, session)
    if room is None or not _device_is_free(calendar, session):
        return ()
    able = (each for each in colleagues if each != session.slot.therapist and _has_time(calendar, session, each))
    slot = session.slot
    return tuple(Slot(slot.day, slot.cell, each, room, slot.site, slot.device) for each in able)


def _has_time(calendar: Calendar, session: Affected, therapist: int) -> bool:
    span = _span(session.slot.cell, session.cells + session.turnover)
    shifts = calendar.shifts.get((therapist, session.slot.day), ())
    return any(
        shift.site == session.slot.site
        and not span & ~shift.free
        and shift.units_left >= session.units
        and shift.minutes_left >= session.minutes
        for shift in shifts
    )


def _room_for(calendar: Calendar, session: Affected) -> int | None:
    span, slot = _span(session.slot.cell, session.cells + session.turnover), session.slot
    free = [place.room for place in calendar.places.get((slot.site, slot.day), ()) if not span & ~place.free]
    if slot.room in free:
        return slot.room
    return free[0] if free and slot.device is None else None  # a device may stand in one room


def _device_is_free(calendar: Calendar, session: Affected) -> bool:
    device = session.slot.device
    if device is None:
        return True
    return not _span(session.slot.cell, session.cells + session.turnover) & ~calendar.devices.get((device, session.slot.day), 0)


def _span(first: int, count: int) -> int:
    return ((1 << count) - 1) << first


# All at once --------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Want:
    """A choice with all that it takes, worked out once."""

    choice: Choice
    cells: tuple[tuple[Key, int], ...]
    load: tuple[tuple[Key, float, int], ...]

    @classmethod
    def of(cls, choice: Choice) -> "_Want":
        return cls(choice, tuple(takes(choice)), tuple((key, *load) for key, load in loads(choice).items()))


@dataclass(slots=True)
class _Use:
    """What the choices made so far take: cells of people, rooms and devices, and load of each therapist's day."""

    left: Mapping[Key, tuple[float, int]]
    cells: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    units: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    minutes: dict[Key, int] = field(default_factory=lambda: defaultdict(int))

    def fits(self, want: _Want) -> bool:
        if any(self.cells[key] & cells for key, cells in want.cells):
            return False
        for key, units, minutes in want.load:
            units_left, minutes_left = self.left.get(key, (float("inf"), 10**9))
            if self.units[key] + units > units_left + 1e-9 or self.minutes[key] + minutes > minutes_left:
                return False
        return True

    def add(self, want: _Want, sign: int = 1) -> None:
        for key, cells in want.cells:
            self.cells[key] ^= cells  # they were free, so that turning them round takes them, and once more gives them back
        for key, units, minutes in want.load:
            self.units[key] += sign * units
            self.minutes[key] += sign * minutes


def takes(choice: Choice) -> Iterator[tuple[Key, int]]:
    """The cells of everybody and everything that a choice takes. The patient can go while the room is aired."""
    for step in choice.steps:
        slot, session = step.slot, step.session
        busy = _span(slot.cell, session.cells + session.turnover)
        yield ("therapist", slot.therapist, slot.day), busy
        yield ("room", slot.room, slot.day), busy
        if slot.device is not None:
            yield ("device", slot.device, slot.day), busy
        yield ("patient", session.patient, slot.day), _span(slot.cell, session.cells)


def loads(choice: Choice) -> dict[Key, tuple[float, int]]:
    """Massage units and hands-on minutes that a choice adds to each therapist's day, less those of sessions that leave it."""
    found: dict[Key, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for step in choice.moves:
        session = step.session
        for slot, sign in ((step.slot, 1), *(((session.slot, -1),) if session.stands else ())):
            key = ("therapist", slot.therapist, slot.day)
            units, minutes = found[key]
            found[key] = (units + sign * session.units, minutes + sign * session.minutes)
    return dict(found)


def load_left(calendar: Calendar) -> dict[Key, tuple[float, int]]:
    """What each therapist's days have left, as ``assign`` asks for it."""
    return {
        ("therapist", therapist, day): (max(each.units_left for each in shifts), max(each.minutes_left for each in shifts))
        for (therapist, day), shifts in calendar.shifts.items()
        if shifts
    }


def assign(cases: Sequence[Case], left: Mapping[Key, tuple[float, int]], budget: int = BUDGET) -> tuple[Choice, ...]:
    """One choice for each case, such that no two take the same place and nobody's load is passed, at the least cost.

    Fewest calls first, then fewest moves, then the nearest ones. Exact as long as ``budget`` steps suffice for every group of cases
    that could stand in each other's way; else the best answer found. The same cases give the same answer.
    """
    found: dict[int, Choice] = {}
    for group in _groups(cases):
        found.update(_Search([cases[number] for number in group], left, budget).best(group))
    return tuple(found[number] for number in range(len(cases)))


class _Search:
    """Depth first through the cases of one group, the hardest first, cutting off what cannot become better."""

    def __init__(self, cases: Sequence[Case], left: Mapping[Key, tuple[float, int]], budget: int) -> None:
        # Few ways out make a case hard; it is settled while most places are still free.
        self.order = sorted(range(len(cases)), key=lambda number: (len(cases[number].choices), number))
        self.wants = [tuple(map(_Want.of, case.choices)) for case in cases]
        self.budget, self.use, self.picked = budget, _Use(left), dict[int, Choice]()
        self.least: dict[int, Choice] = {number: case.choices[-1] for number, case in enumerate(cases)}
        self.least_cost = sum(each.cost for each in self.least.values())
        ahead = [min(choice.cost for choice in cases[number].choices) for number in self.order]
        self.ahead = [sum(ahead[place:]) for place in range(len(ahead) + 1)]

    def best(self, names: Sequence[int]) -> dict[int, Choice]:
        self._go(0, 0)
        return {names[number]: choice for number, choice in self.least.items()}

    def _go(self, place: int, cost: int) -> None:
        if cost + self.ahead[place] >= self.least_cost or self.budget <= 0:
            return
        if place == len(self.order):
            self.least, self.least_cost = dict(self.picked), cost
            return
        self.budget -= 1
        number = self.order[place]
        for want in self.wants[number]:
            if cost + want.choice.cost + self.ahead[place + 1] >= self.least_cost:
                return  # those that follow cost no less
            if self.use.fits(want):
                self.use.add(want)
                self.picked[number] = want.choice
                self._go(place + 1, cost + want.choice.cost)
                self.use.add(want, -1)


def _groups(cases: Sequence[Case]) -> list[list[int]]:
    """Cases that could want the same place, in groups that know nothing of each other."""
    leader = list(range(len(cases)))

    def of(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    wanted: dict[Key, int] = {}
    for number, case in enumerate(cases):
        for choice in case.choices:
            for key, _cells in takes(choice):
                other = wanted.setdefault(key, number)
                leader[of(number)] = of(other)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in range(len(cases)):
        groups[of(number)].append(number)
    return list(groups.values())


def clashes(choices: Sequence[Choice], left: Mapping[Key, tuple[float, int]]) -> tuple[int, ...]:
    """The places in the list of choices that do not fit to those before them: chosen by hand, two may want one place."""
    use, found = _Use(left), []
    stays = [number for number, choice in enumerate(choices) if choice.way == Way.CALL]
    for number in (*stays, *(each for each in range(len(choices)) if each not in stays)):
        want = _Want.of(choices[number])
        if use.fits(want):
            use.add(want)
        else:
            found.append(number)
    return tuple(sorted(found))


def count_ways(choices: Iterable[Choice]) -> dict[Way, int]:
    """How many patients' cases go which way."""
    found = dict.fromkeys(Way, 0)
    for choice in choices:
        found[choice.way] += 1
    return found
