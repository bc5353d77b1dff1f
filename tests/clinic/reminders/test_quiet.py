"""Quiet hours, by the clock on the wall: over midnight, on nights when the clocks change, and where there are none."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.reminders.quiet import QuietHours

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(21), time(8))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (datetime(2027, 3, 10, 19, 59, tzinfo=UTC), None),
        (datetime(2027, 3, 10, 20, 0, tzinfo=UTC), datetime(2027, 3, 11, 7, tzinfo=UTC)),
        (datetime(2027, 3, 11, 6, 59, tzinfo=UTC), datetime(2027, 3, 11, 7, tzinfo=UTC)),
        (datetime(2027, 3, 11, 7, 0, tzinfo=UTC), None),
        (datetime(2027, 3, 27, 21, 0, tzinfo=UTC), datetime(2027, 3, 28, 6, tzinfo=UTC)),  # an hour less that night
        (datetime(2027, 10, 30, 21, 0, tzinfo=UTC), datetime(2027, 10, 31, 7, tzinfo=UTC)),  # an hour more
    ],
)
def test_the_night_ends_by_the_clock_on_the_wall(moment: datetime, until: datetime | None) -> None:
    assert NIGHT.end_after(moment, BERLIN) == until


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Apia"])
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
MOMENTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(hours=st.builds(QuietHours, CLOCKS, CLOCKS), moment=MOMENTS, zone=ZONES)
def test_what_is_put_off_to_the_end_or_brought_to_the_start_is_at_most_a_day_away(hours: QuietHours, moment: datetime, zone: str) -> None:
    end, start = hours.end_after(moment, ZoneInfo(zone)), hours.start_before(moment, ZoneInfo(zone))
    assert (end is None) == (start is None) == (not hours.hold(moment.astimezone(ZoneInfo(zone)).time()))
    if end is not None and start is not None:
        assert moment - timedelta(hours=26) <= start <= moment + timedelta(hours=1)
        assert moment - timedelta(hours=1) <= end <= moment + timedelta(hours=26)


@given(clock=CLOCKS, moment=MOMENTS)
def test_hours_that_end_when_they_begin_are_none(clock: time, moment: datetime) -> None:
    assert QuietHours(clock, clock).end_after(moment, BERLIN) is None
