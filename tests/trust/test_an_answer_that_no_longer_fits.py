"""A stored answer that the library no longer understands: nothing starts or is given on it, and no page fails because of it (F15)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.models import Course, SessionRecord
from clinic.staff.permissions import Actor
from patients.models import Document, FactAnswer, Patient
from tests.factories import a_day_at, a_running_course, a_signed_course

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
NO_PLAN = "no longer makes a plan"


def spoil(patient: Patient, actor: Actor) -> None:
    """A temperature of today in words: an older edition might have kept it so."""
    day = a_day_at(patient.clinic)
    FactAnswer.objects.create(
        patient=patient,
        fact="today.temperature-c",
        reply="stated",
        value="hot",
        answered_on=day,
        given_by="patient",
        recorded_by=actor.user,
    )


def test_no_course_starts(signed_in: SignedIn, therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    spoil(course.patient, therapist)
    refused = signed_in(therapist).post(f"/courses/{course.pk}/started/", {"version": course.version})
    assert (refused.status_code, Course.objects.get().state) == (403, "signed")
    assert NO_PLAN in refused.content.decode()


def test_no_session_is_given(signed_in: SignedIn, therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    spoil(course.patient, therapist)
    refused = signed_in(therapist).post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "5"})
    assert (refused.status_code, SessionRecord.objects.count()) == (422, 0)
    assert NO_PLAN in refused.content.decode()


def test_a_document_is_recorded_as_if_nothing_were_known(signed_in: SignedIn, therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    spoil(course.patient, therapist)
    client, url = signed_in(therapist), f"/patients/{course.patient_id}/documents/new/"
    assert "no longer fits" in client.get(f"{url}?kind=doctor-referral").content.decode()
    sent = {"kind": "doctor-referral", "issued_on": str(course.planned_on), "issued_by": "Dr Issuer"}
    assert (client.post(url, sent).status_code, Document.objects.count()) == (303, 2)


PAGES = ("courses:detail", "courses:edit", "courses:today", "courses:what-if", "courses:plan-pdf")
PAGES_OF_PATIENTS = ("patients:detail", "patients:intake", "patients:document-new", "courses:new")


@pytest.mark.same_everywhere
@pytest.mark.parametrize("name", [*PAGES, *PAGES_OF_PATIENTS])
def test_no_page_fails(name: str, signed_in: SignedIn, therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    spoil(course.patient, therapist)
    pk = course.pk if name in PAGES else course.patient_id
    assert signed_in(therapist).get(reverse(name, kwargs={"pk": pk}), follow=True).status_code == 200
