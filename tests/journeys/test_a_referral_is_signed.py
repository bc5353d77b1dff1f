"""A therapist writes a referral in under a minute, the doctor asks back, gets an answer and signs by one deliberate act."""

import pytest
from playwright.sync_api import expect

from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from patients.models import Referral
from tests.factories import PASSWORD
from tests.journeys.desk import Desk, people_of_the_clinic
from tests.journeys.looks import faults_in, unfold
from tests.journeys.patients import a_known_patient
from tests.papers import a_written_referral


@pytest.fixture
def clara(anna: Actor) -> Actor:
    return people_of_the_clinic(anna.clinic, Role.DOCTOR, "Clara Weiss")


def test_a_referral_goes_to_the_doctor_and_back_and_is_signed(desk: Desk, anna: Actor, clara: Actor) -> None:
    patient = a_known_patient(actor=anna)
    # when the therapist writes three lines and a question
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    desk.follow("New referral")
    desk.page.get_by_label("Condition and stage").select_option("neck-collar/calming")
    desk.fill({"Diagnosis*": "Tension headache", "ICD-10 code*": "G44.2", "Question to the doctor": "May the front of the neck be worked?"})
    desk.press("Send to the doctor")
    expect(desk.page.get_by_text("lies with the doctor now")).to_be_visible()
    referral = Referral.objects.get()
    # then the doctor reads the question first, and asks back
    desk.is_signed_in(clara, f"/patients/{patient.pk}/referrals/{referral.pk}/")
    desk.follow("Read and answer")
    expect(desk.page.locator(".signed-section").first).to_contain_text("May the front of the neck be worked?")
    desk.page.get_by_text("Ask back").click()
    desk.fill({"What do you want to know?": "Any dizziness?"})
    desk.press("Return with this question")
    # and the therapist answers
    desk.is_signed_in(anna, f"/patients/{patient.pk}/referrals/{referral.pk}/")
    expect(desk.page.get_by_text("Any dizziness?").first).to_be_visible()
    desk.follow("Change")
    desk.fill({"Your answer to the doctor": "None"})
    desk.press("Send to the doctor")
    # and the doctor signs after entering the password once
    desk.is_signed_in(clara, f"/patients/{patient.pk}/referrals/{referral.pk}/signature/")
    desk.press("Enter your password to sign")
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.page.locator("input[name=password]").press("Enter")
    desk.press("Sign")
    desk.sees("Signed. Sessions may be given under this referral from now on.")
    desk.page.get_by_role("region", name="Answered").get_by_role("link", name=patient.full_name).first.click()
    expect(desk.page.get_by_text("Checked just now: nothing was changed since it was signed.")).to_be_visible()
    expect(desk.page.get_by_text("10 of 10 sessions left")).to_be_visible()


def test_the_pages_of_the_doctor_s_word_are_accessible(desk: Desk, anna: Actor, clara: Actor) -> None:
    patient = a_known_patient(actor=anna)
    signed = a_written_referral(patient=patient, state="signed", actor=anna, doctor=clara)
    asked = a_written_referral(patient=patient, state="submitted", actor=anna, extends=signed, reason="Better", session_count=40)
    desk.is_signed_in(clara, None)
    for path in (f"{asked.pk}/signature/", f"{signed.pk}/revocation/"):
        desk.open(f"/patients/{patient.pk}/referrals/{path}")
        unfold(desk.page)
        assert not faults_in(desk.page), path
