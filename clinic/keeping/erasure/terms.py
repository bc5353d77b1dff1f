"""Until when a record must be kept: by the clinic's years after the last session, and a child's until an age. Asks no database."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from clinic.keeping.models import Retention
from patients.queries import years_between

OF_AGE: Final = 18


@dataclass(frozen=True, slots=True)
class Standing:
    """What the time of keeping follows from: the birth, and the last day on which something was given, ended or entered."""

    patient: int
    born_on: date
    last_on: date

    def kept_until(self, retention: Retention) -> date:
        """The last day on which the record must be kept."""
        end = years_later(self.last_on, retention.record_years)
        if years_between(self.born_on, self.last_on) < OF_AGE:
            end = max(end, years_later(self.born_on, retention.child_until_age))
        return end

    def is_over(self, retention: Retention, on: date) -> bool:
        """Whether nothing has to be kept any more on that day."""
        return self.kept_until(retention) < on


def years_later(day: date, years: int) -> date:
    """The same day so many years later; the 1st of March for a 29th of February that there is not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
