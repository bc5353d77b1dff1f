"""The large clinic: 100,000 patients with ten sessions each, 50 therapists, in a database of its own that is made once and kept."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice
from typing import Any, Final

from django.db import connection, models
from django.db.models import Max
from django.utils import timezone

from clinic.benchmark.days import BLOCK_DAYS, EVERY, MINUTES, SESSIONS, THERAPISTS, CourseDays, course_days
from clinic.benchmark.people import Somebody, invented
from clinic.benchmark.pouring import columns_of, count_on, pour, unguarded
from clinic.benchmark.prototypes import COPIED, Rows, copy_of, made_by_actions, rows_about, session_number, to_sign
from clinic.courses.models import Course, Session
from clinic.reminders.actions.replanning import replan_all
from clinic.schedule.actions.hours import WeekShift, set_week
from clinic.schedule.actions.resources import add_room, add_site
from clinic.schedule.models import Booking, Room
from clinic.staff import actions
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from patients.models import NameKey, Patient
from patients.search import name_keys, name_words, search_key

FIRST: Final = 1000  # numbers of patients and courses below it are of prototypes
UNDATED: Final = 300  # plans whose dates are to be proposed or booked
OPEN_ENDED: Final = 120  # courses to come whose last session has no date yet
TO_SIGN: Final = 120
AT_ONCE: Final = 50  # copies that are held in memory
OPEN: Final = (time(9), time(19))
NAME: Final = "Large clinic"


@dataclass(frozen=True, slots=True)
class Place:
    """One patient of the calendar: who it is, the number of record and course, and when the course is given."""

    who: Somebody
    number: int
    days: CourseDays


def make_clinic(patients: int, say: Callable[[str], object]) -> None:
    """Fills an empty, migrated database."""
    team = _team()
    today, clinic = team.clinic.today(), team.clinic
    therapists = list(User.objects.filter(staff_roles__clinic=clinic, staff_roles__role=Role.THERAPIST).order_by("pk"))
    rooms = list(Room.objects.filter(clinic=clinic).order_by("pk").values_list("pk", flat=True))
    actor = Actor(therapists[0], clinic, frozenset({Role.THERAPIST.value}))
    say("people, rooms and hours are there")
    kinds = {(0, parity): rows_about(made_by_actions("running", parity=parity, actor=actor, doctor=team.doctor)) for parity in (0, 1)}
    kinds |= {(1, parity): rows_about(made_by_actions("planned", parity=parity, actor=actor, doctor=team.doctor)) for parity in (0, 1)}
    for number in range(TO_SIGN):
        to_sign(number, actor=actor, doctor=team.doctor)
    say("prototypes are there")
    people = list(invented(patients - TO_SIGN))
    dated = len(people) - UNDATED
    places = [Place(who, FIRST + who.number, course_days(who.number - 1, dated, today)) for who in people[:dated]]
    filling = _Filling(clinic, [each.pk for each in therapists], rooms, today, kinds)
    filling.open_ended = {place.number for place in [each for each in places if each.days.block == 1][:OPEN_ENDED]}
    with unguarded():
        filling.people(people)
        say("patients are there")
        filling.bookings(places)
        say("bookings are there")
        filling.over(place for place in places if place.days.block < 0)
        filling.under_way([place for place in places if place.days.block >= 0], people[dated:])
        say("courses and sessions are there")
    count_on()
    say("every booking was compared with the others")
    replan_all(clinic=clinic, now=timezone.now())
    count_on()
    say("messages are there")


@dataclass(frozen=True, slots=True)
class _Team:
    clinic: Clinic
    doctor: Actor


def _team() -> _Team:
    """The clinic, its people, one room for each therapist, open on seven days."""
    clinic = actions.create_clinic(name=NAME, time_zone="UTC", country="DE", language="en")
    for role, count in ((Role.ADMIN, 1), (Role.DOCTOR, 1), (Role.CLINICAL_LEAD, 1), (Role.THERAPIST, THERAPISTS)):
        for number in range(count):
            email = f"{role.value}-{number}@bench.example"
            actions.add_staff(clinic=clinic, email=email, full_name=f"{role.label} {number}", roles=[role], actor=None)
    admin, doctor = (_actor(clinic, role) for role in (Role.ADMIN, Role.DOCTOR))
    actions.set_profile(clinic=clinic, user=doctor.user, title="", licence="BENCH-1", qualifications=(), actor=admin)
    site = add_site(name=NAME, address="", actor=admin)
    week = [WeekShift(site, *OPEN, weekday) for weekday in range(7)]
    for number in range(THERAPISTS):
        add_room(site=site, name=f"Room {number + 1}", actor=admin)
        therapist = User.objects.get(email=f"{Role.THERAPIST.value}-{number}@bench.example")
        set_week(therapist=therapist, shifts=week, valid_from=clinic.today() - timedelta(days=BLOCK_DAYS), actor=admin)
    return _Team(clinic, doctor)


def _actor(clinic: Clinic, role: Role) -> Actor:
    return Actor(User.objects.get(email=f"{role.value}-0@bench.example"), clinic, frozenset({role.value}))


class _Filling:
    """Pours what is not made by actions."""

    def __init__(self, clinic: Clinic, therapists: list[int], rooms: list[int], today: date, kinds: dict[tuple[int, int], Rows]) -> None:
        self.clinic, self.therapists, self.rooms, self.today, self.kinds = clinic, therapists, rooms, today, kinds
        self.now = _moment(today, 0)
        self.registered: dict[int, str] = {}
        self.open_ended = set[int]()
        self.fresh = {model: model._default_manager.aggregate(top=Max("pk"))["top"] or 0 for model in COPIED}

    def people(self, people: list[Somebody]) -> None:
        """The register, and the spellings under which each is found."""
        dated = len(people) - UNDATED
        for who in people[:dated]:
            self.registered[who.number] = _moment(course_days(who.number - 1, dated, self.today).first_on, 0)
        columns = columns_of(Patient)
        pour(Patient, columns, ([row[column] for column in columns] for row in map(self._patient, people)))
        keys = (
            (self.clinic.pk, FIRST + who.number, key) for who in people for key in name_keys(name_words(who.family_name, who.given_name))
        )
        pour(NameKey, ("clinic_id", "patient_id", "key"), keys)

    def _patient(self, who: Somebody) -> dict[str, Any]:
        """One row of the register."""
        found = search_key(
            names=(who.family_name, who.given_name, ""), card_number=who.card_number, phones=(who.phone, ""), born=who.born_on.isoformat()
        )
        return {
            "id": FIRST + who.number, "clinic_id": self.clinic.pk, "card_number": who.card_number, "family_name": who.family_name,
            "given_name": who.given_name, "middle_name": "", "born_on": who.born_on, "sex": who.sex, "phone": who.phone, "likes": "",
            "email": f"p{who.number}@example.org", "language": who.language, "guardian_name": "", "guardian_phone": "", "notes": "",
            "died_on": None, "restricted_on": None, "erased_on": None, "search_key": found, "merged_into_id": None, "version": 1,
            "registered_at": self.registered.get(who.number, self.now), "registered_by_id": self.therapists[0],
        }  # fmt: skip

    def bookings(self, places: list[Place]) -> None:
        """Every session's place in the calendar."""
        columns = columns_of(Booking)
        pour(Booking, columns, ([row[column] for column in columns] for place in places for row in self._bookings(place)))

    def _bookings(self, place: Place) -> Iterator[dict[str, Any]]:
        minute, whose = place.days.minute, place.days.therapist
        for number, day in enumerate(place.days.days[: self._dates(place.number)], start=1):
            yield {
                "id": session_number(place.number, number), "clinic_id": self.clinic.pk, "patient_id": place.number,
                "therapist_id": self.therapists[whose], "room_id": self.rooms[whose], "device_id": None, "day": day,
                "clock": f"{minute // 60:02}:{minute % 60:02}:00", "starts_at": _moment(day, minute),
                "ends_at": _moment(day, minute + MINUTES),
                "free_at": _moment(day, minute + EVERY), "state": "booked", "is_taken": True, "held_until": None, "key": "", "label": "",
                "hands_on_minutes": 20, "units": "1.0", "is_heavy": False, "needs": "[]", "sequence": 0, "created_at": self.now,
                "created_by_id": self.therapists[whose], "released_at": None, "release_reason": "",
            }  # fmt: skip

    def _dates(self, course: int) -> int:
        """How many sessions of the course have a date."""
        return SESSIONS - (course in self.open_ended)

    def over(self, places: Iterator[Place]) -> None:
        """Courses of the past. Their plans are not kept here: a million of them would be eighteen gigabytes that no page reads."""
        course = self.kinds[0, 0].course
        plan = json.dumps({key: [] if isinstance(value, list) else value for key, value in json.loads(course["plan"]).items()})
        columns = columns_of(Course)
        past = list(places)
        rows = (self._course(course | {"plan": plan, "screening": "{}"}, place) for place in past)
        pour(Course, columns, ([row[column] for column in columns] for row in rows))
        sessions = (
            (session_number(place.number, number), place.number, number, "done", "{}", "", session_number(place.number, number))
            for place in past
            for number in range(1, SESSIONS + 1)
        )
        pour(Session, ("id", "course_id", "number", "state", "plan", "digest", "booking_id"), sessions)

    def _course(self, course: dict[str, Any], place: Place) -> dict[str, Any]:
        whose, days = self.therapists[place.days.therapist], place.days.days
        ends = {"state": "finished", "started_on": days[0], "finished_on": days[-1], "planned_on": days[0]}
        return {**course, **ends, "id": place.number, "patient_id": place.number, "therapist_id": whose, "planned_by_id": whose}

    def under_way(self, places: list[Place], undated: list[Somebody]) -> None:
        """Courses that run or are to come, each a copy of a prototype, and plans without dates."""
        copies = [
            (self.kinds[place.days.block, self._parity(place)], place.number, self.therapists[place.days.therapist]) for place in places
        ]
        planned = self.kinds[1, 0]
        copies += [(planned, FIRST + who.number, self.therapists[turn % THERAPISTS]) for turn, who in enumerate(undated)]
        dated = {place.number for place in places}
        for some in _by(AT_ONCE, copies):
            made: dict[type[models.Model], list[dict[str, Any]]] = {model: [] for model in COPIED}
            for rows, number, therapist in some:
                for model, found in copy_of(rows, number, number, self.fresh).items():
                    made[model] += [self._placed(model, row, therapist, is_dated=number in dated) for row in found]
            for model, found in made.items():
                columns = columns_of(model)
                pour(model, columns, [[row[column] for column in columns] for row in found])

    def _parity(self, place: Place) -> int:
        return (place.days.days[0] - self.today).days % 2

    def _placed(self, model: type[models.Model], row: dict[str, Any], therapist: int, *, is_dated: bool) -> dict[str, Any]:
        """The row of a copy with its own therapist and places."""
        if model is Course:
            return {**row, "therapist_id": therapist, "planned_by_id": therapist}
        if model is Session and is_dated and row["number"] <= self._dates(row["course_id"]):
            return {**row, "booking_id": row["id"], "state": "booked" if row["state"] == "planned" else row["state"]}
        return row


def _by(size: int, rows: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some


def _moment(day: date, minute: int) -> str:
    """A moment as both databases take it, in UTC as the clinic is."""
    return f"{day.isoformat()} {minute // 60:02}:{minute % 60:02}:00"


def made_on() -> date | None:
    """The day on which it was made, which its calendar is built around."""
    found = Clinic.objects.filter(name=NAME).values_list("created_at", flat=True).first()
    return found.date() if found else None


def size_in_bytes() -> int:
    """How large the database is."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
