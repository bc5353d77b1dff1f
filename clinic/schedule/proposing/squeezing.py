"""Finding room for sessions that have no place: each takes one where what must leave has had the least trouble so far.

Every session that finds no free place is remembered with a count. It then goes where the counts of those in its way add up to least;
they wait in its stead. So those that fit nowhere else win in the end. A few random changes in between keep the search from going in a
circle.
"""

from collections.abc import Callable
from random import Random
from typing import Final

from clinic.schedule.proposing.board import Board
from clinic.schedule.proposing.day_values import DayPlace
from clinic.schedule.proposing.masks import cells_of, starts

LOOKED_AT: Final = 40  # places looked at for one session
STIRRED: Final = 6  # sessions moved at random after each one


def squeeze(board: Board, dice: Random, rounds: int, is_over: Callable[[], bool]) -> None:
    """Places as many sessions as it can within ``rounds`` or until ``is_over``. The board is left with the most that ever were placed."""
    waiting = [at for at in range(len(board.sessions)) if at not in board.places and board.alone[at]]
    trouble = [1] * len(board.sessions)
    best, fewest = dict(board.places), len(waiting)
    for _ in range(rounds):
        if not waiting:
            return
        if is_over():
            break
        _place_one(board, waiting, trouble, dice)
        if len(waiting) < fewest:
            best, fewest = dict(board.places), len(waiting)
    _put_back(board, best)


def _place_one(board: Board, waiting: list[int], trouble: list[int], dice: Random) -> None:
    """The one that has waited longest gets a place."""
    at = waiting.pop(0)
    found = board.best(at)
    if found is not None:
        _cost, therapist, cell = found
        board.place(at, therapist, cell, board.room_for(at, therapist, cell))
        return
    trouble[at] += 1
    place, out = _least_trouble(board, at, trouble, dice)
    if not _can_carry(board, at, place.therapist, out):
        waiting.append(at)
        return
    for each in out:
        board.take_off(each)
    board.place(at, place.therapist, place.cell, place.room)
    waiting += out
    _stir(board, dice)


def _least_trouble(board: Board, at: int, trouble: list[int], dice: Random) -> tuple[DayPlace, list[int]]:
    """The place with who would have to leave it, among some looked at."""
    spots = [(therapist, cell) for therapist, mask in board.alone[at] for cell in cells_of(mask)]
    looked_at = [_spot(board, at, spot, dice) for spot in dice.sample(spots, min(len(spots), LOOKED_AT))]
    return min(looked_at, key=lambda found: sum(trouble[each] for each in found[1]))


def _spot(board: Board, at: int, spot: tuple[int, int], dice: Random) -> tuple[DayPlace, list[int]]:
    """One place, in a free room if there is one, and who would have to leave it."""
    therapist, cell = spot
    room = board.room_for(at, therapist, cell)
    if room is None and board.rooms:
        room = dice.choice(board.rooms_possible(at, therapist, cell))
    return DayPlace(cell, therapist, room), board.in_the_way(at, therapist, cell, room)


def _can_carry(board: Board, at: int, therapist: int, out: list[int]) -> bool:
    """Whether the therapist's load has room once the others have left."""
    leaving = [board.sessions[each] for each in out if board.places[each].therapist == therapist]
    session = board.sessions[at]
    return (
        board.minutes[therapist] + sum(each.minutes for each in leaving) >= session.minutes
        and board.units[therapist] + sum(each.units for each in leaving) >= session.units
    )


def _stir(board: Board, dice: Random) -> None:
    """Moves a few sessions to any free place of theirs."""
    placed = list(board.places)
    for at in dice.sample(placed, min(len(placed), STIRRED)):
        old = board.take_off(at)
        if old is None:
            continue
        session = board.sessions[at]
        therapist, mask = dice.choice(board.alone[at])
        length = session.cells + session.turnover
        mask &= starts(board.free[therapist], length) & starts(board.patients[session.patient], session.cells)
        if board.rooms:
            mask &= board.room_starts(board.people[therapist].site, length)
        if mask and _can_carry(board, at, therapist, []):
            cell = dice.choice(cells_of(mask))
            board.place(at, therapist, cell, board.room_for(at, therapist, cell))
        else:
            board.place(at, old.therapist, old.cell, old.room)


def _put_back(board: Board, places: dict[int, DayPlace]) -> None:
    for at in list(board.places):
        board.take_off(at)
    for at, place in places.items():
        board.place(at, place.therapist, place.cell, place.room)
