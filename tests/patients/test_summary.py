"""Answers in words: what the patient has, what nobody knows, in the language of the page, with zones, sides and units."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from clinic.staff.permissions import Actor
from patients.models import Patient
from patients.questionnaire import NORMAL_REPLY, STATED, UNKNOWN_REPLY, Reply
from patients.summary import health_summary, reply_in_words
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_day_at, a_patient, an_intake

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
ALLERGY = LIBRARY.facts["history.product-allergy"].values


@pytest.mark.parametrize(
    ("fact", "reply", "words"),
    [
        ("history.asthma", Reply(STATED, value=True), "Yes"),
        ("history.asthma", Reply(STATED, value=False), "No"),
        ("history.asthma", NORMAL_REPLY, "No"),
        ("history.asthma", UNKNOWN_REPLY, "Don't know"),
        ("history.surgery-weeks", Reply(STATED, 0), "0 weeks"),
        ("history.surgery-weeks", Reply(STATED, 5), "5 weeks"),
        ("history.hypertension-stage", Reply(STATED, 2), "stage 2"),
        ("today.pain-nrs", Reply(STATED, 2), "2 of 10"),
        ("history.product-allergy", Reply(STATED, list(ALLERGY[:2])), f"{ALLERGY[0]}, {ALLERGY[1]}"),
        ("history.varicose-zones", Reply(STATED, []), "No"),
        ("history.varicose-zones", Reply(STATED, [{"zone": "calf", "side": "left"}]), "calf, left"),
        ("history.varicose-zones", Reply(STATED, [{"zone": "calf", "side": side} for side in ("left", "right")]), "calf"),
        ("history.varicose-zones", Reply(STATED, ["calf"]), "calf"),
    ],
)
def test_a_reply_is_said_as_a_person_would_say_it(fact: str, reply: Reply, words: str) -> None:
    with translation.override("en"):
        said = reply_in_words(LIBRARY, shipped_names("en"), fact, reply)
    assert said.replace(LIBRARY.zones["calf"].name, "calf") == words


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    patient = a_patient(clinic=therapist.clinic)
    replies = {
        "history.lung-disease": Reply(STATED, value=True),
        "history.asthma": Reply(STATED, value=True),
        "history.bullae": UNKNOWN_REPLY,
    }
    an_intake(patient=patient, actor=therapist, gate={"lungs": "yes"}, replies=replies)
    return patient


@pytest.mark.same_everywhere
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_record_shows_what_is_there_and_what_nobody_knows(
    signed_in: SignedIn, therapist: Actor, patient: Patient, language: str
) -> None:
    therapist.user.language = language
    therapist.user.save()
    health = signed_in(therapist).get(f"/patients/{patient.pk}/").context["health"]
    names = shipped_names(language)
    assert [line.question for line in health.stated] == [
        names.of("facts", code, "question") for code in ("history.lung-disease", "history.asthma")
    ]
    assert [line.question for line in health.unknown] == [names.of("facts", "history.bullae", "question")]


@pytest.mark.same_everywhere
def test_reception_sees_contacts_and_no_answer_about_health(signed_in: SignedIn, clinic_admin: Actor, patient: Patient) -> None:
    page = signed_in(clinic_admin).get(f"/patients/{patient.pk}/")
    assert "health" not in page.context
    assert LIBRARY.facts["history.asthma"].question not in page.content.decode()
    assert "New course" not in page.content.decode()


@pytest.mark.parametrize(("days", "is_out_of_date"), [(0, False), (365, False), (366, True)])
@time_machine.travel("2026-05-04T22:30:00+00:00", tick=False)  # the 5th in Berlin
def test_a_form_is_out_of_date_after_a_year_of_the_clinic_s_days(therapist: Actor, days: int, is_out_of_date: bool) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    day = a_day_at(patient.clinic) + timedelta(days=days)
    assert health_summary(patient, (), LIBRARY, shipped_names("en"), on=day).is_out_of_date is is_out_of_date
