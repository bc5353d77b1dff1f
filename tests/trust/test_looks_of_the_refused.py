"""Who was refused leaves a line, and noting it changes nothing of the refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from clinic.audit.actions import verify_chain
from clinic.audit.models import Look, ReadLine
from clinic.staff import recording
from clinic.staff.permissions import Actor
from tests.factories import a_course, a_patient, a_user

SignedIn = Callable[[Any], Client]


def lines() -> list[tuple[str, str, str, str, Any]]:
    return list(ReadLine.objects.order_by("pk").values_list("kind", "page", "subject_type", "subject_id", "details"))


def test_a_role_that_is_not_enough(signed_in: SignedIn, auditor: Actor) -> None:
    patient = a_patient(clinic=auditor.clinic)
    assert signed_in(auditor).get(reverse("patients:detail", args=[patient.pk])).status_code == 403
    ids = {"pk": str(patient.pk)}
    assert lines() == [(Look.REFUSED, "patients:detail", "patients.patient", str(patient.pk), {"status": 403, "ids": ids})]


def test_an_action_that_is_denied(signed_in: SignedIn, therapist: Actor) -> None:
    course = a_course(patient=a_patient(clinic=therapist.clinic), actor=therapist)
    assert signed_in(therapist).post(reverse("courses:start", args=[course.pk])).status_code == 403
    assert [(line.kind, line.page, line.subject_id) for line in ReadLine.objects.all()] == [(Look.REFUSED, "courses:start", str(course.pk))]


def test_a_record_of_another_clinic_and_one_that_nobody_has_leave_the_same_line(signed_in: SignedIn, stranger: Actor, clinic: Any) -> None:
    client, there = signed_in(stranger), a_patient(clinic=clinic).pk
    answers = [client.get(f"/patients/{pk}/") for pk in (there, there + 1000)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert [(line[0], line[1], line[4]["status"]) for line in lines()] == [(Look.REFUSED, "patients:detail", 404)] * 2
    assert {line.clinic for line in ReadLine.objects.all()} == {stranger.clinic}


@pytest.mark.parametrize("number", ["9" * 30, "9" * 400])
def test_a_number_that_no_record_can_have_is_noted_in_short(signed_in: SignedIn, therapist: Actor, number: str) -> None:
    assert signed_in(therapist).get(f"/patients/{number}/").status_code == 404
    ((kind, _page, _type, subject, details),) = lines()
    assert (kind, subject, details["ids"]["pk"]) == (Look.REFUSED, number[:40], number[:40])


def test_words_of_an_address_are_not_kept(signed_in: SignedIn, auditor: Actor) -> None:
    signed_in(auditor).get("/patients/5/courses/new/scoliosis/")
    assert "scoliosis" not in str(lines())


def test_a_missing_page_without_a_number_and_people_of_no_clinic_leave_nothing(signed_in: SignedIn, therapist: Actor) -> None:
    signed_in(therapist).get("/library/rules/no-such-rule/")
    signed_in(a_user()).get(reverse("patients:list"))
    Client().get("/patients/5/")
    assert lines() == []


@pytest.mark.parametrize("wrong", [DatabaseError("gone"), LookupError("no recorder"), ValueError("a bug")])
def test_a_refusal_that_cannot_be_noted_is_the_same_refusal(
    signed_in: SignedIn, auditor: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wrong: Exception
) -> None:
    client, url = signed_in(auditor), reverse("patients:detail", args=[a_patient(clinic=auditor.clinic).pk])
    usual = client.get(url)

    def fail(_refusal: object) -> None:
        raise wrong

    monkeypatch.setattr(recording, "_watchers", [fail])
    broken = client.get(url)
    assert broken.status_code == usual.status_code == 403
    assert len(broken.content) == len(usual.content)
    assert "could not be noted" in caplog.text


def test_a_refused_attempt_does_not_touch_the_chain(signed_in: SignedIn, auditor: Actor) -> None:
    signed_in(auditor).get(reverse("patients:list"))
    assert verify_chain() is None
    assert len(lines()) == 1
