"""Looks that somebody should ask about."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import Look, ReadLine
from clinic.staff.actions import set_roles
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from patients.care.unusual import family_names, unusual_looks
from patients.models import CareMember, Patient
from tests.factories import a_clinic, a_user, an_actor
from tests.patients.care.scene import a_care_clinic, an_opening, nobodys_patient

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def anna() -> Actor:
    return an_actor(clinic=a_care_clinic(), user=a_user(full_name="Anna Orlova"))


def looked(actor: Actor, patient: Patient | int, *, at: datetime | None = None, page: str = "patients:facts") -> None:
    number = patient if isinstance(patient, int) else patient.pk
    about: dict[str, Any] = {"subject_type": "patients.patient", "subject_id": str(number), "kind": Look.LOOKED, "page": page}
    roles = ",".join(sorted(actor.roles))
    ReadLine.objects.create(clinic=actor.clinic, user=actor.user, roles=roles, at=at or noon(actor), **about)


def noon(actor: Actor, days_ago: int = 1) -> datetime:
    there = timezone.localtime(timezone=actor.clinic.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    return there - timedelta(days=days_ago)


def test_looks_at_health_from_outside_of_care_are_named_and_those_with_a_reason_are_not(anna: Actor) -> None:
    patient, mine, opened, contacts, long_ago = (nobodys_patient(anna.clinic) for _each in range(5))
    CareMember.objects.create(patient=mine, user=anna.user, added_by=anna.user)
    an_opening(opened, anna)
    for each in (patient, patient, mine, opened):
        looked(anna, each)
    looked(anna, contacts, page="patients:detail")
    looked(anna, long_ago, at=noon(anna, 40))
    lead = an_actor(clinic=anna.clinic, roles=(Role.CLINICAL_LEAD, Role.THERAPIST))
    looked(lead, patient)
    found = unusual_looks(anna.clinic)
    assert [(each.who, each.patient, each.count) for each in found.outside] == [("Anna Orlova", patient, 2)]
    assert found.patients() == [patient.pk]
    assert (found.own_name, found.many, found.at_night) == ([], [], [])


def test_who_was_in_care_at_the_time_is_not_named_when_it_is_over(anna: Actor) -> None:
    patient = nobodys_patient(anna.clinic)
    looked(anna, patient)
    over = timezone.now() - timedelta(hours=1)
    CareMember.objects.create(patient=patient, user=anna.user, added_by=anna.user, removed_at=over, removed_by=anna.user)
    assert unusual_looks(anna.clinic).outside == []


def test_people_of_ones_own_name_are_named(anna: Actor) -> None:
    brother, other = nobodys_patient(anna.clinic, family_name="Orlov"), nobodys_patient(anna.clinic)
    for each in (brother, other):
        looked(anna, each)
    assert [each.patient for each in unusual_looks(anna.clinic).own_name] == [brother]
    assert family_names("Иван Орлов") == {"Орлов", "Орлова", "Орловa"}
    assert family_names("") == {""}


def test_more_than_fifty_records_in_an_hour_and_looks_at_night_by_the_clinics_clock(anna: Actor) -> None:
    hour = noon(anna)
    for number in range(1, 52):
        looked(anna, number, at=hour + timedelta(minutes=number % 60), page="patients:detail")
    night = datetime.combine(noon(anna, 2).date(), datetime.min.time(), ZoneInfo("Europe/Berlin")) + timedelta(hours=23, minutes=30)
    looked(anna, 1, at=night, page="patients:detail")
    found = unusual_looks(anna.clinic)
    assert [(each.who, each.at, each.count) for each in found.many] == [("Anna Orlova", hour, 51)]
    assert [(each.at, each.count) for each in found.at_night] == [(night.date(), 1)]


def test_who_gave_themselves_a_role_is_named_also_when_it_is_gone_again(anna: Actor) -> None:
    boris = an_actor(clinic=anna.clinic, roles=(Role.ADMIN,), user=a_user(full_name="Boris Antonov"))
    for wanted in ((Role.ADMIN, Role.CLINICAL_LEAD), (Role.ADMIN,)):
        set_roles(clinic=anna.clinic, user=boris.user, roles=wanted, actor=boris)
    set_roles(clinic=anna.clinic, user=anna.user, roles=(Role.THERAPIST, Role.DOCTOR), actor=boris)
    assert [(each.who, each.roles) for each in unusual_looks(anna.clinic).own_roles] == [("Boris Antonov", ("Clinical lead",))]
    assert unusual_looks(an_actor(clinic=a_clinic()).clinic).own_roles == []


@pytest.mark.same_everywhere
def test_the_page_asks_as_often_for_many_as_for_none(anna: Actor, signed_in: Any, max_queries: Any) -> None:
    lead = an_actor(clinic=anna.clinic, roles=(Role.CLINICAL_LEAD,))
    client, page = signed_in(lead), reverse("care:unusual")
    with max_queries(5):
        assert client.get(page).content.decode().count("None.") == 5
    for each in (nobodys_patient(anna.clinic, family_name="Orlova") for _each in range(3)):
        looked(anna, each)
    with max_queries(5):
        assert client.get(page).content.decode().count("Anna Orlova") == 6
