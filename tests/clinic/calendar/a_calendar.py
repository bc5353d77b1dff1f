"""A small clinic with rooms and hours, and courses with dates in it."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from clinic.courses.calendar.actions import confirm_dates, hold_dates
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.wanting import pattern_of
from clinic.courses.models import Course, Session
from clinic.schedule.models import Booking
from clinic.schedule.proposing.values import Slot
from clinic.staff.permissions import Actor
from tests.factories import a_course
from tests.schedule_factories import a_booking, a_key, a_room, hours_of


def open_clinic(actor: Actor, *more: Any) -> None:
    """A house with two rooms where the actor and these people work from Monday to Friday, at any hour that a test runs."""
    site = a_room(clinic=actor.clinic, name="Blue room").site
    a_room(site=site, name="Green room")
    for person in (actor.user, *more):
        hours_of(person, site=site, shifts=((time(8), time(12)), (time(13), time(17))))


def a_course_in_calendar(actor: Actor, *, count: int = 4, **plan: Any) -> Course:
    """A draft of healthy people's massage, whose therapist is the actor."""
    return a_course(actor=actor, count=count, **plan)


def with_dates(course: Course, actor: Actor, pattern: Pattern | None = None) -> list[Booking]:
    """The course with every date that can be proposed, booked as the pages do."""
    held = hold_dates(course=course, pattern=pattern or pattern_of(course), token=a_key(), now=timezone.now(), actor=actor)
    return list(confirm_dates(course=course, key=held.key, actor=actor))


def dates(course: Course) -> list[date | None]:
    """The day of each session in the order of their numbers; None without one."""
    found = Session.objects.filter(course=course).select_related("booking").order_by("number")
    return [session.booking.day if session.booking and session.state == "booked" else None for session in found]


def days_of(bookings: Sequence[Booking | Slot]) -> list[date]:
    return [each.day for each in bookings]


def put_on(session: Session, day: date, actor: Actor, *, clock: time = time(10)) -> Booking:
    """The session booked on that day, which may have passed, without an action."""
    room = actor.clinic.rooms.first() or a_room(clinic=actor.clinic)
    booking = a_booking(patient=session.course.patient, therapist=actor.user, room=room, day=day, clock=clock)
    Session.objects.filter(pk=session.pk).update(booking=booking, state="booked")
    return booking


def days_ago(actor: Actor, count: int) -> date:
    return actor.clinic.today() - timedelta(days=count)
