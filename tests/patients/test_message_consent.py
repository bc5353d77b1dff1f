"""Nobody is written to or called without their word: the newest one of a channel counts, none is a no, and each stays with its day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.actions import correct_patient
from patients.models import MessageConsent, Patient
from patients.queries import may_message
from tests.factories import a_patient
from tests.patients.test_registration import typed

SignedIn = Callable[[Any], Client]


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


def said(patient: Patient) -> list[tuple[str, bool]]:
    return list(MessageConsent.objects.filter(patient=patient).values_list("channel", "is_given"))


def test_without_a_word_nobody_is_messaged(client: Client) -> None:
    client.post("/patients/new/", typed())
    patient = Patient.objects.get()
    assert said(patient) == []
    assert may_message(patient) == frozenset()


def test_what_was_said_at_registration_is_kept_with_its_day_and_its_hand(client: Client, therapist: Actor) -> None:
    client.post("/patients/new/", typed(messages_email="yes", messages_phone="no"))
    patient = Patient.objects.get()
    assert sorted(said(patient)) == [("email", True), ("phone", False)]
    assert may_message(patient) == {"email"}
    assert {(one.recorded_by, one.said_on) for one in patient.message_consents.all()} == {(therapist.user, therapist.clinic.today())}
    assert AuditLine.objects.get(verb="registered").details["messages"] == {"email": True, "phone": False}


def test_the_newest_word_counts_and_the_same_word_again_adds_nothing(clinic: Clinic, therapist: Actor) -> None:
    patient = a_patient(clinic=clinic, email="a@b.test", card_number="5")
    for version, given in enumerate((True, True, False, True), start=1):
        patient = correct_patient(
            patient=patient, details={"card_number": "5"}, version=version, messages={"email": given}, actor=therapist
        )
        assert ("email" in may_message(patient)) is given
    assert said(patient) == [("email", True), ("email", False), ("email", True)]


def test_a_yes_without_an_address_reaches_nobody(clinic: Clinic, therapist: Actor) -> None:
    patient = a_patient(clinic=clinic, guardian_phone="030 55555", card_number="5")
    messages = {"email": True, "sms": True, "phone": False}
    patient = correct_patient(patient=patient, details={"card_number": "5"}, version=1, messages=messages, actor=therapist)
    assert may_message(patient) == {"sms"}, "the guardian has a telephone"


@pytest.mark.django_db(transaction=True)
def test_a_word_is_never_changed_afterwards(clinic: Clinic, therapist: Actor) -> None:
    patient = a_patient(clinic=clinic, email="a@b.test", card_number="5")
    correct_patient(patient=patient, details={"card_number": "5"}, version=1, messages={"email": False}, actor=therapist)
    with pytest.raises(DatabaseError), transaction.atomic():
        MessageConsent.objects.update(is_given=True)


@time_machine.travel("2026-05-03T12:00:00+00:00", tick=False)
def test_the_record_tells_what_was_said_when_and_who_wrote_it_down(client: Client, therapist: Actor) -> None:
    client.post("/patients/new/", typed(messages_email="yes"))
    patient = Patient.objects.get()
    body = client.get(reverse("patients:detail", args=[patient.pk])).content.decode()
    assert "said on" in body
    assert therapist.user.full_name in body
    assert str(date(2026, 5, 3).year) in body


@pytest.mark.same_everywhere
def test_a_record_opens_with_what_was_said(client: Client, clinic: Clinic, therapist: Actor) -> None:
    client.post("/patients/new/", typed(messages_email="yes"))
    patient = Patient.objects.get()
    form = client.get(reverse("patients:edit", args=[patient.pk])).context["form"]
    assert form["messages_email"].value() == "yes"
    assert not form["messages_sms"].value()


# Guardians ------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
@time_machine.travel("2026-05-04T12:00:00+00:00", tick=False)
def test_an_older_record_of_a_child_without_a_guardian_can_still_be_corrected(client: Client, clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic, family_name="Козлова", given_name="Ольга", born_on=date(2015, 1, 1), card_number="12")
    url = reverse("patients:edit", args=[patient.pk])
    changed = typed(card_number="12", born_on="2015-01-01", version="1")
    assert client.post(url, changed | {"guardian_name": "Ирина"}).status_code == 422, "a guardian who is named needs a telephone"
    assert client.post(url, changed).status_code == 303
    assert client.get(reverse("patients:detail", args=[patient.pk])).status_code == 200
