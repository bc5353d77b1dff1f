"""The dates of the sessions that the demo's patients were given, and of those to which nobody came: rows of the past, one after another.

Nobody can book yesterday, so these are the only rows of the demo that no action of daily work makes.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from clinic.courses.calendar.wanting import work_of
from clinic.courses.models import Course, Session
from clinic.courses.states import SessionState
from clinic.schedule.models import Booking, Room
from clinic.staff.permissions import Actor

BEGIN: Final = time(8)
APART: Final = timedelta(minutes=75)  # longer than any session of the demo, with what is aired and laid after it


class PastDates:
    """Gives each session a place on its day: each therapist works in one room, one patient after the other."""

    def __init__(self, rooms: list[Room]) -> None:
        self.rooms = rooms
        self.therapists: list[int] = []
        self.taken: Counter[tuple[int, date]] = Counter()

    def give(self, course: Course, number: int, on: date, actor: Actor) -> None:
        """The session of that number is booked on that day with the actor."""
        therapist = actor.user
        if therapist.pk not in self.therapists:
            self.therapists.append(therapist.pk)
        turn = self.taken[therapist.pk, on]
        self.taken[therapist.pk, on] += 1
        starts_at = datetime.combine(on, BEGIN, tzinfo=course.clinic.zone) + turn * APART
        work = work_of(course)
        ends_at = starts_at + timedelta(minutes=work.minutes)
        booking = Booking.objects.create(
            clinic=course.clinic, patient=course.patient, therapist=therapist, room=self.rooms[self.therapists.index(therapist.pk)],
            day=on, clock=starts_at.time(), starts_at=starts_at, ends_at=ends_at,
            free_at=ends_at + timedelta(minutes=work.turnover_minutes), hands_on_minutes=work.hands_on_minutes,
            units=Decimal(str(work.units)), is_heavy=work.is_heavy, needs=list(work.needs), created_by=therapist,
        )  # fmt: skip
        Session.objects.filter(course=course, number=number).update(booking=booking, state=SessionState.BOOKED)
