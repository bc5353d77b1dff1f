"""Everything known of a patient, the history of each fact, what is due again, and recording something new."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from clinic.staff.permissions import ActionDenied, Actor
from patients import changes
from patients.actions import record_facts
from patients.due import due_again
from patients.models import FactAnswer, Patient
from patients.questionnaire import NORMAL_REPLY, STATED, UNKNOWN_REPLY, Reply
from protocols.method.answers import Faults
from protocols.shelf import shipped_library
from tests.factories import a_day_at, a_document, a_patient, an_intake

# Pages and words; the same facts are written there by test_facts.
pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
THINNER, PRESSURE = "medicine.anticoagulant", "today.systolic"
YES = Reply(STATED, value=True)


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What listeners hear."""
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda **change: heard.append(change)])
    return heard


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


def at(patient: Patient, page: str = "") -> str:
    return f"/patients/{patient.pk}/facts/{page}"


def new(*facts: str) -> str:
    return "new/?" + "&".join(f"fact={code}" for code in facts)


def test_something_new_is_recorded_today_and_the_old_answer_stays(client: Client, patient: Patient, therapist: Actor) -> None:
    an_intake(patient=patient, actor=therapist)
    answered = {THINNER: "yes", f"{PRESSURE}--value": "155", "given_by": "doctor"}
    assert client.post(at(patient, new(THINNER, PRESSURE)), answered)["Location"] == at(patient)
    newest, first = FactAnswer.objects.filter(patient=patient, fact=THINNER).order_by("-pk")
    assert (newest.reply, newest.given_by, newest.how, newest.answered_on) == ("stated", "doctor", "seen", a_day_at(patient.clinic))
    assert (first.reply, first.how) == ("normal", "asked")
    page = words(client.get(at(patient, f"{THINNER}/")))
    assert page.index("Yes") < page.index("counts now") < page.index("intake form")
    assert "seen on a document" in words(client.get(at(patient)))


@pytest.mark.parametrize(
    ("given_by", "who", "how"),
    [("patient", "patient", "asked"), ("guardian", "guardian", "asked"), ("doctor", "doctor", "seen"), ("measured", "staff", "measured")],
)
def test_who_gave_an_answer_and_how_is_kept(patient: Patient, therapist: Actor, given_by: str, who: str, how: str) -> None:
    record_facts(patient=patient, replies={THINNER: YES}, on=a_day_at(patient.clinic), given_by=given_by, actor=therapist)
    answer = FactAnswer.objects.get()
    assert (answer.given_by, answer.how) == (who, how)


def test_a_reading_of_the_day_was_measured(patient: Patient, therapist: Actor) -> None:
    replies = {PRESSURE: Reply(STATED, 120), "today.feverish": NORMAL_REPLY}
    record_facts(patient=patient, replies=replies, on=a_day_at(patient.clinic), given_by="patient", actor=therapist)
    assert dict(FactAnswer.objects.values_list("fact", "how")) == {PRESSURE: "measured", "today.feverish": "asked"}


def test_a_wrong_value_is_explained_and_nothing_typed_is_lost(client: Client, patient: Patient) -> None:
    sent = {THINNER: "yes", f"{PRESSURE}--value": "999", "given_by": "measured"}
    refused = client.post(at(patient, new(THINNER, PRESSURE)), sent)
    assert refused.status_code == 422
    assert "Write a number from 50 to 280." in words(refused)
    assert refused.context["form"][THINNER].value() == "yes"
    assert refused.context["form"][f"{PRESSURE}--value"].value() == "999"
    assert refused.context["source"]["given_by"].value() == "measured"
    assert not FactAnswer.objects.exists()


def test_without_a_source_nothing_is_recorded(client: Client, patient: Patient) -> None:
    assert client.post(at(patient, new(THINNER)), {THINNER: "yes"}).status_code == 422
    assert not FactAnswer.objects.exists()


@pytest.mark.parametrize("fact", ["today.consent", "consent.guardian", "today.fit-now", "patient.age", "nothing", "'><script>"])
def test_what_is_asked_elsewhere_or_is_no_fact_cannot_be_recorded_here(client: Client, patient: Patient, fact: str) -> None:
    assert client.get(at(patient, "new/"), {"fact": fact}).status_code == 422
    assert client.post(at(patient, new(fact)), {fact: "yes", "given_by": "patient"}).status_code == 422
    assert not FactAnswer.objects.exists()


