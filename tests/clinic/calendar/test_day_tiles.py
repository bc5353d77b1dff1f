"""What a tile says, where it stands, and what is left free beside it: without a database."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.courses.calendar.asked import asked_for
from clinic.courses.calendar.loads import Load, month_bounds
from clinic.courses.calendar.queries.days import Booked, Span, breaks_of, free_between
from clinic.courses.calendar.tiles import Reader, Scale, flag_codes, may_be_moved, tile

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SCALE = Scale(8 * 60, 18 * 60)


def a_reader(**fields: Any) -> Reader:
    values: dict[str, Any] = {"now": NOW, "today": TODAY, "clock": 12 * 60, "reads_plans": True, "opens": "/calendar/bookings/"}
    return Reader(**values | fields)


def booked(clock: time = time(14), minutes: int = 30, **fields: Any) -> Booked:
    """Session 4 of 10 of a signed course that may start, this afternoon."""
    starts = datetime.combine(TODAY, clock, tzinfo=UTC)
    ends = starts + timedelta(minutes=minutes)
    values: dict[str, Any] = {
        "pk": 7, "day": TODAY, "clock": clock, "starts_at": starts, "ends_at": ends, "free_at": ends + timedelta(minutes=5),
        "state": "booked", "held_until": None, "label": "", "hands_on": 20, "units": Decimal(2), "is_heavy": False, "therapist": 1,
        "therapist_name": "Anna", "room": 1, "room_name": "Blue", "site": 1, "patient": 1, "family": "Weber", "given": "Anna",
        "session": 3, "number": 4, "session_state": "booked", "course": 2, "of": 10, "course_state": "running", "may_start": True,
        "planned_on": TODAY,
    }  # fmt: skip
    return Booked(**values | fields)


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"clock": time(9)}, ["open"]),
        ({"clock": time(9), "session_state": "done"}, ["done"]),
        ({"clock": time(9), "session_state": "missed"}, ["missed"]),
        ({"session_state": "in-progress"}, ["going"]),
        ({"course_state": "suspended"}, ["stop"]),
        ({"may_start": False}, ["stop"]),
        ({"course_state": "awaiting"}, ["unsigned"]),
        ({"planned_on": TODAY - timedelta(days=1)}, ["ask"]),
        ({"is_heavy": True, "number": 10}, ["heavy", "last"]),
        ({"number": 1}, ["first"]),
        ({"said": "cannot-come", "may_start": False}, ["cannot-come", "stop"]),
        ({"said": "confirmed", "is_heavy": True}, ["confirmed", "heavy"]),
        ({"said": "cannot-come", "clock": time(9)}, ["open"]),
        ({"said": "confirmed", "session_state": "done"}, ["done"]),
        ({"state": "held", "session": None, "session_state": None, "number": None}, ["held"]),
    ],
)
def test_the_gravest_thing_about_a_booking_is_said_first_and_a_time_that_is_over_is_never_marked_by_itself(
    fields: dict[str, Any], codes: list[str]
) -> None:
    assert list(flag_codes(booked(**fields), a_reader())) == codes


def test_a_tile_has_the_counter_and_the_dose_only_for_those_who_may_read_plans() -> None:
    assert "20 min" in tile(booked(), SCALE, a_reader())
    for_the_desk = tile(booked(planned_on=TODAY - timedelta(days=1)), SCALE, a_reader(reads_plans=False))
    assert "4/10" in for_the_desk
    assert "20 min" not in for_the_desk
    assert "Ask today" not in for_the_desk


def test_a_name_never_becomes_markup() -> None:
    drawn = tile(booked(family="<b>Weber", room_name='"><script>'), SCALE, a_reader())
    assert "&lt;b&gt;Weber" in drawn
    assert "<script" not in drawn


def test_only_what_is_still_to_come_can_be_carried_elsewhere() -> None:
    assert may_be_moved(booked(), a_reader())
    assert not may_be_moved(booked(clock=time(9)), a_reader())
    assert not may_be_moved(booked(session_state="done"), a_reader())
    assert not may_be_moved(booked(state="held", session=None, session_state=None), a_reader())


@given(st.integers(0, 287), st.integers(1, 60))
def test_a_tile_stands_in_the_row_of_its_time_and_never_beyond_the_last_one(cell: int, length: int) -> None:
    scale = Scale(0, 24 * 60)
    at, span = (int(each.rpartition("-")[2]) for each in scale.place(cell * 5, min((cell + length) * 5, 1440)).split())
    assert (at - 1) * 5 == cell * 5
    assert at + span - 1 <= 288


@given(st.lists(st.tuples(st.integers(0, 1440), st.integers(0, 1440)), max_size=8), st.integers(5, 120))
def test_what_is_called_free_lies_in_a_shift_and_touches_nothing_that_is_taken(taken: list[tuple[int, int]], least: int) -> None:
    shifts, busy = [Span(480, 720, 1), Span(765, 990, 1)], [(min(pair), max(pair)) for pair in taken]
    gaps = list(free_between(shifts, busy, least=least))
    for gap in gaps:
        assert gap.end - gap.start >= least
        assert any(shift.start <= gap.start and gap.end <= shift.end for shift in shifts)
        assert not any(start < gap.end and end > gap.start and end > start for start, end in busy)
    free = {m for s in shifts for m in range(s.start, s.end)} - {m for start, end in busy for m in range(start, end)}
    left_out = free - {m for gap in gaps for m in range(gap.start, gap.end)}
    runs = [m for m in left_out if all(m + more in left_out for more in range(least))]
    assert not runs


def test_what_lies_between_two_shifts_is_the_break() -> None:
    assert list(breaks_of([Span(480, 720, 1), Span(765, 990, 1)])) == [Span(720, 765)]


def test_a_day_is_as_full_as_the_nearer_of_its_two_limits() -> None:
    assert Load(150, 300, Decimal(27), Decimal(30), 9).percent == 90
    over = Load(150, 300, Decimal(31), Decimal(30), 9)
    assert (over.percent, over.is_over, over.is_near) == (100, True, False)
    assert Load(0, 0, Decimal(0), Decimal(0), 0).percent == 0


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_month_is_whole_weeks_around_all_of_its_days(day: date) -> None:
    first, last = month_bounds(day)
    assert (first.weekday(), last.weekday()) == (0, 6)
    assert first <= day.replace(day=1) < first + timedelta(days=7)
    assert last - timedelta(days=7) < (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) <= last


@pytest.mark.parametrize("text", ["", "2027-02-30", "tomorrow", "0001-01-01", "9999-12-31", "²"])
def test_an_address_that_cannot_be_read_shows_a_day_all_the_same(text: str) -> None:
    asked = asked_for("day", {"date": text, "therapist": text, "site": "-1"}, TODAY)
    assert date(1990, 1, 1) <= asked.day <= date(2100, 12, 31)
    assert (asked.therapist, asked.site) == (0, 0)
    assert asked.beside(-1)
    assert asked.beside(7)
