"""``manage.py verify time``: what the clinic's clock shows is kept in every zone of the world, on every day of a year."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from clinic.schedule.wall_clock import DoubledTime, MissingTime, day_bounds, moment_of, wall_of

HELP = (
    "a session stays at its time on the clinic's wall in every zone and on every day; a time that is skipped or comes twice is asked about"
)
REDUCED: Final[Mapping[str, Any]] = {"every": 10}
YEAR: Final = 2026
# A session of the morning, one of the evening, and the hours of the night in which clocks are changed.
CLOCKS: Final = (time(9), time(18, 30), *(time(hour, 30) for hour in range(4)), time(0), time(23, 30))

Write = Callable[[str], object]


@dataclass
class Tally:
    """What was looked at, and what was wrong."""

    days: int = 0
    times: int = 0
    skipped: int = 0
    doubled: int = 0
    wrong: int = 0
    shifted: int = 0  # how often a day of 24 hours would have moved the session: the control


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify time``."""
    parser.add_argument("--year", type=int, default=YEAR)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th zone")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Looks at every zone, writes the figures, and says whether no time was moved or guessed."""
    began, tally, zones = monotonic(), Tally(), sorted(available_timezones())[:: max(1, options["every"])]
    for name in zones:
        look_at(ZoneInfo(name), options["year"], tally)
    write(f"{len(zones)} zones, {tally.days:,} days of {options['year']}, {tally.times:,} times on the wall, {monotonic() - began:.1f} s.")
    write(f"Skipped by the clocks and refused: {tally.skipped:,}. Shown twice and asked about: {tally.doubled:,}. Wrong: {tally.wrong}.")
    write(f"Control: adding 24 hours instead of a day would have moved {tally.shifted:,} sessions.")
    return tally.wrong == 0 and tally.shifted > 0 and tally.skipped > 0 and tally.doubled > 0


def look_at(zone: ZoneInfo, year: int, tally: Tally) -> None:
    """Every day of a year in one zone."""
    before = None
    for day in days_of(year):
        tally.days += 1
        for clock in CLOCKS:
            tally.times += 1
            tally.wrong += not is_kept(day, clock, zone, tally)
        tally.wrong += not bounds_hold(day, zone)
        now = datetime.combine(day, CLOCKS[0], tzinfo=zone).astimezone(UTC)
        tally.shifted += before is not None and now - before != timedelta(days=1)
        before = now


def days_of(year: int) -> Iterator[date]:
    """From New Year's Day to the last of December."""
    first = date(year, 1, 1)
    return (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))


def is_kept(day: date, clock: time, zone: ZoneInfo, tally: Tally) -> bool:
    """Whether this time comes back as it was said, or is refused or asked about exactly where the zone says so."""
    shown = moments_that_show(day, clock, zone)
    try:
        return shown == [moment_of(day, clock, zone)]
    except MissingTime:
        tally.skipped += 1
        return shown == []
    except DoubledTime as twice:
        tally.doubled += 1
        chosen = [moment_of(day, clock, zone, second=second) for second in (False, True)]
        return shown == list(twice.moments) == chosen


def moments_that_show(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """Found without the rule that is proved: every moment around at which the clock on the wall shows this."""
    around = datetime.combine(day, clock, tzinfo=UTC)
    moments = sorted(around - offset for offset in offsets_around(day, zone))
    return [moment for moment in moments if wall_of(moment, zone) == (day, clock)]


@lru_cache(maxsize=4)
def offsets_around(day: date, zone: ZoneInfo) -> frozenset[timedelta]:
    """How far the clock is from UTC at some time of this day or its neighbours. No clock of the world is further than 15 hours."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return frozenset((noon + timedelta(hours=hours)).astimezone(zone).utcoffset() or timedelta() for hours in range(-51, 52, 3))


def bounds_hold(day: date, zone: ZoneInfo) -> bool:
    """Whether the day begins and ends at the moments that are said: the one before its end is still of it."""
    first, after = day_bounds(day, zone)
    return first <= after and wall_of(after - timedelta(microseconds=1), zone)[0] <= day <= wall_of(first, zone)[0]
