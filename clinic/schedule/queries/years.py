"""Closures and public holidays of a year, and who is away, as the pages list them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from clinic.schedule.holidays import public_holidays
from clinic.schedule.models import Absence, Closure, ScheduleRules
from clinic.schedule.queries.days import standing_closures
from clinic.staff.models import Clinic, User


@dataclass(frozen=True, slots=True)
class YearLine:
    """One line of the year: a closure of the clinic's own, or a public holiday with what the clinic does on it.

    ``opened`` is what says that the clinic is open on this holiday.
    """

    first_on: date
    last_on: date
    name: str
    closure: Closure | None = None
    opened: Closure | None = None
    is_kept: bool = True

    @property
    def is_holiday(self) -> bool:
        return self.closure is None


def year_of(clinic: Clinic, rules: ScheduleRules, year: int) -> tuple[YearLine, ...]:
    """Holidays and closures of a year in order. One query."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    standing = list(closures_between(clinic, first, last))
    own = [YearLine(each.first_on, each.last_on, each.name, closure=each) for each in standing if not each.is_open]
    opened = [each for each in standing if each.is_open]
    days = public_holidays(clinic.country, rules.subdivision, [year])
    holidays = [YearLine(day, day, name, opened=_opens(opened, day), is_kept=rules.keeps_public_holidays) for day, name in days.items()]
    return tuple(sorted([*own, *holidays], key=lambda line: (line.first_on, line.last_on, line.name)))


def closures_between(clinic: Clinic, first: date, last: date) -> QuerySet[Closure]:
    """What was not taken back and touches the span, with its site, in order."""
    return standing_closures(clinic, first, last).select_related("site").order_by("first_on", "pk")


def absences_from(clinic: Clinic, day: date, therapist: User | None = None) -> QuerySet[Absence]:
    """Who is away on that day or later, the earliest first; what was taken back is left out."""
    found = Absence.objects.filter(clinic=clinic, withdrawn_at=None, last_on__gte=day).select_related("therapist")
    return (found.filter(therapist=therapist) if therapist else found).order_by("first_on", "starts", "pk")


def absences_before(clinic: Clinic, day: date, most: int = 30) -> QuerySet[Absence]:
    """Absences that are over or were taken back, the latest first."""
    over = Absence.objects.filter(clinic=clinic).exclude(withdrawn_at=None, last_on__gte=day)
    return over.select_related("therapist", "withdrawn_by").order_by("-first_on", "-pk")[:most]


def _opens(opened: list[Closure], day: date) -> Closure | None:
    return next((each for each in opened if each.first_on <= day <= each.last_on), None)
