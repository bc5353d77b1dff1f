"""A form by which somebody signs is obeyed only as the page made it: what it does not say is never taken for a yes (H5, H7)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.models import Course
from clinic.signing.models import Signature
from clinic.signing.passkeys import BadPasskey, check_evidence, evidence_of
from clinic.staff.permissions import Actor
from patients.models import Referral
from tests.clinic.courses.signing_desk import a_browser_of, an_awaiting_course, form_of, sign
from tests.clinic.signing.soft_passkey import SoftPasskey
from tests.factories import a_patient
from tests.papers import a_written_referral

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
SignedIn = Callable[[Any], Client]
NO_ANSWERS = ["[" * 100_000, '{"id":' * 50_000, "[]", "1", '{"id": "\\ud800"}', '{"response": []}', "NaN", "9" * 5000]
OTHER_MEANINGS = ["", "revoked", "recorded-paper", "Approved", "approved\x00", "yes"]


def test_a_plan_is_signed_only_by_a_form_that_says_so(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    for meaning in OTHER_MEANINGS:
        form = form_of(client, course, note="All right")
        assert sign(client, course, form | {"meaning": meaning}).status_code == 409, meaning
        del form["meaning"]
        assert sign(client, course, form).status_code == 409, meaning
        assert not Signature.objects.exists(), meaning
        assert Course.objects.get(pk=course.pk).state == "awaiting", meaning


def test_so_is_a_referral(therapist: Actor, doctor: Actor) -> None:
    made = a_written_referral(patient=a_patient(clinic=therapist.clinic), state="submitted", actor=therapist)
    client, address = a_browser_of(doctor), reverse("patients:referral-sign", args=[made.patient_id, made.pk])
    for meaning in OTHER_MEANINGS:
        form = {"intent": client.get(address).context["ceremony"]["intent"], "note": "All right"}
        for sent in (form, form | {"meaning": meaning}):
            assert client.post(address, sent).status_code == 409, meaning
        assert not Signature.objects.exists(), meaning
        assert Referral.objects.get(pk=made.pk).state == "submitted", meaning


def test_nonsense_in_the_place_of_a_passkey_s_answer_is_told_and_signs_nothing(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    for answer in NO_ANSWERS:
        assert sign(client, course, form_of(client, course) | {"passkey": answer}).status_code == 409, answer[:99]
        assert not Signature.objects.exists(), answer[:99]


@pytest.mark.parametrize("said", [{"origin": "https://[testserver"}, {"origin": "https://a:b"}, {"origin": None}])
def test_a_browser_that_says_nonsense_proves_nothing(said: dict[str, Any], doctor: Actor) -> None:
    passkey = SoftPasskey()
    passkey.enroll(doctor.user)
    with pytest.raises(BadPasskey):
        check_evidence(evidence_of(doctor.user, passkey.answer(b"x" * 32, **said)), b"x" * 32)


@pytest.mark.parametrize("number", ["²", "٣", "-1", "9" * 11, "9" * 5000, "1.0", "", "\x00"])
@pytest.mark.parametrize("name", ["extends", "like"])
def test_what_only_looks_like_a_number_names_no_referral(name: str, number: str, signed_in: SignedIn, therapist: Actor) -> None:
    client, patient = signed_in(therapist), a_patient(clinic=therapist.clinic)
    for page in ("referral-new", "referral-paper"):
        assert client.get(reverse(f"patients:{page}", args=[patient.pk]), {name: number}).status_code in (200, 404)
