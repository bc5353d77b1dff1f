"""A form that the patient sent in: read beside what was known, taken over with what only staff ask, or put aside."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from clinic.staff.permissions import ActionDenied, Actor
from patients import changes
from patients.actions import (
    Added,
    FilledInElsewhere,
    complete_intake,
    discard_intake,
    keep_intake_draft,
    make_intake_link,
    record_facts,
    take_over_intake,
)
from patients.models import FactAnswer, Intake, MessageConsent, Patient
from patients.queries import answers_on, newest_replies, waiting_intake
from patients.questionnaire import NORMAL_REPLY, STATED, Reply, intake_facts
from protocols.shelf import shipped_library
from tests.factories import a_begun_intake, a_day_at, a_patient, a_sent_intake, an_actor, an_intake

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
THINNER = "medicine.anticoagulant"
YES = Reply(STATED, value=True)
NOBODY_DECIDES = Added({"capacity": "no"})


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


def at(patient: Patient, page: str = "review/") -> str:
    return f"/patients/{patient.pk}/intake/{page}"


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


def taken(intake: Intake, actor: Actor, added: Added = NOBODY_DECIDES) -> Intake:
    return take_over_intake(intake=intake, added=added, library=LIBRARY, on=a_day_at(actor.clinic), actor=actor)


# Taking over ---------------------------------------------------------------------------------------------------------------------
def test_what_the_patient_typed_counts_only_after_somebody_has_read_it(client: Client, patient: Patient) -> None:
    a_sent_intake(patient=patient, replies={THINNER: YES})
    assert waiting_intake(patient) is not None
    assert THINNER in answers_on(patient, LIBRARY, a_day_at(patient.clinic)).unknown
    done = client.post(at(patient), {"gate-capacity": "no"})
    assert done["Location"] == f"/patients/{patient.pk}/"
    assert waiting_intake(patient) is None
    assert answers_on(patient, LIBRARY, a_day_at(patient.clinic)).known[THINNER] is True
    answers = FactAnswer.objects.filter(patient=patient)
    assert set(answers.values_list("fact", flat=True)) == set(intake_facts(LIBRARY.intake))
    assert set(answers.exclude(fact="history.lacks-capacity").values_list("how", flat=True)) == {"typed"}
    assert answers.get(fact="history.lacks-capacity").how == "asked"


@pytest.mark.same_everywhere
def test_the_reception_s_own_question_must_be_answered(client: Client, patient: Patient) -> None:
    a_sent_intake(patient=patient)
    assert client.post(at(patient), {"empty": "form"}).status_code == 422
    opened = client.post(at(patient), {"gate-capacity": "yes"})
    assert opened.status_code == 422
    assert "history.lacks-capacity" in words(opened)
    more = client.post(at(patient), {"gate-capacity": "yes", "history.lacks-capacity": "yes"})
    assert "consent.representative" in more.context["facts"].fields
    sent = {"gate-capacity": "yes", "history.lacks-capacity": "yes", "consent.representative": "no"}
    assert client.post(at(patient), sent).status_code == 303
    assert answers_on(patient, LIBRARY, a_day_at(patient.clinic)).known["history.lacks-capacity"] is True


@pytest.mark.same_everywhere
def test_what_needs_tact_is_asked_by_staff_only_where_the_patient_opened_it(client: Client, patient: Patient) -> None:
    a_sent_intake(patient=patient, gate={"infection-and-skin": "yes"})
    asked = set(client.get(at(patient)).context["facts"].fields)
    assert {"history.hiv", "history.sexual-infection-acute"} <= asked
    assert "history.psychosis-active" not in asked


@pytest.mark.same_everywhere
def test_what_nobody_asked_is_unknown_and_never_no(patient: Patient, therapist: Actor) -> None:
    taken(a_sent_intake(patient=patient, gate={"infection-and-skin": "yes"}), therapist, Added())
    unknown = answers_on(patient, LIBRARY, a_day_at(patient.clinic)).unknown
    assert {"history.hiv", "history.lacks-capacity", "consent.representative"} <= unknown
    assert "history.psychosis-active" not in unknown


def test_the_answers_are_of_the_day_on_which_they_were_sent(patient: Patient, therapist: Actor) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        intake = a_sent_intake(patient=patient)
        sent_on = a_day_at(patient.clinic)
    taken(intake, therapist)
    assert FactAnswer.objects.get(fact=THINNER).answered_on == sent_on
    assert answers_on(patient, LIBRARY, a_day_at(patient.clinic)).known["intake.age-days"] == 40


def test_a_fact_answered_since_keeps_the_newer_answer(client: Client, patient: Patient, therapist: Actor) -> None:
    intake = a_sent_intake(patient=patient)
    record_facts(patient=patient, replies={THINNER: YES}, on=a_day_at(patient.clinic), given_by="doctor", actor=therapist)
    assert "answered anew since: that stays" in words(client.get(at(patient)))
    taken(intake, therapist)
    assert newest_replies(patient)[THINNER].value is True
    assert newest_replies(patient)["history.asthma"].how == "typed"


@pytest.mark.same_everywhere
def test_the_page_says_what_is_new_and_what_changed(client: Client, patient: Patient, therapist: Actor) -> None:
    an_intake(patient=patient, actor=therapist, gate={"clots-and-bleeding": "yes"}, replies={THINNER: YES})
    replies = {"history.lung-disease": YES}
    a_sent_intake(patient=patient, gate={"lungs": "yes", "clots-and-bleeding": "no"}, replies={THINNER: NORMAL_REPLY, **replies})
    lines = {line.question: (line.state, line.answer) for line in client.get(at(patient)).context["lines"]}
    assert lines == {
        "Do you take a blood thinner (warfarin, heparin, DOAC)?": ("changed", "No"),
        "Any lung disease?": ("changed", "Yes"),
    }


def test_others_hear_of_answers_taken_over_and_not_of_those_that_wait(
    patient: Patient, therapist: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(changes, "_listeners", [lambda **change: heard.append(change["cause"])])
    intake = a_sent_intake(patient=patient)
    assert heard == []
    taken(intake, therapist)
    assert heard == ["intake"]


@pytest.mark.same_everywhere
def test_a_form_is_read_once_and_only_by_those_who_treat(patient: Patient, therapist: Actor, clinic_admin: Actor) -> None:
    intake = a_sent_intake(patient=patient)
    with pytest.raises(ActionDenied):
        taken(intake, clinic_admin)
    taken(intake, therapist)
    with pytest.raises(ActionDenied, match="Somebody has read this form already"):
        taken(intake, therapist)
    with pytest.raises(ActionDenied):
        discard_intake(intake=intake, actor=therapist, reason="late")


# Putting aside -------------------------------------------------------------------------------------------------------------------
def test_it_is_put_aside_only_with_a_reason_which_stays_with_it(client: Client, patient: Patient) -> None:
    intake = a_sent_intake(patient=patient)
    assert client.post(at(patient, "review/aside/"), {"reason": " "}).status_code == 422
    assert client.post(at(patient, "review/aside/"), {"reason": "Filled in by her sister"}).status_code == 303
    assert not FactAnswer.objects.exists()
    assert "Filled in by her sister" in words(client.get(at(patient, f"{intake.pk}/")))


def test_an_empty_review_leads_to_the_record(client: Client, patient: Patient) -> None:
    assert client.get(at(patient))["Location"] == f"/patients/{patient.pk}/"
    assert client.post(at(patient, "review/aside/"), {"reason": "x"})["Location"] == f"/patients/{patient.pk}/"


# One form at a time ----------------------------------------------------------------------------------------------------------------
def test_staff_do_not_ask_while_the_patient_holds_the_form(client: Client, patient: Patient, therapist: Actor) -> None:
    make_intake_link(patient=patient, channel="link", actor=therapist)
    assert client.get(at(patient, ""))["Location"] == at(patient, "link/")
    with pytest.raises(FilledInElsewhere):
        keep_intake_draft(patient=patient, gate={}, replies={}, edition="x", given_by="patient", actor=therapist)
    client.post(at(patient, "link/ended/"))
    assert client.get(at(patient, "")).status_code == 200


@pytest.mark.same_everywhere
def test_staff_do_not_ask_while_a_form_waits(client: Client, patient: Patient, therapist: Actor) -> None:
    intake = a_sent_intake(patient=patient)
    assert client.get(at(patient, ""))["Location"] == at(patient)
    with pytest.raises(FilledInElsewhere):
        keep_intake_draft(patient=patient, gate={}, replies={}, edition="x", given_by="patient", actor=therapist)
    with pytest.raises(FilledInElsewhere):
        complete_intake(intake=intake, library=LIBRARY, asked=[], given_by="patient", on=a_day_at(patient.clinic), actor=therapist)
    with pytest.raises(FilledInElsewhere):
        make_intake_link(patient=patient, channel="link", actor=therapist)
    assert not FactAnswer.objects.exists()


def test_no_link_while_staff_fill_in_the_form(client: Client, patient: Patient, therapist: Actor) -> None:
    a_begun_intake(patient=patient)
    with pytest.raises(ActionDenied):
        make_intake_link(patient=patient, channel="tablet", actor=therapist)
    assert client.post(at(patient, "tablet/")).status_code == 403
    assert client.get(f"/patients/{patient.pk}/").status_code == 200, "whoever could not hand over is still signed in"


@pytest.mark.same_everywhere
def test_the_reception_finds_the_way_to_the_link_on_the_patient_s_page(signed_in: SignedIn, patient: Patient, clinic_admin: Actor) -> None:
    assert f'href="{at(patient, "link/")}"' in words(signed_in(clinic_admin).get(f"/patients/{patient.pk}/"))


def test_the_queue_shows_this_clinic_s_forms_the_oldest_first(client: Client, patient: Patient, stranger: Actor) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        a_sent_intake(patient=a_patient(clinic=patient.clinic, family_name="Older"))
    a_sent_intake(patient=patient)
    a_sent_intake(patient=a_patient(clinic=stranger.clinic, family_name="Elsewhere"))
    page = words(client.get("/patients/waiting/"))
    assert page.index("Older") < page.index("Weber")
    assert "Elsewhere" not in page


# What was asked then -----------------------------------------------------------------------------------------------------------------
def test_a_form_is_read_later_as_it_was_asked_whatever_the_library_says_then(
    client: Client, patient: Patient, therapist: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = a_sent_intake(patient=patient)
    taken(intake, therapist)
    before = client.get(at(patient, f"{intake.pk}/")).context["parts"]
    monkeypatch.setattr("protocols.method.names.Names.of", lambda *_args: "another wording")
    page = client.get(at(patient, f"{intake.pk}/"))
    assert page.context["parts"] == before
    assert "canary-in-a-question" in words(page)
    assert "another wording" not in words(page)


@pytest.mark.same_everywhere
def test_a_form_of_the_first_version_can_still_be_read(client: Client, patient: Patient, therapist: Actor) -> None:
    intake = an_intake(patient=patient, actor=therapist)
    Intake.objects.filter(pk=intake.pk).update(asked=["Asthma, bronchitis, lung disease? — No", "without an answer"])
    page = words(client.get(at(patient, f"{intake.pk}/")))
    assert "Asthma, bronchitis, lung disease?" in page
    assert "without an answer" in page


@pytest.mark.same_everywhere
def test_a_draft_and_a_form_of_somebody_else_are_no_page(client: Client, patient: Patient) -> None:
    draft = a_begun_intake(patient=patient)
    other = a_sent_intake(patient=a_patient(clinic=patient.clinic))
    assert client.get(at(patient, f"{draft.pk}/")).status_code == 404
    assert client.get(at(patient, f"{other.pk}/")).status_code == 404


# Kept while typing -----------------------------------------------------------------------------------------------------------------
def test_what_is_typed_outlives_signing_out(client: Client, patient: Patient, signed_in: SignedIn, therapist: Actor) -> None:
    assert client.post(at(patient, "kept/"), {"page": "gate", "gate-lungs": "yes"}).status_code == 204
    client.logout()
    page = signed_in(therapist).get(at(patient, ""))
    assert page.context["form"]["gate-lungs"].value() == "yes"
    assert "As you left it" in words(page)
    assert Intake.objects.get(patient=patient).gate == {}, "nothing is an answer before it is sent"


def test_the_newest_of_two_colleagues_is_shown_with_who_typed_it(client: Client, patient: Patient, signed_in: SignedIn) -> None:
    colleague = an_actor(clinic=patient.clinic)
    client.post(at(patient, "kept/"), {"page": "gate", "gate-lungs": "yes", "gate-allergy": "no"})
    signed_in(colleague).post(at(patient, "kept/"), {"page": "gate", "gate-lungs": "unknown"})
    page = client.get(at(patient, ""))
    assert page.context["form"]["gate-lungs"].value() == "unknown"
    assert f"{colleague.user.full_name} has begun this page" in words(page)
    assert len(Intake.objects.get(patient=patient).typed) == 2, "nobody's typing is thrown away"


def test_sending_the_page_ends_what_was_kept(client: Client, patient: Patient) -> None:
    names = client.get(at(patient, "")).context["form"].fields
    client.post(at(patient, "kept/"), {"page": "gate", "gate-lungs": "yes"})
    assert client.post(at(patient, ""), dict.fromkeys(names, "no")).status_code == 303
    assert client.get(at(patient, "")).context["form"]["gate-lungs"].value() == "no"


def test_details_keep_ticks_numbers_and_zones_as_they_stand(client: Client, patient: Patient) -> None:
    a_begun_intake(patient=patient)
    sent = {
        "page": "details", "history.varicose-zones": "yes", "history.varicose-zones--value": ["calf|left"],
        "history.surgery-weeks": "yes", "history.surgery-weeks--value": "not a number",
    }  # fmt: skip
    assert client.post(at(patient, "kept/"), sent).status_code == 204
    form = client.get(at(patient, "details/")).context["form"]
    assert form["history.varicose-zones--value"].value() == ["calf|left"]
    assert form["history.surgery-weeks--value"].value() == "not a number"


@pytest.mark.same_everywhere
def test_details_of_a_form_that_nobody_began_are_not_kept(client: Client, patient: Patient) -> None:
    assert client.post(at(patient, "kept/"), {"page": "details", "history.asthma": "yes"}).status_code == 403
    assert client.post(at(patient, "kept/"), {"page": "gate", "gate-lungs": "x" * 70_000}).status_code == 413
    assert not Intake.objects.exists()


def test_nobody_writes_to_the_family_of_somebody_who_has_died(patient: Patient, client: Client, mailoutbox: list[Any]) -> None:
    MessageConsent.objects.create(patient=patient, channel="email", is_given=True, said_on=a_day_at(patient.clinic))
    Patient.objects.filter(pk=patient.pk).update(died_on=a_day_at(patient.clinic), email="family@home.example")
    page = words(client.get(f"/patients/{patient.pk}/"))
    assert "/intake/link/" not in page
    assert "/courses/new/" not in page
    refused = client.post(at(patient, "link/"), {"once": "a" * 32})
    assert refused.status_code == 403
    assert "has died: no form goes out" in words(refused)
    assert not mailoutbox
    assert not patient.intake_links.exists()
