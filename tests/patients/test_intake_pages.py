"""The intake form in the browser: gate, details, declaration; what is answered stays, what cannot be is refused with a sentence."""

import html
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.audit.models import AuditLine
from clinic.staff.permissions import Actor
from patients.models import FactAnswer, Intake, Patient
from patients.queries import answers_on, person, replies_of_draft
from patients.questionnaire import STATED, Reply, facts_to_ask, gate_questions, intake_facts
from protocols.shelf import shipped_library
from tests.factories import a_begun_intake, a_day_at, a_patient, an_intake

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
DETAILS, DECLARATION, DISCARDED = "details/", "declaration/", "discarded/"
UNANSWERED = "Answer this question. “Don't know” is an answer too."
DECLARED = {"given_by": "patient", "declared": "on"}


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


@pytest.fixture
def begun(patient: Patient) -> Patient:
    """A patient who said yes to every question of the gate, so that nearly every fact is asked."""
    a_begun_intake(patient=patient, gate={row.code: "yes" for row in gate_questions(LIBRARY, person(patient, a_day_at(patient.clinic)))})
    return patient


def at(patient: Patient, page: str = "") -> str:
    return f"/patients/{patient.pk}/intake/{page}"


def gate(patient: Patient, **answers: str) -> dict[str, str]:
    """ "No" to every question but those named (with underscores for hyphens)."""
    rows = gate_questions(LIBRARY, person(patient, a_day_at(patient.clinic)))
    return {f"gate-{row.code}": answers.get(row.code.replace("-", "_"), "no") for row in rows}


def asked(patient: Patient) -> tuple[str, ...]:
    intake = Intake.objects.get(patient=patient, state="draft")
    return facts_to_ask(LIBRARY, person(patient, a_day_at(patient.clinic)), intake.gate, replies_of_draft(intake))


def no_to_all(patient: Patient, **answers: Any) -> dict[str, Any]:
    return dict.fromkeys(asked(patient), "no") | answers


def words(response: Any) -> str:
    """The page with its entities read."""
    return html.unescape(response.content.decode())


# From the gate to the declaration ------------------------------------------------------------------------------------------
def test_it_works(client: Client, patient: Patient) -> None:
    gone_on = client.post(at(patient), gate(patient, lungs="yes"))
    assert (gone_on.status_code, gone_on["Location"]) == (303, at(patient, DETAILS))
    more = client.post(at(patient, DETAILS), no_to_all(patient) | {"history.lung-disease": "yes"})
    assert more["Location"] == at(patient, DETAILS), "a follow-up is open"
    assert "history.asthma" in words(client.get(at(patient, DETAILS)))
    done = client.post(
        at(patient, DETAILS), no_to_all(patient) | {"history.lung-disease": "yes", "history.asthma": "yes", "history.bullae": "unknown"}
    )
    assert done["Location"] == at(patient, DECLARATION)
    assert "Asthma, bronchitis, lung disease?" in words(client.get(at(patient, DECLARATION)))
    assert client.post(at(patient, DECLARATION), DECLARED).status_code == 303
    answers = answers_on(patient, LIBRARY, a_day_at(patient.clinic))
    assert answers.known["history.asthma"] is True
    assert "history.bullae" in answers.unknown
    assert AuditLine.objects.filter(verb="completed-intake").count() == 1


def test_a_completed_form_has_an_answer_for_every_fact_and_keeps_its_words(client: Client, patient: Patient, therapist: Actor) -> None:
    client.post(at(patient), gate(patient))
    client.post(at(patient, DETAILS), no_to_all(patient))
    client.post(at(patient, DECLARATION), DECLARED | {"given_by": "guardian"})
    intake = Intake.objects.get(patient=patient)
    assert (intake.state, intake.completed_by, intake.given_by) == ("completed", therapist.user, "guardian")
    assert set(FactAnswer.objects.filter(intake=intake).values_list("fact", flat=True)) == set(intake_facts(LIBRARY.intake))
    assert set(FactAnswer.objects.filter(intake=intake).values_list("given_by", flat=True)) == {"guardian"}
    assert {"part": "question", "question": "Asthma, bronchitis, lung disease?", "answer": "No", "by": "staff"} in intake.asked


