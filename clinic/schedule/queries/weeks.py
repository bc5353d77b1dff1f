"""Weekly patterns and single days as people read them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.dates import WEEKDAYS

from clinic.schedule.cells import minute_of
from clinic.schedule.models import DayHours, WorkingHours
from clinic.schedule.queries.people import therapists_for
from clinic.staff.models import Clinic, User

Lines = tuple[WorkingHours, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One shift on a strip that is a day long: where it begins and how long it is, in minutes of the day."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One weekday of a pattern: its shifts in order."""

    weekday: int
    lines: Lines

    @property
    def name(self) -> str:
        return str(WEEKDAYS[self.weekday])

    @property
    def minutes(self) -> int:
        return sum(bar.length for bar in self.bars)

    @property
    def bars(self) -> tuple[Bar, ...]:
        return tuple(Bar(minute_of(each.starts), minute_of(each.ends) - minute_of(each.starts)) for each in self.lines)


@dataclass(frozen=True, slots=True)
class Week:
    """A weekly pattern from its first to its last day (``None``: until further notice)."""

    days: tuple[WeekDay, ...]
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.days)

    @property
    def hours(self) -> str:
        """Hours and minutes of the whole week, "38:30"."""
        return f"{self.minutes // 60}:{self.minutes % 60:02}"

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class TherapistWeek:
    """One therapist with the pattern that holds on a day; a week without minutes where there is none."""

    therapist: User
    week: Week


def weeks_of(clinic: Clinic, therapist: User) -> tuple[Week, ...]:
    """Every pattern of the therapist at this clinic, the latest first. One query."""
    lines = WorkingHours.objects.filter(clinic=clinic, therapist=therapist).select_related("site")
    patterns = groupby(lines.order_by("-valid_from", "starts", "pk"), key=lambda each: each.valid_from)
    kept = [(valid_from, list(group)) for valid_from, group in patterns]
    return tuple(_week(group, valid_from, group[0].valid_until) for valid_from, group in kept)


def weeks_on(clinic: Clinic, day: date) -> tuple[TherapistWeek, ...]:
    """Every therapist of the clinic with the pattern that holds on that day, by name. Two queries."""
    lines: dict[int, list[WorkingHours]] = defaultdict(list)
    for each in WorkingHours.objects.filter(clinic=clinic, valid_from__lte=day).select_related("site").order_by("starts", "pk"):
        if each.valid_until is None or each.valid_until >= day:
            lines[each.therapist_id].append(each)
    return tuple(TherapistWeek(person, _week(lines[person.pk])) for person in therapists_for(clinic))


def day_exceptions(clinic: Clinic, therapist: User, *, since: date) -> tuple[tuple[date, tuple[DayHours, ...]], ...]:
    """(day, shifts) for every day from ``since`` on that differs from the pattern; no shifts: not at work. One query."""
    rows = (
        DayHours.objects.filter(clinic=clinic, therapist=therapist, day__gte=since).select_related("site").order_by("day", "starts", "pk")
    )
    days = groupby(rows, key=lambda each: each.day)
    return tuple((day, tuple(each for each in group if each.starts)) for day, group in days)


def _week(lines: Iterable[WorkingHours], valid_from: date | None = None, valid_until: date | None = None) -> Week:
    by_day: dict[int, list[WorkingHours]] = defaultdict(list)
    for each in lines:
        by_day[each.weekday].append(each)
    return Week(tuple(WeekDay(number, tuple(by_day[number])) for number in range(7)), valid_from, valid_until)
