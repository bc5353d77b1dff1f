"""A calendar that is read as it is looked at says the same as one that was read at once, in whatever order it is looked at."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from clinic.schedule.models import Absence, Closure, Room
from clinic.schedule.proposing.values import Calendar
from clinic.schedule.queries import as_needed, calendar_of
from clinic.staff.models import Clinic, User
from patients.models import Patient
from tests.factories import a_clinic, a_member, a_patient
from tests.fixtures import counted_queries
from tests.schedule_factories import a_booking, a_device, a_room, a_site, hours_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
BEFORE = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAYS = 70  # blocks of 7, 14, 28 and the rest


class Large:
    """A clinic with four therapists, five rooms at two sites, and bookings all over ten weeks, by a seed."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)  # noqa: S311  # a seed, no secret
        self.clinic: Clinic = a_clinic()
        sites = [a_site(clinic=self.clinic), a_site(clinic=self.clinic)]
        self.rooms: list[Room] = [a_room(site=sites[number % 2]) for number in range(5)]
        self.device = a_device(site=sites[0])
        self.therapists: list[User] = [a_member(clinic=self.clinic) for _ in range(4)]
        for person in self.therapists:
            hours_of(person, site=chance.choice(sites))
        self.patient: Patient = a_patient(clinic=self.clinic)
        by = self.therapists[0]
        gone = MONDAY + timedelta(days=chance.randrange(DAYS))
        Absence.objects.create(
            clinic=self.clinic, therapist=by, first_on=gone, last_on=gone + timedelta(days=3), reason="ill", created_by=by
        )
        shut = MONDAY + timedelta(days=chance.randrange(DAYS))
        Closure.objects.create(clinic=self.clinic, site=sites[1], first_on=shut, last_on=shut, name="Painting", created_by=by)
        self.bookings = [self.booked(chance, day) for day in range(-1, DAYS + 1) for _ in range(chance.randrange(3))]

    def booked(self, chance: Random, day: int) -> Any:
        """One booking on that day; each has an hour of its own, so that none collides, and one in four is the patient's."""
        self.hour = (getattr(self, "hour", 0) + 1) % 9
        whose = self.patient if chance.randrange(4) == 0 else a_patient(clinic=self.clinic)
        return a_booking(
            patient=whose, therapist=chance.choice(self.therapists), room=chance.choice(self.rooms), day=MONDAY + timedelta(days=day),
            clock=time(8 + self.hour), units=chance.choice([0, 1.5, 3]), is_heavy=chance.randrange(3) == 0,
            device=self.device if chance.randrange(3) == 0 else None,
        )  # fmt: skip

    def calendar(self, *, lazily: bool) -> Calendar:
        return calendar_of(
            self.clinic, first=MONDAY, last=MONDAY + timedelta(days=DAYS - 1), therapists=self.therapists, now=BEFORE, patient=self.patient,
            ignoring=self.bookings[3:5], needs=("apparatus",), as_needed=lazily,
        )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_it_says_the_same_as_one_that_was_read_at_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_needed, "FEW", 0)
    large, chance = Large(seed), Random(seed)  # noqa: S311  # a seed, no secret
    at_once, lazily = large.calendar(lazily=False), large.calendar(lazily=True)
    looks = [("shifts", key) for key in at_once.shifts] + [("places", key) for key in at_once.places]
    for name, key in chance.sample(looks, len(looks)):
        found, should = getattr(lazily, name)[key], getattr(at_once, name)[key]
        assert tuple(found) == tuple(should), (name, key)
    assert dict(lazily.shifts) == dict(at_once.shifts)
    assert set(lazily.places) == set(at_once.places)
    for same in ("open_days", "patient_busy", "closed", "absent", "devices", "device_sites"):
        assert getattr(lazily, same) == getattr(at_once, same), same


def test_however_long_it_is_looked_at_the_queries_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is small, two therapists and two rooms alone, and four blocks of all the others of each."""
    large = Large(3)
    monkeypatch.setattr(as_needed, "FEW", 0)
    with counted_queries(99) as all_at_once:
        large.calendar(lazily=False)
    with counted_queries(99) as piece_by_piece:
        calendar = large.calendar(lazily=True)
        assert dict(calendar.shifts)
        assert all(list(rooms) for rooms in calendar.places.values())
    assert len(piece_by_piece) <= len(all_at_once) - 1 + 2 + 2 * (as_needed.ALONE + 4)


def test_of_few_therapists_everything_is_read_at_once() -> None:
    large = Large(4)
    with counted_queries(99) as at_once:
        large.calendar(lazily=False)
    with counted_queries(99) as few:
        dict(large.calendar(lazily=True).shifts)
    assert len(few) == len(at_once)
