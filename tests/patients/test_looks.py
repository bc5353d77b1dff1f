"""Who opened a patient's record: what the page tells, to whom, and that telling it is a look as well."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit import queries as audit
from clinic.audit.actions import read_seen, record
from clinic.audit.belonging import records_of
from clinic.audit.models import Look, ReadLine
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.models import Patient
from patients.queries import patient_or_404
from tests.factories import a_patient, a_referral, a_running_course

SignedIn = Callable[[Any], Client]


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return a_patient(clinic=clinic, family_name="Canarova")


def looks_of(client: Client, patient: Patient, **asked: str) -> str:
    return client.get(reverse("patients:looks", args=[patient.pk]), asked).content.decode()


def rows(body: str) -> list[str]:
    return body.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr")[1:]


def test_it_tells_who_looked_changed_printed_and_was_refused(
    signed_in: SignedIn, auditor: Actor, therapist: Actor, clinic_admin: Actor
) -> None:
    course = a_running_course(actor=therapist)
    treating = signed_in(therapist)
    treating.get(reverse("patients:detail", args=[course.patient_id]))
    treating.get(reverse("courses:plan-pdf", args=[course.pk]))
    signed_in(clinic_admin).get(reverse("courses:detail", args=[course.pk]))
    body = looks_of(signed_in(auditor), course.patient)
    newest = rows(body)
    assert "looked" in newest[0]
    assert "who opened this record" in newest[0]
    assert auditor.user.full_name in newest[0]
    assert "Auditor" in newest[0]
    assert "was refused" in newest[1]
    assert clinic_admin.user.full_name in newest[1]
    assert "printed plan of a course" in newest[2]
    assert "printed" in newest[2]
    assert "record of the patient" in newest[3]
    assert "started the course" in newest[4]


def test_everything_that_belongs_to_the_patient_belongs_to_the_story(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    other = a_running_course(actor=therapist)
    found = records_of([course.patient])
    assert found["patients.patient"] == (str(course.patient_id),)
    assert found["courses.course"] == (str(course.pk),)
    assert set(found["patients.document"]) == {str(each.pk) for each in course.patient.documents.all()}
    assert str(other.pk) not in found["courses.course"]
    assert {line.subject_type for line in audit.changes_of([course.patient], therapist.clinic)} >= {"courses.course", "patients.intake"}


def test_a_record_that_was_merged_into_this_one_is_told_with_it(signed_in: SignedIn, auditor: Actor, therapist: Actor) -> None:
    kept, second = a_patient(clinic=therapist.clinic), a_patient(clinic=therapist.clinic)
    read_seen(actor=therapist, patient=second, page="patients:edit")
    Patient.objects.filter(pk=second.pk).update(merged_into=kept)
    assert "correction of the record" in looks_of(signed_in(auditor), kept)


def test_looks_at_other_patients_and_of_other_clinics_are_not_told(
    signed_in: SignedIn, auditor: Actor, therapist: Actor, stranger: Actor, patient: Patient
) -> None:
    read_seen(actor=therapist, patient=a_patient(clinic=therapist.clinic), page="patients:edit")
    signed_in(stranger).get(reverse("patients:detail", args=[patient.pk]))
    body = looks_of(signed_in(auditor), patient)
    assert len(rows(body)) == 1
    assert stranger.user.full_name not in body


@pytest.mark.parametrize("role", ["clinic_admin", "clinical_lead", "auditor"])
def test_nobody_is_told_here_what_was_entered(
    request: pytest.FixtureRequest, signed_in: SignedIn, therapist: Actor, patient: Patient, role: str
) -> None:
    record(actor=therapist, verb="recorded-facts", subject=patient, details={"pregnant": "secret-detail"})
    body = looks_of(signed_in(request.getfixturevalue(role)), patient)
    assert "recorded facts" in body
    assert "secret-detail" not in body


def test_looking_at_the_report_and_printing_it_are_looks(signed_in: SignedIn, auditor: Actor, patient: Patient) -> None:
    client = signed_in(auditor)
    looks_of(client, patient)
    body = looks_of(client, patient, whole="")
    assert list(ReadLine.objects.order_by("pk").values_list("kind", "page")) == [
        ("looked", "patients:looks"),
        ("printed", "patients:looks"),
    ]
    assert len(rows(body)) == 2
    assert "print-header" in body
    assert "Lindenhof" in body


# The period -----------------------------------------------------------------------------------------------------------------
def test_a_period_counts_days_in_the_clinic_s_zone(signed_in: SignedIn, auditor: Actor, therapist: Actor, patient: Patient) -> None:
    for moment in ("2026-03-09T22:59:59Z", "2026-03-09T23:00:00Z", "2026-03-10T22:59:59Z", "2026-03-10T23:00:00Z"):
        with time_machine.travel(moment, tick=False):
            read_seen(actor=therapist, patient=patient, page="patients:edit")
    client = signed_in(auditor)
    assert len(rows(looks_of(client, patient, since="2026-03-10", until="2026-03-10"))) == 2
    assert len(rows(looks_of(client, patient, until="2026-03-10"))) == 3


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "yesterday"}, "This is not a day."),
        ({"until": "2026-02-30"}, "This is not a day."),
        ({"since": "0001-01-01"}, "Check the year"),
        ({"until": "9999-12-31"}, "Check the year"),
        ({"since": "2026-05-02", "until": "2026-05-01"}, "The period ends before it begins."),
    ],
)
def test_a_wrong_period_is_told_and_nothing_is_shown_as_if_it_were_the_answer(
    signed_in: SignedIn, auditor: Actor, patient: Patient, asked: dict[str, str], sentence: str
) -> None:
    response = signed_in(auditor).get(reverse("patients:looks", args=[patient.pk]), asked)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert rows(response.content.decode()) == []


def test_a_long_story_is_told_in_pages_by_as_many_queries(
    signed_in: SignedIn, auditor: Actor, therapist: Actor, django_assert_max_num_queries: Any
) -> None:
    course = a_running_course(actor=therapist)
    client = signed_in(auditor)
    for number in range(120):
        read_seen(actor=therapist, patient=course.patient)
        record(actor=therapist, verb=f"tried-{number}", subject=course, details={})
    for asked in ({}, {"page": "3"}, {"whole": ""}, {"page": "999"}, {"page": "x"}):
        with django_assert_max_num_queries(13):
            body = looks_of(client, course.patient, **asked)
        assert len(rows(body)) >= (240 if "whole" in asked else 1)


@pytest.mark.same_everywhere
def test_what_does_not_fit_on_one_sheet_is_told(
    signed_in: SignedIn, auditor: Actor, therapist: Actor, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.audit.queries.story.MOST_AT_ONCE", 3)
    for _look in range(3):
        read_seen(actor=therapist, patient=patient)
    body = looks_of(signed_in(auditor), patient, whole="")
    assert len(rows(body)) == 3
    assert "there are more. Choose a shorter period." in body


def test_the_newest_comes_first_from_both_tables(therapist: Actor, patient: Patient) -> None:
    start = timezone.now()
    for minute in range(6):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            if minute % 2:
                read_seen(actor=therapist, patient=patient)
            else:
                record(actor=therapist, verb="tried", subject=patient, details={})
    moments = [at for at, _table, _pk in audit.story_of([patient], therapist.clinic, audit.Period()).rows]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == 6


# Finding the patient --------------------------------------------------------------------------------------------------------
def test_an_auditor_finds_a_patient_by_name_or_card_and_that_is_noted(signed_in: SignedIn, auditor: Actor) -> None:
    client, other = signed_in(auditor), a_patient(clinic=auditor.clinic, family_name="Somebody", phone="+49 555 0199")
    patient = a_patient(clinic=auditor.clinic, family_name="Canarova", card_number="4711")  # digits that no telephone ends with
    for query in ("canar", patient.card_number):
        body = client.get(reverse("patients:looks-find"), {"q": query}).content.decode()
        assert reverse("patients:looks", args=[patient.pk]) in body
        assert other.full_name not in body
        assert "0199" not in body
    line = ReadLine.objects.latest("pk")
    assert (line.kind, line.page, line.subject_id, line.details) == (Look.SEARCHED, "patients:looks-find", "", {"found": [patient.pk]})


def test_an_empty_search_shows_nobody_and_is_no_search(signed_in: SignedIn, auditor: Actor, patient: Patient) -> None:
    body = signed_in(auditor).get(reverse("patients:looks-find"), {"q": "  "}).content.decode()
    assert patient.full_name not in body
    assert not ReadLine.objects.exists()


def test_patients_of_another_clinic_are_not_found(signed_in: SignedIn, stranger: Actor, auditor: Actor, other_clinic: Clinic) -> None:
    a_patient(clinic=other_clinic, family_name="Elsewhere")
    assert "Nobody found" in signed_in(auditor).get(reverse("patients:looks-find"), {"q": "elsewhere"}).content.decode()


def test_a_document_s_story_is_the_patient_s(therapist: Actor, auditor: Actor, signed_in: SignedIn) -> None:
    patient = patient_or_404(therapist.clinic, a_patient(clinic=therapist.clinic).pk)
    a_referral(patient=patient)
    assert "recorded a document" in looks_of(signed_in(auditor), patient)
