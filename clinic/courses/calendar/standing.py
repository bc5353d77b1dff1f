"""Where a course stands with its dates: what was given, what has a date, what has none."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.courses.models import Course, Session, SessionRecord
from clinic.courses.states import CourseState, SessionState
from clinic.web.prepared import Prepared
from patients.models import Referral
from patients.referrals import balance_of, counts_of

GETS_DATES: Final = (CourseState.DRAFT, CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING)


@dataclass(frozen=True, slots=True)
class CourseDates:
    """``dated`` have a booking and are still to come or without a word, ``open_ones`` have none; both in the order of their numbers."""

    given: int
    last_given_on: date | None
    dated: tuple[Session, ...]
    open_ones: tuple[Session, ...]
    left_in_referral: int | None  # None: nothing limits the course

    @property
    def wanted(self) -> int:
        """How many sessions can get a date now."""
        return len(self.open_ones) if self.left_in_referral is None else min(len(self.open_ones), self.left_in_referral)

    @property
    def days(self) -> tuple[date, ...]:
        """The days that have a session: the last one given, and those that are booked."""
        booked = {session.booking.day for session in self.dated if session.booking}
        return tuple(sorted(booked | ({self.last_given_on} if self.last_given_on else set())))

    @property
    def last_on(self) -> date | None:
        """The last day that is given or booked."""
        return max(self.days, default=None)


def dates_of(course: Course) -> CourseDates:
    """The sessions of a course by whether they have a date. Four queries at most."""
    found, given = _SESSIONS.objects(course=course.pk), dict(_GIVEN.rows("", course=course.pk))
    to_come = [session for session in found if session.pk not in given]
    dated = tuple(session for session in to_come if session.state in (SessionState.BOOKED, SessionState.IN_PROGRESS) and session.booking)
    open_ones = tuple(session for session in to_come if session not in dated)
    return CourseDates(len(given), max(given.values(), default=None), dated, open_ones, _left(course.referral))


def _sessions(_kind: str, *, course: int) -> QuerySet[Session]:
    found = Session.objects.filter(course=course).defer("plan")
    return found.select_related("booking__therapist", "booking__room").order_by("number")


def _given(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    return SessionRecord.objects.filter(session__course=course).values_list("session_id", "given_on")


_SESSIONS: Final = Prepared(_sessions)
_GIVEN: Final = Prepared(_given)


def movable(dates: CourseDates, now: datetime) -> tuple[Session, ...]:
    """Sessions that are booked and whose time has not come."""
    return tuple(session for session in dates.dated if session.booking and session.booking.starts_at > now)


def _left(referral: Referral | None) -> int | None:
    return None if referral is None else balance_of(referral, counts=counts_of(referral)).left


def why_no_dates(course: Course) -> str:
    """Why this course gets no dates now, in a sentence; empty when it may."""
    if course.state in GETS_DATES:
        return ""
    return {
        CourseState.PAUSED: _("This course is paused. Let it go on first; then its sessions get new dates."),
        CourseState.SUSPENDED: _("This course is suspended. What suspended it has to be settled before its sessions get dates."),
        CourseState.DISCARDED: _("This course was discarded."),
    }.get(CourseState(course.state), _("This course is over."))


def is_over(session: Session, now: datetime) -> bool:
    """Whether the time of a booked session is over without a word: somebody has to say what became of it."""
    return session.state == SessionState.BOOKED and session.booking is not None and session.booking.is_over_at(now)
