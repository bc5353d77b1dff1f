"""How full a day is: hands-on minutes and massage units booked, against what the clinic lets a person give in a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from clinic.courses.calendar.asked import Asked
from clinic.courses.calendar.queries.days import Booked, DayLoad, Known
from clinic.schedule.cells import days_between


@dataclass(frozen=True, slots=True)
class Load:
    """Hands-on minutes and massage units booked, against what the clinic lets a person do in a day."""

    minutes: int
    minutes_cap: int
    units: Decimal
    units_cap: Decimal
    sessions: int

    @property
    def percent(self) -> int:
        """How full, 0 to 100, by whichever of the two is nearer to its limit."""
        by_minutes = 100 * self.minutes / self.minutes_cap if self.minutes_cap else 0
        by_units = 100 * float(self.units) / float(self.units_cap) if self.units_cap else 0
        return min(round(max(by_minutes, by_units)), 100)

    @property
    def is_over(self) -> bool:
        return self.minutes > self.minutes_cap or self.units > self.units_cap

    @property
    def is_near(self) -> bool:
        return not self.is_over and self.percent >= 90


def load_of(known: Known, therapist: int, day: date, bookings: Sequence[Booked]) -> Load:
    """What one therapist has to do on a day, against the clinic's limits."""
    minutes, units = capacity(known, therapist, day)
    return told(bookings, minutes, units)


def told(bookings: Sequence[Booked], minutes: int, units: Decimal) -> Load:
    """What these bookings make together, against a limit of minutes and one of units."""
    total = sum((each.units for each in bookings), Decimal(0))
    return Load(sum(each.hands_on for each in bookings), minutes, total, units, len(bookings))


def capacity(known: Known, therapist: int, day: date, site: int | None = None) -> tuple[int, Decimal]:
    """Hands-on minutes and massage units that a therapist may give on a day: the clinic's limits, or less where less is worked."""
    minutes = min(known.minutes_on(therapist, day, site), known.rules.hands_on_minutes_per_day)
    return minutes, min(known.rules.units_per_day, Decimal(minutes) / 10)


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a month."""

    day: date
    url: str
    load: Load
    closed: str
    is_named: bool  # closed by a closure or a holiday, not only because nobody works
    is_today: bool
    is_inside: bool  # of the month that is asked for, not of a week that reaches over it


def month_bounds(day: date) -> tuple[date, date]:
    """The Monday and the Sunday around the month of a day."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month with what is booked on them, all that everybody who works then may give beside it."""

    known: Known
    asked: Asked
    booked: Mapping[date, DayLoad]

    def load(self, day: date) -> Load:
        """All that is booked on a day against the clinic's limits of whoever works on it."""
        each = [capacity(self.known, therapist, day, self.asked.site or None) for therapist in self.known.therapists]
        minutes, units = sum(limit for limit, _units in each), sum((limit for _minutes, limit in each), Decimal(0))
        booked = self.booked.get(day, NOTHING)
        return Load(booked.minutes, minutes, booked.units, units, booked.sessions)

    def weeks(self) -> list[list[DayCell]]:
        """Monday first."""
        cells = [self._cell(day) for day in days_between(self.known.first, self.known.last)]
        return [cells[start : start + 7] for start in range(0, len(cells), 7)]

    def _cell(self, day: date) -> DayCell:
        asked, closed = self.asked, self.known.closed.get(day, "")
        return DayCell(
            day,
            asked.url("day", day=day),
            self.load(day),
            closed,
            day in self.known.named,
            day == asked.today,
            day.month == asked.day.month,
        )

    def total(self) -> Load:
        """The whole month, without the days of other months in its weeks."""
        loads = [self.load(day) for day in days_between(self.known.first, self.known.last) if day.month == self.asked.day.month]
        minutes, limit = sum(each.minutes for each in loads), sum(each.minutes_cap for each in loads)
        units = (sum((each.units for each in loads), Decimal(0)), sum((each.units_cap for each in loads), Decimal(0)))
        return Load(minutes, limit, *units, sum(each.sessions for each in loads))


NOTHING: Final = DayLoad(0, 0, Decimal(0))
