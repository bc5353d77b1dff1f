"""A clinic in the morning on which somebody calls in ill: rooms, hours, colleagues, and patients with courses that are booked."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from clinic.courses.models import Course, Session
from clinic.courses.states import SessionState
from clinic.schedule.models import Absence, Booking, Room, WorkingHours
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from tests.clinic.schedule.booked import a_booking, a_room
from tests.factories import a_course, a_member, a_patient, an_actor

FAMILY_NAMES = ("Adler", "Brandt", "Conrad", "Dietz", "Ebert", "Franke", "Gruber", "Hahn", "Iversen", "Jung", "Keller")


def a_working_day(clinic: Clinic, *, after: int = 7) -> date:
    """A Wednesday, that many days ahead or a little more, whose whole week has no public holiday in Germany."""
    day = clinic.today() + timedelta(days=after + (2 - clinic.today().weekday() - after) % 7)
    busy = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26)}
    while any(((day + timedelta(days=n)).month, (day + timedelta(days=n)).day) in busy for n in range(-3, 4)) or day.month in (4, 5):
        day += timedelta(days=7)
    return day


@dataclass(frozen=True)
class House:
    """The clinic of the test."""

    clinic: Clinic
    admin: Actor
    ill: User
    rooms: tuple[Room, ...]
    day: date

    def colleague(self, full_name: str = "", *, starts: time = time(8), ends: time = time(17), room: Room | None = None) -> User:
        """Somebody who treats from Monday to Friday."""
        person = a_member(clinic=self.clinic, roles=(Role.THERAPIST,), full_name=full_name)
        self.works(person, starts, ends)
        return person

    def works(self, person: User, starts: time = time(8), ends: time = time(17)) -> None:
        """The weekly hours of somebody, at the house of the first room."""
        since = self.clinic.today() - timedelta(days=100)
        WorkingHours.objects.bulk_create(
            WorkingHours(
                clinic=self.clinic, therapist=person, site=self.rooms[0].site, weekday=day, starts=starts, ends=ends, valid_from=since
            )
            for day in range(5)
        )

    def course(
        self, family_name: str, clock: time, *, days: tuple[int, ...] = (0,), therapist: User | None = None, room: int = 0
    ) -> Course:
        """A course with one booked session on each of these days, counted from the day in question."""
        whom = therapist or self.ill
        patient = a_patient(clinic=self.clinic, family_name=family_name, phone=f"030 {FAMILY_NAMES.index(family_name) + 1:04}")
        course = a_course(patient=patient, actor=Actor(whom, self.clinic, frozenset({str(Role.THERAPIST)})), count=max(len(days), 2))
        Course.objects.filter(pk=course.pk).update(therapist=whom)
        for number, ahead in enumerate(days, start=1):
            day = self.day + timedelta(days=ahead)
            booking = a_booking(
                patient=patient, therapist=whom, day=day, clock=clock, minutes=40, room=self.rooms[room], hands_on_minutes=25
            )
            Session.objects.filter(course=course, number=number).update(booking=booking, state=SessionState.BOOKED)
        return course

    def absence(self, *, last_on: date | None = None, reason: str = "ill") -> Absence:
        """The one who is ill is away on the day, or until a later one."""
        return Absence.objects.create(
            clinic=self.clinic, therapist=self.ill, first_on=self.day, last_on=last_on or self.day, reason=reason,
            created_by=self.admin.user,
        )  # fmt: skip

    def bookings_of(self, course: Course) -> list[Booking]:
        """As they are now, in the order of time."""
        return list(Booking.objects.filter(session__course=course).order_by("starts_at"))


def a_house(clinic: Clinic, *, ill: User | None = None, rooms: int = 2) -> House:
    """A clinic with rooms, an administrator, and one therapist who works from eight to five."""
    made = tuple(a_room(clinic, name=f"Room {number}") for number in range(1, rooms + 1))
    person = ill or a_member(clinic=clinic, roles=(Role.THERAPIST,), full_name="Anna Bergmann")
    house = House(clinic, an_actor(clinic=clinic, roles=(Role.ADMIN,)), person, made, a_working_day(clinic))
    house.works(person)
    return house
