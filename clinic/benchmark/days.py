"""Where the sessions of the large clinic lie in time. Pure.

Fifty therapists give twelve half hours on each of seven days. In a block of twenty days each of their places is shared by two
courses of ten sessions, one on even and one on odd days; today is the middle of the block before the last. The afternoons are free.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

THERAPISTS: Final = 50
PLACES_A_DAY: Final = 12
SESSIONS: Final = 10
GIVEN: Final = 5  # of a course that runs
BLOCK_DAYS: Final = 2 * SESSIONS
IN_BLOCK: Final = THERAPISTS * PLACES_A_DAY * 2
OPENS_AT: Final = 9 * 60  # minutes of the day
MINUTES: Final = 25
EVERY: Final = 30


@dataclass(frozen=True, slots=True)
class CourseDays:
    """When one course is given: by which therapist (0 to 49), at which minute of the day, on which days."""

    therapist: int
    minute: int
    first_on: date
    block: int  # 0 is the one that runs, 1 the next, those before are over

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first_on + timedelta(days=2 * number) for number in range(SESSIONS))


def course_days(turn: int, count: int, today: date) -> CourseDays:
    """The days of the course number ``turn`` (from 0) of ``count``: the last ones fill the blocks of today and after."""
    place = turn + (-count % IN_BLOCK)
    blocks = -(-count // IN_BLOCK)
    block, within = place // IN_BLOCK - (blocks - 2), place % IN_BLOCK
    is_odd, slot = divmod(within, THERAPISTS * PLACES_A_DAY)
    first_on = today + timedelta(days=BLOCK_DAYS * block - SESSIONS + is_odd)
    return CourseDays(slot % THERAPISTS, OPENS_AT + EVERY * (slot // THERAPISTS), first_on, block)
