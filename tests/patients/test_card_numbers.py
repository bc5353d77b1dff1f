"""A card number is given once, whoever types what at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.staff.permissions import Actor
from patients.actions import next_card_number
from patients.forms import PatientForm
from patients.models import Patient
from tests.factories import a_patient

SignedIn = Callable[[Any], Client]
TYPED = {"family_name": "Weber", "given_name": "Ida", "born_on": "1991-02-03", "sex": "female", "language": "en"}


@pytest.mark.parametrize("typed", ["999999999", "0999999999", "9999999999", "99999999999999999999"])
def test_a_very_long_number_typed_by_hand_does_not_stop_the_counting(typed: str, therapist: Actor) -> None:
    a_patient(clinic=therapist.clinic, card_number=typed)
    for _patient in range(3):
        a_patient(clinic=therapist.clinic, card_number=next_card_number(therapist.clinic))
    assert Patient.objects.count() == 4


def test_a_number_that_was_taken_while_the_form_was_sent_is_refused_beside_its_field(
    signed_in: SignedIn, therapist: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_patient(clinic=therapist.clinic, card_number="77")
    # The other reception's row is not there yet when this form looks.
    monkeypatch.setattr(PatientForm, "clean_card_number", lambda form: form.cleaned_data["card_number"])
    response = signed_in(therapist).post("/patients/new/", TYPED | {"card_number": "77"})
    assert response.status_code == 422
    assert "Card 77 belongs to" in response.content.decode()
    assert Patient.objects.count() == 1


def test_so_is_a_number_that_somebody_else_took_during_a_correction(
    signed_in: SignedIn, therapist: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_patient(clinic=therapist.clinic, card_number="77")
    patient = a_patient(clinic=therapist.clinic, card_number="78")
    monkeypatch.setattr(PatientForm, "clean_card_number", lambda form: form.cleaned_data["card_number"])
    response = signed_in(therapist).post(f"/patients/{patient.pk}/edit/", TYPED | {"card_number": "77", "version": "1"})
    assert response.status_code == 422
    assert "Card 77 belongs to" in response.content.decode()
    patient.refresh_from_db()
    assert (patient.card_number, patient.version) == ("78", 1)
