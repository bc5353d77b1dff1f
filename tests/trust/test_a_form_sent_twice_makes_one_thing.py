"""A double click, a reload or a retry of a form that makes something new makes it once (F7)."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.models import Course
from clinic.schedule.models import Absence, Closure
from clinic.staff.models import SentForm
from clinic.staff.permissions import Actor
from clinic.staff.tasks import forget_sent_forms
from patients.models import Patient
from tests.factories import a_member, a_patient, an_actor

SignedIn = Callable[[Any], Client]
NEW = "/patients/new/"
TYPED = {"family_name": "Weber", "given_name": "Ida", "born_on": "1991-02-03", "sex": "female", "language": "en"}
PLAN = {"count": "5"}


def token_on(client: Client, url: str) -> str:
    found = re.search(r'name="once" value="([0-9a-f]{32})"', client.get(url).content.decode())
    assert found
    return found[1]


def new_plan(therapist: Actor) -> str:
    patient = a_patient(clinic=therapist.clinic)
    return reverse("courses:new-plan", kwargs={"pk": patient.pk, "condition": "neck-collar", "stage": "calming"})


def test_each_page_has_a_token_of_its_own(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    assert token_on(client, NEW) != token_on(client, NEW)
    assert token_on(client, new_plan(therapist))


def test_the_same_registration_leads_to_the_same_patient(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    sent = TYPED | {"once": token_on(client, NEW)}
    answers = [client.post(NEW, sent) for _time in range(3)]
    patient = Patient.objects.get()
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"/patients/{patient.pk}/")}
    assert AuditLine.objects.filter(verb="registered").count() == 1


def test_the_same_plan_leads_to_the_same_course(signed_in: SignedIn, therapist: Actor) -> None:
    client, url = signed_in(therapist), new_plan(therapist)
    sent = PLAN | {"once": token_on(client, url)}
    answers = [client.post(url, sent) for _time in range(3)]
    course = Course.objects.get()
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"/courses/{course.pk}/")}
    assert AuditLine.objects.filter(verb="planned").count() == 1


def test_the_same_absence_leads_to_the_same_sessions(signed_in: SignedIn, clinic_admin: Actor) -> None:
    url, client = "/calendar/absent/new/", signed_in(clinic_admin)
    ill, today = a_member(clinic=clinic_admin.clinic), clinic_admin.clinic.today().isoformat()
    sent = {"therapist": ill.pk, "first_on": today, "last_on": today, "reason": "ill", "once": token_on(client, url)}
    answers = [client.post(url, sent) for _time in range(3)]
    absence = Absence.objects.get()
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"/calendar/absent/{absence.pk}/")}


def test_a_holiday_is_opened_once_so_that_it_can_be_taken_back(signed_in: SignedIn, clinic_admin: Actor) -> None:
    client, day = signed_in(clinic_admin), {"day": f"{clinic_admin.clinic.today().year + 1}-12-25"}
    assert {client.post("/schedule/closures/open/", day).status_code for _time in range(2)} == {303}
    assert client.post(f"/schedule/closures/{Closure.objects.get().pk}/withdraw/").status_code == 303
    assert client.post("/schedule/closures/open/", day).status_code == 303
    assert Closure.objects.filter(withdrawn_at=None).count() == 1


def test_other_words_under_the_same_token_are_refused_once_and_then_wanted(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    sent = TYPED | {"once": token_on(client, NEW)}
    client.post(NEW, sent)
    refused = client.post(NEW, sent | {"family_name": "Vogel", "born_on": "1992-03-04"})
    assert refused.status_code == 422
    assert "This form has been sent already" in refused.content.decode()
    assert Patient.objects.count() == 1
    found = re.search(r'name="once" value="([0-9a-f]{32})"', refused.content.decode())
    assert found
    assert found[1] != sent["once"]
    assert client.post(NEW, sent | {"family_name": "Vogel", "born_on": "1992-03-04", "once": found[1]}).status_code == 303
    assert Patient.objects.count() == 2


def test_a_refused_form_keeps_its_token_and_can_be_mended(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    token = token_on(client, NEW)
    refused = client.post(NEW, TYPED | {"born_on": "", "once": token})
    assert (refused.status_code, SentForm.objects.count()) == (422, 0)
    assert f'value="{token}"' in refused.content.decode()
    assert client.post(NEW, TYPED | {"once": token}).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "0" * 31, "0" * 33, "G" * 32, "\x00", "0" * 100_000])
def test_a_token_that_is_not_ours_counts_as_none(token: str, signed_in: SignedIn, therapist: Actor) -> None:
    assert signed_in(therapist).post(NEW, TYPED | {"once": token}).status_code == 303
    assert not SentForm.objects.exists()


def test_somebody_else_s_token_leads_nowhere(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    sent = TYPED | {"once": token_on(client, NEW)}
    client.post(NEW, sent)
    stranger = an_actor()
    assert signed_in(stranger).post(NEW, sent).status_code == 303
    assert [patient.clinic for patient in Patient.objects.order_by("pk")] == [therapist.clinic, stranger.clinic]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["registration", "plan"])
def test_many_at_the_same_moment_make_one(what: str, signed_in: SignedIn, therapist: Actor) -> None:
    url = NEW if what == "registration" else new_plan(therapist)
    client = signed_in(therapist)
    sent = (TYPED | {"is_somebody_else": "on"} if what == "registration" else PLAN) | {"once": token_on(client, url)}
    before, start, answers = Patient.objects.count(), threading.Barrier(8), []

    def send() -> None:
        own = Client()
        own.cookies = client.cookies
        start.wait()
        answer = own.post(url, sent)
        answers.append((answer.status_code, answer.headers.get("Location")))
        connection.close()

    threads = [threading.Thread(target=send) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert (Patient.objects.count() - before, Course.objects.count()) == ((1, 0) if what == "registration" else (0, 1))


def test_what_a_form_made_is_forgotten_after_some_days(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    client.post(NEW, TYPED | {"once": token_on(client, NEW)})
    assert forget_sent_forms() == 0
    SentForm.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert forget_sent_forms() == 1


def test_no_patient_is_named_in_a_cookie(signed_in: SignedIn, therapist: Actor) -> None:
    client = signed_in(therapist)
    client.post(NEW, TYPED)
    assert {"messages"}.isdisjoint(client.cookies)
