"""What the proof of booking and the small tests of it run: many who want the same place, many who book, move and release at random."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from django.db import IntegrityError, connection, transaction

from clinic.schedule.actions import Move, Place, SlotTaken, book_places, move_bookings, release_bookings
from clinic.schedule.models import Booking, Room, Site
from clinic.schedule.no_overlap import NoOverlap
from clinic.schedule.wall_clock import moment_of
from clinic.staff.models import Clinic, Role, StaffRole, User
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient

OPENS: Final = time(8)
QUARTERS: Final = 36  # of an hour, in which a session may begin


@dataclass(frozen=True)
class Ward:
    """A made-up clinic to book in, and its administrator."""

    clinic: Clinic
    actor: Actor
    therapists: Sequence[User]
    rooms: Sequence[Room]
    patients: Sequence[Patient]
    first_day: date

    def place(self, numbers: tuple[int, int, int], day: int, minute: int, minutes: int = 40) -> Place:
        """A wanted place of therapist, room and patient by their numbers, so many days and minutes after the first opening."""
        therapist, room, patient = numbers
        clock = (datetime.combine(self.first_day, OPENS) + timedelta(minutes=minute)).time()
        on = self.first_day + timedelta(days=day)
        return Place(
            patient=self.patients[patient], therapist_id=self.therapists[therapist].pk, room_id=self.rooms[room].pk, device_id=None,
            day=on, clock=clock, second=None, minutes=minutes, turnover_minutes=5, hands_on_minutes=20, units=2, is_heavy=False,
            needs=(), label="",
        )  # fmt: skip


def a_ward(*, therapists: int, rooms: int, patients: int) -> Ward:
    """A clinic with so many of each."""
    mark = uuid4().hex[:8]
    clinic = Clinic.objects.create(name=f"Ward {mark}", time_zone="Europe/Berlin", country="DE")
    people = [User(email=f"{number}-{mark}@ward.test", full_name=f"Person {number}") for number in range(therapists + 1)]
    admin, *staff = User.objects.bulk_create(people)
    StaffRole.objects.bulk_create(StaffRole(user=each, clinic=clinic, role=Role.THERAPIST) for each in staff)
    StaffRole.objects.create(user=admin, clinic=clinic, role=Role.ADMIN)
    site = Site.objects.create(clinic=clinic, name="House")
    places = Room.objects.bulk_create(Room(clinic=clinic, site=site, name=f"Room {number}") for number in range(rooms))
    alike = {"clinic": clinic, "given_name": "A", "born_on": date(1980, 1, 1), "sex": "female", "registered_by": admin}
    register = [Patient(card_number=f"{number}", family_name=f"Family {number}", **alike) for number in range(patients)]
    first_day = clinic.today() + timedelta(days=30)
    actor = Actor(admin, clinic, frozenset({Role.ADMIN.value}))
    return Ward(clinic, actor, staff, places, Patient.objects.bulk_create(register), first_day)


# At one moment --------------------------------------------------------------------------------------------------------------
@dataclass
class Outcome:
    """How attempts ended, by name, and how many seconds each of them took."""

    ends: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.ends.update(other.ends)
        self.seconds += other.seconds

    def after(self, share: float) -> float:
        """The milliseconds after which this share of the attempts had ended."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def at_once(deeds: Sequence[Callable[[], object]]) -> Outcome:
    """Does all at one moment, each by a connection of its own that is open already."""
    start, told, outcome = threading.Barrier(len(deeds)), threading.Lock(), Outcome()

    def run(deed: Callable[[], object]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        start.wait()
        began = perf_counter()
        try:
            end = str(deed())
        except SlotTaken:
            end = "taken"
        except IntegrityError:
            end = "refused"
        except Exception as wrong:  # whatever else happens is what the proof is after: it is counted by name
            end = f"{type(wrong).__name__}: {wrong}"
        took = perf_counter() - began
        connection.close()
        with told:
            outcome.ends[end] += 1
            outcome.seconds.append(took)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def contest(ward: Ward, day: int, attempts: int) -> Outcome:
    """So many want the first therapist at times that all overlap, each with a room and a patient of its own. One may get it."""

    def attempt(number: int) -> str:
        place = ward.place((0, number, number), day, 5 * (number % 6))
        book_places(clinic=ward.clinic, key=uuid4().hex, places=[place], actor=ward.actor)
        return "booked"

    return at_once([lambda number=number: attempt(number) for number in range(attempts)])  # type: ignore[misc]


def floor(ward: Ward, day: int, attempts: int) -> Outcome:
    """The same by the least that is right: lock the therapist's row, insert, let the constraint refuse. Bare SQL."""
    table, on_postgresql = Booking._meta.db_table, connection.vendor == "postgresql"
    rows = [_row(ward, ward.place((0, number, number), day, 5 * (number % 6))) for number in range(attempts)]
    names = ", ".join(rows[0])
    insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(rows[0]))})"  # noqa: S608  # columns of our own model
    lock = f"SELECT id FROM {User._meta.db_table} WHERE id = %s FOR NO KEY UPDATE"  # noqa: S608

    def attempt(row: dict[str, Any]) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            if on_postgresql:
                cursor.execute(lock, [row["therapist_id"]])
            cursor.execute(insert, list(row.values()))
        return "booked"

    return at_once([lambda row=row: attempt(row) for row in rows])  # type: ignore[misc]


