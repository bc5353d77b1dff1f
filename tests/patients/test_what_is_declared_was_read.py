"""A person declares the answers that were read back, not those that somebody changed in the meantime."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.staff.permissions import Actor
from patients.actions import UnreadAnswers, complete_intake, keep_intake_draft
from patients.models import FactAnswer, Intake
from patients.queries import person
from patients.questionnaire import NORMAL_REPLY, facts_to_ask, gate_questions
from protocols.shelf import shipped_library
from tests.factories import a_day_at, a_patient

SignedIn = Callable[[Any], Client]
SEEN = re.compile(r'<input[^>]* name="seen"[^>]* value="([0-9a-f]{64})"')


@pytest.fixture
def draft(therapist: Actor) -> Intake:
    patient, library = a_patient(clinic=therapist.clinic), shipped_library()
    who = person(patient, a_day_at(patient.clinic))
    gate = {question.code: "no" for question in gate_questions(library, who)}
    replies = dict.fromkeys(facts_to_ask(library, who, gate, {}), NORMAL_REPLY)
    return keep_intake_draft(patient=patient, gate=gate, replies=replies, edition=library.edition, given_by="patient", actor=therapist)


def change(draft: Intake) -> None:
    """Another tab answers one question otherwise."""
    code = next(iter(draft.gate))
    Intake.objects.filter(pk=draft.pk).update(gate=draft.gate | {code: "unknown"}, replies={"marker": {"reply": "unknown"}})


def test_answers_that_changed_since_the_page_was_opened_are_read_again(draft: Intake, signed_in: SignedIn, therapist: Actor) -> None:
    client, url = signed_in(therapist), f"/patients/{draft.patient_id}/intake/declaration/"
    declared = {"given_by": "patient", "declared": "on", "seen": SEEN.findall(client.get(url).content.decode())[0]}
    refused = client.post(url, declared | {"seen": "0" * 64})
    assert refused.status_code == 422
    assert "The answers have changed since this page was opened." in refused.content.decode()
    assert SEEN.findall(refused.content.decode()) == [declared["seen"]]
    assert not FactAnswer.objects.exists()
    assert client.post(url, declared).status_code == 303
    assert FactAnswer.objects.exists()


def test_answers_that_change_while_the_form_is_closed_are_not_declared(draft: Intake, therapist: Actor) -> None:
    change(draft)
    with pytest.raises(UnreadAnswers):
        complete_intake(
            intake=draft, library=shipped_library(), asked=[], given_by="patient", on=a_day_at(therapist.clinic), actor=therapist
        )
    assert not FactAnswer.objects.exists()
