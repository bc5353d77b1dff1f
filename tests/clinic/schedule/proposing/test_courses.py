"""All dates of a course: the least cost there is, every hard rule kept, and a word where there can be none."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.schedule.proposing import alternatives, judged, propose, why_not
from clinic.schedule.proposing.masks import span
from clinic.schedule.proposing.values import At, Rhythm, Slot
from tests.clinic.schedule.proposing.small_worlds import (
    MONDAY,
    all_courses,
    all_slots,
    calm_calendar,
    cost_of,
    first_fit,
    is_free,
    keeps_rhythm,
    plain_wanted,
    small_world,
    weekdays_from,
    without,
)

FEW = settings(max_examples=40, deadline=None)
WORLDS = st.integers(0, 10**6).map(small_world)


def days_of(proposal) -> list[date]:
    return [row.slot.day for row in proposal.dates]


@FEW
@given(WORLDS)
def test_no_course_is_cheaper_than_the_proposed_one_and_there_is_one_whenever_there_can_be(world):
    calendar, wanted = world
    least = min((cost_of(calendar, wanted, course) for course in all_courses(calendar, wanted)), default=None)
    proposal = propose(calendar, wanted)
    assert (proposal.cost if proposal.dates else None) == least
    assert bool(proposal.obstacles) == (least is None)


@FEW
@given(WORLDS)
def test_every_hard_rule_is_kept_and_each_row_says_its_part_of_the_cost(world):
    calendar, wanted = world
    proposal = propose(calendar, wanted)
    slots = [row.slot for row in proposal.dates]
    if slots:
        assert len(slots) == wanted.count
        assert all(is_free(calendar, wanted, slot) for slot in slots)
        assert keeps_rhythm(calendar, wanted, slots)
        assert sum(row.cost for row in proposal.dates) == cost_of(calendar, wanted, slots)
        assert judged(calendar, wanted, slots) == proposal.dates
        assert propose(calendar, wanted) == proposal
        assert all(not why_not(calendar, wanted, slots, number, At(slot.day, slot.cell)) for number, slot in enumerate(slots, start=1))


@FEW
@given(WORLDS)
def test_the_first_places_that_fit_are_never_better(world):
    calendar, wanted = world
    hurried = first_fit(calendar, wanted)
    if hurried:
        assert propose(calendar, wanted).cost <= cost_of(calendar, wanted, hurried)


@settings(max_examples=15, deadline=None)
@given(WORLDS)
def test_a_time_is_possible_exactly_when_nothing_is_said_against_it(world):
    calendar, wanted = world
    slots = [row.slot for row in propose(calendar, wanted).dates]
    if not slots:
        return
    number = len(slots) // 2 + 1
    fitting = set()
    for slot in all_slots(calendar, wanted):
        course = sorted([*slots[: number - 1], slot, *slots[number:]], key=lambda each: each.day)
        if course[number - 1] is slot and len({each.day for each in course}) == len(course) and keeps_rhythm(calendar, wanted, course):
            fitting.add((slot.day, slot.cell, slot.therapist))
    asked = [(day, cell, person) for day in calendar.open_days for cell in range(96, 120) for person in wanted.therapists]
    assert {each for each in asked if not why_not(calendar, wanted, slots, number, At(*each))} == fitting
    offered = [row.slot for row in alternatives(calendar, wanted, slots, number)]
    assert {(slot.day, slot.cell, slot.therapist) for slot in offered} <= fitting
    now = slots[number - 1]
    assert bool(offered) == bool(fitting - {(now.day, now.cell, now.therapist)})


def test_the_first_three_every_other_day_then_daily():
    days = weekdays_from(MONDAY, 20)
    wanted = plain_wanted(count=7, rhythm=Rhythm(1, 2, 1, first_count=2, first_ideal=2))
    proposal = propose(calm_calendar(days), wanted)
    assert days_of(proposal) == [days[at] for at in (0, 2, 4, 5, 6, 7, 8)]
    assert all(row.is_green for row in proposal.dates)


def test_the_rest_of_such_a_course_remembers_how_many_were_done():
    days = weekdays_from(MONDAY, 20)
    wanted = plain_wanted(count=3, rhythm=Rhythm(1, 2, 1, first_count=2, first_ideal=2), after=days[2], first_on=days[3], done=2)
    assert days_of(propose(calm_calendar(days), wanted)) == [days[4], days[5], days[6]]


def test_twice_a_week_is_kept_although_saturday_is_open():
    days = weekdays_from(MONDAY, 24, week=range(6))
    proposal = propose(calm_calendar(days), plain_wanted(count=6, rhythm=Rhythm(1, 4, 2, per_week=2)))
    weeks = [day.isocalendar().week for day in days_of(proposal)]
    assert sorted(weeks.count(week) for week in set(weeks)) == [2, 2, 2]


def test_a_session_that_stays_counts_in_its_week():
    days = weekdays_from(MONDAY, 15)
    wanted = plain_wanted(count=2, rhythm=Rhythm(1, 5, 1, per_week=2), after=days[1], kept=(days[0], days[1]), first_on=days[2])
    assert days_of(propose(calm_calendar(days), wanted)) == [days[5], days[6]]


def test_a_holiday_is_no_day_between_two_sessions():
    holiday = MONDAY + timedelta(days=2)
    days = weekdays_from(MONDAY, 10, closed=(holiday,))
    proposal = propose(calm_calendar(days, closed={holiday: "a holiday"}), plain_wanted(count=3))
    assert days_of(proposal) == [MONDAY, MONDAY + timedelta(days=3), MONDAY + timedelta(days=7)]
    assert all(row.is_green for row in proposal.dates)
    slots = [row.slot for row in proposal.dates]
    (reason,) = why_not(calm_calendar(days, closed={holiday: "a holiday"}), plain_wanted(count=3), slots, 2, At(holiday, 108))
    assert (reason.code, reason.about["why"]) == ("closed", "a holiday")


def test_all_is_over_by_the_last_day_of_the_referral():
    days = weekdays_from(MONDAY, 20)
    wanted = plain_wanted(count=6, last_on=days[7])
    assert days_of(propose(calm_calendar(days), wanted))[-1] <= days[7]
    refused = propose(calm_calendar(days), replace(wanted, last_on=days[3]))
    assert not refused.dates
    assert (refused.obstacles[0].code, refused.obstacles[0].about["fit"]) == ("too-few-days", 4)
    assert [reason.about["wish"] for reason in refused.obstacles[1:]] == ["last-on"]


def test_a_course_of_twenty_fits():
    days = weekdays_from(MONDAY, 45)
    proposal = propose(calm_calendar(days), plain_wanted(count=20, last_on=days[-1]))
    assert len(proposal.dates) == 20
    assert proposal.cost == 0


def test_a_change_of_therapist_for_one_day_is_made_only_where_it_is_cheaper_than_a_longer_gap():
    days = weekdays_from(MONDAY, 12)
    calendar = without(calm_calendar(days), 1, days[2], span(0, 288))
    assert {row.slot.therapist for row in propose(calendar, plain_wanted()).dates} == {1}
    rigid = propose(calendar, plain_wanted(rhythm=Rhythm(2, 2, 2), last_on=days[6]))
    assert 2 in {row.slot.therapist for row in rigid.dates}
    assert not propose(calendar, plain_wanted(rhythm=Rhythm(2, 2, 2), last_on=days[6], same_therapist=True, therapists=(1,))).dates


def test_an_obstacle_names_the_one_wish_that_would_have_to_give():
    days = weekdays_from(MONDAY, 6)
    calendar = calm_calendar(days)
    obstacles = propose(calendar, plain_wanted(count=3, weekdays=frozenset({0}), last_on=days[-1])).obstacles
    assert [reason.about["wish"] for reason in obstacles[1:]] == ["weekdays"]
    evening = propose(calendar, plain_wanted(count=3, earliest=210, last_on=days[-1])).obstacles
    assert [reason.about["wish"] for reason in evening[1:]] == ["hours"]
    nobody = propose(calendar, plain_wanted(count=3, therapists=(), others=(2,), last_on=days[-1])).obstacles
    assert [reason.code for reason in nobody] == ["no-therapist", "would-fit-without"]


def test_five_other_times_are_no_five_times_of_one_hour():
    days = weekdays_from(MONDAY, 12)
    calendar, wanted = calm_calendar(days), plain_wanted()
    slots = [row.slot for row in propose(calendar, wanted).dates]
    offered = [row.slot for row in alternatives(calendar, wanted, slots, 2)]
    assert len(offered) == 5
    assert len({slot.day for slot in offered}) >= 2
    assert slots[1] not in offered
    for day in {slot.day for slot in offered}:
        cells = sorted(slot.cell for slot in offered if slot.day == day)
        assert all(later - earlier >= 12 for earlier, later in pairwise(cells))


def test_a_date_by_hand_is_amber_with_what_it_misses():
    days = weekdays_from(MONDAY, 12)
    calendar, wanted = calm_calendar(days), plain_wanted(count=3)
    slots = [Slot(days[0], 108, 1, 10, 1), Slot(days[3], 120, 2, 10, 1), Slot(days[8], 108, 1, 10, 1)]
    codes = [[reason.code for reason in row.reasons] for row in judged(calendar, wanted, slots)]
    assert codes == [[], ["gap-long", "other-therapist", "other-time"], ["gap-too-long"]]
    assert len(judged(calendar, replace(wanted, therapists=()), slots)) == 3  # nobody is qualified any more


def test_a_heavy_session_is_kept_away_from_another_one_where_that_costs_little():
    days = weekdays_from(MONDAY, 3)
    calendar = calm_calendar(days, therapists=(1,))
    heavy = {key: tuple(replace(shift, heavy=span(114, 120)) for shift in shifts) for key, shifts in calendar.shifts.items()}
    proposal = propose(replace(calendar, shifts=heavy), plain_wanted(count=1, therapists=(1,), is_heavy=True))
    assert proposal.dates[0].slot.cell == 102
    assert "beside-heavy" not in [reason.code for reason in proposal.dates[0].reasons]


def test_nothing_is_offered_before_now():
    days = weekdays_from(MONDAY, 5)
    calendar = calm_calendar(days, today=days[1], now=150)
    first = propose(calendar, plain_wanted(count=1, last_on=days[1])).dates[0].slot
    assert (first.day, first.cell) == (days[1], 150)
    assert [reason.code for reason in why_not(calendar, plain_wanted(count=1), [first], 1, At(days[1], 108))] == ["past"]


def test_why_a_time_is_not_offered():
    days = weekdays_from(MONDAY, 8)
    calendar = without(calm_calendar(days, therapists=(1,), absent={(3, days[2]): "illness"}), 1, days[2], span(108, 114))
    wanted = plain_wanted(count=3, therapists=(1, 3), latest=180)
    slots = [Slot(days[0], 108, 1, 10, 1), Slot(days[2], 120, 1, 10, 1), Slot(days[4], 108, 1, 10, 1)]

    def codes(day: date, cell: int, person: int | None = None) -> list[str]:
        return [reason.code for reason in why_not(calendar, wanted, slots, 2, At(day, cell, person))]

    assert codes(days[2], 108, 1) == ["therapist-busy"]
    assert codes(days[2], 108) == ["therapist-busy", "absent"]
    assert codes(days[2], 109) == ["off-grid"]
    assert codes(days[2], 177) == ["outside-wishes"]
    assert codes(days[0], 108) == ["gap-too-short", "gap-too-long"]
    assert codes(days[4], 108) == ["gap-too-long", "gap-too-short"]
    assert codes(days[2], 93, 1) == ["not-working", "no-room"]
    assert codes(days[2], 120, 9) == ["not-qualified"]
