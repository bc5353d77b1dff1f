"""Planning one day anew: every hard rule kept, nobody left out who could have a place, and a model that says the same."""

from dataclasses import replace
from itertools import combinations, product

from clinic.schedule.bench.days import busy_day
from clinic.schedule.proposing import Budget, replan_day
from clinic.schedule.proposing.day_model import model_of, places_of
from clinic.schedule.proposing.day_values import (
    UNPLACED,
    Day,
    DayPlan,
    DayRoom,
    DaySession,
    DayTherapist,
    cost_of_day,
    least_cost,
    possible_cells,
)
from clinic.schedule.proposing.masks import span

EIGHT = 96


def is_kept(day: Day, plan: DayPlan) -> bool:
    """Every hard rule of a plan, pair by pair."""
    people = {person.therapist: person for person in day.therapists}
    rooms = {room.room: room for room in day.rooms}
    placed = [(session, plan.places[session.key]) for session in day.sessions if session.key in plan.places]
    for session, place in placed:
        assert place.therapist in session.therapists
        assert possible_cells(day, session, people[place.therapist]) >> place.cell & 1
        if place.room is not None:
            used = span(place.cell, place.cell + session.cells + session.turnover)
            assert rooms[place.room].free & used == used
            assert rooms[place.room].site == people[place.therapist].site
        assert (place.room is None) == (not day.rooms)
    for (one, here), (other, there) in combinations(placed, 2):
        with_rest = here.cell < there.cell + other.cells + other.turnover and there.cell < here.cell + one.cells + one.turnover
        treated = here.cell < there.cell + other.cells and there.cell < here.cell + one.cells
        assert not (with_rest and here.therapist == there.therapist)
        assert not (with_rest and here.room is not None and here.room == there.room)
        assert not (treated and one.patient == other.patient)
    for person in day.therapists:
        mine = [session for session, place in placed if place.therapist == person.therapist]
        assert sum(session.minutes for session in mine) <= person.minutes_left
    return True


def tiny_day(seed: int) -> Day:
    """Four sessions into two short shifts."""
    day = busy_day(operators=2, patients=4, seed=seed)
    people = tuple(replace(person, free=person.free & span(EIGHT, EIGHT + 24), minutes_left=100) for person in day.therapists)
    sessions = tuple(
        replace(each, wished=EIGHT + (each.wished - EIGHT) % 16, cells=6, turnover=each.key % 2, minutes=30) for each in day.sessions[:4]
    )
    rooms = (DayRoom(1, 1, span(EIGHT, EIGHT + 24)), DayRoom(2, 1, span(EIGHT, EIGHT + 24)))
    return Day(people, rooms, sessions, step=6)


def best_by_trying_all(day: Day) -> int:
    """The least cost over all choices of the model that it allows and that find their rooms."""
    model = model_of(day)
    best = UNPLACED * len(day.sessions)
    for picked in product(*((None, *numbers) for numbers in model.of_session)):
        chosen = {number for number in picked if number is not None}
        if any(len(chosen & set(group)) > 1 for group in model.at_most_one):
            continue
        if any(sum(weight for number, weight in limit.weights if number in chosen) > limit.most for limit in model.limits):
            continue
        places = places_of(day, model, chosen)
        if places is not None:
            best = min(best, cost_of_day(day, places))
    return best


def test_a_small_day_leaves_nobody_out_whom_the_best_plan_places_and_costs_little_more():
    for day in map(tiny_day, range(10)):
        plan, best = replan_day(day, Budget(rounds=200)), best_by_trying_all(day)
        assert is_kept(day, plan)
        assert plan.cost == cost_of_day(day, plan.places)
        assert len(plan.unplaced) == best // UNPLACED
        assert least_cost(day) <= best <= plan.cost <= best + 0.4 * (best % UNPLACED)


def test_a_full_day_keeps_all_rules_and_leaves_nobody_out():
    day = busy_day(operators=17, patients=78, seed=4)
    rooms = tuple(DayRoom(number, 1, span(EIGHT, 204)) for number in range(15))
    day = replace(day, rooms=rooms)
    plan, hurried = replan_day(day, Budget(rounds=250)), replan_day(day, Budget())
    assert is_kept(day, plan)
    assert not plan.unplaced
    assert plan.cost < hurried.cost
    assert plan == replan_day(day, Budget(rounds=250))


def test_a_session_makes_room_for_one_that_can_go_nowhere_else():
    free = span(EIGHT, EIGHT + 12)
    people = (DayTherapist(1, 1, free), DayTherapist(2, 1, free))
    roaming = [DaySession(key, key, 6, (1, 2), EIGHT + 6 * (key % 2), usual=1) for key in (1, 2, 3)]
    bound = DaySession(4, 4, 6, (1,), EIGHT, usual=1)
    plan = replan_day(Day(people, (), (*roaming, bound), step=6), Budget(rounds=200))
    assert not plan.unplaced
    assert plan.places[4].therapist == 1


def test_a_session_that_has_its_wished_place_stays_there():
    free = span(EIGHT, EIGHT + 60)
    sessions = tuple(DaySession(key, key, 6, (1, 2), EIGHT + 6 * key, usual=1 + key % 2) for key in range(8))
    plan = replan_day(Day((DayTherapist(1, 1, free), DayTherapist(2, 1, free)), (), sessions))
    assert plan.cost == 0
    assert all(plan.places[each.key].cell == each.wished for each in sessions)


def test_the_model_says_once_what_is_the_same_and_leaves_out_what_cannot_bind():
    free = span(EIGHT, EIGHT + 12)
    sessions = tuple(DaySession(key, key, 6, (1,), EIGHT, minutes=30) for key in (1, 2, 3))
    loose = model_of(Day((DayTherapist(1, 1, free),), (DayRoom(7, 1, free),), sessions, step=6))
    assert [choice.cell for choice in loose.choices] == [EIGHT, EIGHT + 6] * 3
    assert loose.at_most_one == ((0, 2, 4), (1, 3, 5))
    assert not loose.limits
    bound = model_of(Day((DayTherapist(1, 1, free, minutes_left=40),), (), sessions, step=6))
    assert [limit.most for limit in bound.limits] == [40]