def _row(ward: Ward, place: Place) -> dict[str, Any]:
    booking = _naive(ward, place)
    fields = [each for each in Booking._meta.local_concrete_fields if not each.primary_key]
    return {str(each.column): each.get_db_prep_save(each.pre_save(booking, add=True), connection) for each in fields}


def _naive(ward: Ward, place: Place) -> Booking:
    starts_at = moment_of(place.day, place.clock, ward.clinic.zone)
    ends_at = starts_at + timedelta(minutes=place.minutes)
    return Booking(
        clinic=ward.clinic, patient=place.patient, therapist_id=place.therapist_id, room_id=place.room_id, day=place.day, clock=place.clock,
        starts_at=starts_at, ends_at=ends_at, free_at=ends_at + timedelta(minutes=5), created_by=ward.actor.user,
    )  # fmt: skip


# Without the guard ----------------------------------------------------------------------------------------------------------
@contextmanager
def unguarded() -> Iterator[None]:
    """The database refuses nothing meanwhile; bookings made meanwhile are gone afterwards."""
    editor, newest = connection.schema_editor(), Booking.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    guards = [each for each in Booking._meta.constraints if isinstance(each, NoOverlap)]
    _execute([sql for each in guards for sql in each.off(Booking, editor)])
    try:
        yield
    finally:
        Booking.objects.filter(pk__gt=newest).delete()
        _execute([sql for each in guards for sql in each.on(Booking, editor)])