def test_the_history_of_no_fact_is_no_page(client: Client, patient: Patient) -> None:
    assert client.get(at(patient, "history.gone/")).status_code == 404
    assert client.get(at(patient, "history.asthma/")).status_code == 200


def test_nothing_is_recorded_without_an_answer_or_with_one_that_does_not_fit(patient: Patient, therapist: Actor) -> None:
    on = a_day_at(patient.clinic)
    with pytest.raises(ActionDenied):
        record_facts(patient=patient, replies={}, on=on, given_by="patient", actor=therapist)
    with pytest.raises(Faults):
        record_facts(patient=patient, replies={PRESSURE: Reply(STATED, 5000)}, on=on, given_by="patient", actor=therapist)


def test_others_hear_of_new_facts_unless_they_wrote_them(patient: Patient, therapist: Actor, told: list[dict[str, Any]]) -> None:
    on = a_day_at(patient.clinic)
    record_facts(patient=patient, replies={THINNER: YES}, on=on, given_by="patient", actor=therapist, tell=False)
    assert told == []
    record_facts(patient=patient, replies={THINNER: YES}, on=on, given_by="patient", actor=therapist)
    assert told == [{"patient": patient, "cause": "facts", "on": on, "actor": therapist}]


def test_a_listener_that_fails_undoes_the_fact(patient: Patient, therapist: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_change: Any) -> None:
        raise Faults(())

    monkeypatch.setattr(changes, "_listeners", [fails])
    with pytest.raises(Faults):
        record_facts(patient=patient, replies={THINNER: YES}, on=a_day_at(patient.clinic), given_by="patient", actor=therapist)
    assert not FactAnswer.objects.exists()


# What is due again -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "state"), [(0, "valid"), (335, "valid"), (336, "soon"), (365, "soon"), (366, "expired")])
def test_the_form_holds_a_year(patient: Patient, therapist: Actor, days: int, state: str) -> None:
    an_intake(patient=patient, actor=therapist)
    form = due_again(patient, LIBRARY, a_day_at(patient.clinic) + timedelta(days=days))[0]
    assert (form.kind, form.state) == ("intake", state)
    assert form.until == a_day_at(patient.clinic) + timedelta(days=365)


def test_without_a_form_it_is_due(patient: Patient) -> None:
    assert [(due.kind, due.state) for due in due_again(patient, LIBRARY, a_day_at(patient.clinic))] == [("intake", "missing")]


@pytest.mark.parametrize(("reply", "state"), [(YES, "void"), (NORMAL_REPLY, "valid"), (UNKNOWN_REPLY, "valid")])
def test_a_change_of_health_told_after_the_form_voids_it(patient: Patient, therapist: Actor, reply: Reply, state: str) -> None:
    an_intake(patient=patient, actor=therapist)
    on = a_day_at(patient.clinic)
    record_facts(patient=patient, replies={"today.health-change": reply}, on=on, given_by="patient", actor=therapist)
    assert due_again(patient, LIBRARY, on)[0].state == state
    an_intake(patient=patient, actor=therapist)
    assert due_again(patient, LIBRARY, on)[0].state == "valid", "a form taken after the change knows of it"


def test_a_document_is_due_by_its_own_days(patient: Patient, therapist: Actor) -> None:
    an_intake(patient=patient, actor=therapist)
    a_document(patient=patient, kind="doctor-referral", actor=therapist)
    states = {days: due_again(patient, LIBRARY, a_day_at(patient.clinic) + timedelta(days=days))[1].state for days in (0, 300, 900)}
    assert states[0] in ("valid", "soon")
    assert states[900] == "expired"


def test_the_pages_of_facts_ask_the_database_seldom(client: Client, patient: Patient, therapist: Actor, max_queries: Any) -> None:
    an_intake(patient=patient, actor=therapist)
    a_document(patient=patient, kind="doctor-referral", actor=therapist)
    with max_queries(8):
        client.get(at(patient))
    with max_queries(3):
        client.get(at(patient, f"{THINNER}/"))
