"""Who came: what became of the dates of these days, and how full the days of each therapist were."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from clinic.courses.models import SessionMove, SessionRecord
from clinic.courses.numbers.asked import Asked
from clinic.courses.states import SessionState
from clinic.schedule.models import Booking, BookingChange
from clinic.schedule.queries import rules_of
from clinic.schedule.states import BookingReason, BookingState
from clinic.staff.models import Clinic

LOST: Final = (SessionState.MISSED, SessionState.CANCELLED)
BY_THE_PATIENT: Final = (BookingReason.PATIENT_WISH, BookingReason.PATIENT_ILL)
BY_THE_CLINIC: Final = (BookingReason.THERAPIST_ILL, BookingReason.THERAPIST_AWAY, BookingReason.CLOSED, BookingReason.ROOM)
# What can become of a date, in the order in which a bar shows it.
ENDS: Final = ("given", "in-progress", "unresolved", "to-come", "in-time", "by-clinic", "cancelled", "missed")


@dataclass(frozen=True, slots=True)
class Attendance:
    """What became of the dates of one therapist; ``undated`` sessions were given without a date in the calendar."""

    therapist: str
    ends: Mapping[str, int]
    undated: int = 0

    @property
    def dates(self) -> int:
        return sum(self.ends.values())

    @property
    def decided(self) -> int:
        """Dates on which the patient was expected and it is known what came of it."""
        return sum(self.ends.get(end, 0) for end in ("given", *LOST))


def attendance(clinic: Clinic, asked: Asked, *, now: datetime) -> tuple[Attendance, ...]:
    """By therapist, by name. Two queries."""
    ends: dict[tuple[int, str], dict[str, int]] = {}
    for row in _dates(clinic, asked, now).order_by("therapist__full_name", "therapist_id"):
        ends.setdefault((row["therapist_id"], row["therapist__full_name"]), {})[row["end"]] = row["count"]
    undated = _undated(clinic, asked)
    everybody = sorted({*ends, *undated}, key=lambda person: (person[1], person[0]))
    return tuple(Attendance(person[1], ends.get(person, {}), undated.get(person, 0)) for person in everybody)


def _dates(clinic: Clinic, asked: Asked, now: datetime) -> QuerySet[Booking, Any]:
    """Dates that were really booked, counted by therapist and by what became of them.

    A date that was moved counts where it came to lie; one that a course gave up, or that was booked by mistake, does not count.
    """
    was_booked = Exists(BookingChange.objects.filter(booking=OuterRef("pk"), kind="booked"))
    end = Case(
        When(lost__in=LOST, then=F("lost")),
        When(state=BookingState.RELEASED, release_reason__in=BY_THE_PATIENT, then=Value("in-time")),
        When(state=BookingState.RELEASED, release_reason__in=BY_THE_CLINIC, then=Value("by-clinic")),
        When(session__state=SessionState.DONE, then=Value("given")),
        When(session__state=SessionState.IN_PROGRESS, then=Value("in-progress")),
        When(ends_at__lte=now, then=Value("unresolved")),
        default=Value("to-come"),
        output_field=CharField(),
    )
    found = _bookings(clinic, asked).annotate(lost=_lost(), end=end)
    counted = found.filter(Q(state=BookingState.BOOKED, session__isnull=False) | Q(lost__in=LOST) | (_let_go() & Q(was_booked)))
    return counted.values("therapist_id", "therapist__full_name", "end").annotate(count=Count("pk"))


def _let_go() -> Q:
    return Q(state=BookingState.RELEASED, release_reason__in=(*BY_THE_PATIENT, *BY_THE_CLINIC), label="")


def _bookings(clinic: Clinic, asked: Asked) -> QuerySet[Booking]:
    names = {"therapist": asked.therapist, "room__site": asked.site}
    narrow = {name: pk for name, pk in names.items() if pk}
    return Booking.objects.filter(clinic=clinic, day__range=(asked.first, asked.last), **narrow).exclude(state=BookingState.HELD)


def _lost() -> Coalesce:
    """That nobody came to a date, or that it was cancelled late; something else where that was taken back with a reason."""
    moves = SessionMove.objects.filter(booking=OuterRef("pk")).filter(Q(after__in=LOST) | (Q(before__in=LOST) & ~Q(note="")))
    return Coalesce(Subquery(moves.order_by("-pk").values("after")[:1]), Value(""))


def _undated(clinic: Clinic, asked: Asked) -> dict[tuple[int, str], int]:
    """Sessions given without a date, by who gave them. They have no room, so no site has them."""
    if asked.site:
        return {}
    found = SessionRecord.objects.filter(session__course__clinic=clinic, given_on__range=(asked.first, asked.last), session__booking=None)
    by = found.annotate(who=Coalesce("given_by_id", "recorded_by_id"), name=Coalesce("given_by__full_name", "recorded_by__full_name"))
    if asked.therapist:
        by = by.filter(who=asked.therapist)
    return {(row["who"], row["name"]): row["count"] for row in by.values("who", "name").order_by().annotate(count=Count("pk"))}


class DayOfWork(NamedTuple):
    """What stands booked for one therapist on one day, without what was lost."""

    therapist: int
    name: str
    day: date
    sessions: int
    minutes: int
    units: Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """What the clinic lets a person do on a day."""

    minutes: int
    units: Decimal

    def fills(self, day: DayOfWork) -> float:
        """How full the day is, of 1, by whichever limit is nearer."""
        return max(day.minutes / self.minutes if self.minutes else 0, float(day.units / self.units) if self.units else 0)


def days_of_work(clinic: Clinic, asked: Asked) -> tuple[DayOfWork, ...]:
    """Every day of every therapist with a date on it, by name and day. One query."""
    found = _bookings(clinic, asked).filter(state=BookingState.BOOKED).annotate(lost=_lost()).exclude(lost__in=LOST)
    sums = {"sessions": Count("pk"), "minutes": Sum("hands_on_minutes"), "load": Sum("units")}
    whose = ("therapist_id", "therapist__full_name", "day")
    rows = found.values(*whose).annotate(**sums).order_by("therapist__full_name", "therapist_id", "day")
    return tuple(DayOfWork(*row) for row in rows.values_list(*whose, "sessions", "minutes", "load"))


def limits_of(clinic: Clinic) -> Limits:
    """One query."""
    rules = rules_of(clinic)
    return Limits(rules.hands_on_minutes_per_day, rules.units_per_day)


def by_therapist(days: Iterable[DayOfWork]) -> dict[tuple[int, str], list[DayOfWork]]:
    """The days of each therapist, in the order in which they came."""
    found: dict[tuple[int, str], list[DayOfWork]] = {}
    for day in days:
        found.setdefault((day.therapist, day.name), []).append(day)
    return found
