"""Whoever may be on the register already is shown before a second record is made, and namesakes are told apart on every page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.models import Patient
from patients.queries import look_alikes, namesakes
from tests.factories import a_patient
from tests.fixtures import counted_queries
from tests.patients.test_registration import NEW, typed

SignedIn = Callable[[Any], Client]


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.mark.parametrize(
    "known",
    [
        {"family_name": "Козлва", "given_name": "Вера"},
        {"family_name": "Kozlowa", "given_name": "Vera"},
        {"family_name": "Козлова", "given_name": "Олга", "born_on": date(1990, 2, 4)},
        {"family_name": "Иванова", "given_name": "Ольга", "born_on": date(1970, 1, 1), "phone": "030 5550"},
        {"family_name": "Иванова", "given_name": "Вера", "phone": "+49 (30) 55-50"},
    ],
)
def test_slips_spellings_and_telephones_make_look_alikes(client: Client, clinic: Clinic, known: dict[str, Any]) -> None:
    other = a_patient(clinic=clinic, **({"born_on": date(1990, 2, 3)} | known))
    body = client.post(NEW, typed()).content.decode()
    assert reverse("patients:detail", args=[other.pk]) in body
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"family_name": "Козлова", "given_name": "Вера", "born_on": date(1970, 1, 1), "phone": "+49 30 5550"},
        {"family_name": "Иванова", "given_name": "Вера", "born_on": date(1990, 2, 3)},
        {"family_name": "Козлова", "given_name": "Ольга", "born_on": date(1970, 1, 1)},
    ],
)
def test_a_sister_a_namesake_and_somebody_of_the_same_day_are_none(client: Client, clinic: Clinic, other: dict[str, Any]) -> None:
    a_patient(clinic=clinic, **other)
    assert client.post(NEW, typed()).status_code == 303


@pytest.mark.same_everywhere
def test_correcting_a_name_shows_look_alikes_and_correcting_a_note_does_not(client: Client, clinic: Clinic) -> None:
    other = a_patient(clinic=clinic, family_name="Козлова", given_name="Ольга", born_on=date(1990, 2, 3), card_number="1")
    patient = a_patient(clinic=clinic, family_name="Орлова", given_name="Ольга", born_on=date(1990, 2, 3), card_number="2")
    url = reverse("patients:edit", args=[patient.pk])
    assert reverse("patients:detail", args=[other.pk]) in client.post(url, typed(card_number="2", version="1")).content.decode()
    patient.refresh_from_db()
    assert patient.family_name == "Орлова"
    assert client.post(url, typed(card_number="2", version="1", is_somebody_else="on")).status_code == 303
    assert client.post(url, typed(card_number="2", version="2", notes="By car")).status_code == 303


def test_a_record_is_no_look_alike_of_itself_and_a_merged_one_stands_for_the_kept_one(clinic: Clinic) -> None:
    kept = a_patient(clinic=clinic, family_name="Lang", born_on=date(1990, 2, 3))
    merged = a_patient(clinic=clinic, family_name="Kurz", born_on=date(1990, 2, 3))
    Patient.objects.filter(pk=merged.pk).update(merged_into=kept)
    details = {"family_name": "Kurz", "given_name": "Anna", "born_on": date(1990, 2, 3), "phone": ""}
    assert [one.patient for one in look_alikes(clinic, details)] == [kept]
    assert look_alikes(clinic, details, but=kept.pk) == ()


# Namesakes ------------------------------------------------------------------------------------------------------------------
def test_a_namesake_in_either_script_is_shown_with_what_to_compare(client: Client, clinic: Clinic, other_clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic, family_name="Иванова", given_name="Юлия")
    other = a_patient(clinic=clinic, family_name="Ivanova", given_name="Julia", born_on=date(1961, 3, 9), card_number="A-77")
    a_patient(clinic=other_clinic, family_name="Иванова", given_name="Юлия")
    a_patient(clinic=clinic, family_name="Иванова", given_name="Вера")
    assert namesakes(patient) == (other,)
    for name in ("patients:detail", "patients:intake", "courses:new"):
        body = client.get(reverse(name, args=[patient.pk])).content.decode()
        assert "Same name:" in body, name
        assert "A-77" in body, name


@pytest.mark.same_everywhere
def test_who_has_no_namesake_has_no_notice(client: Client, clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic)
    assert "Same name:" not in client.get(reverse("patients:intake", args=[patient.pk])).content.decode()


@pytest.mark.same_everywhere
def test_namesakes_cost_one_query_a_page(clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic)
    for _ in range(9):
        a_patient(clinic=clinic)
    with counted_queries(1):
        assert len(namesakes(patient)) == 4
