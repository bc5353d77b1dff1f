"""Registering and correcting a patient: nobody twice, no number twice, nothing typed is lost."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from patients import actions
from patients.models import Patient
from tests.factories import a_clinic, a_patient, an_actor

SignedIn = Callable[[Any], Client]
NEW = "/patients/new/"
TYPED = {
    "family_name": "Козлова", "given_name": "Ольга", "middle_name": "", "born_on": "1990-02-03", "sex": "female",
    "card_number": "", "phone": "+49 30 5550", "email": "olga@example.test", "language": "ru", "guardian_name": "", "guardian_phone": "",
    "notes": "Comes by tram",
}  # fmt: skip


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


def typed(**changes: str) -> dict[str, str]:
    return TYPED | changes


def refused(response: Any, sentence: str) -> str:
    """The page of a refused form, which says the sentence."""
    body: str = response.content.decode()
    assert response.status_code == 422
    assert sentence in body.replace("&#x27;", "'"), body
    return body


def test_it_works(client: Client, therapist: Actor) -> None:
    response = client.post(NEW, typed())
    patient = Patient.objects.get()
    assert (response.status_code, response["Location"]) == (303, reverse("patients:detail", args=[patient.pk]))
    assert (patient.clinic, patient.registered_by, patient.full_name) == (therapist.clinic, therapist.user, "Козлова Ольга")
    assert patient.card_number == "1001"
    assert AuditLine.objects.get(verb="registered").subject_id == str(patient.pk)
    assert "Козлова" in client.get(response["Location"]).content.decode()


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"family_name": ""}, "This field is required."),
        ({"family_name": "   "}, "This field is required."),
        ({"given_name": ""}, "This field is required."),
        ({"sex": ""}, "This field is required."),
        ({"sex": "other"}, "Select a valid choice."),
        ({"born_on": ""}, "This field is required."),
        ({"born_on": "yesterday"}, "Enter a valid date."),
        ({"born_on": "1990-02-30"}, "Enter a valid date."),
        ({"born_on": "2026-05-05"}, "The date of birth lies in the future. Check the year."),
        ({"born_on": "0001-01-01"}, "Nobody is that old. Check the year."),
        ({"born_on": "1900-12-31"}, "Nobody is that old. Check the year."),
        ({"born_on": "2015-01-01"}, "The patient is under 18: write who the parent or guardian is."),
        ({"born_on": "2008-05-05"}, "The patient is under 18: write who the parent or guardian is."),
        (
            {"born_on": "2015-01-01", "guardian_name": "Ирина"},
            "The patient is under 18: write a telephone number of the parent or guardian.",
        ),
        ({"messages_email": "yes", "email": ""}, "Without an e-mail address nobody can be written to. Add one, or choose no."),
        ({"messages_sms": "yes", "phone": ""}, "Without a telephone number nobody can be reached this way. Add one, or choose no."),
        ({"messages_phone": "yes", "phone": ""}, "Without a telephone number nobody can be reached this way. Add one, or choose no."),
        ({"email": "olga"}, "Enter a valid email address."),
        ({"language": "de"}, "Select a valid choice."),
        ({"family_name": "К" * 81}, "Ensure this value has at most 80 characters"),
        ({"phone": "1" * 41}, "Ensure this value has at most 40 characters"),
        ({"notes": "n" * 2001}, "Ensure this value has at most 2000 characters"),
        ({"family_name": "Коз\x00лова"}, "Null characters are not allowed."),
    ],
)
@time_machine.travel("2026-05-04T12:00:00+00:00", tick=False)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    client: Client, changes: dict[str, str], sentence: str
) -> None:
    body = refused(client.post(NEW, typed(**changes)), sentence)
    assert not Patient.objects.exists()
    unchanged = {name: value for name, value in TYPED.items() if value and name not in {*changes, "sex", "language"}}
    assert [value for value in unchanged.values() if value not in body] == []


@pytest.mark.parametrize("born_on", ["2026-05-04", "1901-01-01"])
@time_machine.travel("2026-05-04T12:00:00+00:00", tick=False)
def test_a_birth_date_may_be_today_or_as_old_as_anybody(client: Client, born_on: str) -> None:
    assert client.post(NEW, typed(born_on=born_on, guardian_name="Ирина Козлова", guardian_phone="+49 30 5551")).status_code == 303


@time_machine.travel("2026-05-04T12:00:00+00:00", tick=False)
def test_somebody_who_is_18_today_needs_no_guardian(client: Client) -> None:
    assert client.post(NEW, typed(born_on="2008-05-04")).status_code == 303


@pytest.mark.parametrize("name", [("Kozlova", "Olga"), ("Козлова", "О."), ("козлова", "ольга"), ("Ольга", "Козлова")])
def test_a_look_alike_in_either_script_must_be_confirmed(client: Client, clinic: Clinic, name: tuple[str, str]) -> None:
    known = a_patient(clinic=clinic, family_name=name[0], given_name=name[1], born_on=date(1990, 2, 3), card_number="77")
    body = client.post(NEW, typed()).content.decode()
    assert reverse("patients:detail", args=[known.pk]) in body
    assert known.full_name in body
    assert TYPED["notes"] in body
    assert Patient.objects.count() == 1
    assert client.post(NEW, typed(is_somebody_else="on")).status_code == 303
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        {"born_on": date(1991, 4, 3)},
        {"born_on": date(1990, 2, 4), "given_name": "Vera"},
        {"family_name": "Petrova", "given_name": "Vera"},
    ],
)
def test_another_day_or_another_name_is_no_look_alike(client: Client, clinic: Clinic, other: dict[str, Any]) -> None:
    known: dict[str, Any] = {"family_name": "Козлова", "given_name": "Ольга", "born_on": date(1990, 2, 3)}
    a_patient(clinic=clinic, **known | other)
    assert client.post(NEW, typed()).status_code == 303


@pytest.mark.parametrize("born", [date(1990, 2, 4), date(1990, 5, 3), date(1991, 2, 3), date(1990, 3, 2)])
def test_the_same_names_with_one_slip_in_the_birth_date_are_a_look_alike(client: Client, clinic: Clinic, born: date) -> None:
    known = a_patient(clinic=clinic, family_name="Козлова", given_name="Ольга", born_on=born)
    assert reverse("patients:detail", args=[known.pk]) in client.post(NEW, typed()).content.decode()
    assert Patient.objects.count() == 1


@pytest.mark.parametrize("number", ["1", "ask her son", "12-34"])
def test_a_telephone_number_without_enough_digits_is_refused(client: Client, clinic: Clinic, number: str) -> None:
    refused(client.post(NEW, typed(phone=number)), "A telephone number has at least 5 digits.")


def test_the_people_of_another_clinic_are_never_look_alikes(client: Client, other_clinic: Clinic) -> None:
    a_patient(clinic=other_clinic, family_name="Козлова", given_name="Ольга", born_on=date(1990, 2, 3))
    assert client.post(NEW, typed()).status_code == 303


def test_a_card_number_in_use_is_refused_and_its_owner_named(client: Client, clinic: Clinic) -> None:
    a_patient(clinic=clinic, family_name="Weber", given_name="Anna", card_number="77")
    refused(client.post(NEW, typed(card_number=" 77 ")), "Card 77 belongs to Weber Anna. Choose another number, or leave it empty.")


def test_two_clinics_may_use_one_card_number(client: Client, other_clinic: Clinic) -> None:
    a_patient(clinic=other_clinic, card_number="77")
    assert client.post(NEW, typed(card_number="77")).status_code == 303


def test_the_next_card_number_is_one_above_the_highest_plain_one(clinic: Clinic, other_clinic: Clinic) -> None:
    for number in ("1009", "A-5000", "998"):
        a_patient(clinic=clinic, card_number=number)
    a_patient(clinic=other_clinic, card_number="9000")
    assert actions.next_card_number(clinic) == "1010"


@pytest.mark.django_db(transaction=True)
def test_two_receptions_never_give_one_card_number() -> None:
    clinic = a_clinic()
    actors = [an_actor(clinic=clinic, roles=(Role.ADMIN,)) for _ in range(4)]
    together, failed = threading.Barrier(len(actors)), []
    details = {"family_name": "Kranz", "given_name": "Eva", "born_on": date(1990, 1, 1), "sex": "female"}

    def register(actor: Actor) -> None:
        try:
            together.wait(timeout=10)
            for _ in range(3):
                actions.register_patient(details=details, actor=actor)
        except Exception as error:  # a thread must hand its failure to the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed
    numbers = sorted(Patient.objects.filter(clinic=clinic).values_list("card_number", flat=True))
    assert numbers == [str(number) for number in range(1001, 1013)]


@pytest.mark.django_db
def test_the_database_itself_refuses_a_card_number_twice(clinic: Clinic) -> None:
    a_patient(clinic=clinic, card_number="5")
    with pytest.raises(IntegrityError):
        a_patient(clinic=clinic, card_number="5")


def test_an_auditor_registers_nobody(auditor: Actor) -> None:
    with pytest.raises(ActionDenied, match="Only a therapist, an administrator, a doctor or the clinical lead may register patients"):
        actions.register_patient(details={}, actor=auditor)


# Correcting ------------------------------------------------------------------------------------------------------------------
def edit(patient: Patient) -> str:
    return reverse("patients:edit", args=[patient.pk])


def test_a_correction_is_kept_with_the_names_of_its_fields(client: Client, clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic, card_number="12")
    assert client.post(edit(patient), typed(card_number="12", version="1")).status_code == 303
    patient.refresh_from_db()
    assert (patient.full_name, patient.version) == ("Козлова Ольга", 2)
    line = AuditLine.objects.get(verb="corrected")
    assert "family_name" in line.details["fields"]
    assert "card_number" not in line.details["fields"]
    assert "Козлова" not in str(line.details)


@pytest.mark.parametrize("version", ["1", "0", "", "x", "-1", "99999999999999999999"])
def test_a_correction_of_a_stale_record_changes_nothing_and_keeps_what_was_typed(client: Client, clinic: Clinic, version: str) -> None:
    patient = a_patient(clinic=clinic, family_name="Weber", card_number="12")
    Patient.objects.filter(pk=patient.pk).update(version=2, phone="+49 111", notes="Rings twice")
    response = client.post(edit(patient), typed(card_number="12", version=version))
    body: str = response.content.decode()
    assert response.status_code == 422
    assert "Козлова" in body
    patient.refresh_from_db()
    assert (patient.family_name, patient.version) == ("Weber", 2)
    if version == "1":
        assert "Somebody else has saved this record in the meantime." in body
        assert body.count("Somebody else has saved") == 1
        assert "+49 111" in body, "what is saved now stands beside what was typed"
        assert "Rings twice" in body, "also where nobody would look for it"


def test_after_a_stale_correction_what_was_typed_can_be_saved_from_the_page_that_says_so(client: Client, clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic, card_number="12")
    Patient.objects.filter(pk=patient.pk).update(version=2)
    told = client.post(edit(patient), typed(card_number="12", version="1"))
    assert told.status_code == 422
    again = typed(card_number="12", version=told.context["form"]["version"].value())
    assert client.post(edit(patient), again).status_code == 303


def test_a_correction_may_keep_its_own_card_number_and_take_no_other(client: Client, clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic, card_number="12")
    a_patient(clinic=clinic, family_name="Kranz", given_name="Eva", card_number="13")
    refused(client.post(edit(patient), typed(card_number="13", version="1")), "Card 13 belongs to Kranz Eva.")
    refused(client.post(edit(patient), typed(card_number="", version="1")), "This field is required.")
    assert client.post(edit(patient), typed(card_number="12", version="1")).status_code == 303


def test_a_patient_of_another_clinic_cannot_be_corrected(client: Client, other_clinic: Clinic) -> None:
    patient = a_patient(clinic=other_clinic)
    assert client.post(edit(patient), typed(card_number="12", version="1")).status_code == 404
