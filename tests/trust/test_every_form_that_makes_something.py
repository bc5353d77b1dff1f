"""Every form that makes something new makes it once, however often it is sent: one after another, other words, many at one moment (F7)."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.factories import PASSWORD, a_clinic, a_patient, an_actor, an_intake
from tests.trust.forms_on_pages import form_with

# At one moment. The suite sends six of three forms; ``verify idempotent`` sends fifty of each form.
SENDERS = int(os.environ.get("TACTUS_SENDERS", "6"))
# What is written whenever somebody asks, and says nothing about what was made.
BESIDE = {"audit.auditline", "audit.chainhead", "audit.readline", "staff.sentform", "sessions.session", "usersessions.usersession"}
Made = tuple[str, dict[str, Any]]


def registered(actor: Actor) -> Made:
    return "/patients/new/", {"family_name": "Weber", "given_name": "Ida", "born_on": "1991-02-03", "sex": "female"}


def planned(actor: Actor) -> Made:
    patient = a_patient(clinic=actor.clinic)
    return reverse("courses:new-plan", args=[patient.pk, "neck-collar", "calming"]), {"count": "5"}


def _days(actor: Actor, **more: str) -> dict[str, str]:
    day = actor.clinic.today() + timedelta(days=3)
    return {"first_on": day.isoformat(), "last_on": day.isoformat()} | more


def away(actor: Actor) -> Made:
    return reverse("calendar:absent-new"), _days(actor, therapist=str(an_actor(clinic=actor.clinic).user.pk), reason="ill")


def absence(actor: Actor) -> Made:
    return reverse("schedule:absence-new"), _days(actor, therapist=str(an_actor(clinic=actor.clinic).user.pk))


def closure(actor: Actor) -> Made:
    return reverse("schedule:closure-new"), _days(actor, name="Painting")


def place(actor: Actor) -> Made:
    return reverse("schedule:place-new", args=["site"]), {"name": "House by the lake"}


def own_feed(actor: Actor) -> Made:
    return reverse("feeds:mine"), {}


def patients_feed(actor: Actor) -> Made:
    return reverse("feeds:patient", args=[a_patient(clinic=actor.clinic).pk]), {}


def document(actor: Actor) -> Made:
    url = reverse("patients:document-new", args=[a_patient(clinic=actor.clinic).pk]) + "?kind=doctor-referral"
    return url, {"kind": "doctor-referral", "issued_on": actor.clinic.today().isoformat(), "issued_by": "Dr Koch"}


def facts(actor: Actor) -> Made:
    patient = a_patient(clinic=actor.clinic)
    an_intake(patient=patient, actor=actor)
    fact = "medicine.anticoagulant"
    return reverse("patients:facts-new", args=[patient.pk]) + f"?fact={fact}", {fact: "yes", "given_by": "doctor"}


def referral(actor: Actor) -> Made:
    url = reverse("patients:referral-new", args=[a_patient(clinic=actor.clinic).pk])
    return url, {"place": "neck-collar/calming", "diagnosis": "Neck tension", "icd10": "M54.2", "valid_from": "2099-05-04"}


def link(actor: Actor) -> Made:
    return reverse("patients:intake-link", args=[a_patient(clinic=actor.clinic).pk]), {}


def variant(actor: Actor) -> Made:
    return reverse("variants:begin"), {"subject": "conditions/scoliosis", "title": "Softer scoliosis"}


# The address that makes something -> who may, how a valid form is filled in.
MAKES: dict[str, tuple[str, Callable[[Actor], Made]]] = {
    "patients:new": (Role.THERAPIST, registered),
    "courses:new-plan": (Role.THERAPIST, planned),
    "calendar:absent-new": (Role.ADMIN, away),
    "schedule:absence-new": (Role.ADMIN, absence),
    "schedule:closure-new": (Role.ADMIN, closure),
    "schedule:place-new": (Role.ADMIN, place),
    "feeds:mine": (Role.THERAPIST, own_feed),
    "feeds:patient": (Role.ADMIN, patients_feed),
    "patients:document-new": (Role.THERAPIST, document),
    "patients:facts-new": (Role.THERAPIST, facts),
    "patients:referral-new": (Role.THERAPIST, referral),
    "patients:intake-link": (Role.THERAPIST, link),
    "variants:begin": (Role.CLINICAL_LEAD, variant),
}


# Forms that stand on another page than the address that they are sent to.
ASKED_ON = {"variants:begin": "/library/variants/"}


def ready(name: str, clinic: Clinic) -> tuple[Client, str, dict[str, Any]]:
    """Somebody at the page with the form filled in."""
    role, make = MAKES[name]
    actor = an_actor(clinic=clinic, roles=(role,))
    url, typed = make(actor)
    client = Client()
    client.force_login(actor.user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(ASKED_ON.get(name, url))
    assert page.status_code == 200
    return client, url, form_with(page.content.decode(), **typed)


def everything() -> dict[str, int]:
    """How many rows each table holds, but for those that any request may add to."""
    return {model._meta.label_lower: model._base_manager.count() for model in apps.get_models() if model._meta.label_lower not in BESIDE}


def answer(response: HttpResponseBase) -> tuple[int, str]:
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(MAKES))
def test_sent_again_it_makes_nothing_more_and_leads_to_the_same(name: str, clinic: Clinic) -> None:
    client, url, sent = ready(name, clinic)
    before, first = everything(), answer(client.post(url, sent))
    assert first[0] in {200, 303}, "the form was not obeyed"
    made = everything()
    assert made != before, "the form made nothing"
    again = [answer(client.post(url, sent)) for _time in range(2)]
    assert everything() == made
    assert {status for status, _to in again} == {303}
    assert len({to for _status, to in again}) == 1
    assert first[0] == 200 or first in again  # an address that is shown only once is not shown again


@pytest.mark.first_everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(MAKES))
def test_other_words_under_the_same_token_are_not_taken_for_the_first(name: str, clinic: Clinic) -> None:
    client, url, sent = ready(name, clinic)
    client.post(url, sent)
    made = everything()
    # A field that the form does not know is other words too. It is refused, asked about again, or led to where a link was shown once.
    other = client.post(url, sent | {"a_word_more": "yes"})
    assert other.status_code in {200, 303, 403, 409, 422}
    assert everything() == made


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", sorted(MAKES) if "TACTUS_SENDERS" in os.environ else ["calendar:absent-new", "feeds:patient", "variants:begin"]
)
def test_many_at_one_moment_make_one(name: str, clinic: Clinic) -> None:
    client, url, sent = ready(name, clinic)
    answers: list[tuple[int, str]] = []
    before, start = everything(), threading.Barrier(SENDERS)

    def send() -> None:
        own = Client()
        own.cookies = client.cookies
        start.wait()
        answers.append(answer(own.post(url, sent)))
        connection.close()

    threads = [threading.Thread(target=send) for _number in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == SENDERS
    assert {status for status, _to in answers} <= {200, 303}
    assert sum(status == 200 for status, _to in answers) <= 1
    grown = {table: count - before[table] for table, count in everything().items() if count != before[table]}
    alone = grown_by_one(name)
    assert grown == alone
    print(f"figure: {name}: {SENDERS} equal forms at one moment made one thing")  # noqa: T201  # for ``verify idempotent``


def grown_by_one(name: str) -> dict[str, int]:
    """What the form makes when it is sent once, by somebody else at another clinic."""
    client, url, sent = ready(name, a_clinic())
    before = everything()
    client.post(url, sent)
    return {table: count - before[table] for table, count in everything().items() if count != before[table]}
