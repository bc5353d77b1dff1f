"""Re-homing the sessions of a day without a database: who stands in, and what fits together."""

import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from clinic.courses.calendar.rehoming import Affected, Case, Choice, Step, Way, a_case, assign, clashes, count_ways, stand_ins
from clinic.schedule.proposing.values import Calendar, Place, Shift, Slot

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)
ILL, CARLA, DORA = 1, 2, 3
ALL_DAY = ((1 << 120) - 1) << 96  # from 08:00 to 18:00


def a_session(number: int, cell: int = 96, *, room: int = 7, patient: int = 0, units: float = 2.0) -> Affected:
    return Affected(number, patient or number, Slot(DAY, cell, ILL, room, 1), cells=6, turnover=1, units=units, minutes=20)


def to(session: Affected, cell: int, therapist: int = CARLA, *, day: date = DAY, room: int = 7, cost: int = 0) -> Choice:
    way = Way.COLLEAGUE if (day, cell) == (session.slot.day, session.slot.cell) else Way.MOVED
    return Choice(way, (Step(session, Slot(day, cell, therapist, room, 1)),), cost or (10 if way == Way.COLLEAGUE else 1000))


def a_day(*free: tuple[int, int], units: float = 30, rooms: tuple[int, ...] = (7, 8), room_free: int = ALL_DAY) -> Calendar:
    shifts = {(who, DAY): (Shift(who, DAY, 1, works=ALL_DAY, free=cells, units_left=units),) for who, cells in free}
    return Calendar((DAY, NEXT), shifts, {(1, DAY): tuple(Place(room, 1, DAY, room_free) for room in rooms)})


def test_a_colleague_stands_in_at_the_same_time_in_the_same_room() -> None:
    session = a_session(1)
    assert stand_ins(a_day((CARLA, ALL_DAY), (ILL, ALL_DAY)), session, (ILL, CARLA)) == (Slot(DAY, 96, CARLA, 7, 1),)


def test_nobody_stands_in_who_is_busy_for_a_moment_or_has_no_load_left() -> None:
    session = a_session(1)
    busy_in_the_turnover = ALL_DAY & ~(1 << 102)
    assert stand_ins(a_day((CARLA, busy_in_the_turnover)), session, (CARLA,)) == ()
    assert stand_ins(a_day((CARLA, ALL_DAY), units=1.5), session, (CARLA,)) == ()


def test_another_room_is_taken_when_its_own_is_gone_and_none_is_no_room() -> None:
    session = a_session(1, room=9)
    assert [slot.room for slot in stand_ins(a_day((CARLA, ALL_DAY)), session, (CARLA,))] == [7]
    assert stand_ins(a_day((CARLA, ALL_DAY), room_free=0), session, (CARLA,)) == ()


def test_two_sessions_at_one_time_never_go_to_one_colleague() -> None:
    first, second = a_session(1, room=7), a_session(2, room=8)
    cases = [a_case([first], [to(first, 96)]), a_case([second], [to(second, 96, room=8), to(second, 120, room=8)])]
    assert [choice.way for choice in assign(cases, {})] == [Way.COLLEAGUE, Way.MOVED]


def test_whoever_has_only_one_way_out_gets_it() -> None:
    first, second = a_session(1), a_session(2, room=8)
    cases = [a_case([first], [to(first, 96), to(first, 96, DORA, cost=20)]), a_case([second], [to(second, 96, room=8)])]
    chosen = assign(cases, {})
    assert [choice.steps[0].slot.therapist for choice in chosen] == [DORA, CARLA]
    assert count_ways(chosen) == {Way.COLLEAGUE: 2, Way.MOVED: 0, Way.CALL: 0}


def test_the_load_of_a_day_is_kept_over_all_that_is_given_to_one_colleague() -> None:
    sessions = [a_session(number, 96 + 12 * number) for number in range(1, 4)]
    cases = [a_case([each], [to(each, each.slot.cell)]) for each in sessions]
    chosen = assign(cases, {("therapist", CARLA, DAY): (4.0, 300)})
    assert count_ways(chosen) == {Way.COLLEAGUE: 2, Way.MOVED: 0, Way.CALL: 1}


def test_a_session_that_moves_on_with_its_course_gives_its_load_back() -> None:
    ill = a_session(1)
    standing = Affected(2, 1, Slot(NEXT, 96, CARLA, 7, 1), cells=6, units=2.0, minutes=20, stands=True)
    on = (Step(ill, Slot(NEXT, 96, CARLA, 7, 1)), Step(standing, Slot(date(2026, 3, 4), 96, CARLA, 7, 1)))
    case = a_case([ill], [Choice(Way.MOVED, on, 2000)])
    assert [each.way for each in assign([case], {("therapist", CARLA, NEXT): (0.0, 0)})] == [Way.MOVED]


def test_a_session_that_waits_for_a_call_keeps_its_room() -> None:
    waits, other = a_session(1, room=7), a_session(2, 120, room=8)
    cases = [a_case([waits], []), a_case([other], [to(other, 96, room=7)])]
    assert [choice.way for choice in assign(cases, {})] == [Way.CALL, Way.CALL]


def test_choices_made_by_hand_that_want_one_place_are_named() -> None:
    first, second = a_session(1), a_session(2, room=8)
    assert clashes([to(first, 96), to(second, 96, room=8)], {}) == (1,)
    assert clashes([to(first, 96), to(second, 96, DORA, room=8)], {}) == ()


@st.composite
def small_days(draw: st.DrawFn) -> list[Case]:
    cases = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        session = a_session(number, 96 + 8 * number, room=number)
        wanted = st.tuples(st.sampled_from((96, 100, 104)), st.sampled_from((CARLA, DORA)), st.integers(1, 2), st.integers(1, 50))
        choices = [to(session, cell, who, room=room, cost=cost) for cell, who, room, cost in draw(st.lists(wanted, max_size=3))]
        cases.append(a_case([session], choices))
    return cases


@given(small_days())
def test_what_is_chosen_fits_together_and_nothing_costs_less(cases: list[Case]) -> None:
    left = {("therapist", CARLA, DAY): (4.0, 300)}
    chosen = assign(cases, left)
    assert clashes(chosen, left) == ()
    everything = (each for each in itertools.product(*(case.choices for case in cases)) if clashes(each, left) == ())
    assert sum(each.cost for each in chosen) == min(sum(choice.cost for choice in each) for each in everything)


def test_a_long_list_is_answered_within_its_budget_and_calls_nobody_without_need() -> None:
    sessions = [a_session(number, 4 + 7 * number, room=number) for number in range(40)]
    cases = [
        a_case([each], [to(each, cell, who, room=each.slot.room, day=NEXT) for cell in range(96, 200, 8) for who in (CARLA, DORA)])
        for each in sessions
    ]
    assert count_ways(assign(cases, {}, budget=500))[Way.CALL] == 40 - 26