@pytest.mark.same_everywhere  # refused by the form; what is taken is kept on each database by the tests around
@pytest.mark.parametrize(
    ("missing", "sentence"),
    [("given_by", "This field is required."), ("declared", "Tick the declaration once the person has agreed to it.")],
)
def test_the_declaration_needs_both_who_answered_and_their_word(client: Client, patient: Patient, missing: str, sentence: str) -> None:
    client.post(at(patient), gate(patient))
    client.post(at(patient, DETAILS), no_to_all(patient))
    response = client.post(at(patient, DECLARATION), {key: value for key, value in DECLARED.items() if key != missing} | {"x": ""})
    assert response.status_code == 422
    assert sentence in words(response)
    assert not FactAnswer.objects.filter(patient=patient).exists()


@pytest.mark.same_everywhere
def test_a_form_with_open_questions_cannot_be_declared(client: Client, patient: Patient) -> None:
    client.post(at(patient), gate(patient, lungs="yes"))
    response = client.post(at(patient, DECLARATION), DECLARED)
    assert (response.status_code, response["Location"]) == (303, at(patient, DETAILS))
    assert Intake.objects.get(patient=patient).state == "draft"


@pytest.mark.parametrize("page", [DETAILS, DECLARATION])
def test_without_a_form_the_later_pages_lead_to_its_beginning(client: Client, patient: Patient, page: str) -> None:
    assert client.get(at(patient, page))["Location"] == at(patient)
    assert not Intake.objects.exists()


@pytest.mark.same_everywhere  # refused by the form; what is taken is kept on each database by the tests around
def test_a_man_is_not_asked_the_eleventh_question_and_a_woman_is(client: Client, therapist: Actor, patient: Patient) -> None:
    man = a_patient(clinic=therapist.clinic, sex="male")
    name = "gate-pregnancy-and-womens-health"
    assert name in words(client.get(at(patient)))
    assert name not in words(client.get(at(man)))


@pytest.mark.same_everywhere  # refused by the form; what is taken is kept on each database by the tests around
def test_an_unanswered_gate_keeps_the_answers_given(client: Client, patient: Patient) -> None:
    answers = gate(patient, lungs="unknown")
    del answers["gate-allergy"]
    response = client.post(at(patient), answers)
    assert response.status_code == 422
    assert UNANSWERED in words(response)
    assert 'name="gate-lungs" value="unknown"' in words(response)
    assert response.context["form"]["gate-lungs"].value() == "unknown"
    assert not Intake.objects.exists()


@pytest.mark.same_everywhere  # refused by the form; what is taken is kept on each database by the tests around
@pytest.mark.parametrize("junk", ["", "maybe", "YES", "x" * 10_000, "\x00", "<script>"])
def test_a_gate_answer_is_one_of_three(client: Client, patient: Patient, junk: str) -> None:
    response = client.post(at(patient), gate(patient, lungs=junk))
    assert response.status_code == 422
    assert UNANSWERED in words(response)


# The draft -------------------------------------------------------------------------------------------------------------------
def test_a_draft_is_kept_and_opened_again_with_its_answers(client: Client, patient: Patient) -> None:
    client.post(at(patient), gate(patient, lungs="yes"))
    client.post(at(patient, DETAILS), no_to_all(patient) | {"history.lung-disease": "yes"})
    assert client.get(at(patient)).context["form"]["gate-lungs"].value() == "yes"
    assert client.get(at(patient, DETAILS)).context["form"]["history.lung-disease"].value() == "yes"
    assert "An intake form is being filled in" in words(client.get(f"/patients/{patient.pk}/"))


@pytest.mark.same_everywhere
def test_going_back_and_saying_no_closes_the_details_again(client: Client, patient: Patient) -> None:
    client.post(at(patient), gate(patient, lungs="yes"))
    client.post(at(patient, DETAILS), no_to_all(patient) | {"history.lung-disease": "yes"})
    client.post(at(patient), gate(patient))
    assert "history.lung-disease" not in asked(patient)


