"""What can be done about the sessions of one course, without a database: the same times, other times, and the rest of the course."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from clinic.courses.calendar.rehoming import Affected, Case, Choice, Way, assign, load_left
from clinic.courses.calendar.rehoming_choices import KnownCourse, cases_of, freed, settled
from clinic.schedule.proposing.values import Calendar, Place, Rhythm, Shift, Slot, Wanted

MONDAY = date(2026, 3, 2)
OWN, CARLA, DORA = 1, 2, 3
ALL_DAY = ((1 << 96) - 1) << 96  # from 08:00 to 16:00


def day(number: int) -> date:
    """The open day with that number, Monday to Friday; 0 is the first Monday."""
    return MONDAY + timedelta(days=7 * (number // 5) + number % 5)


def a_calendar(*gone: int, away: tuple[int, ...] = (), colleagues: tuple[int, ...] = (CARLA,), days: int = 20) -> Calendar:
    """Three working weeks and more: on ``gone`` the clinic is closed, on ``away`` the own therapist is not there."""
    opened = tuple(day(number) for number in range(days) if number not in gone)
    absent = {day(number) for number in away}
    there = [(who, each) for who in (OWN, *colleagues) for each in opened if not (who == OWN and each in absent)]
    shifts = {(who, each): (Shift(who, each, 1, ALL_DAY, ALL_DAY, 30, 300),) for who, each in there}
    return Calendar(opened, shifts, {(1, each): (Place(7, 1, each, ALL_DAY), Place(8, 1, each, ALL_DAY)) for each in opened})


def booked(number: int, at: int, cell: int = 108) -> Affected:
    return Affected(number, 5, Slot(day(at), cell, OWN, 7, 1), cells=6, turnover=1, units=1.5, minutes=20)


def a_course(*others: Affected, longest: int = 2, therapists: tuple[int, ...] = (OWN, CARLA, DORA), same: bool = False) -> KnownCourse:
    wanted = Wanted(1, 6, 1, Rhythm(1, longest, 1), day(0), day(19), therapists, units=1.5, minutes=20, same_therapist=same)
    return KnownCourse(wanted, others, 0, None)


def ways(choices: tuple[Choice, ...]) -> list[Way]:
    return [each.way for each in choices]


def days_of(choice: Choice) -> list[date]:
    return [step.slot.day for step in choice.steps]


def test_a_colleague_comes_first_then_other_times_within_the_gap_then_the_call() -> None:
    (case,) = cases_of(a_calendar(away=(3,)), a_course(booked(1, 2), booked(3, 5)), [booked(2, 3)])
    assert ways(case.choices)[0] == Way.COLLEAGUE
    assert ways(case.choices)[-1] == Way.CALL
    moved = [each for each in case.choices if each.way == Way.MOVED and len(each.steps) == 1]
    assert moved
    assert {each for choice in moved for each in days_of(choice)} <= {day(3), day(4)}


def test_no_later_session_moves_for_one_that_a_colleague_gives_at_its_own_time() -> None:
    (case,) = cases_of(a_calendar(away=(3,)), a_course(booked(1, 2), booked(3, 4)), [booked(2, 3)])
    keeping = [each for each in case.choices[:-1] if (each.steps[0].slot.day, each.steps[0].slot.cell) == (day(3), 108)]
    assert [len(each.steps) for each in keeping] == [1]


def test_where_the_same_therapist_was_asked_for_another_time_comes_before_a_colleague() -> None:
    (case,) = cases_of(a_calendar(away=(3,)), a_course(booked(1, 2), booked(3, 5), same=True), [booked(2, 3)])
    assert ways(case.choices)[0] == Way.MOVED
    assert Way.COLLEAGUE in ways(case.choices)


def test_several_sessions_in_a_row_stay_with_one_colleague_as_far_as_possible() -> None:
    calendar = a_calendar(away=(1, 2, 3), colleagues=(CARLA, DORA))
    busy = replace(calendar.shifts[CARLA, day(2)][0], free=0)
    calendar = replace(calendar, shifts={**calendar.shifts, (CARLA, day(2)): (busy,)})
    (case,) = cases_of(calendar, a_course(booked(9, 0)), [booked(1, 1), booked(2, 2), booked(3, 3)])
    best = case.choices[0]
    assert best.way == Way.COLLEAGUE
    assert [step.slot.therapist for step in best.steps] == [DORA, DORA, DORA]


def test_a_closed_day_between_two_daily_sessions_moves_the_rest_of_the_course_and_no_more() -> None:
    others = [booked(number, number) for number in range(6) if number != 3]
    (case,) = cases_of(a_calendar(3), a_course(*others, longest=1), [booked(3, 3)])
    best = case.choices[0]
    assert best.way == Way.MOVED
    assert days_of(best) == [day(4), day(5), day(6)]
    assert [step.session.booking for step in best.steps] == [3, 4, 5]


def test_two_parts_of_a_course_with_a_session_between_them_are_two_cases() -> None:
    cases = cases_of(a_calendar(away=(1, 3)), a_course(booked(1, 0), booked(3, 2)), [booked(2, 1), booked(4, 3)])
    assert [[each.booking for each in case.sessions] for case in cases] == [[2], [4]]


def test_what_moves_on_with_one_case_stays_before_the_next_one() -> None:
    cases = cases_of(
        a_calendar(1, 4, colleagues=()), a_course(booked(1, 0), booked(3, 3), booked(5, 7), longest=3), [booked(2, 1), booked(4, 4)]
    )
    first = cases[0]
    assert {each for choice in first.choices if choice.way == Way.MOVED for each in days_of(choice)} <= {day(2), day(3)}


def test_a_gap_that_was_too_long_already_does_not_forbid_every_day() -> None:
    (case,) = cases_of(a_calendar(away=(9,)), a_course(booked(1, 0), booked(3, 10)), [booked(2, 9)])
    assert Way.MOVED in ways(case.choices)


def test_who_gets_nothing_beside_the_others_is_looked_after_once_more() -> None:
    calendar = a_calendar(away=(0,), days=1)
    busy = {(CARLA, day(0)): tuple(replace(each, free=ALL_DAY & ~(((1 << 14) - 1) << 108)) for each in calendar.shifts[CARLA, day(0)])}
    calendar = replace(calendar, shifts=busy)
    sessions = [replace(booked(number, 0), patient=number, slot=Slot(day(0), 108, 100 + number, 100 + number, 1)) for number in range(1, 8)]
    cases = settled(calendar, [partial(_alone, each) for each in sessions])
    chosen = assign(cases, load_left(calendar))
    assert [each.way for each in chosen] == [Way.MOVED] * 7


def _alone(session: Affected, calendar: Calendar) -> tuple[Case, ...]:
    return cases_of(calendar, a_course(longest=4), [session])


def test_a_place_that_would_be_given_up_is_free_within_the_hours_and_gives_its_load_back() -> None:
    calendar = a_calendar()
    session = booked(1, 0)
    shift = replace(calendar.shifts[OWN, day(0)][0], free=0, units_left=0.0, minutes_left=0)
    taken = replace(calendar, shifts={(OWN, day(0)): (shift,)}, places={(1, day(0)): (Place(7, 1, day(0), 0),)})
    found = freed(taken, [session])
    assert found.shifts[OWN, day(0)][0].free == found.places[1, day(0)][0].free == 0b1111111 << 108
    assert (found.shifts[OWN, day(0)][0].units_left, found.shifts[OWN, day(0)][0].minutes_left) == (1.5, 20)
