"""Referrals that an outside doctor signed on paper: in force as soon as they are recorded with their scan, and labelled as weaker."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clinic.signing.models import Meaning
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import referrals as actions
from patients.models import Patient, Referral
from patients.queries import referral_age_on
from patients.queries.referrals import standing_referral
from tests.factories import a_day_at, a_patient
from tests.papers import a_paper_referral, a_picture, a_written_referral

SignedIn = Callable[[Any], Client]
DAY = date(2026, 5, 4)


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


@pytest.mark.django_db
def test_a_paper_counts_at_once_and_is_weaker(patient: Patient, therapist: Actor) -> None:
    made = a_paper_referral(patient=patient, actor=therapist, age_days=3)
    assert made.signature is not None
    assert made.document is not None
    assert (made.state, made.signature.meaning, made.signature.is_on_paper) == ("signed", Meaning.RECORDED_PAPER, True)
    assert (made.document.issued_by, made.document.attachments.count()) == ("Dr Outside", 1)
    scan = made.document.attachments.get()
    assert made.signature.evidence is not None
    assert made.signature.evidence["file_digest"] == scan.sha256
    assert referral_age_on(patient, a_day_at(patient.clinic)) == 3
    assert standing_referral(patient, "neck-collar", a_day_at(patient.clinic)) == made
    back = actions.take_back_paper(referral=made, version=1, reason="Wrong patient", on=a_day_at(patient.clinic), actor=therapist)
    assert (back.state, standing_referral(patient, "neck-collar", a_day_at(patient.clinic))) == ("revoked", None)


@pytest.mark.django_db
def test_what_was_signed_here_is_not_taken_back_as_paper(patient: Patient, therapist: Actor, doctor: Actor) -> None:
    made = a_written_referral(patient=patient, state="signed", doctor=doctor)
    with pytest.raises(ActionDenied, match="Only a doctor"):
        actions.take_back_paper(referral=made, version=1, reason="x", on=DAY, actor=therapist)
    with pytest.raises(actions.ReferralRefused, match="signed here"):
        actions.take_back_paper(referral=made, version=1, reason="x", on=DAY, actor=doctor)


@pytest.mark.django_db
@time_machine.travel(DAY)
def test_a_paper_needs_its_scan(therapist: Actor, patient: Patient, signed_in: SignedIn, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, page = signed_in(therapist), reverse("patients:referral-paper", args=[patient.pk])
    said = {
        "place": "neck-collar/calming", "diagnosis": "Neck tension", "icd10": "M54.2", "valid_from": "2026-05-04",
        "outside_doctor": "Dr Outside", "signed_on": "2026-05-01",
    }  # fmt: skip
    assert client.post(page, said).status_code == 422
    assert client.post(page, said | {"file": SimpleUploadedFile("scan.png", a_picture())}).status_code == 303
    made = Referral.objects.get()
    shown = client.get(reverse("patients:referral", args=[patient.pk, made.pk])).content.decode()
    assert "on paper: weaker" in shown
    assert "scan.png" in shown
