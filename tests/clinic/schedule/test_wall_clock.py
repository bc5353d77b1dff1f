"""10:00 stays 10:00 by the clinic's clock on every day in every zone; a time that is skipped or comes twice is asked (trust.md F5)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from clinic.schedule.actions import NoSuchTime, TimeComesTwice
from clinic.schedule.actions.times import agreed_moment
from clinic.schedule.models import Booking
from clinic.schedule.wall_clock import DoubledTime, MissingTime, day_bounds, moment_of, wall_of
from clinic.staff.models import Clinic
from tests.clinic.schedule.desk import Desk, to

BERLIN, FORWARD, BACK = ZoneInfo("Europe/Berlin"), date(2040, 3, 25), date(2040, 10, 28)
YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def changes_of(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta]]:
    """The moments of that year at which the clocks of a zone change, and by how much, by cutting days in half."""
    for day in YEAR:
        first = datetime(day.year, day.month, day.day, tzinfo=UTC)
        low, high = 0, 24 * 60
        was, will_be = first.astimezone(zone).utcoffset(), (first + timedelta(days=1)).astimezone(zone).utcoffset()
        if was == will_be or was is None or will_be is None:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if (first + timedelta(minutes=middle)).astimezone(zone).utcoffset() == was else (low, middle)
        yield first + timedelta(minutes=high), will_be - was


def test_every_day_of_a_year_in_every_zone_keeps_the_agreed_time() -> None:
    clock, days = time(10), 0
    for zone in map(ZoneInfo, sorted(available_timezones())):
        for day in YEAR:
            there = moment_of(day, clock, zone).astimezone(zone)
            assert (there.day, there.hour, there.minute) == (day.day, 10, 0), (zone, day)
        days += len(YEAR)
    assert days >= 590 * 365


def test_every_change_of_the_clocks_in_every_zone_is_asked_about() -> None:
    skipped = doubled = 0
    for zone in map(ZoneInfo, sorted(available_timezones())):
        for moment, change in changes_of(zone):
            middle = moment.astimezone(zone).replace(tzinfo=None) - change / 2  # the clock that is skipped, or comes twice
            if change > timedelta(0):
                skipped += 1
                with pytest.raises(MissingTime):
                    moment_of(middle.date(), middle.time(), zone)
                continue
            doubled += 1
            with pytest.raises(DoubledTime) as asked:
                moment_of(middle.date(), middle.time(), zone)
            first, second = (moment_of(middle.date(), middle.time(), zone, second=which) for which in (False, True))
            assert asked.value.moments == (first, second)
            assert second - first == -change
            assert wall_of(first, zone) == wall_of(second, zone) == (middle.date(), middle.time())
    assert min(skipped, doubled) > 100, (skipped, doubled)


def test_a_day_of_the_calendar_has_as_many_hours_as_the_clock_gives_it() -> None:
    lengths = [(end - start) / timedelta(hours=1) for start, end in (day_bounds(day, BERLIN) for day in (FORWARD, BACK, YEAR[0]))]
    assert lengths == [23, 25, 24]


def test_a_time_that_is_skipped_is_refused_with_times_that_there_are() -> None:
    with pytest.raises(NoSuchTime) as asked:
        agreed_moment(FORWARD, time(2, 30), BERLIN, second=None)
    sentence = "On 25 Mar 2040 the clocks go forward and skip 02:30. Choose another time, for example 01:30 or 03:30."
    assert asked.value.sentence == sentence
    with pytest.raises(NoSuchTime, match="29 Dec 2011 10:00 or 31 Dec 2011 10:00"):
        agreed_moment(date(2011, 12, 30), time(10), ZoneInfo("Pacific/Apia"), second=None)


def test_a_time_that_comes_twice_is_asked_by_both() -> None:
    with pytest.raises(TimeComesTwice) as asked:
        agreed_moment(BACK, time(2, 30), BERLIN, second=None)
    assert "comes twice, at 02:30 (UTC+02:00) and again at 02:30 (UTC+01:00)" in asked.value.sentence
    assert [agreed_moment(BACK, time(2, 30), BERLIN, second=which) for which in (False, True)] == list(asked.value.moments)


@pytest.mark.django_db
def test_bookings_around_a_change_of_the_clocks_keep_their_time_and_their_length(clinic: Clinic) -> None:
    desk = Desk(clinic)
    desk.day = BACK
    before, early, late = desk.book(
        desk.place(day=BACK - timedelta(days=1)),
        desk.place(clock=time(2, 30), second=False),
        desk.place(clock=time(2, 30), second=True),  # an hour later: they do not meet
    )
    assert late.starts_at - early.starts_at == timedelta(hours=1)
    [moved] = desk.move(to(before, day=BACK))
    row = Booking.objects.get(pk=moved.pk)
    assert (row.clock, row.minutes, row.starts_at.astimezone(BERLIN).hour) == (time(10), 30, 10)
    with pytest.raises(TimeComesTwice):
        desk.move(to(row, clock=time(2)))
    with pytest.raises(NoSuchTime):
        desk.book(desk.place(day=FORWARD, clock=time(2, 30)))