def test_a_discarded_form_answers_nothing_and_a_new_one_starts_empty(client: Client, patient: Patient) -> None:
    client.post(at(patient), gate(patient, lungs="yes"))
    assert client.post(at(patient, DISCARDED)).status_code == 303
    assert Intake.objects.get(patient=patient).state == "discarded"
    assert client.get(at(patient)).context["form"]["gate-lungs"].value() is None
    assert client.post(at(patient, DISCARDED)).status_code == 303, "a second click does no harm"


@pytest.mark.same_everywhere
def test_a_new_form_opens_with_the_answers_of_the_last_one(client: Client, patient: Patient, therapist: Actor) -> None:
    yes = Reply(STATED, value=True)
    an_intake(patient=patient, actor=therapist, gate={"lungs": "yes"}, replies={"history.lung-disease": yes, "history.asthma": yes})
    assert client.get(at(patient)).context["form"]["gate-lungs"].value() == "yes"
    client.post(at(patient), gate(patient, lungs="yes"))
    assert client.get(at(patient, DETAILS)).context["form"]["history.asthma"].value() == "yes"


def test_a_patient_has_one_open_form(client: Client, patient: Patient) -> None:
    for lungs in ("yes", "no"):
        client.post(at(patient), gate(patient, lungs=lungs))
    assert Intake.objects.get(patient=patient).gate["lungs"] == "no"


@pytest.mark.same_everywhere
def test_no_form_of_another_clinic_is_opened(client: Client, other_clinic: Any) -> None:
    elsewhere = a_patient(clinic=other_clinic)
    a_begun_intake(patient=elsewhere)
    for page in ("", DETAILS, DECLARATION):
        assert client.get(at(elsewhere, page)).status_code == 404
        assert client.post(at(elsewhere, page), {"x": ""}).status_code == 404
    assert client.post(at(elsewhere, DISCARDED)).status_code == 404


# Details that cannot be -------------------------------------------------------------------------------------------------------
NUMBERS = ("", "abc", "-1", "5 weeks", "1e400", "9" * 400, "9" * 5000, "nan", "inf", "\x00", "<b>")
BAD: tuple[tuple[str, Iterable[Any], str], ...] = (
    ("history.surgery-weeks", (*NUMBERS, "3.5", "3001"), "history.surgery-weeks--value"),
    ("history.months-since-seizure", NUMBERS, "history.months-since-seizure--value"),
    ("history.product-allergy", ("", [], ["nothing"], ["x" * 5000], ["\x00"]), "history.product-allergy--value"),
    ("history.pacemaker-side", ("", [], ["up"], ["left", "up"]), "history.pacemaker-side--value"),
    (
        "history.varicose-zones",
        ("", [], ["thigh-posterior"], ["nowhere|left"], ["thigh-posterior|up"], ["|"], ["||"], ["calf|left|right"], ["x" * 5000]),
        "history.varicose-zones--value",
    ),
)
BAD_VALUES = [(fact, value, name) for fact, values, name in BAD for value in values]


@pytest.mark.same_everywhere  # refused by the form; what is taken is kept on each database by the tests around
@pytest.mark.parametrize(("fact", "value", "name"), BAD_VALUES, ids=lambda part: str(part)[:24])
def test_a_value_that_cannot_be_is_refused_beside_its_field(client: Client, begun: Patient, fact: str, value: Any, name: str) -> None:
    kept = Intake.objects.get(patient=begun)
    if fact not in asked(begun):
        kept.replies = {"history.epilepsy": {"reply": "stated", "value": True}}
        kept.save()
    response = client.post(at(begun, DETAILS), no_to_all(begun) | {"history.pregnant": "unknown", fact: "yes", name: value})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {name}
    assert all(words_of for words_of in response.context["form"].errors[name])
    assert response.context["form"]["history.pregnant"].value() == "unknown", "nothing typed is lost"
    assert 'role="alert"' in words(response)
    assert Intake.objects.get(patient=begun).replies == kept.replies


