"""When messages are due: by the clinic's clock, across changes of the clocks, outside of the quiet hours. No database."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.reminders.due import BEFORE_QUIET, Due, Shift, Waiting, day_before, hours_before, outside_quiet
from clinic.reminders.quiet import QuietHours

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(21), time(8))
NONE = QuietHours(time(0), time(0))
ZONES: Final = sorted(available_timezones())
# The clocks go forward by an hour, by an hour one minute after midnight (as they did until 2011), and by half an hour.
CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29), date(2026, 10, 25)),
    ("America/St_Johns", date(2026, 3, 8), date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 10, 4), date(2026, 4, 5)),
)
days = st.dates(date(2000, 1, 1), date(2035, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(microsecond=0))


def at(wall: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC)


def shown(moment: datetime, zone: ZoneInfo = BERLIN) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


# By the clock on the wall -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "forward", "back"), CHANGES)
def test_on_both_sides_of_a_clock_change_the_evening_before_stays_at_six(name: str, forward: date, back: date) -> None:
    zone = ZoneInfo(name)
    for changed in (forward, back):
        for day in (changed, changed + timedelta(days=1)):
            due = day_before(day, time(18), zone)
            assert (shown(due.at, zone), due.shift) == (f"{day - timedelta(days=1)} 18:00", Shift.NONE)


@pytest.mark.parametrize(("name", "forward", "_back"), CHANGES)
def test_a_time_that_the_clocks_skip_comes_earlier_and_says_so(name: str, forward: date, _back: date) -> None:
    zone = ZoneInfo(name)
    due = day_before(forward + timedelta(days=1), time(2, 15), zone)
    skipped = timedelta(minutes=30 if "Lord" in name else 60)
    assert due.shift == Shift.SKIPPED
    assert shown(due.at, zone) == f"{datetime.combine(forward, time(2, 15)) - skipped:%Y-%m-%d %H:%M}"


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    due = day_before(date(2026, 10, 26), time(2, 30), BERLIN)
    assert (due.at, due.shift) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), Shift.NONE)


def test_hours_before_are_hours_that_pass_also_in_the_night_of_a_clock_change() -> None:
    assert shown(hours_before(at("2026-03-29 04:00"), 2).at) == "2026-03-29 01:00"
    assert shown(hours_before(at("2026-10-25 04:00"), 2).at) == "2026-10-25 02:00"


@given(st.sampled_from(ZONES), days, clocks)
def test_in_every_zone_and_on_every_day_the_clock_shows_what_was_wanted_or_it_is_said_why(name: str, day: date, clock: time) -> None:
    zone, before = ZoneInfo(name), day - timedelta(days=1)
    due = day_before(day, clock, zone)
    wanted = datetime.combine(before, clock)
    seen = due.at.astimezone(zone).replace(tzinfo=None, fold=0)
    if due.shift == Shift.NONE:
        assert seen == wanted
    else:
        assert due.shift == Shift.SKIPPED
        assert wanted - timedelta(days=1) <= seen < wanted  # a zone may skip a whole day
        no_such_time = wanted.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
        assert no_such_time != wanted


# Quiet hours --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wanted", "after", "session", "due", "shift"),
    [
        ("2026-05-05 12:00", "2026-05-04 12:00", "2026-05-05 14:00", "2026-05-05 12:00", Shift.NONE),
        ("2026-05-05 06:30", "2026-05-04 12:00", "2026-05-05 08:30", "2026-05-04 20:30", Shift.EARLIER),
        ("2026-05-05 06:30", "2026-05-04 20:31", "2026-05-05 08:30", "2026-05-05 08:00", Shift.LATER),
        ("2026-05-05 05:30", "2026-05-04 20:31", "2026-05-05 07:30", "2026-05-05 05:30", Shift.QUIET),
        ("2026-05-05 22:00", "2026-05-04 12:00", "2026-05-06 10:00", "2026-05-05 20:30", Shift.EARLIER),
        # The clocks go forward in the night between: the evening before is still half past eight.
        ("2026-03-29 06:30", "2026-03-28 12:00", "2026-03-29 08:30", "2026-03-28 20:30", Shift.EARLIER),
        ("2026-10-25 06:30", "2026-10-24 21:00", "2026-10-25 08:30", "2026-10-25 08:00", Shift.LATER),
    ],
)
def test_quiet_hours_bring_a_reminder_forward_else_put_it_off(wanted: str, after: str, session: str, due: str, shift: Shift) -> None:
    found = outside_quiet(Due(at(wanted)), NIGHT, BERLIN, after=at(after), until=at(session))
    assert (shown(found.at), found.shift) == (due, shift)


@given(st.sampled_from(ZONES), days, clocks, clocks, clocks, st.integers(1, 12))
def test_a_reminder_never_comes_in_quiet_hours_unless_nothing_else_is_left(
    name: str, day: date, clock: time, starts: time, ends: time, hours: int
) -> None:
    zone, quiet = ZoneInfo(name), QuietHours(starts, ends)
    session = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
    wanted, after = hours_before(session, hours), session - timedelta(days=2)
    due = outside_quiet(wanted, quiet, zone, after=after, until=session)
    assert after <= due.at < session
    if due.shift != Shift.QUIET:
        assert quiet.end_after(due.at, zone) is None
    assert due.at == wanted.at or due.shift in (Shift.EARLIER, Shift.LATER)
    if due.shift == Shift.EARLIER:
        assert quiet.end_after(due.at + BEFORE_QUIET, zone) is not None


# News of dates ------------------------------------------------------------------------------------------------------------------
def waits(first: str, now: str, *, not_after: str = "2026-05-20 10:00", quiet: QuietHours = NIGHT, minutes: int = 3) -> str:
    waiting = Waiting(timedelta(minutes=minutes), quiet, BERLIN)
    return shown(waiting.due(first_at=at(first), now=at(now), not_after=at(not_after)))


def test_each_change_puts_the_message_off_by_the_grace_but_not_for_longer_than_a_quarter_of_an_hour() -> None:
    assert waits("2026-05-05 12:00", "2026-05-05 12:00") == "2026-05-05 12:03"
    assert waits("2026-05-05 12:00", "2026-05-05 12:10") == "2026-05-05 12:13"
    assert waits("2026-05-05 12:00", "2026-05-05 12:14") == "2026-05-05 12:15"
    assert waits("2026-05-05 12:00", "2026-05-05 12:20", minutes=30) == "2026-05-05 12:30"


def test_news_wait_for_the_morning_but_for_dates_that_are_over_then() -> None:
    assert waits("2026-05-05 22:00", "2026-05-05 22:00") == "2026-05-06 08:00"
    assert waits("2026-05-05 22:00", "2026-05-05 22:00", not_after="2026-05-06 07:30") == "2026-05-05 22:03"
    assert waits("2026-05-05 22:00", "2026-05-05 22:00", quiet=NONE) == "2026-05-05 22:03"
