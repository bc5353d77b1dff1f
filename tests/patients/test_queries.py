"""The register asks the database as often for thirty people as for one, and shows them in pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.queries import PATIENTS_A_PAGE, page_of_patients, patient_or_404
from tests.factories import a_patient, an_intake
from tests.fixtures import counted_queries

SignedIn = Callable[[Any], Client]
WHOLE_PATIENT = 20  # one screen shows everything: courses, health, referrals, documents, contacts, each asked once


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    client = signed_in(therapist)
    client.get("/patients/")
    return client


def queries_of(client: Client, path: str, most: int = 8) -> int:
    with counted_queries(most) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.same_everywhere
def test_the_list_asks_as_often_for_thirty_people_as_for_one(client: Client, clinic: Clinic) -> None:
    a_patient(clinic=clinic)
    one, found = queries_of(client, "/patients/"), queries_of(client, "/patients/?q=weber")
    for _ in range(29):
        a_patient(clinic=clinic)
    assert queries_of(client, "/patients/") == one
    assert queries_of(client, "/patients/?q=weber") <= found + 1  # more than one page: similar spellings are left out


@pytest.mark.same_everywhere
def test_a_record_asks_as_often_with_ten_intakes_as_with_one(client: Client, clinic: Clinic, therapist: Actor) -> None:
    patient = a_patient(clinic=clinic)
    an_intake(patient=patient, actor=therapist)
    one = queries_of(client, f"/patients/{patient.pk}/", most=WHOLE_PATIENT)
    for _ in range(9):
        an_intake(patient=patient, actor=therapist)
    assert queries_of(client, f"/patients/{patient.pk}/", most=WHOLE_PATIENT) == one


def test_the_list_shows_pages_in_the_order_of_names(clinic: Clinic) -> None:
    for number in range(PATIENTS_A_PAGE + 5):
        a_patient(clinic=clinic, family_name=f"N{number:03}")
    first, second = page_of_patients(clinic, "", "1"), page_of_patients(clinic, "", "2")
    assert [patient.family_name for patient in second.object_list] == [f"N{number:03}" for number in range(25, 30)]
    assert first.paginator.count == 30


@pytest.mark.parametrize(("asked", "shown"), [("0", 2), ("-1", 2), ("99", 2), ("x", 1), ("", 1), ("1e9", 1), ("9" * 40, 2)])
def test_a_page_number_that_is_none_shows_the_nearest(clinic: Clinic, asked: str, shown: int) -> None:
    for _ in range(PATIENTS_A_PAGE + 1):
        a_patient(clinic=clinic)
    assert page_of_patients(clinic, "", asked).number == shown


def test_a_long_search_is_cut_and_kept_over_the_pages(client: Client, clinic: Clinic) -> None:
    for _ in range(PATIENTS_A_PAGE + 1):
        a_patient(clinic=clinic)
    assert "?q=weber&amp;page=2" in client.get("/patients/", {"q": "weber"}).content.decode()
    assert len(client.get("/patients/", {"q": "x" * 500}).context["query"]) == 100


@pytest.mark.same_everywhere
def test_an_empty_register_says_what_to_do(client: Client) -> None:
    assert "No patients yet" in client.get("/patients/").content.decode()
    assert "Nobody found" in client.get("/patients/?q=zzz").content.decode()


def test_a_patient_s_clinic_comes_with_the_patient(clinic: Clinic) -> None:
    pk = a_patient(clinic=clinic).pk
    with counted_queries(1):
        assert patient_or_404(clinic, pk).clinic == clinic