def _execute(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def contest_without_guard(ward: Ward, day: int, attempts: int, *, together: bool = False) -> Outcome:
    """Each looks whether the place is free, and then books: no lock, no constraint. ``together``: nobody books before all have looked."""
    all_looked = threading.Barrier(attempts if together else 1)

    def attempt(number: int) -> str:
        wanted = _naive(ward, ward.place((0, number, number), day, 5 * (number % 6)))
        free = not Booking.objects.filter(
            therapist=wanted.therapist, starts_at__lt=wanted.free_at, free_at__gt=wanted.starts_at, is_taken=True
        ).exists()
        all_looked.wait()
        if free:
            wanted.save()
        return "booked" if free else "taken"

    return at_once([lambda number=number: attempt(number) for number in range(attempts)])  # type: ignore[misc]


# At random ------------------------------------------------------------------------------------------------------------------
def at_random(ward: Ward, *, workers: int, operations: int, days: int, seed: int) -> Outcome:
    """So many workers book, move, exchange and release at random; each operation is counted by how it ended."""
    outcome, told = Outcome(), threading.Lock()

    def work(number: int) -> str:
        chance, mine = random.Random(seed + number), Outcome()  # noqa: S311  # the same again for the same seed
        for _operation in range(operations):
            began = perf_counter()
            mine.ends[_something(ward, chance, days)] += 1
            mine.seconds.append(perf_counter() - began)
        with told:
            outcome.add(mine)
        return "done"

    ends = at_once([lambda number=number: work(number) for number in range(workers)]).ends  # type: ignore[misc]
    outcome.ends.update({end: count for end, count in ends.items() if end != "done"})
    return outcome


def _something(ward: Ward, chance: random.Random, days: int) -> str:
    deed = chance.choices((_book, _move, _release), (5, 3, 2))[0]
    try:
        return deed(ward, chance, days)
    except SlotTaken as denied:
        return f"taken: {denied.resource}" if denied.place is not None else "taken, noticed by the database"
    except ActionDenied as denied:
        return type(denied).__name__
    except Exception as wrong:  # it is what the proof is after: counted by name, and the work goes on
        return f"{type(wrong).__name__}: {wrong}"


def _anywhere(ward: Ward, chance: random.Random, days: int) -> Place:
    therapist, room, patient = (chance.randrange(len(each)) for each in (ward.therapists, ward.rooms, ward.patients))
    minute, minutes = 15 * chance.randrange(QUARTERS), chance.choice((20, 30, 45))
    return ward.place((therapist, room, patient), chance.randrange(days), minute, minutes)


def _book(ward: Ward, chance: random.Random, days: int) -> str:
    places = [_anywhere(ward, chance, days) for _place in range(chance.choice((1, 1, 1, 2)))]
    return f"booked {len(book_places(clinic=ward.clinic, key=uuid4().hex, places=places, actor=ward.actor))}"


def _some(ward: Ward, chance: random.Random, most: int) -> list[Booking]:
    numbers = list(Booking.objects.filter(clinic=ward.clinic, is_taken=True).values_list("pk", flat=True))
    return list(Booking.objects.filter(pk__in=chance.sample(numbers, min(len(numbers), chance.randint(1, most)))))


def _move(ward: Ward, chance: random.Random, days: int) -> str:
    """To anywhere, or two or three exchange their times."""
    found, goal = _some(ward, chance, 3), _anywhere(ward, chance, days)
    if not found:
        return "nothing to move"
    times = [(each.day, each.clock) for each in found[1:] + found[:1]] if len(found) > 1 else [(goal.day, goal.clock)]
    moves = [Move(each, day, clock, None, each.therapist_id, each.room_id, None) for each, (day, clock) in zip(found, times, strict=True)]
    return f"moved {len(move_bookings(moves=moves, reason='patient-wish', note='', actor=ward.actor))}"


def _release(ward: Ward, chance: random.Random, _days: int) -> str:
    return f"released {len(release_bookings(bookings=_some(ward, chance, 2), reason='patient-wish', note='', actor=ward.actor))}"


def counted(outcome: Outcome, word: str) -> int:
    """How many bookings operations of that kind changed: they say it at their end."""
    said = [(end.split(), count) for end, count in outcome.ends.items()]
    return sum(int(parts[1]) * count for parts, count in said if parts[0] == word and parts[1:] and parts[1].isdigit())


# What is left ---------------------------------------------------------------------------------------------------------------
def overlaps() -> dict[str, int]:
    """Pairs of bookings that take up one resource at one time, by resource; found by SQL that shares nothing with the guard."""
    found, table = {}, Booking._meta.db_table
    for resource, end in (("therapist", "free_at"), ("room", "free_at"), ("device", "free_at"), ("patient", "ends_at")):
        meet = f"a.{resource}_id = b.{resource}_id AND a.id < b.id AND a.starts_at < b.{end} AND b.starts_at < a.{end}"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table} a JOIN {table} b ON {meet} WHERE a.is_taken AND b.is_taken")  # noqa: S608
            found[resource] = int(cursor.fetchone()[0])
    return found
