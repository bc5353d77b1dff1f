"""When staff are told by a message: at once where new answers hold a course, and at set times of the clinic's day where work waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from clinic.courses.models import OVER, Course, CourseMove, CourseReview
from clinic.courses.news.moments import OF_USE_FOR, moment_at
from clinic.courses.news.of_staff import leads_of
from clinic.courses.news.open_work import LATE, courses_out_of_referral, starts_not_signed
from clinic.courses.queries import reviews_waiting
from clinic.courses.states import CourseState
from clinic.reminders.actions.staff_news import When, admins_of, staff_with, tell_of_undelivered, tell_once_a_day, tell_staff
from clinic.reminders.queries.rules import rules_by_clinic
from clinic.reminders.states import Kind
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from patients.models import Intake, IntakeChannel

MORNING: Final = time(8, 0)
EVENING: Final = time(20, 0)
AHEAD: Final = timedelta(minutes=15)  # rows are there before their time, so that they leave on time
BEHIND: Final = timedelta(hours=3)  # and after it, where the clock of the worker stood still
SAME_DAY: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Round:
    """One clinic at one moment: its day, and when its list of tomorrow goes."""

    clinic: Clinic
    day: date
    now: datetime
    tomorrow_at: time


# At once ------------------------------------------------------------------------------------------------------------------------
def tell_of_held_course(course: Course, move: CourseMove, actor: Actor | None) -> None:
    """New answers hold a course: its therapist and the doctors are told, but for whoever brought the answers."""
    therapist = course.therapist or course.planned_by
    people = {each.pk: each for each in (therapist, *staff_with(course.clinic, Role.DOCTOR)) if actor is None or each.pk != actor.user.pk}
    tell_staff(Kind.SCREENING, people.values(), clinic=course.clinic, about=f"move:{move.pk}", when=_at_once())


def tell_of_sent_answers(intake: Intake) -> None:
    """A patient has sent answers: until they are read no session goes on. Told to who treats the patient, else to who asked for them.

    Not of a tablet that was handed over: who did so stands beside.
    """
    if intake.channel != IntakeChannel.LINK:
        return
    courses = Course.objects.filter(patient=intake.patient_id).exclude(state__in=(*OVER, CourseState.DISCARDED))
    who = [each.therapist or each.planned_by for each in courses.select_related("therapist", "planned_by").defer("plan", "screening")]
    people = {each.pk: each for each in who or [intake.started_by]}
    tell_staff(Kind.SCREENING, people.values(), clinic=intake.patient.clinic, about=f"intake:{intake.pk}", when=_at_once())


def tell_of_emergency(review: CourseReview) -> None:
    """An emergency was told to the doctors: each of them hears of it now, not at the morning's hour; not who told it."""
    course = review.course
    doctors = [each for each in staff_with(course.clinic, Role.DOCTOR) if each.pk != review.asked_by_id]
    tell_staff(Kind.REVIEWS, doctors, clinic=course.clinic, about=f"review:{review.pk}", when=_at_once())


def _at_once() -> When:
    now = timezone.now()
    return When(now, now + OF_USE_FOR)


# At set times -------------------------------------------------------------------------------------------------------------------
def tell_what_waits(now: datetime) -> None:
    """Writes to everybody for whom something waits, at the times of each clinic's day. Safe at any time and twice."""
    clinics = tuple(Clinic.objects.all())
    rules = rules_by_clinic(clinics)
    for clinic in clinics:
        there = now.astimezone(clinic.zone)
        _go_round(Round(clinic, there.date(), now, rules[clinic.pk].staff_at))


def _go_round(at: Round) -> None:
    if when := _due(at, MORNING, OF_USE_FOR):
        on = at.day
        referrals = courses_out_of_referral(on).filter(clinic=at.clinic).exists()
        reviews = reviews_waiting().filter(course__clinic=at.clinic).exists()
        _tell(Kind.REFERRALS, admins_of(at.clinic) if referrals else (), at, when)
        _tell(Kind.REVIEWS, staff_with(at.clinic, Role.DOCTOR) if reviews else (), at, when)
    if MORNING <= at.now.astimezone(at.clinic.zone).time() < EVENING:
        tell_of_undelivered(at.clinic, now=at.now)
    if when := _due(at, at.tomorrow_at, SAME_DAY):
        _tell(Kind.TOMORROW, booked_on(at.clinic, at.day + timedelta(days=1)), at, when)
    if when := _due(at, EVENING, OF_USE_FOR):
        _tell(Kind.UNSIGNED, who_has_not_signed(at.clinic, at.now), at, when)


def _due(at: Round, clock: time, of_use: timedelta) -> When | None:
    """When what is due at this time of the clinic's day goes; None where that time is far."""
    due_at = moment_at(at.clinic, at.day, clock)
    return When(due_at, due_at + of_use) if due_at - AHEAD <= at.now <= due_at + BEHIND else None


def _tell(kind: Kind, users: Iterable[User], at: Round, when: When) -> None:
    tell_once_a_day(kind, users, clinic=at.clinic, day=at.day, when=when)


def booked_on(clinic: Clinic, day: date) -> tuple[User, ...]:
    """Who has somebody on the list of that day. One query."""
    booked = Booking.objects.filter(clinic=clinic, day=day, state=BookingState.BOOKED)
    return tuple(User.objects.filter(pk__in=booked.values("therapist"), is_active=True).order_by("pk"))


def who_has_not_signed(clinic: Clinic, now: datetime) -> tuple[User, ...]:
    """Who has begun a session, or was booked for it, and not signed it; and the clinical leads once one is older than a day."""
    starts = starts_not_signed(now).filter(session__course__clinic=clinic)
    shown = list(starts.values_list("started_by", "session__booking__therapist", "started_at"))
    people = {person for *both, _at in shown for person in both if person is not None}
    if any(at <= now - LATE for *_both, at in shown):
        people |= {user for _clinic, user in leads_of({clinic.pk})}
    return tuple(User.objects.filter(Q(pk__in=people), is_active=True).order_by("pk"))
