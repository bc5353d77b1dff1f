"""When messages are due, by the clock on the clinic's wall. No clock of its own and no database: the same question has one answer.

Quiet hours bring a reminder forward to the evening before, because what is said after the session is of no use; other messages wait
until they are over.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from clinic.reminders.quiet import QuietHours
from clinic.schedule.wall_clock import MissingTime, moment_of

LONGEST_GRACE: Final = timedelta(minutes=15)  # who clicks for an hour does not keep the patient waiting for an hour
BEFORE_QUIET: Final = timedelta(minutes=30)  # nobody is written to in the last minute before the quiet hours
MOMENT: Final = timedelta(seconds=1)
KNOWS_FOR: Final = timedelta(hours=2)  # who was told of a date so short a time ago needs no reminder of it


class Shift(StrEnum):
    """Why a message is not due when its rule says."""

    NONE = ""
    SKIPPED = "skipped"  # the clocks go forward over that time: it comes as much earlier as they skip
    EARLIER = "earlier"  # before the quiet hours
    LATER = "later"  # after the quiet hours
    QUIET = "quiet"  # only the quiet hours are left: it stays where it is, and is dropped then


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due (UTC), and why it is another time than the one wanted."""

    at: datetime
    shift: Shift = Shift.NONE


def _shown(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments at which the clock shows this: twice the same but where the clocks change."""
    wall = datetime.combine(day, clock, tzinfo=zone)
    return wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


def day_before(day: date, clock: time, zone: ZoneInfo) -> Due:
    """The day before ``day`` at this time of the clinic's clock; of a time that comes twice the first, of one that is skipped earlier."""
    evening = day - timedelta(days=1)
    try:
        return Due(moment_of(evening, clock, zone, second=False))
    except MissingTime:
        return Due(min(_shown(evening, clock, zone)), Shift.SKIPPED)


def hours_before(starts_at: datetime, hours: int) -> Due:
    """So many hours before a session: real ones, also when the clocks change between."""
    return Due(starts_at.astimezone(UTC) - timedelta(hours=hours))


def outside_quiet(wanted: Due, quiet: QuietHours, zone: ZoneInfo, *, after: datetime, until: datetime) -> Due:
    """The reminder earlier or later, outside of the quiet hours: not before ``after`` and before ``until``, the session's start.

    Earlier is better: who reads it the evening before has time to arrange the day. Where neither can be it stays (``QUIET``).
    """
    ends = quiet.end_after(wanted.at, zone)
    if ends is None:
        return wanted
    earlier = _before_quiet(wanted.at, quiet, zone)
    if earlier is not None and earlier >= after:
        return Due(earlier, Shift.EARLIER)
    return Due(ends, Shift.LATER) if ends < until else Due(wanted.at, Shift.QUIET)


def _before_quiet(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime | None:
    """Half an hour before the quiet hours in which this moment lies; None where that is quiet too."""
    began = quiet.start_before(moment, zone)
    earlier = None if began is None else began - BEFORE_QUIET
    return None if earlier is None or quiet.end_after(earlier, zone) else earlier


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long the message about dates waits at a clinic: for more changes, and for the end of the patient's quiet hours."""

    grace: timedelta
    quiet: QuietHours
    zone: ZoneInfo

    def due(self, *, first_at: datetime, now: datetime, not_after: datetime) -> datetime:
        """When it goes: when nothing has changed for the grace, at the latest ``LONGEST_GRACE`` after the first change (``first_at``).

        Of the time that is left before the first of the dates (``not_after``) at most a quarter is waited. In quiet hours it waits until
        they are over, but for dates that are over by then: those are for people to telephone, and now.
        """
        grace = min(self.grace, max((not_after - now) / 4, timedelta()))
        at = min(now + grace, first_at + max(LONGEST_GRACE, self.grace))
        morning = self.quiet.end_after(at, self.zone)
        return at if morning is None or morning >= not_after else morning

    def hurries(self, *, first_at: datetime, due_at: datetime) -> bool:
        """Whether a message that is due then, about a first change at ``first_at``, goes sooner than others, for the sake of a date."""
        return due_at - first_at < self.grace - MOMENT or self.quiet.end_after(due_at, self.zone) is not None
