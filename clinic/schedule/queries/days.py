"""On which days a clinic treats. A day is open unless it is closed, a public holiday, or nobody works on it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clinic.schedule.cells import days_between
from clinic.schedule.holidays import public_holidays
from clinic.schedule.models import Closure, DayHours, ScheduleRules, Site, WorkingHours
from clinic.schedule.queries.rules import rules_of
from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared


def open_days(clinic: Clinic, first: date, last: date, site: int | None = None) -> tuple[date, ...]:
    """The days from ``first`` to ``last`` on which the clinic (or one of its sites, by number) treats, in order. Five queries."""
    closed = closed_days(clinic, first, last, site)
    return tuple(day for day in days_between(first, last) if day not in closed)


def closed_days(clinic: Clinic, first: date, last: date, site: int | None = None) -> dict[date, str]:
    """Why the clinic (or one of its sites) does not treat, for each day on which it does not, in the reader's language. Five queries."""
    return days_known(clinic, first, last).closed(first, last, site)


def days_known(clinic: Clinic, first: date, last: date) -> "DaysKnown":
    """Everything that says which days of the span are open. Five queries."""
    closures, day_hours = (in_the_span(kind, clinic, first, last) for kind in (standing_closures, day_hours_between))
    return DaysKnown(clinic, rules_of(clinic), active_sites(clinic), closures, hours_lines(clinic, first, last), day_hours)


def in_the_span(kind: Callable[..., QuerySet[Any]], clinic: Clinic, first: date, last: date) -> tuple[Any, ...]:
    """The rows that ``kind`` (a function of clinic, first and last day) asks for. One query."""
    return tuple(_SPAN.objects(kind, clinic=clinic.pk, first=first, last=last))


def _in_the_span(kind: Callable[..., QuerySet[Any]], *, clinic: int, first: date, last: date) -> QuerySet[Any]:
    return kind(clinic, first, last)


_SPAN: Final = Prepared(_in_the_span)


def active_sites(clinic: Clinic) -> frozenset[int]:
    """The numbers of the sites that are in use."""
    return frozenset(number for (number,) in _SITES.rows("", clinic=clinic.pk))


def _sites(_kind: str, *, clinic: int) -> QuerySet[Any, Any]:
    return Site.objects.filter(clinic=clinic, is_active=True).order_by().values_list("pk")


_SITES: Final = Prepared(_sites)


def standing_closures(clinic: Clinic | int, first: date, last: date) -> QuerySet[Closure]:
    """Closures, and holidays on which the clinic is open, that touch the span and were not taken back."""
    return Closure.objects.filter(clinic=clinic, withdrawn_at=None, first_on__lte=last, last_on__gte=first)


def hours_between(clinic: Clinic | int, first: date, last: date) -> QuerySet[WorkingHours]:
    """Lines of the weekly patterns of everybody that are valid on some day of the span."""
    still = Q(valid_until=None) | Q(valid_until__gte=first)
    return WorkingHours.objects.filter(still, clinic=clinic, valid_from__lte=last, site__is_active=True)


class HoursLine(NamedTuple):
    """One line of a weekly pattern. A clinic has hundreds, and every page of the calendar reads them all."""

    therapist_id: int
    site_id: int
    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None


LINE: Final = ("therapist_id", "site_id", "weekday", "starts", "ends", "valid_from", "valid_until")


def hours_lines(clinic: Clinic, first: date, last: date) -> tuple[HoursLine, ...]:
    """The lines that are valid on some day of the span. One query."""
    return tuple(HoursLine(*row) for row in _HOURS.rows("", clinic=clinic.pk, first=first, last=last))


def _hours(_kind: str, *, clinic: int, first: date, last: date) -> QuerySet[Any, Any]:
    return hours_between(clinic, first, last).values_list(*LINE)


_HOURS: Final = Prepared(_hours)


def day_hours_between(clinic: Clinic | int, first: date, last: date) -> QuerySet[DayHours]:
    """What differs from the weekly patterns on single days of the span."""
    return DayHours.objects.filter(clinic=clinic, day__range=(first, last))


@dataclass(frozen=True, slots=True)
class DaysKnown:
    """What must be known to say which days of a clinic are open."""

    clinic: Clinic
    rules: ScheduleRules
    sites: frozenset[int]
    closures: Collection[Closure]
    hours: Collection[HoursLine]
    day_hours: Collection[DayHours]

    def closed(self, first: date, last: date, site: int | None = None) -> dict[date, str]:
        """Day -> why it is closed: the clinic's own closure, the public holiday, or that nobody works; in the order of the days."""
        own, nobody = self.closed_by_hand(first, last, site), self._nobody_works(first, last, site)
        reasons: dict[date, str] = {**nobody, **self.holidays(first, last), **own}
        return dict(sorted(reasons.items()))

    def holidays(self, first: date, last: date) -> dict[date, str]:
        """The public holidays that this clinic keeps, those apart on which it is open all the same."""
        if not self.rules.keeps_public_holidays:
            return {}
        opened = set(_days_of((each for each in self.closures if each.is_open), first, last))
        found = public_holidays(self.clinic.country, self.rules.subdivision, range(first.year, last.year + 1))
        return {day: name for day, name in found.items() if first <= day <= last and day not in opened}

    def closed_by_hand(self, first: date, last: date, site: int | None = None) -> dict[date, str]:
        """The clinic's own closures: of the whole clinic, of the asked site, or of every site that is in use."""
        closed = self.sites_closed(first, last)
        whole = {day: name for day, by_site in closed.items() if (name := by_site.get(None) or by_site.get(site))}
        every = {day: next(iter(by_site.values())) for day, by_site in closed.items() if self.sites and self.sites <= set(by_site)}
        return {**every, **whole}

    def sites_closed(self, first: date, last: date) -> dict[date, dict[int | None, str]]:
        """Day -> site (``None`` for the whole clinic) -> name of the closure."""
        found: dict[date, dict[int | None, str]] = {}
        for each in self.closures:
            if not each.is_open:
                for day in _days_of((each,), first, last):
                    found.setdefault(day, {})[each.site_id] = each.name
        return found

    def _nobody_works(self, first: date, last: date, site: int | None) -> dict[date, str]:
        """A clinic that has written no hours yet is not closed for that; one that has treats on the days of its hours."""
        if not self.hours and not any(each.starts for each in self.day_hours):
            return {}
        extra = {each.day for each in self.day_hours if each.starts and site in (None, each.site_id)}
        lines = [each for each in self.hours if site in (None, each.site_id)]
        worked = {day for line in lines for day in days_of_line(line, first, last)} | extra
        return {day: _("nobody works") for day in days_between(first, last) if day not in worked}


def days_of_line(line: HoursLine, first: date, last: date) -> Iterable[date]:
    """The days of the span on which a line of a weekly pattern holds."""
    start, end = max(first, line.valid_from).toordinal(), min(last, line.valid_until or last).toordinal()
    start += (line.weekday + 1 - start) % 7  # day 1 of the calendar was a Monday
    return map(date.fromordinal, range(start, end + 1, 7))


def _days_of(closures: Iterable[Closure], first: date, last: date) -> Iterable[date]:
    return (day for each in closures for day in days_between(max(first, each.first_on), min(last, each.last_on)))
