"""Planning one day anew: the hardest sessions first, then a bounded search that moves one and lets others make room.

A round picks a session that has no place, or one that could have a better one, puts it where it would like to be, takes off
whatever is in the way there and lets those find new places. It is kept where it costs no more, or a little more in the beginning.
The best plan is handed back.
"""

from collections.abc import Mapping
from random import Random
from typing import Final

from clinic.schedule.proposing.block import Budget
from clinic.schedule.proposing.board import Board
from clinic.schedule.proposing.day_values import UNPLACED, Day, DayPlace, DayPlan, plan_of, price
from clinic.schedule.proposing.masks import cells_of
from clinic.schedule.proposing.squeezing import squeeze

WARMTH: Final = 60.0  # points that a round may cost in the beginning; less from round to round
SIDE: Final = 3  # sessions beside it that are taken off with it, at most
TRIED: Final = 6  # places looked at for a session that has none
SQUEEZED: Final = 2  # times the rounds of the search are spent on those who have no place, at most
DEFAULT_ROUNDS: Final = 2500


def replan_day(day: Day, budget: Budget | None = None, begun: Mapping[int, DayPlace] | None = None) -> DayPlan:
    """A place for every session of a day where there can be one, at little cost. Deterministic for a seed and a number of rounds.

    ``begun`` are places by key to begin with (they must be possible together); otherwise the hardest sessions are placed first. Who has
    no place then is squeezed in, and a search of ``budget.rounds`` rounds makes it cheaper.
    """
    spent = budget or Budget(DEFAULT_ROUNDS)
    dice = Random(spent.seed)  # noqa: S311  # the same plan for the same question
    board = _board_with(day, begun or {})
    squeeze(board, dice, SQUEEZED * spent.rounds, spent.is_over)
    return plan_of(day, _search(board, spent, dice))


def _board_with(day: Day, places: Mapping[int, DayPlace]) -> Board:
    """The board with these places, and all others placed the hardest first."""
    board = Board(day)
    keys = {session.key: at for at, session in enumerate(day.sessions)}
    for key, place in places.items():
        board.place(keys[key], place.therapist, place.cell, place.room)
    _place_all(board, [at for at in _hardest_first(board) if at not in board.places])
    return board


def _hardest_first(board: Board) -> list[int]:
    """Sessions with the fewest possible places for their length first."""
    sessions = board.sessions

    def ease(at: int) -> float:
        return sum(mask.bit_count() for _therapist, mask in board.alone[at]) / (sessions[at].cells + sessions[at].turnover)

    return sorted(range(len(sessions)), key=lambda at: (ease(at), at))


def _place_all(board: Board, order: list[int]) -> int:
    """Puts each where it is cheapest; what it all costs."""
    total = 0
    for at in order:
        found = board.best(at)
        if found is None:
            total += UNPLACED
            continue
        cost, therapist, cell = found
        board.place(at, therapist, cell, board.room_for(at, therapist, cell))
        total += cost
    return total


def _search(board: Board, budget: Budget, dice: Random) -> dict[int, DayPlace]:
    wishes = [_wishes(board, at) for at in range(len(board.sessions))]
    cost = sum(_cost(board, at) for at in range(len(board.sessions)))
    best, best_cost = board.by_key(), cost
    least = sum(each[0][0] if each else UNPLACED for each in wishes)
    for number in range(budget.rounds):
        if best_cost == least or budget.is_over():
            break
        cost += _round(board, wishes, dice, WARMTH * (1 - number / budget.rounds) ** 2)
        if cost < best_cost:
            best, best_cost = board.by_key(), cost
    return best


Wish = tuple[int, int, int]  # cost, therapist, cell


def _wishes(board: Board, at: int) -> list[Wish]:
    """All places that a session could have, the cheapest first."""
    session = board.sessions[at]
    return sorted((price(session, therapist, cell), therapist, cell) for therapist, mask in board.alone[at] for cell in cells_of(mask))


