"""What a clinic still has to say before dates can be proposed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinic.schedule.holidays import knows_country
from clinic.schedule.models import Room, ScheduleRules, Site
from clinic.schedule.queries.rules import rules_of
from clinic.schedule.queries.weeks import TherapistWeek, weeks_on
from clinic.schedule.queries.years import YearLine, absences_from, year_of
from clinic.staff.models import Clinic

SOON: Final = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class SettingUp:
    """How far the clinic is. Where something is missing, the page says what to do."""

    houses: int
    rooms: int
    weeks: tuple[TherapistWeek, ...]
    knows_country: bool
    rules: ScheduleRules

    @property
    def without_hours(self) -> tuple[TherapistWeek, ...]:
        """Therapists who cannot be booked, because nobody wrote their hours."""
        return tuple(each for each in self.weeks if not each.week.minutes)

    @property
    def is_ready(self) -> bool:
        """Whether dates can be proposed at all: somebody works, and there is a room."""
        return bool(self.rooms) and len(self.without_hours) < len(self.weeks)


def setting_up(clinic: Clinic, day: date) -> SettingUp:
    """What is there on that day. Five queries."""
    houses = Site.objects.filter(clinic=clinic, is_active=True).count()
    rooms = Room.objects.filter(clinic=clinic, is_active=True, site__is_active=True).count()
    return SettingUp(houses, rooms, weeks_on(clinic, day), knows_country(clinic.country), rules_of(clinic))


def coming_up(clinic: Clinic, day: date) -> list[tuple[date, date, str, str]]:
    """(first day, last day, kind, words) of absences, closures and kept holidays of the next six weeks, in order.

    Kinds: ``away``, ``closed``, ``holiday``. At most four queries.
    """
    last, rules = day + SOON, rules_of(clinic)
    lines = [line for year in range(day.year, last.year + 1) for line in year_of(clinic, rules, year)]
    closed = {(each.first_on, each.last_on, *_told(each)) for each in lines if each.is_kept and not each.opened}
    away = {(each.first_on, each.last_on, "away", each.therapist.full_name) for each in absences_from(clinic, day)}
    return sorted(each for each in closed | away if each[0] <= last and each[1] >= day)


def _told(line: YearLine) -> tuple[str, str]:
    return "holiday" if line.is_holiday else "closed", line.name