@pytest.mark.same_everywhere  # refused by the form; what is taken is kept on each database by the tests around
@pytest.mark.parametrize("junk", ["", "maybe", "x" * 10_000, "\x00"])
def test_every_detail_needs_one_of_three_answers(client: Client, begun: Patient, junk: str) -> None:
    response = client.post(at(begun, DETAILS), no_to_all(begun) | {"history.osteoporosis": junk})
    assert response.status_code == 422
    assert response.context["form"].errors == {"history.osteoporosis": [UNANSWERED]}


@pytest.mark.same_everywhere
def test_left_of_a_zone_that_has_no_sides_is_the_zone(client: Client, begun: Patient) -> None:
    unpaired = next(code for code, zone in LIBRARY.zones.items() if not zone.paired)
    typed = no_to_all(begun) | {"history.varicose-zones": "yes", "history.varicose-zones--value": [f"{unpaired}|left"]}
    client.post(at(begun, DETAILS), typed)
    response = client.get(at(begun, DETAILS))
    assert response.status_code == 200
    client.post(at(begun, DETAILS), no_to_all(begun) | typed)
    client.post(at(begun, DECLARATION), DECLARED)
    assert client.get(f"/patients/{begun.pk}/").status_code == 200


def test_zones_numbers_and_sets_are_kept_as_rules_read_them(client: Client, begun: Patient) -> None:
    typed = {
        "history.varicose-zones": "yes",
        "history.varicose-zones--value": ["thigh-posterior|left", "calf|left", "calf|right"],
        "history.surgery-weeks": "yes",
        "history.surgery-weeks--value": "0",
        "history.product-allergy": "yes",
        "history.product-allergy--value": [LIBRARY.facts["history.product-allergy"].values[0]],
    }
    client.post(at(begun, DETAILS), no_to_all(begun) | typed)
    replies = Intake.objects.get(patient=begun).replies
    zones = [{"zone": "thigh-posterior", "side": "left"}, {"zone": "calf", "side": "left"}, {"zone": "calf", "side": "right"}]
    assert replies["history.varicose-zones"] == {"reply": "stated", "value": zones}
    assert replies["history.surgery-weeks"] == {"reply": "stated", "value": 0}
    form = client.get(at(begun, DETAILS)).context["form"]
    assert form["history.varicose-zones--value"].value() == typed["history.varicose-zones--value"]
    assert {"history.varicose-skin-change", "history.surgery-zones"} <= set(asked(begun))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    junk=st.dictionaries(
        st.sampled_from([name for code in intake_facts(LIBRARY.intake) for name in (code, f"{code}--value")]),
        st.one_of(st.sampled_from(["yes", "no", "unknown", "0", "left"]), st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3)),
        max_size=12,
    )
)
def test_no_typing_ever_breaks_the_details(client: Client, begun: Patient, junk: dict[str, Any]) -> None:
    with transaction.atomic():
        response = client.post(at(begun, DETAILS), no_to_all(begun) | junk)
        assert response.status_code in (303, 422)
        assert client.get(at(begun, DETAILS)).status_code in (200, 303)
        assert client.get(at(begun, DECLARATION)).status_code in (200, 303)
        transaction.set_rollback(True)


@pytest.mark.same_everywhere
def test_what_an_answer_opens_stands_first_and_is_announced(client: Client, patient: Patient) -> None:
    client.post(at(patient), gate(patient, heart_and_vessels="yes"))
    answers = no_to_all(patient) | {"history.varicose-zones": "yes", "history.varicose-zones--value": ["lower-limb|left"]}
    page = client.post(at(patient, DETAILS), answers, follow=True)
    titles = [title for title, _questions in page.context["form"].groups()]
    assert titles[:2] == ["New: opened by the last answers", "Heart, blood pressure or circulation trouble?"]
    assert "The answers are kept. They open more questions: see “New” below." in words(page)


@pytest.mark.same_everywhere
def test_the_declaration_says_first_what_is_so_or_unknown(client: Client, patient: Patient) -> None:
    client.post(at(patient), gate(patient, medicines="yes"))
    client.post(at(patient, DETAILS), no_to_all(patient) | {"medicine.insulin": "unknown", "medicine.steroids-high": "yes"})
    lines = client.get(at(patient, DECLARATION)).context["summary"].lines
    assert [line.is_no for line in lines][:3] == [False, False, True]
