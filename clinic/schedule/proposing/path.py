"""The dates of one course at the least cost there is: a layered shortest path over (session, open day, therapist).

A layer holds, for each therapist and open day, what it costs to give this session and all that follow it from there. Layers are made from
the last session to the first; then the path is read off from the front, taking of all cheapest ones the earliest day and, on it, the
first therapist. Where a week's limit can bind, a state also says how many of the week's sessions are used up.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from clinic.schedule.proposing.costs import CHANGE, GAP, NOT_WISHED, gap_cost, ideal_gap, therapist_cost
from clinic.schedule.proposing.days import Days, start_cost
from clinic.schedule.proposing.ledger import Ledger
from clinic.schedule.proposing.values import Shift, Slot, Wanted

NEVER = 1 << 40  # more than any course costs
SPARE = 8  # open days more than by the ideal gaps that are looked at first

Row = list[int]  # what it costs on each day
Layer = list[list[Row]]  # [sessions of the week before this one][therapist][day]


@dataclass(slots=True)
class Field:
    """What each therapist's day costs a course, and what binds its days."""

    wanted: Wanted
    days: list[date]
    costs: list[Row]  # [therapist][day]
    places: list[list[tuple[int, Shift] | None]]
    begin: Row  # what it costs to begin on a day
    finish: Row  # what it costs to have the last session on a day
    room_in_week: Row  # how many more sessions the week of a day may hold
    same_week: list[list[bool]]  # [gap][day]: whether the day ``gap`` open days later is in the same week
    levels: int  # 1 where no week's limit can bind


@dataclass(slots=True)
class Found:
    """The cheapest course of a field: what it costs, and the (day, therapist) of each session."""

    cost: int
    field: Field
    path: list[tuple[int, int]]


def cheapest_dates(ledger: Ledger, wanted: Wanted) -> list[Slot] | None:
    """The places of all sessions in order at the least cost, or None when the rules leave none.

    The wished therapist is looked at alone first: where any course with somebody else must cost more, nobody else is looked at. Days
    are looked at up to where every course that goes on longer must cost more. Neither changes what is found.
    """
    if wanted.count < 1 or not wanted.therapists:
        return None
    found = None
    if wanted.has_wished_therapist and len(wanted.therapists) > 1:
        found = _with_the_wished(ledger, wanted)
    found = found or _cheapest(ledger, wanted)
    if found is None:
        return None
    return [ledger.slot(wanted, place[1], place[0]) for day, whom in found.path if (place := found.field.places[whom][day]) is not None]


def has_dates(ledger: Ledger, wanted: Wanted) -> bool:
    """Whether there are any dates, whatever they cost."""
    return wanted.count > 0 and bool(wanted.therapists) and _solved(ledger, wanted) is not None


def _with_the_wished(ledger: Ledger, wanted: Wanted) -> Found | None:
    """The cheapest course of all, where a course of the wished therapist alone helps to find it; None where it does not."""
    alone = _cheapest(ledger, replace(wanted, therapists=wanted.therapists[:1]))
    if alone is None:
        return None
    left = alone.cost - _least_with_others(wanted)  # what may be spent on late days where somebody else gives a session
    if left < 0:
        return alone
    days = Days(ledger.calendar, wanted)
    mixed = _solved(ledger, _until(wanted, days, _reach(days, wanted, left)))
    if mixed is None or mixed.cost > alone.cost:
        return alone
    return mixed if mixed.cost < alone.cost else _solved(ledger, _until(wanted, days, _reach(days, wanted, alone.cost)))


def _until(wanted: Wanted, days: Days, reach: int) -> Wanted:
    """The same on so many of the possible days only."""
    span = days.possible
    return replace(wanted, last_on=span[reach - 1]) if reach < len(span) else wanted


def _least_with_others(wanted: Wanted) -> int:
    """What a course must cost at least in which somebody else gives a session than the wished therapist, the first one of the list."""
    every = NOT_WISHED * wanted.count
    return every if wanted.same_therapist else min(every, NOT_WISHED + CHANGE)


