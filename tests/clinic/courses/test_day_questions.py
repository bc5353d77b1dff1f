"""Today's answers change the plan at once, are kept with the patient, and an answer that is missing never lets a session start."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.courses.models import Course
from clinic.courses.queries import screening_of, sessions_of
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.models import FactAnswer
from patients.queries import answers_on
from patients.questionnaire import STATED, Reply
from protocols.language import page_names
from protocols.method.plans import UnsafePlan
from protocols.shelf import shipped_library
from tests.factories import a_course, a_day_at, a_patient, an_intake

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
POST_INFARCTION = next(code for code, stage in LIBRARY.conditions["post-infarction"].stages.items() if stage.treatment)
READINGS = {
    "today.temperature-c": "36.6",
    "today.systolic": "120",
    "today.diastolic": "76",
    "today.pulse": "70",
    "today.pain-nrs": "2",
    "today.minutes-since-meal": "120",
}


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def course(therapist: Actor) -> Course:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    return a_course(patient=patient, actor=therapist, count=3)


def today(course: Course) -> str:
    return f"/courses/{course.pk}/today/"


def a_good_day(client: Client, course: Course, **changes: Any) -> dict[str, Any]:
    """Everything answered as by somebody well; ``changes`` by field name, None to leave a field out."""
    form = client.get(today(course)).context["form"]
    typed: dict[str, Any] = {"version": str(course.version)}
    typed |= {name: "no" for name in form.fields if name.startswith("gate-")}
    for question in form.day:
        for code in question.asked:
            answer = {f"{code}--value": READINGS[code]} if code in READINGS else {code: "yes" if code == "today.consent" else "no"}
            typed |= answer
    return {name: value for name, value in (typed | changes).items() if value is not None}


def answered(client: Client, course: Course, **changes: Any) -> Course:
    response = client.post(today(course), a_good_day(client, course, **changes))
    assert response.status_code == 303, response.context["form"].errors
    return Course.objects.get(pk=course.pk)


def fired(course: Course) -> set[str]:
    return {finding.rule for finding in screening_of(course).findings}


def open_facts(course: Course) -> set[str]:
    return {obstacle.code for obstacle in screening_of(course).obstacles if obstacle.kind == "fact"}


@pytest.mark.same_everywhere
def test_on_a_good_day_only_the_referral_stands_in_the_way(client: Client, course: Course) -> None:
    after = answered(client, course)
    assert after.outcome == "clear"
    assert open_facts(after) == {"document.referral-age-days"}
    assert all(session.rows for session in sessions_of(after))
    assert after.version == 2


@pytest.mark.same_everywhere
def test_without_any_answer_every_question_of_the_day_stands_in_the_way(client: Client, course: Course) -> None:
    assert {"today.consent", "today.chest-pain", "today.temperature-c"} <= open_facts(course)
    after = answered(client, course, **{name: None for name in a_good_day(client, course) if name != "version"})
    assert {"today.consent", "today.chest-pain", "today.temperature-c"} <= open_facts(after)
    assert not after.may_start


@pytest.mark.same_everywhere
def test_a_fever_puts_the_course_off(client: Client, course: Course) -> None:
    after = answered(client, course, **{"today.temperature-c--value": "38.6"})
    assert (after.outcome, after.may_start) == ("defer", False)
    page = html.unescape(client.get(f"/courses/{course.pk}/").content.decode())
    assert all(LIBRARY.rules[rule].title in page for rule in fired(after))


@pytest.mark.same_everywhere
def test_chest_pain_is_an_emergency_and_nothing_is_given(client: Client, course: Course) -> None:
    after = answered(client, course, **{"today.chest-pain": "yes"})
    assert (after.outcome, after.may_start) == ("emergency", False)
    assert not any(session.rows or session.supplements for session in sessions_of(after))
    page = client.get(f"/courses/{course.pk}/")
    assert page.status_code == 200
    assert "card.pdf" not in page.content.decode()


@pytest.mark.same_everywhere
def test_chest_pain_that_nobody_can_deny_blocks_the_start(client: Client, course: Course) -> None:
    assert "today.chest-pain" in open_facts(answered(client, course, **{"today.chest-pain": "unknown"}))


@pytest.mark.same_everywhere
def test_consent_refused_is_kept_as_a_refusal(client: Client, course: Course) -> None:
    after = answered(client, course, **{"today.consent": "no"})
    assert not after.may_start
    assert answers_on(course.patient, LIBRARY, a_day_at(course.clinic)).known["today.consent"] is False


@pytest.mark.same_everywhere  # a form that is refused asks no database; answers are kept on each by the tests above
def test_a_yes_to_a_group_needs_its_mark_below(client: Client, course: Course) -> None:
    response = client.post(today(course), a_good_day(client, course, **{"gate-alarm": "yes"}))
    assert response.status_code == 422
    assert response.context["form"].errors == {"gate-alarm": ["Mark below what it is."]}
    assert response.context["form"]["today.consent"].value() == "yes", "nothing typed is lost"
    marked = answered(client, course, **{"gate-alarm": "yes", "today.asthma-attack": "yes"})
    assert marked.outcome == "emergency"
    assert "today.dizzy" not in open_facts(marked), "the rest of the group is a no"


@pytest.mark.same_everywhere
def test_dont_know_to_a_group_leaves_all_of_it_unknown(client: Client, course: Course) -> None:
    answered(client, course, **{"gate-alarm": "unknown"})
    unknown = answers_on(course.patient, LIBRARY, a_day_at(course.clinic)).unknown
    assert {"today.asthma-attack", "today.dizzy"} <= unknown


@pytest.mark.same_everywhere  # a form that is refused asks no database; answers are kept on each by the tests above
@pytest.mark.parametrize("mark", ["yes", "unknown"])
def test_a_no_to_a_group_never_wipes_out_a_mark_inside_it(client: Client, course: Course, mark: str) -> None:
    response = client.post(today(course), a_good_day(client, course, **{"gate-alarm": "no", "today.asthma-attack": mark}))
    assert response.status_code == 422
    sentence = "Something behind this question is marked. Answer “Yes”, or take the mark away."
    assert response.context["form"].errors == {"gate-alarm": [sentence]}


@pytest.mark.same_everywhere
def test_dont_know_to_a_group_leaves_what_is_marked_inside_it(client: Client, course: Course) -> None:
    after = answered(client, course, **{"gate-alarm": "unknown", "today.asthma-attack": "yes"})
    assert after.outcome == "emergency"


def test_the_answers_of_a_day_hold_for_that_day_only(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    with time_machine.travel("2026-05-04T10:00:00+00:00", tick=False):
        answered(signed_in(therapist), course)
    with time_machine.travel("2026-05-05T10:00:00+00:00", tick=False):
        client = signed_in(therapist)  # a sign-in does not last over night
        course.refresh_from_db()
        assert client.get(today(course)).context["form"]["today.consent"].value() is None
        client.post(f"/courses/{course.pk}/edit/", {"count": "3", "version": "2", "csrfmiddlewaretoken": "x"})
        course.refresh_from_db()
        assert course.version == 3
        assert {"today.consent", "today.temperature-c"} <= open_facts(course)


@pytest.mark.same_everywhere  # a form that is refused asks no database; answers are kept on each by the tests above
@pytest.mark.parametrize("value", ["", "abc", "20", "44", "1e400", "9" * 400, "nan", "-36.6", "\x00"])
def test_a_reading_that_cannot_be_is_refused_beside_its_field(client: Client, course: Course, value: str) -> None:
    response = client.post(today(course), a_good_day(client, course, **{"today.temperature-c--value": value}))
    if not value:
        assert response.status_code == 303, "left open: it stays unknown"
        return
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"today.temperature-c--value"}
    assert not FactAnswer.objects.filter(fact="today.consent").exists()


def test_a_stale_course_takes_no_answers_and_writes_none(client: Client, course: Course) -> None:
    response = client.post(today(course), a_good_day(client, course, version="7"))
    assert response.status_code == 422
    assert "Somebody else has changed this course in the meantime." in html.unescape(response.content.decode())
    assert not FactAnswer.objects.filter(fact="today.consent").exists()
    again = a_good_day(client, course, version=str(response.context["version"]))
    assert client.post(today(course), again).status_code == 303, "whoever was told sends the same page again"


def test_a_discarded_course_is_not_asked_about(client: Client, course: Course) -> None:
    typed = a_good_day(client, course)
    client.post(f"/courses/{course.pk}/discarded/")
    assert client.post(today(course), typed).status_code == 403
    assert not FactAnswer.objects.filter(fact="today.consent").exists()


@pytest.mark.same_everywhere
def test_a_record_that_says_something_else_by_now_leads_to_the_form_of_the_course(client: Client, therapist: Actor) -> None:
    """The weeks of the course stand still while those of the record grow; somebody has to say which of them holds."""
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    course = a_course(patient=patient, actor=therapist, condition="post-infarction", stage=POST_INFARCTION, count=2)
    typed = a_good_day(client, course)
    later = {"history.infarction-weeks": Reply(STATED, 500)}
    record_facts(patient=patient, replies=later, on=a_day_at(course.clinic), given_by="patient", actor=therapist)
    for response in (client.get(today(course)), client.post(today(course), typed)):
        assert (response.status_code, response["Location"]) == (303, f"/courses/{course.pk}/edit/")
    assert not FactAnswer.objects.filter(fact="today.consent").exists()
    shown = html.unescape(client.get(f"/courses/{course.pk}/edit/").content.decode())
    assert "The record says something else than this course." in shown
    entered = {"count": "2", "version": "1", "weeks_since_infarction": str(course.request["inputs"]["weeks_since_infarction"])}
    refused = client.post(f"/courses/{course.pk}/edit/", entered)
    assert refused.status_code == 422
    assert "The record says something else about" in html.unescape(refused.content.decode())
    assert client.get(f"/courses/{course.pk}/").status_code == 200, "what was planned can still be read"


def test_a_plan_that_the_check_refuses_keeps_none_of_the_day_s_answers(
    client: Client, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = a_good_day(client, course)

    def refuse(*_args: object, **_more: object) -> None:
        raise UnsafePlan("refused by the test")

    monkeypatch.setattr("clinic.courses.actions.planning.planned", refuse)
    response = client.post(today(course), typed)
    assert response.status_code == 422
    assert "The independent check refused this plan" in html.unescape(response.content.decode())
    assert not FactAnswer.objects.filter(fact="today.consent").exists()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_typing_ever_breaks_the_day(client: Client, course: Course, data: st.DataObject) -> None:
    with transaction.atomic():
        typed = a_good_day(client, course)
        names = sorted(client.get(today(course)).context["form"].fields)
        junk = st.one_of(
            st.sampled_from(["yes", "no", "unknown", "0", "41", "left"]), st.text(max_size=8), st.lists(st.text(max_size=8), max_size=2)
        )
        typed |= data.draw(st.dictionaries(st.sampled_from(names), junk, max_size=8))
        response = client.post(today(course), typed)
        assert response.status_code in (303, 422)
        assert client.get(f"/courses/{course.pk}/").status_code == 200
        transaction.set_rollback(True)


@pytest.mark.same_everywhere
def test_todays_answers_stand_in_the_form_when_it_is_opened_again(client: Client, course: Course) -> None:
    after = answered(client, course, **{"today.temperature-c--value": "38.6", "gate-look": "unknown", "today.consent": "no"})
    form = client.get(today(after)).context["form"]
    shown = {name: form[name].value() for name in ("today.temperature-c--value", "gate-look", "gate-fever", "today.consent")}
    assert shown == {"today.temperature-c--value": 38.6, "gate-look": "unknown", "gate-fever": "no", "today.consent": "no"}


@pytest.mark.same_everywhere
def test_what_was_marked_behind_a_question_is_still_marked_when_the_form_is_opened_again(client: Client, course: Course) -> None:
    marked = {"gate-fever": "yes", "today.vomiting-or-diarrhoea": "yes"}
    after = answered(client, course, **marked)
    form = client.get(today(after)).context["form"]
    assert {name: form[name].value() for name in marked} == marked


@pytest.mark.same_everywhere
def test_answers_of_another_day_do_not_stand_in_the_form(client: Client, course: Course) -> None:
    answered(client, course)
    FactAnswer.objects.filter(patient=course.patient).update(answered_on=a_day_at(course.clinic) - timedelta(days=1))
    form = client.get(today(course)).context["form"]
    assert {form[name].value() for name in form.fields} <= {None, False}


@pytest.mark.same_everywhere  # a form that is refused asks no database; answers are kept on each by the tests above
def test_the_two_values_of_a_blood_pressure_that_were_swapped_are_sent_back(client: Client, course: Course) -> None:
    typed = a_good_day(client, course, **{"today.systolic--value": "80", "today.diastolic--value": "120"})
    response = client.post(today(course), typed)
    assert response.status_code == 422
    assert "lower value must be below" in html.unescape(response.content.decode())
    assert not FactAnswer.objects.filter(patient=course.patient, fact="today.diastolic").exists()


@pytest.mark.same_everywhere  # a form that is refused asks no database; answers are kept on each by the tests above
def test_the_questions_name_the_course_they_are_asked_for_and_lead_back_to_it(client: Client, course: Course) -> None:
    page = html.unescape(client.get(today(course)).content.decode())
    assert page_names().of("conditions", course.condition) in page
    assert page.count(f'href="/courses/{course.pk}/"') >= 2
