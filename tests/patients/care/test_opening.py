"""A record is opened from outside of care with a reason, for an hour, and somebody else judges it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from clinic.audit.models import AuditLine
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.care.actions import close_record, judge_opening, open_record
from patients.models import BreakGlass, CareMember, Patient
from tests.factories import a_doctor, a_patient, an_actor
from tests.patients.care.scene import a_care_clinic, an_opening, nobodys_patient

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
WORDS = "I stand in for Anna today"
Browser = Callable[[Actor], Client]


@pytest.fixture
def outsider() -> Actor:
    return an_actor(clinic=a_care_clinic())


@pytest.fixture
def patient(outsider: Actor) -> Patient:
    return nobodys_patient(outsider.clinic, family_name="Canarova", likes="canary-likes", notes="Rings twice")


@pytest.fixture
def lead(outsider: Actor) -> Actor:
    return an_actor(clinic=outsider.clinic, roles=(Role.CLINICAL_LEAD,))


def page_of(patient: Patient) -> str:
    return reverse("patients:detail", args=[patient.pk])


def verbs() -> list[str]:
    return list(AuditLine.objects.filter(subject_type="patients.patient").order_by("sequence").values_list("verb", flat=True))


# Opening and closing --------------------------------------------------------------------------------------------------------
def test_a_reason_and_a_sentence_open_every_page_of_the_patient_for_an_hour(outsider: Actor, patient: Patient, proved_in: Browser) -> None:
    client, facts = proved_in(outsider), reverse("patients:facts", args=[patient.pk])
    refused = client.get(facts)
    wanted = f"{reverse('care:open', args=[patient.pk])}?next={facts.replace('/', '%2F')}"
    assert (refused.status_code, wanted in refused.content.decode()) == (403, True)
    assert WORDS not in client.get(wanted).content.decode()
    sent = client.post(reverse("care:open", args=[patient.pk]), {"reason": "standing-in", "words": WORDS, "next": facts})
    assert (sent.status_code, sent["Location"]) == (303, facts)
    page = client.get(facts).content.decode()
    glass = BreakGlass.objects.get()
    assert "You opened this record from outside" in page
    assert reverse("care:close", args=[patient.pk]) in page
    assert glass.ends_at - glass.opened_at == timedelta(hours=1)
    assert verbs() == ["opened-record"]
    assert WORDS not in str(list(AuditLine.objects.values("details")))
    with time_machine.travel(glass.ends_at, tick=False):
        assert client.get(facts).status_code == 403
        new, said = reverse("patients:facts-new", args=[patient.pk]), {"note": "Since Monday the left hand is numb"}
        late = client.post(new, said, headers={"origin": "http://testserver", "referer": f"http://testserver{new}"}).content.decode()
        assert "Since Monday the left hand is numb" in late
        assert f"?next={new.replace('/', '%2F')}" in late


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"reason": "standing-in", "words": "too  sho\nrt"}, "at least 10 letters"),
        ({"reason": "standing-in", "words": ""}, "Say in a sentence"),
        ({"reason": "curious", "words": WORDS}, "curious is not one of"),
        ({"words": WORDS}, "Choose a reason"),
    ],
)
def test_without_a_reason_and_a_sentence_nothing_opens_and_what_was_typed_stays(
    outsider: Actor, patient: Patient, proved_in: Browser, sent: dict[str, str], told: str
) -> None:
    answer = proved_in(outsider).post(reverse("care:open", args=[patient.pk]), sent)
    body = answer.content.decode()
    assert (answer.status_code, told in body, sent["words"].split("\n")[0] in body) == (422, True, True)
    assert not BreakGlass.objects.exists()


def test_nobody_is_led_to_another_site(outsider: Actor, patient: Patient, proved_in: Browser) -> None:
    about = {"reason": "emergency", "words": WORDS, "next": "//evil.example/"}
    assert proved_in(outsider).post(reverse("care:open", args=[patient.pk]), about)["Location"] == page_of(patient)


def test_a_second_one_while_it_is_open_leads_to_the_open_one(outsider: Actor, patient: Patient, proved_in: Browser) -> None:
    one = open_record(patient=patient, reason="emergency", words=WORDS, actor=outsider)
    assert open_record(patient=patient, reason="other", words=WORDS, actor=outsider) == one
    answer = proved_in(outsider).get(reverse("care:open", args=[patient.pk]))
    assert (answer.status_code, answer["Location"]) == (303, page_of(patient))
    with time_machine.travel(one.ends_at, tick=False):
        assert open_record(patient=patient, reason="other", words=WORDS, actor=outsider) != one


def test_it_is_closed_early_by_who_opened_it_alone_and_once(outsider: Actor, patient: Patient, proved_in: Browser) -> None:
    client, glass = proved_in(outsider), open_record(patient=patient, reason="emergency", words=WORDS, actor=outsider)
    with pytest.raises(ActionDenied, match="Only who opened"):
        close_record(glass=glass, actor=an_actor(clinic=outsider.clinic))
    assert client.post(reverse("care:close", args=[patient.pk])).status_code == 303
    assert client.get(reverse("patients:facts", args=[patient.pk])).status_code == 403
    assert client.post(reverse("care:close", args=[patient.pk])).status_code == 303
    assert verbs() == ["opened-record", "closed-record"]


def test_whoever_came_into_care_meanwhile_is_not_told_that_the_record_is_closed(
    outsider: Actor, patient: Patient, lead: Actor, proved_in: Browser
) -> None:
    an_opening(patient, outsider)
    CareMember.objects.create(patient=patient, user=outsider.user, added_by=lead.user)
    told = proved_in(outsider).post(reverse("care:close", args=[patient.pk]), follow=True).content.decode()
    assert "What you opened is closed. The record stays open to you" in told
    assert "is closed to you again" not in told


def test_who_needs_no_reason_and_who_does_not_treat_opens_nothing(outsider: Actor, patient: Patient, lead: Actor) -> None:
    CareMember.objects.create(patient=patient, user=outsider.user, added_by=lead.user)
    for actor in (outsider, an_actor(clinic=outsider.clinic, roles=(Role.CLINICAL_LEAD, Role.THERAPIST))):
        with pytest.raises(ActionDenied, match="open to you already"):
            open_record(patient=patient, reason="other", words=WORDS, actor=actor)
    with pytest.raises(ActionDenied, match="Only a therapist or a doctor"):
        open_record(patient=patient, reason="other", words=WORDS, actor=an_actor(clinic=outsider.clinic, roles=(Role.ADMIN,)))


# The patient's page outside of care -------------------------------------------------------------------------------------------
def test_outside_of_care_the_patients_page_is_that_of_the_reception(
    outsider: Actor, patient: Patient, signed_in: Browser, max_queries: Any
) -> None:
    with max_queries(16):
        page = signed_in(outsider).get(page_of(patient)).content.decode()
    assert "You see contacts and dates" in page
    assert "Rings twice" in page
    assert reverse("care:open", args=[patient.pk]) in page
    assert "canary-likes" not in page
    assert "New course" not in page
    assert reverse("patients:facts", args=[patient.pk]) not in page
    an_opening(patient, outsider)
    opened = signed_in(outsider).get(page_of(patient)).content.decode()
    assert "You see contacts and dates" not in opened
    assert "Take the intake" in opened


# Judged by somebody else --------------------------------------------------------------------------------------------------------
def test_it_waits_in_a_list_with_a_number_beside_it_until_somebody_else_has_judged_it(
    outsider: Actor, patient: Patient, lead: Actor, signed_in: Browser
) -> None:
    glass = open_record(patient=patient, reason="standing-in", words=WORDS, actor=outsider)
    client, auditor = signed_in(lead), signed_in(an_actor(clinic=outsider.clinic, roles=(Role.AUDITOR,)))
    for reader in (client, auditor):
        page = reader.get(reverse("care:opened")).content.decode()
        assert WORDS in page
        assert '<span class="nav-count num">1<' in page
    judge = reverse("care:judge", args=[glass.pk])
    assert "Was there a good reason?" in auditor.get(judge).content.decode()
    refused = client.post(judge, {"verdict": "no", "words": ""})
    assert (refused.status_code, "Say in words" in refused.content.decode()) == (422, True)
    assert client.post(judge, {"verdict": "no", "words": "Anna was there"}).status_code == 303
    glass.refresh_from_db()
    assert (glass.is_justified, glass.reviewed_by, glass.review_words) == (False, lead.user, "Anna was there")
    assert "nav-count" not in auditor.get(reverse("care:opened")).content.decode()
    with pytest.raises(ActionDenied, match="judged already"):
        judge_opening(glass=glass, is_justified=True, words="No", actor=lead)
    assert verbs() == ["opened-record", "judged-opening"]


def test_nobody_judges_what_they_opened_themselves(outsider: Actor, patient: Patient, signed_in: Browser) -> None:
    both = an_actor(clinic=outsider.clinic, roles=(Role.THERAPIST, Role.AUDITOR))
    glass = an_opening(patient, both)
    with pytest.raises(ActionDenied, match="themselves"):
        judge_opening(glass=glass, is_justified=True, words="I was right", actor=both)
    page = signed_in(both).get(reverse("care:judge", args=[glass.pk])).content.decode()
    assert "somebody else judges it" in page
    with pytest.raises(IntegrityError, match="nobody_judges_that_they_opened_a_record"):
        BreakGlass.objects.update(reviewed_at=timezone.now(), reviewed_by=both.user, is_justified=True)


def test_what_was_looked_at_meanwhile_stands_beside_it(outsider: Actor, patient: Patient, lead: Actor, signed_in: Browser) -> None:
    an_opening(patient, outsider, minutes_ago=5)
    signed_in(outsider).get(reverse("patients:facts", args=[patient.pk]))
    page = signed_in(lead).get(reverse("care:judge", args=[BreakGlass.objects.get().pk])).content.decode()
    assert "> facts <" in page.replace("\n", " ")


def test_whoever_judges_is_told_that_the_opener_is_in_care_by_now(
    outsider: Actor, patient: Patient, lead: Actor, signed_in: Browser
) -> None:
    judge = reverse("care:judge", args=[an_opening(patient, outsider).pk])
    assert "In care by now" not in signed_in(lead).get(judge).content.decode()
    CareMember.objects.create(patient=patient, user=outsider.user, added_by=lead.user)
    assert "In care by now put in by hand" in " ".join(strip_tags(signed_in(lead).get(judge).content.decode()).split())


def test_the_patients_own_report_says_who_opened_the_record_and_why_and_reception_reads_no_words(
    outsider: Actor, patient: Patient, lead: Actor, signed_in: Browser
) -> None:
    an_opening(patient, outsider)
    looks = reverse("patients:looks", args=[patient.pk])
    report = signed_in(lead).get(f"{looks}?whole").content.decode()
    assert all(words in report for words in (outsider.user.full_name, "I stand in for a colleague", WORDS))
    admin = signed_in(an_actor(clinic=outsider.clinic, roles=(Role.ADMIN,)))
    page = admin.get(looks).content.decode()
    assert ("I stand in for a colleague" in page, WORDS in page) == (True, False)


def test_a_doctor_whom_something_waits_for_needs_no_reason(outsider: Actor, proved_in: Browser) -> None:
    doctor, new = a_doctor(clinic=outsider.clinic), a_patient(clinic=outsider.clinic)
    assert proved_in(doctor).get(reverse("care:open", args=[new.pk])).status_code == 303
