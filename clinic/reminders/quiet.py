"""Hours in which nobody is written to: pure, by the clock on the clinic's wall, across midnight and changes of the clocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``starts`` until just before ``ends``; over midnight where that comes first. Two equal times: there are none."""

    starts: time
    ends: time

    def hold(self, clock: time) -> bool:
        """Whether it is quiet when the wall shows ``clock``."""
        if self.starts <= self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def end_after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When (UTC) the quiet hours end in which ``moment`` lies; None where it lies in none."""
        there = moment.astimezone(zone)
        if not self.hold(there.time().replace(fold=0)):
            return None
        day = there.date() if there.time() < self.ends else there.date() + timedelta(days=1)
        return _last_moment(day, self.ends, zone)

    def start_before(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When (UTC) the quiet hours began in which ``moment`` lies; None where it lies in none."""
        there = moment.astimezone(zone)
        if not self.hold(there.time().replace(fold=0)):
            return None
        day = there.date() if there.time() >= self.starts else there.date() - timedelta(days=1)
        return _first_moment(day, self.starts, zone)


def _first_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return min(_moments(day, clock, zone))


def _last_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    # A time that comes twice ends the quiet hours when it comes again; one that is skipped, when the clock has passed it for sure.
    return max(_moments(day, clock, zone))


def _moments(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    wall = datetime.combine(day, clock.replace(tzinfo=zone))
    return wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
