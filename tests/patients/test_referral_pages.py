"""The pages of a referral: what each button does, and what is told when it cannot."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from clinic.audit.models import ReadLine
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.models import Patient, Referral
from patients.outcome_chart import outcome_chart
from patients.questionnaire import STATED, Reply
from patients.referral_content import content_of
from patients.referrals import Felt
from protocols.shelf import shipped_library, shipped_names
from tests.factories import PASSWORD, a_patient
from tests.papers import a_paper_referral, a_written_referral, an_unsaved_referral

SignedIn = Callable[[Any], Client]


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


def page(name: str, referral: Referral) -> str:
    return reverse(f"patients:{name}", args=[referral.patient_id, referral.pk])


def state(referral: Referral) -> str:
    return Referral.objects.get(pk=referral.pk).state


def typed(**changed: Any) -> dict[str, Any]:
    return {"place": "neck-collar/calming", "diagnosis": "Neck tension", "icd10": "M54.2", "valid_from": "2099-05-04"} | changed


def entered_again(client: Client) -> Client:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.django_db
def test_a_draft_is_changed_sent_and_withdrawn(patient: Patient, therapist: Actor, signed_in: SignedIn) -> None:
    client = signed_in(therapist)
    client.post(reverse("patients:referral-new", args=[patient.pk]), typed())
    made = Referral.objects.get()
    assert made.state == "draft"
    answer = client.post(page("referral-edit", made), typed(version=1, diagnosis="Headache"), follow=True)
    assert "Headache" in answer.content.decode()
    assert client.post(page("referral-edit", made), typed(version=1)).status_code == 422  # somebody saved version 2 meanwhile
    assert "With the doctor" in client.post(page("referral-submit", made), follow=True).content.decode()
    assert client.get(page("referral-edit", made))["Location"] == page("referral", made)
    assert "is withdrawn" in client.post(page("referral-withdraw", made), follow=True).content.decode()
    again = client.post(page("referral-submit", made), follow=True).content.decode()
    assert "cannot become" in again
    assert state(made) == "withdrawn"


@pytest.mark.django_db
def test_more_sessions_are_asked_for_with_a_reason(patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn) -> None:
    first = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    new = reverse("patients:referral-new", args=[patient.pk]) + f"?extends={first.pk}"
    client = signed_in(therapist)
    assert client.post(new, typed()).status_code == 422
    assert client.post(new, typed(reason="Pain halved", send="1")).status_code == 303
    assert Referral.objects.get(state="submitted").extends == first


@pytest.mark.django_db
def test_a_doctor_goes_on_to_sign_what_the_doctor_wrote(patient: Patient, doctor: Actor, signed_in: SignedIn) -> None:
    answer = signed_in(doctor).post(reverse("patients:referral-new", args=[patient.pk]), typed(send="1"))
    assert answer["Location"] == page("referral-sign", Referral.objects.get())


@pytest.mark.django_db
def test_a_doctor_asks_back_only_with_a_question(patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn) -> None:
    made = a_written_referral(patient=patient, state="submitted", actor=therapist)
    client = signed_in(doctor)
    assert "Write what you want" in client.post(page("referral-return", made), {"question": " "}, follow=True).content.decode()
    answer = client.post(page("referral-return", made), {"question": "Which side?"}, follow=True)
    assert answer.redirect_chain == [(reverse("courses:inbox"), 303)]
    assert "The referral went back with your question." in answer.content.decode()
    assert state(made) == "returned"


@pytest.mark.django_db
@pytest.mark.same_everywhere
@pytest.mark.parametrize("writes", [True, False])
def test_who_signs_is_back_at_the_inbox_and_who_wrote_it_goes_on_with_the_patient(
    *, writes: bool, patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn
) -> None:
    made = a_written_referral(patient=patient, state="submitted", actor=doctor if writes else therapist)
    client = entered_again(signed_in(doctor))
    intent = client.get(page("referral-sign", made)).context["ceremony"]["intent"]
    answer = client.post(page("referral-sign", made), {"intent": intent, "meaning": "approved"})
    assert answer["Location"] == (page("referral", made) if writes else reverse("courses:inbox"))


@pytest.mark.django_db
@pytest.mark.same_everywhere
def test_a_question_waits_while_the_password_is_entered(patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn) -> None:
    made, client = a_written_referral(patient=patient, state="submitted", actor=therapist), signed_in(doctor)
    assert 'form="ask-back"' in client.get(page("referral-sign", made)).content.decode()
    answer = client.post(page("referral-sign", made), {"meaning": "approved", "question": "Which side?"})
    assert answer["Location"] == f"{reverse('account_reauthenticate')}?{urlencode({'next': page('referral-sign', made)})}"
    assert "Which side?</textarea>" in client.get(page("referral-sign", made)).content.decode()
    assert state(made) == "submitted"


@pytest.mark.django_db
def test_a_refusal_and_a_revocation_need_a_reason_and_are_signed(
    patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn
) -> None:
    client = entered_again(signed_in(doctor))
    asked = a_written_referral(patient=patient, state="submitted", actor=therapist)
    signed = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    for name, made, meaning, after in (("referral-sign", asked, "refused", "refused"), ("referral-revoke", signed, "revoked", "revoked")):
        for note, status in (("", 409), ("Fever", 303)):
            looks = ReadLine.objects.count()
            intent = client.get(page(name, made)).context["ceremony"]["intent"]
            assert client.post(page(name, made), {"intent": intent, "meaning": meaning, "note": note}).status_code == status
            assert ReadLine.objects.count() == looks + (2 if status == 409 else 1)
        assert state(made) == after
    assert client.get(page("referral-revoke", asked))["Location"] == page("referral", asked)


@pytest.mark.django_db
@pytest.mark.same_everywhere
@pytest.mark.parametrize("way", [("referral-sign", "submitted", "refused"), ("referral-revoke", "signed", "revoked")])
def test_a_reason_waits_while_the_password_is_entered_again(
    way: tuple[str, str, str], patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn
) -> None:
    (name, begun, meaning), client = way, signed_in(doctor)
    made = a_written_referral(patient=patient, state=begun, actor=therapist, doctor=doctor)
    intent = client.get(page(name, made)).context["ceremony"]["intent"]
    answer = client.post(page(name, made), {"intent": intent, "meaning": meaning, "note": "Fever since Monday"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert "Fever since Monday" in client.get(page(name, made)).content.decode()
    assert "Fever since Monday" not in client.get(page(name, made)).content.decode()
    assert state(made) == begun


@pytest.mark.django_db
def test_what_changed_while_the_doctor_read_is_shown_anew(patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn) -> None:
    made = a_written_referral(patient=patient, state="submitted", actor=therapist)
    client = entered_again(signed_in(doctor))
    intent = client.get(page("referral-sign", made)).context["ceremony"]["intent"]
    Referral.objects.filter(pk=made.pk).update(diagnosis="Fracture")
    answer = client.post(page("referral-sign", made), {"intent": intent, "meaning": "approved"})
    assert answer.status_code == 409
    assert "has changed since you opened the page" in answer.content.decode()
    assert "Fracture" in answer.content.decode()
    assert state(made) == "submitted"


@pytest.mark.django_db
def test_a_paper_is_taken_back_with_a_reason(patient: Patient, therapist: Actor, signed_in: SignedIn) -> None:
    made, client = a_paper_referral(patient=patient, actor=therapist), signed_in(therapist)
    assert "Write why" in client.post(page("referral-take-back", made), follow=True).content.decode()
    client.post(page("referral-take-back", made), {"reason": "Wrong patient"})
    assert state(made) == "revoked"


@pytest.mark.django_db
def test_a_referral_of_a_condition_that_is_gone_can_still_be_read(patient: Patient, therapist: Actor, signed_in: SignedIn) -> None:
    made = a_written_referral(patient=patient, actor=therapist)
    Referral.objects.filter(pk=made.pk).update(condition="gone")
    assert "gone/calming" in signed_in(therapist).get(page("referral", made)).content.decode()


def test_everything_that_is_barred_or_lifted_is_in_the_words_that_are_signed() -> None:
    barred = an_unsaved_referral(
        patient=Patient(family_name="Weber", given_name="Anna", sex="female", born_on=date(1980, 5, 17), card_number="7", clinic_id=1),
        zones_barred=[["neck", "both"], ["calf", "left"]], families_barred=["percussion"], techniques_barred=["kneading-longitudinal"],
        pressure_max=2, rules=["ca-16"], form="With dizziness",
    )  # fmt: skip
    text = "\n".join(line for section in content_of(barred, shipped_library(), shipped_names("en")).sections for line in section.lines)
    names = shipped_names("en")
    for words in ("calf, left", names.of("families", "percussion"), names.of("techniques", "kneading-longitudinal"), "Pressure: 2 of 5"):
        assert words in text
    assert names.of("rules", "ca-16", "title") in text
    assert "With dizziness" in text
    assert "Pressure up to 2 of 5." in text


def test_a_chart_is_drawn_from_two_sessions_on_and_over_gaps() -> None:
    day = date(2026, 5, 4)
    assert outcome_chart([Felt(day, 6, 4, 7)]) is None
    chart = outcome_chart([Felt(day, 6, 4, 7), Felt(day, None, None, None), Felt(day, 10, 0, None)])
    assert chart is not None
    first, gap, last = chart.marks
    assert (gap.before, gap.after) == ("", "")
    assert (last.before, last.after) == ("12.0", "132.0")
    assert chart.path_before.count("L") == 1
    assert float(first.x) < float(gap.x) < float(last.x) < float(chart.right)
    assert len([mark for mark in (outcome_chart([Felt(day, 5, 5, 5)] * 60) or chart).marks if mark.is_labelled]) == 13


@pytest.mark.django_db
def test_whoever_signs_a_referral_reads_what_is_known_about_the_patient(
    patient: Patient, therapist: Actor, doctor: Actor, signed_in: SignedIn
) -> None:
    thinner = {"medicine.anticoagulant": Reply(STATED, value=True)}
    record_facts(patient=patient, replies=thinner, on=patient.clinic.today(), given_by="patient", actor=therapist)
    referral = a_written_referral(patient=patient, state="submitted", actor=therapist)
    assert "Do you take a blood thinner" in signed_in(doctor).get(page("referral-sign", referral)).content.decode()
