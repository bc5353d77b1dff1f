"""The demo's calendar: the courses have their dates from today on, shared among the therapists, by the actions of daily work.

Today's begin in the morning although the demo may be made in the evening: then some were given, and of others nobody has said yet
what became of them, as on any day.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from django.db.models import Q
from django.utils import timezone

from clinic.courses.actions import Felt, record_session
from clinic.courses.actions.booked import put_in_order
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.choosing import ground_for
from clinic.courses.calendar.slots import place_of
from clinic.courses.calendar.wanting import pattern_of, work_of
from clinic.courses.demo_days import ask_quiet_day
from clinic.courses.gates import hindrances
from clinic.courses.models import Course, DatePattern, Session
from clinic.courses.models.courses import MILD
from clinic.courses.states import CourseState, SessionState
from clinic.schedule.actions import book_places
from clinic.schedule.actions.hours import WeekShift, set_day
from clinic.schedule.models import Site
from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor

UNDER_WAY: Final = (CourseState.RUNNING, CourseState.SIGNED, CourseState.AWAITING)
MORNING: Final = time(7)
HOURS: Final = (time(9), time(11), time(14), time(10), time(15), time(12, 45), time(16))
WEEKEND: Final = 5
OPEN_ALL_DAY: Final = ((time(9), time(13)), (time(13, 30), time(17)))
MOST_GIVEN: Final = 3  # each costs the demo the questions of the day
WELL: Final = Felt(comfort=8, pain_before=3, pain_after=2)
# One course is left for whoever tries it: its dates are to be proposed.
LEFT_OPEN: Final = 1


def seed_bookings(clinic: Clinic, people: Sequence[User], *, therapist: Actor, admin: Actor) -> None:
    """Dates for the courses of the demo; ``people`` are the therapists, of whom the first treats most."""
    _open_on_a_weekend(clinic, people, admin)
    planned = Q(state__in=UNDER_WAY) | Q(state=CourseState.DRAFT, outcome__in=MILD)
    courses = list(Course.objects.filter(planned, clinic=clinic).select_related("patient", "referral", "clinic").order_by("pk"))
    whose = [*people[:1], *people]
    for turn, course in enumerate(courses[LEFT_OPEN:]):
        book_course(course, whose[turn % len(whose)], at=HOURS[turn % len(HOURS)], actor=admin)
    _give_some(clinic, actor=therapist)


def _open_on_a_weekend(clinic: Clinic, people: Sequence[User], admin: Actor) -> None:
    """Whoever tries the demo on a Saturday sees a working day too: an extra one."""
    today, site = clinic.today(), Site.objects.filter(clinic=clinic).first()
    if today.weekday() >= WEEKEND and site is not None:
        for person in people:
            set_day(therapist=person, day=today, shifts=[WeekShift(site, *shift) for shift in OPEN_ALL_DAY], actor=admin)


def book_course(course: Course, whom: User, *, at: time, actor: Actor) -> int:
    """The dates of one course, about that time with the wished therapist as far as there is room; answers how many.

    A course that runs comes today, one that nobody has signed yet tomorrow at the earliest.
    """
    today, usual = course.clinic.today(), pattern_of(course)
    first_on = today if course.state == CourseState.RUNNING else usual.first_on
    pattern: Pattern = replace(usual, first_on=first_on, therapist=whom.pk, preferred=at)
    morning = datetime.combine(today, MORNING, tzinfo=course.clinic.zone)
    proposal = ground_for(course, pattern, now=min(morning, timezone.now())).proposal()
    if not proposal.dates:
        return 0
    work = work_of(course)
    places = [place_of(course, row.slot, work) for row in proposal.dates]
    bookings = book_places(clinic=course.clinic, key=f"demo-{course.pk}", places=places, actor=actor, allow_past=True)
    DatePattern.objects.update_or_create(course=course, defaults={"pattern": pattern.stored(), "saved_by": actor.user})
    put_in_order(course, bookings)
    return len(bookings)


def _give_some(clinic: Clinic, *, actor: Actor) -> None:
    """The first sessions of today whose time is over were given."""
    today = clinic.today()
    over = Session.objects.filter(
        course__clinic=clinic, course__state=CourseState.RUNNING, state=SessionState.BOOKED, booking__ends_at__lte=timezone.now()
    )
    for session in over.select_related("course").order_by("booking__starts_at", "pk")[:MOST_GIVEN]:
        course = ask_quiet_day(session.course, on=today, actor=actor)
        if not hindrances(course, today):
            record_session(course=course, number=session.number, felt=WELL, on=today, actor=actor)
