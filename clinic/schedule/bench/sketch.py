"""The yardstick: the same search for dates as little code as it can be, without rooms, loads, reasons, weeks or ties.

One dictionary for each session, from the first to the last, over (day, therapist). The weights are those of the real thing, so
that it finds dates of the same cost wherever nothing else matters.
"""

from clinic.schedule.proposing.costs import CHANGE, DRIFT, GAP, NOT_WISHED, WAIT
from clinic.schedule.proposing.values import Calendar, Wanted

State = tuple[int, int]  # day, therapist


def bare_course(calendar: Calendar, wanted: Wanted) -> int | None:
    """The least cost of a course; None where there is none."""
    prices = _prices(calendar, wanted)
    first = next(at for at, day in enumerate(calendar.open_days) if day >= wanted.first_on)
    layer = {state: price + WAIT * (state[0] - first) for state, price in prices.items()}
    steps = [(gap, GAP * abs(gap - wanted.rhythm.ideal)) for gap in range(wanted.rhythm.min, wanted.rhythm.max + 1)]
    back: list[dict[State, State]] = []
    for _ in range(wanted.count - 1):
        layer, came = _next(layer, prices, steps)
        back.append(came)
    return min(layer.values(), default=None)


def _next(layer: dict[State, int], prices: dict[State, int], steps: list[tuple[int, int]]) -> tuple[dict[State, int], dict[State, State]]:
    cheapest: dict[int, tuple[int, State]] = {}
    for state, cost in layer.items():
        if state[0] not in cheapest or cost < cheapest[state[0]][0]:
            cheapest[state[0]] = (cost, state)
    found: dict[State, int] = {}
    came: dict[State, State] = {}
    for state, price in prices.items():
        day, therapist = state
        best = None
        for gap, off in steps:
            stayed = layer.get((day - gap, therapist))
            if stayed is not None and (best is None or stayed + off < best[0]):
                best = (stayed + off, (day - gap, therapist))
            changed = cheapest.get(day - gap)
            if changed and (best is None or changed[0] + off + CHANGE < best[0]):
                best = (changed[0] + off + CHANGE, changed[1])
        if best:
            found[state], came[state] = best[0] + price, best[1]
    return found, came


def _prices(calendar: Calendar, wanted: Wanted) -> dict[State, int]:
    """The cheapest first cell of each therapist's day: wished times are tried one by one."""
    cells = range(wanted.earliest, wanted.latest - wanted.cells + 1, wanted.step)
    order = sorted(cells, key=lambda cell: abs(cell - (wanted.preferred or 0)))
    length = (1 << wanted.cells) - 1
    prices = {}
    for place, therapist in enumerate(wanted.therapists):
        for at, day in enumerate(calendar.open_days):
            if wanted.first_on <= day <= wanted.last_on and day not in wanted.busy:
                free = calendar.shifts[therapist, day][0].free
                cell = next((cell for cell in order if free >> cell & length == length), None)
                if cell is not None:
                    prices[at, therapist] = DRIFT * abs(cell - (wanted.preferred or 0)) + (NOT_WISHED if place else 0)
    return prices


def first_places(calendar: Calendar, wanted: Wanted) -> int | None:
    """What a course costs that takes the first free place each time, with the same therapist where that works; None where it gets stuck."""
    prices = _prices(calendar, wanted)
    first = next(at for at, day in enumerate(calendar.open_days) if day >= wanted.first_on)
    state = next(iter(sorted(prices, key=lambda state: (state[0], wanted.therapists.index(state[1])))), None)
    if state is None:
        return None
    cost = prices[state] + WAIT * (state[0] - first)
    for _ in range(wanted.count - 1):
        found = _next_place(prices, wanted, state)
        if found is None:
            return None
        change = CHANGE if found[1] != state[1] else 0
        cost += prices[found] + GAP * abs(found[0] - state[0] - wanted.rhythm.ideal) + change
        state = found
    return cost


def _next_place(prices: dict[State, int], wanted: Wanted, state: State) -> State | None:
    """From the ideal gap on, then the shorter ones; the same therapist before any other."""
    day, now = state
    gaps = [*range(wanted.rhythm.ideal, wanted.rhythm.max + 1), *range(wanted.rhythm.min, wanted.rhythm.ideal)]
    people = [now, *(other for other in wanted.therapists if other != now)]
    return next(((day + gap, person) for gap in gaps for person in people if (day + gap, person) in prices), None)
