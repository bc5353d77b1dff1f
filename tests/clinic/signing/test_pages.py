"""The page of an entry shows what was signed, word for word, and whether it holds now."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from clinic.audit.models import ReadLine
from clinic.signing.actions import demo_sign, record_paper
from clinic.signing.ceremony import open_ceremony
from clinic.signing.content import Section
from clinic.signing.models import Meaning, Signature
from clinic.signing.queries import stamp_of
from clinic.signing.subjects import register_subject
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_content, a_request, signed
from tests.clinic.signing.soft_passkey import SoftPasskey
from tests.factories import a_patient
from tests.fixtures import without_triggers

KIND = "paper-of-a-test"


@pytest.fixture
def patient(clinic: Any) -> Any:
    found = a_patient(clinic=clinic, family_name="Weber")
    register_subject(
        KIND,
        lambda at, subject: at.patients.filter(pk=subject.rpartition(":")[2]).first(),
        "Plan of a course",
        address_of=lambda subject: f"/patients/{subject.rpartition(':')[2]}/",
    )
    return found


def content_about(patient: Any, **fields: Any) -> Any:
    return a_content(**({"kind": KIND, "subject": f"patients.patient:{patient.pk}"} | fields))


def page_of(client: Client, row: Signature) -> str:
    answer = client.get(reverse("signing:entry", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.same_everywhere
def test_the_page_shows_the_words_that_were_signed_and_who_signed(doctor: Actor, patient: Any, signed_in: Any) -> None:
    sections = (Section("Where", ("Neck & <back>",)), Section("How often", ("Ten sessions", "every other day")))
    shown = page_of(signed_in(doctor), signed(doctor, content_about(patient, sections=sections)))
    for words in ("Neck &amp; &lt;back&gt;", "every other day", doctor.user.full_name, "approved", "Europe/Berlin", "nothing was changed"):
        assert words in shown
    assert ReadLine.objects.filter(subject_id=str(patient.pk)).count() == 1


def test_an_entry_that_was_tampered_with_says_so(doctor: Actor, patient: Any, signed_in: Any) -> None:
    row = signed(doctor, content_about(patient))
    with without_triggers(connection):
        Signature.objects.update(content=row.content.replace("Ten sessions", "Two sessions"))
    shown = page_of(signed_in(doctor), row)
    assert "does NOT hold" in shown
    assert "nothing was changed" not in shown


def test_an_entry_that_was_overtaken_leads_to_the_newer_one(doctor: Actor, patient: Any, signed_in: Any) -> None:
    first, last = signed(doctor, content_about(patient)), signed(doctor, content_about(patient), meaning=Meaning.REVOKED)
    assert reverse("signing:entry", args=[last.pk]) in page_of(signed_in(doctor), first)
    assert "not the last word" not in page_of(signed_in(doctor), last)


@pytest.mark.same_everywhere
def test_a_paper_is_labelled_as_weaker(therapist: Actor, patient: Any, signed_in: Any) -> None:
    words = {"outside_name": "Dr. Ivanova", "outside_licence": "", "signed_on": date(2026, 1, 5), "file_digest": ""}
    with transaction.atomic():
        row = record_paper(content=content_about(patient), note="", actor=therapist, **words)  # type: ignore[arg-type]
    shown = page_of(signed_in(therapist), row)
    assert "Weaker" in shown
    assert f"by {therapist.user.full_name}" in shown


def test_an_entry_of_a_kind_that_nobody_knows_is_not_shown(doctor: Actor, patient: Any, signed_in: Any) -> None:
    row = signed(doctor, content_about(patient, kind="nobody-knows"))
    gone = signed(doctor, content_about(patient, subject="patients.patient:999999"))
    for each in (row, gone):
        assert signed_in(doctor).get(reverse("signing:entry", args=[each.pk])).status_code == 404
    assert not ReadLine.objects.filter(subject_type="patients.patient").exists()


def sign_form(actor: Actor, *, is_recent: bool = True, **more: Any) -> str:
    ceremony = open_ceremony(a_request(actor), a_content()) | {"is_recent": is_recent}
    return render_to_string("signing/_sign.html", {"ceremony": ceremony, "meaning": "approved", "words": "Approve", **more})


@pytest.mark.same_everywhere
def test_the_form_says_in_the_first_person_what_the_signer_does(doctor: Actor) -> None:
    shown = sign_form(doctor)
    assert f"I, <b>{doctor.user.full_name}</b>, Doctor, have read version 1" in shown
    assert 'name="intent"' in shown
    assert 'type="submit"' in shown
    assert "data-passkey" not in shown


@pytest.mark.same_everywhere
def test_without_a_fresh_password_the_form_cannot_be_sent(doctor: Actor) -> None:
    shown = sign_form(doctor, is_recent=False)
    assert 'type="submit"' not in shown
    assert "/accounts/reauthenticate/?next=%2Fpage%2F" in shown


@pytest.mark.same_everywhere
def test_a_refusal_asks_for_its_reason(doctor: Actor) -> None:
    assert "required" in sign_form(doctor, meaning="refused", note_label="Why")
    assert "I refuse it" in sign_form(doctor, meaning="refused")
    assert "revoke what was signed" in sign_form(doctor, meaning="revoked")


@pytest.mark.same_everywhere
def test_somebody_with_a_passkey_is_offered_it(doctor: Actor) -> None:
    SoftPasskey().enroll(doctor.user)
    shown = sign_form(doctor, is_recent=False)
    assert "data-passkey" in shown
    assert "&quot;challenges&quot;" in shown


@pytest.mark.same_everywhere
def test_a_stamp_tells_who_what_when_which_version_and_how(doctor: Actor, patient: Any) -> None:
    with transaction.atomic():
        row = demo_sign(content=content_about(patient), meaning=Meaning.REFUSED, actor=doctor, note="Too soon")
    shown = render_to_string("signing/_stamp.html", {"stamp": stamp_of(row), "link": True})
    for words in (doctor.user.full_name, "Doctor", "refused", "Europe/Berlin", "made up for the demo", "Too soon", "Version"):
        assert words in shown
    assert reverse("signing:entry", args=[row.pk]) in shown
