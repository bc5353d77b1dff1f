"""From the clock on the clinic's wall to a moment and back. A time that the clocks skip or show twice is never guessed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class MissingTime(Exception):
    """On that day the clocks go forward over this time: it does not exist."""


class DoubledTime(Exception):
    """On that day the clocks go back over this time: it comes twice. ``moments`` are both, the earlier one first."""

    def __init__(self, moments: tuple[datetime, datetime]) -> None:
        super().__init__(moments)
        self.moments = moments


def moment_of(day: date, clock: time, zone: ZoneInfo, *, second: bool | None = None) -> datetime:
    """The moment (UTC) at which the clinic's clock shows ``clock`` on ``day``.

    Raises ``MissingTime``, or ``DoubledTime`` unless ``second`` says which of the two is meant.
    """
    wall = datetime.combine(day, clock.replace(tzinfo=zone, fold=0))
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if before is None or after is None:
        raise TypeError(f"{zone} says nothing about {wall}")
    # The two differ only where the clocks change: then before is how far the clock was from UTC, and after how far it is from then on.
    first, last = (wall.replace(tzinfo=UTC) - offset for offset in (before, after))
    if before < after:
        raise MissingTime(f"{wall:%Y-%m-%d %H:%M}")
    if before > after and second is None:
        raise DoubledTime((first, last))
    return last if second else first


def wall_of(moment: datetime, zone: ZoneInfo) -> tuple[date, time]:
    """The day and the time that the clinic's clock shows at a moment."""
    there = moment.astimezone(zone)
    return there.date(), there.time().replace(fold=0)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments between which the clinic's calendar shows that day; a day may have 23 or 25 hours."""
    first, last = (datetime.combine(each, time(), tzinfo=zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return first, last
