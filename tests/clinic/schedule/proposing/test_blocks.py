"""Dates for many courses at once: no two in one place, and nobody loses a place to the search."""

from dataclasses import replace

from clinic.schedule.bench.invented import busy_calendar, new_courses
from clinic.schedule.bench.sketch import bare_course, first_places
from clinic.schedule.proposing import Budget, propose, propose_block
from clinic.schedule.proposing.ledger import Ledger
from clinic.schedule.proposing.path import cheapest_dates
from tests.clinic.schedule.proposing.small_worlds import MONDAY, calm_calendar, plain_wanted, weekdays_from

WANTED = [replace(course, turnover=1) for course in new_courses(14, therapists=8, seed=5, sessions=(4, 6))]
CALENDAR = busy_calendar(therapists=8, fill=0.9, seed=6)


def one_by_one() -> list[bool]:
    """Whether each course finds dates when all before it keep theirs."""
    ledger, found = Ledger(CALENDAR), []
    for wanted in WANTED:
        slots = cheapest_dates(ledger, wanted)
        found.append(slots is not None)
        for slot in slots or ():
            ledger.take(wanted, slot)
    return found


def test_a_block_places_all_that_going_one_by_one_places_and_the_search_makes_it_no_dearer():
    plain, searched = propose_block(CALENDAR, WANTED), propose_block(CALENDAR, WANTED, Budget(rounds=6, seed=3))
    assert [bool(proposal.dates) for proposal in plain] == one_by_one()
    assert all(after.dates for before, after in zip(plain, searched, strict=True) if before.dates)
    newly = sum(bool(each.dates) for each in searched) - sum(bool(each.dates) for each in plain)
    assert newly or sum(each.cost for each in searched) <= sum(each.cost for each in plain)
    assert searched == propose_block(CALENDAR, WANTED, Budget(rounds=6, seed=3))


def test_no_therapist_and_no_room_of_a_block_has_two_at_one_time():
    used: set[object] = set()
    for wanted, proposal in zip(WANTED, propose_block(CALENDAR, WANTED, Budget(rounds=6)), strict=True):
        for row in proposal.dates:
            slot = row.slot
            cells = range(slot.cell, slot.cell + wanted.cells + wanted.turnover)
            mine = {(kind, who, slot.day, cell) for cell in cells for kind, who in (("who", slot.therapist), ("where", slot.room))}
            assert not mine & used
            used |= mine


def test_the_load_of_a_day_is_used_up_by_a_block():
    days = weekdays_from(MONDAY, 4)
    calendar = calm_calendar(days, therapists=(1,))
    shifts = {key: tuple(replace(shift, units_left=3.0) for shift in of_day) for key, of_day in calendar.shifts.items()}
    wanted = plain_wanted(count=1, therapists=(1,), units=1.5)
    block = propose_block(replace(calendar, shifts=shifts), [wanted] * 3)
    assert [proposal.dates[0].slot.day for proposal in block] == [days[0], days[0], days[1]]


def test_a_search_that_is_over_at_once_leaves_the_dates_of_one_by_one():
    assert propose_block(CALENDAR, WANTED, Budget(rounds=100, is_over=lambda: True)) == propose_block(CALENDAR, WANTED)


def test_the_first_course_of_a_block_has_the_dates_it_would_have_alone():
    assert propose_block(CALENDAR, WANTED)[0].cost == propose(CALENDAR, WANTED[0]).cost


def test_the_bare_sketch_of_the_benchmark_finds_the_same_cost_and_first_places_never_a_better_one():
    for wanted in WANTED:
        proposal = propose(CALENDAR, wanted := replace(wanted, turnover=0))
        assert bare_course(CALENDAR, wanted) == (proposal.cost if proposal.dates else None)
        hurried = first_places(CALENDAR, wanted)
        assert hurried is None or hurried >= proposal.cost
