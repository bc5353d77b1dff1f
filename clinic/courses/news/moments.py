"""When a message about a course is due, by the clock on the clinic's wall."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from clinic.staff.models import Clinic

ASKED_FOR: Final = timedelta(hours=10)  # how long after its time the question of the next morning still is one
OF_USE_FOR: Final = timedelta(days=1)  # a message that follows an act is of no use after that


def moment_at(clinic: Clinic, day: date, clock: time) -> datetime:
    """The moment at which the clinic's clock shows this; where it shows it twice the first, where it skips it as if it did not."""
    return datetime.combine(day, clock, tzinfo=clinic.zone).astimezone(UTC)
