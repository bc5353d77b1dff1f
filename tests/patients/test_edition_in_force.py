"""What patients are asked and what the library shows follow the edition that the clinic works with, and change with it at once."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.models import Patient
from patients.queries import answers_on
from protocols.editions.queries import edition_in_force, library_in_force, names_in_force
from protocols.method.library import Library
from protocols.presentation.search import codes_found
from protocols.shelf import shipped_library
from tests.factories import a_clinic, a_patient, an_intake_link
from tests.protocols.other_edition import MARK, other_edition, puts_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
OF_A_PATIENT = ("patients:intake", "patients:facts-new", "patients:document-new", "courses:new")
OF_THE_LIBRARY = ("library:overview", "library:conditions", "library:rules", "library:techniques", "library:zones", "library:review")


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


@pytest.fixture
def client(therapist: Actor) -> Client:
    client = Client()
    client.force_login(therapist.user)
    return client


@pytest.mark.parametrize("name", OF_A_PATIENT)
def test_a_patient_is_asked_by_the_edition_in_force(client: Client, patient: Patient, name: str) -> None:
    address = reverse(name, args=[patient.pk])
    assert MARK not in client.get(address).content.decode()
    puts_in_force(patient.clinic, other_edition())
    assert MARK in client.get(address).content.decode()


def test_so_is_a_patient_behind_a_link(patient: Patient) -> None:
    token = an_intake_link(patient=patient)
    puts_in_force(patient.clinic, other_edition())
    browser = Client()
    browser.post(reverse("intake-link:open", args=[token]), {name: getattr(patient.born_on, name) for name in ("day", "month", "year")})
    assert MARK in browser.get(reverse("intake-link:questions", args=[token])).content.decode()


@pytest.mark.parametrize("name", OF_THE_LIBRARY)
def test_the_pages_of_the_library_show_the_edition_in_force(client: Client, therapist: Actor, name: str) -> None:
    assert MARK not in client.get(reverse(name)).content.decode()
    puts_in_force(therapist.clinic, other_edition())
    shown = client.get(reverse(name)).content.decode()
    assert (MARK in shown or name == "library:overview", "2026-11.1" in shown) == (True, True)


def test_each_clinic_has_its_own_and_goes_back_to_that_of_the_release(patient: Patient) -> None:
    mine, other = puts_in_force(patient.clinic, other_edition()), a_clinic()
    assert [edition_in_force(each) for each in (mine, other)] == [other_edition().digest, edition_in_force(other)]
    assert [library.edition for library in _libraries(mine, other)] == ["2026-11.1", shipped_library().edition]
    assert [MARK in names_in_force(each, "ru").of("facts", "medicine.anticoagulant", "question") for each in (mine, other)] == [True, False]
    assert answers_on(patient, library_in_force(mine), mine.today()).known == answers_on(patient, shipped_library(), mine.today()).known
    mine.edition_digest = ""
    assert library_in_force(mine) is shipped_library()


def _libraries(*clinics: Clinic) -> list[Library]:
    return [library_in_force(each) for each in clinics]


def test_the_search_finds_the_words_of_the_edition_in_force(therapist: Actor) -> None:
    digest = edition_in_force(puts_in_force(therapist.clinic, other_edition()))
    assert "scoliosis" in (codes_found(f"scoliosis {MARK}", "condition", digest) or ())
    assert not codes_found(f"scoliosis {MARK}", "condition", edition_in_force(a_clinic()))
