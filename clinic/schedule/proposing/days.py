"""Open days between sessions: what a course's rhythm counts."""

from bisect import bisect_left, bisect_right
from datetime import date

from clinic.schedule.proposing.costs import WAIT, gap_cost
from clinic.schedule.proposing.values import Calendar, Wanted


class Days:
    """The open days of a calendar, and those of them on which a course may have sessions at all."""

    def __init__(self, calendar: Calendar, wanted: Wanted) -> None:
        self.open = calendar.open_days
        self.first, self.end = bisect_left(self.open, wanted.first_on), bisect_right(self.open, wanted.last_on)
        if wanted.then is not None:
            self.end = min(self.end, bisect_left(self.open, wanted.then))

    @property
    def possible(self) -> list[date]:
        """The open days from the first possible one to the last."""
        return list(self.open[self.first : self.end])

    def gap(self, earlier: date, later: date) -> int:
        """Open days from one day to a later one: 1 is the next open day."""
        return bisect_right(self.open, later) - bisect_right(self.open, earlier)

    def waiting(self, day: date) -> int:
        """Open days from the first possible one to ``day``."""
        return bisect_left(self.open, day) - self.first


def start_cost(days: Days, wanted: Wanted, day: date) -> int | None:
    """What it costs that the first session wanted is on ``day``: the wait, or the gap to the session before it. None: not allowed."""
    if wanted.after is None:
        return WAIT * days.waiting(day)
    if day <= wanted.after:
        return None
    if wanted.first_gap_free:
        return WAIT * days.waiting(day)
    return gap_cost(wanted, 1, days.gap(wanted.after, day))