def _cost(board: Board, at: int) -> int:
    cost = board.cost(at)
    return UNPLACED if cost is None else cost


def _round(board: Board, wishes: list[list[Wish]], dice: Random, warmth: float) -> int:
    """One change of the plan; what it adds to the cost (0 where it was taken back)."""
    at = _pick(board, wishes, dice)
    wish = _aim(board, wishes[at], at, dice)
    if wish is None:
        return 0
    _price, therapist, cell = wish
    room = board.room_for(at, therapist, cell)
    room = _room_of(board, at, (therapist, cell), dice) if room is None else room
    out = [at, *board.in_the_way(at, therapist, cell, room)]
    out += _beside(board, therapist, out, dice)
    before = {each: board.places.get(each) for each in out}
    paid = sum(_cost(board, each) for each in out)
    for each in out:
        board.take_off(each)
    if not _can_carry(board, at, therapist):
        _restore(board, before)
        return 0
    board.place(at, therapist, cell, room)
    others = [each for each in out[1:] if before[each] is not None] + _waiting(board, out)
    dice.shuffle(others)
    before |= {each: None for each in others if each not in before}
    paid += UNPLACED * sum(each not in out for each in others)
    change = wish[0] + _place_all(board, others) - paid
    if change <= 0 or change < warmth * dice.random():
        return change
    _restore(board, before)
    return 0


def _pick(board: Board, wishes: list[list[Wish]], dice: Random) -> int:
    """Somebody without a place, or the dearest of a few against the best they could have."""
    waiting = _waiting(board, [])
    if waiting and dice.random() < 0.7:
        return dice.choice(waiting)
    some = [dice.randrange(len(board.sessions)) for _ in range(3)]
    return max(some, key=lambda at: _cost(board, at) - wishes[at][0][0] if wishes[at] else -1)


def _waiting(board: Board, besides: list[int]) -> list[int]:
    """Sessions without a place that could have one."""
    return [at for at in range(len(board.sessions)) if at not in board.places and at not in besides and board.alone[at]]


def _aim(board: Board, wishes: list[Wish], at: int, dice: Random) -> Wish | None:
    """A place to aim at: one of the better ones than the present; for who has none, of a few the one where least has to leave."""
    now = _cost(board, at)
    if not wishes:
        return None
    if now >= UNPLACED:
        some = [dice.choice(wishes) for _ in range(TRIED)]
        return min(some, key=lambda wish: _leaving(board, at, wish))
    better = [wish for wish in wishes if wish[0] < now]
    return better[int(len(better) * dice.random() ** 2)] if better else None


def _leaving(board: Board, at: int, wish: Wish) -> tuple[int, int]:
    """How many cells of work would have to leave a place, then what it costs."""
    out = board.in_the_way(at, wish[1], wish[2], None)
    return sum(board.sessions[each].cells for each in out), wish[0]


def _room_of(board: Board, at: int, wish: tuple[int, int], dice: Random) -> int | None:
    """No room is free there: one of those that could be, whoever has to leave it."""
    therapist, cell = wish
    rooms = board.rooms_possible(at, therapist, cell)
    return dice.choice(rooms) if rooms else None


def _beside(board: Board, therapist: int, out: list[int], dice: Random) -> list[int]:
    """A few more of the same therapist's sessions, so that they can change places with each other."""
    near = sorted(board.with_therapist[therapist] - set(out))
    return dice.sample(near, min(len(near), dice.randint(0, SIDE)))


def _can_carry(board: Board, at: int, therapist: int) -> bool:
    session = board.sessions[at]
    return board.minutes[therapist] >= session.minutes and board.units[therapist] >= session.units


def _restore(board: Board, before: dict[int, DayPlace | None]) -> None:
    """Everything back where it was."""
    for at in before:
        board.take_off(at)
    for at, place in before.items():
        if place is not None:
            board.place(at, place.therapist, place.cell, place.room)
