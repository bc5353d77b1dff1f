"""What waits at the desk: courses without dates, sessions without a word, holds that end, bookings where nobody can treat."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from clinic.courses.calendar.queries.affected import conflicts
from clinic.courses.models import Course, Session, Waiting
from clinic.courses.news.open_work import courses_out_of_referral
from clinic.courses.states import CourseState, SessionState
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic

MOST: Final = 50  # rows of one list; the counts are of all
TO_GIVE: Final = (CourseState.SIGNED, CourseState.RUNNING)


def courses_without_dates(clinic: Clinic) -> QuerySet[Course]:
    """Courses that may be given and have sessions without a date (``undated``), those begun first. One query."""
    waiting = Q(sessions__state=SessionState.PLANNED, sessions__booking=None)
    counted = Course.objects.filter(clinic=clinic, state__in=TO_GIVE).annotate(undated=Count("sessions", filter=waiting))
    found: QuerySet[Course] = counted.filter(undated__gt=0).select_related("patient", "therapist", "referral")
    return found.defer("screening", "plan", "request").order_by(F("started_on").asc(nulls_last=True), "pk")


def referrals_that_end(clinic: Clinic, on: date) -> QuerySet[Course]:
    """Courses whose referral does not reach all their sessions, the first to end first. One query."""
    found = courses_out_of_referral(on).filter(clinic=clinic).select_related("patient", "therapist", "referral")
    return found.order_by("referral__valid_until", "pk")


def holds_that_end(clinic: Clinic, *, now: datetime) -> QuerySet[Booking]:
    """Places held and not confirmed, the first to end first. One query."""
    found = Booking.objects.filter(clinic=clinic, state=BookingState.HELD, held_until__gt=now)
    return found.select_related("patient", "therapist", "room").order_by("held_until", "starts_at", "pk")


def unresolved_count(clinic: Clinic, now: datetime) -> int:
    """How many sessions of running courses are over without a word. One query."""
    found = Session.objects.filter(course__clinic=clinic, course__state=CourseState.RUNNING, state=SessionState.BOOKED)
    return found.filter(booking__state=BookingState.BOOKED, booking__ends_at__lte=now).count()


def waiting_count(clinic: Clinic) -> int:
    """How many patients would take an earlier place. One query."""
    return Waiting.objects.filter(course__clinic=clinic, closed_at=None).count()


@dataclass(frozen=True, slots=True)
class ToDo:
    """How much waits, by list. Those who wait for an earlier place are no work of their own: nobody has to do anything about them."""

    undated: int
    unresolved: int
    held: int
    conflicts: int
    waiting: int = 0

    def __iter__(self) -> Iterator[tuple[str, int]]:
        work = (("needs-dates", self.undated), ("unresolved", self.unresolved), ("conflicts", self.conflicts), ("holds", self.held))
        return iter((*work, ("waiting", self.waiting)))

    @property
    def total(self) -> int:
        return self.undated + self.unresolved + self.held + self.conflicts


def to_do_counts(clinic: Clinic, *, now: datetime) -> ToDo:
    """The numbers alone. Twelve queries at most."""
    return ToDo(
        courses_without_dates(clinic).count(),
        unresolved_count(clinic, now),
        holds_that_end(clinic, now=now).count(),
        len(conflicts(clinic, now=now)),
        waiting_count(clinic),
    )
