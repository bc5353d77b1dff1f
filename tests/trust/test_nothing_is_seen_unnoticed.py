"""A refused form shows the patient as well as the page does, so it leaves the same line of who looked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.audit.models import ReadLine
from clinic.staff.permissions import Actor
from tests.factories import a_begun_intake, a_course, a_patient, a_running_course

SignedIn = Callable[[Any], Client]
FORMS = (
    "patients:edit",
    "patients:intake",
    "patients:intake-details",
    "patients:document-new",
    "patients:referral-new",
    "patients:referral-paper",
    "courses:edit",
    "courses:today",
)


@pytest.mark.same_everywhere
@pytest.mark.parametrize("name", FORMS)
def test_a_refused_form_leaves_the_line_that_its_page_leaves(name: str, signed_in: SignedIn, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    a_begun_intake(patient=patient)
    pk = a_course(patient=patient, actor=therapist).pk if name.startswith("courses:") else patient.pk
    response = signed_in(therapist).post(reverse(name, kwargs={"pk": pk}), {"empty": "form"})
    assert response.status_code == 422
    assert [(line.user, line.subject_id) for line in ReadLine.objects.all()] == [(therapist.user, str(patient.pk))]


def test_a_refused_new_course_leaves_it_too(signed_in: SignedIn, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    url = reverse("courses:new-plan", kwargs={"pk": patient.pk, "condition": "neck-collar", "stage": "calming"})
    assert signed_in(therapist).post(url, {"empty": "form"}).status_code == 422
    assert ReadLine.objects.count() == 1


def test_a_refused_record_of_a_session_and_a_refused_withdrawal_leave_it_too(signed_in: SignedIn, therapist: Actor) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    document = course.patient.documents.get()
    assert client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "11"}).status_code == 422
    assert client.post(f"/patients/{course.patient_id}/documents/{document.pk}/withdrawn/", {"reason": ""}).status_code == 422
    assert ReadLine.objects.count() == 2


def test_a_form_without_any_field_shows_the_page_and_is_a_look(signed_in: SignedIn, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    assert signed_in(therapist).post(reverse("patients:edit", kwargs={"pk": patient.pk}), {}).status_code == 200
    assert ReadLine.objects.count() == 1


def test_a_stale_form_shows_what_is_saved_and_is_a_look(signed_in: SignedIn, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    typed = {
        "family_name": "Weber", "given_name": "Anna", "born_on": "1980-05-17", "sex": "female", "card_number": patient.card_number,
        "language": "en", "version": "99",
    }  # fmt: skip
    assert signed_in(therapist).post(reverse("patients:edit", kwargs={"pk": patient.pk}), typed).status_code == 422
    assert ReadLine.objects.count() == 1