def _cheapest(ledger: Ledger, wanted: Wanted) -> Found | None:
    """The cheapest course. Days are added until every course that goes on beyond them must cost more."""
    days = Days(ledger.calendar, wanted)
    count = len(days.possible)
    reach = count if wanted.then or not count else _reach(days, wanted, SPARE * GAP)
    while reach < count:
        found = _solved(ledger, _until(wanted, days, reach))
        needed = 3 * reach if found is None else _reach(days, wanted, found.cost)
        if found is not None and needed <= reach:
            return found
        reach = needed
    return _solved(ledger, wanted)


def _reach(days: Days, wanted: Wanted, cost: int) -> int:
    """How many of the possible days a course of at most this cost can use: a day later than by the ideal gaps costs a ``GAP`` or more."""
    rhythm, first = wanted.rhythm, 0
    gaps = [max(min(ideal_gap(wanted, number), rhythm.max), rhythm.min, 1) for number in range(1, wanted.count + 1)]
    if wanted.after is not None and not wanted.first_gap_free:
        first = gaps[0] - days.gap(wanted.after, days.possible[0])
    return max(first + sum(gaps[1:]) + cost // GAP + 1, 1)


def _solved(ledger: Ledger, wanted: Wanted) -> Found | None:
    """The cheapest course on all the days that ``wanted`` allows."""
    field = _field(ledger, wanted)
    if not field.days:
        return None
    layers = _layers(field)
    first = layers[0][0]
    cost = min(begin + row[day] for day, begin in enumerate(field.begin) for row in first)
    return Found(cost, field, list(_read_off(field, layers))) if cost < NEVER else None


def _field(ledger: Ledger, wanted: Wanted) -> Field:
    days = Days(ledger.calendar, wanted)
    span = days.possible
    begin = [_or_never(start_cost(days, wanted, day)) for day in span]
    finish = [_or_never(gap_cost(wanted, wanted.count + 1, days.gap(day, wanted.then))) if wanted.then else 0 for day in span]
    room, levels = _weeks(wanted, days)
    field = Field(wanted, span, [], [], begin, finish, room, [], levels)
    alone = wanted.count == 1  # then only days matter on which it may begin
    patient = [
        ledger.patient_starts(wanted, day) if day.weekday() in wanted.weekdays and not (alone and first >= NEVER) else 0
        for day, first in zip(span, begin, strict=True)
    ]
    for therapist in wanted.therapists:
        own = therapist_cost(wanted, therapist)
        found = [ledger.cheapest(wanted, therapist, day, patient[at]) if patient[at] else None for at, day in enumerate(span)]
        field.costs.append([NEVER if one is None else own + one[0] for one in found])
        field.places.append([None if one is None else (one[1], one[2]) for one in found])
    if levels > 1:
        weeks = [monday_of(day) for day in span]
        field.same_week = [[a == b for a, b in zip(weeks, weeks[gap:], strict=False)] for gap in range(wanted.rhythm.max + 1)]
    return field


def _or_never(cost: int | None) -> int:
    return NEVER if cost is None else cost


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _weeks(wanted: Wanted, days: Days) -> tuple[Row, int]:
    """How many sessions each day's week may still hold, and how many levels the layers need (1: the limit can never bind)."""
    taken = Counter(monday_of(day) for day in {*wanted.kept, *filter(None, (wanted.after, wanted.then))})
    least = max(wanted.rhythm.min, 1)
    opened, wished = (
        Counter(map(monday_of, days.possible)),
        Counter(monday_of(day) for day in days.possible if day.weekday() in wanted.weekdays),
    )
    room = {week: wanted.rhythm.per_week - taken[week] for week in opened}
    binds = any(min(wished[week], -(-opened[week] // least)) > room[week] for week in opened)
    return [room[monday_of(day)] for day in days.possible], max(min(wanted.rhythm.per_week, wanted.count), 2) if binds else 1


def _layers(field: Field) -> list[Layer]:
    """One layer for each session, the first one's first."""
    layers = [_masked(field, [[[c + f for c, f in zip(row, field.finish, strict=True)] for row in field.costs]] * field.levels)]
    for number in range(field.wanted.count, 1, -1):
        layers.append(_before(field, layers[-1], number))
    layers.reverse()
    return layers


def _gaps(field: Field, number: int) -> list[tuple[int, int]]:
    """The gaps allowed before session ``number`` with what they cost, the shortest first."""
    rhythm = field.wanted.rhythm
    both = ((gap, gap_cost(field.wanted, number, gap)) for gap in range(max(rhythm.min, 1), min(rhythm.max, len(field.days)) + 1))
    return [(gap, cost) for gap, cost in both if cost is not None]


def _before(field: Field, layer: Layer, number: int) -> Layer:
    """The layer before ``layer``, which is that of session ``number``."""
    gaps = _gaps(field, number)
    made = []
    for level in range(field.levels):
        change = None
        if not field.wanted.same_therapist:
            anyone = [[min(column) for column in zip(*rows, strict=True)] for rows in layer]
            change = [cost + CHANGE for cost in _onwards(field, anyone, level, gaps)]
        rows = []
        for therapist, own in enumerate(field.costs):
            onwards = _onwards(field, [level_rows[therapist] for level_rows in layer], level, gaps)
            if change is not None:
                onwards = list(map(min, onwards, change))
            rows.append([a + b for a, b in zip(own, onwards, strict=True)])
        made.append(rows)
    return _masked(field, made)


def _onwards(field: Field, by_level: list[Row], level: int, gaps: list[tuple[int, int]]) -> Row:
    """For each day the cheapest way on over one of ``gaps``; ``by_level`` are the costs of the next session on each day."""
    best = [NEVER] * len(field.days)
    for gap, cost in gaps:
        landed = [value + cost for value in _landing(field, by_level, level, gap)]
        best[: len(landed)] = map(min, best, landed)
    return best


def _landing(field: Field, by_level: list[Row], level: int, gap: int) -> Iterator[int]:
    """The costs of the next session ``gap`` open days later, for each day from which that is still inside."""
    if field.levels == 1:
        return islice(by_level[0], gap, None)
    full = level + 1 >= field.levels
    fuller = [NEVER] * len(field.days) if full else by_level[level + 1]
    both = zip(fuller[gap:], by_level[0][gap:], field.same_week[gap], strict=True)
    return (same if is_same else new for same, new, is_same in both)


def _masked(field: Field, layer: Layer) -> Layer:
    """No session where its week is full."""
    if field.levels == 1:
        return layer
    return [
        [[cost if level < room else NEVER for cost, room in zip(row, field.room_in_week, strict=True)] for row in rows]
        for level, rows in enumerate(layer)
    ]


def _read_off(field: Field, layers: list[Layer]) -> Iterator[tuple[int, int]]:
    """(day, therapist) of each session on the cheapest path; nothing where there is none."""
    people, first = range(len(field.costs)), layers[0][0]
    starts = [(field.begin[day] + first[person][day], day, person) for day in range(len(field.days)) for person in people]
    total, day, person = min(starts)
    if total >= NEVER:
        return
    level = 0
    yield day, person
    for number in range(2, field.wanted.count + 1):
        left = layers[number - 2][level][person][day] - field.costs[person][day]
        day, person, level = _next(field, layers[number - 1], number, (day, person, level), left)
        yield day, person


def _next(field: Field, layer: Layer, number: int, state: tuple[int, int, int], left: int) -> tuple[int, int, int]:
    """The next state of a path that costs ``left`` from here: the shortest gap, then the first therapist."""
    day, person, level = state
    for gap, cost in _gaps(field, number):
        if day + gap >= len(field.days):
            break
        after = level + 1 if field.levels > 1 and field.same_week[gap][day] else 0
        if after >= field.levels:
            continue
        for other, row in enumerate(layer[after]):
            change = 0 if other == person else NEVER if field.wanted.same_therapist else CHANGE
            if row[day + gap] + cost + change == left:
                return day + gap, other, after
    raise AssertionError("a path goes on")
