"""What if: everything stands in the address, every difference has its reason, and nothing in the database moves."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from clinic.audit.append_only import AppendOnly
from clinic.courses.models import Course
from clinic.courses.supposing import FactWords, facts_that_decide
from clinic.staff.permissions import Actor
from patients.questionnaire import STATED, Person, Reply, answers_of
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course, a_patient, an_intake

pytestmark = pytest.mark.same_everywhere

LUMBAR = {"affected_side": "right", "pain_nrs": 5}
SignedIn = Callable[[Actor], Client]


@pytest.fixture
def course(therapist: Actor) -> Course:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    return a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage="subacute", inputs=LUMBAR)


@pytest.fixture
def look(course: Course, therapist: Actor, signed_in: SignedIn) -> Callable[..., tuple[int, str, dict[str, Any]]]:
    browser = signed_in(therapist)

    def looked(_pairs: list[tuple[str, str]] | None = None, **query: object):
        address = reverse("courses:what-if", args=[course.pk])
        answer = browser.get(f"{address}?{urlencode(_pairs or query, doseq=True)}")
        return answer.status_code, answer.content.decode(), answer.context

    return looked


def fingerprint() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but those of the audit and of sessions, which a look may add to."""
    models = [model for model in apps.get_models() if not any(isinstance(rule, AppendOnly) for rule in model._meta.constraints)]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in models
        if model._meta.label != "sessions.Session"
    }


def test_without_a_change_the_page_asks_and_compares_nothing(look):
    status, words, context = look()
    assert status == 200
    assert "difference" not in context
    assert "Nothing is saved" in words
    assert not context["supposed"].is_changed


def test_another_stage_shows_headline_rows_and_reasons(look):
    status, words, context = look(stage="acute")
    assert status == 200
    count = next(line for line in context["difference"].head if line.kind == "count")
    assert (count.before, count.after) == ("10", "4"), "the usual number of the other stage"
    assert context["session"].go
    assert all(group.because for group in (*context["session"].go, *context["session"].come))
    assert "Plan it so" in words


def test_a_supposed_anticoagulant_makes_the_work_lighter_and_names_the_rule(look):
    _status, words, context = look(fact="medicine.anticoagulant", session=6)
    titles = [line.title for line in context["difference"].findings_come]
    assert len(titles) == 1
    assert titles[0] in words
    told = {sentence for group in context["session"].changed for sentence in group.because}
    assert any(titles[0] in sentence for sentence in told)
    assert "On record:" in words


def test_several_facts_can_be_supposed_at_once_and_taken_back(look):
    _status, _words, context = look(
        [
            ("fact", "medicine.anticoagulant"),
            ("medicine.anticoagulant", "yes"),
            ("fact", "today.temperature-c"),
            ("today.temperature-c--value", "38.4"),
        ]
    )
    assert set(context["supposed"].replies) == {"medicine.anticoagulant", "today.temperature-c"}
    assert next(line for line in context["difference"].head if line.kind == "outcome").after == "defer"
    first = context["facts"][0]
    assert first.question.code not in first.without
    assert "today.temperature-c" in first.without


@pytest.mark.parametrize(("answer", "word"), [("no", "normal"), ("unknown", "unknown")])
def test_no_and_not_answered_are_answers_too(look, answer, word):
    _status, _words, context = look([("fact", "medicine.anticoagulant"), ("medicine.anticoagulant", answer)])
    assert context["supposed"].replies["medicine.anticoagulant"].reply == word


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"stage": "nowhere"}, "no such stage"),
        ({"fact": "history.nothing"}, "no rule asks for"),
        ({"fact": "today.temperature-c", "today.temperature-c--value": "99"}, "Write a number from"),
        ({"count": "0"}, "Write a whole number from 1 to 60"),
        ({"affected_side": "middle"}, "Choose one of the answers"),
        ({"fact": "history.varicose-zones", "history.varicose-zones": "yes"}, "Tick where it is"),
    ],
)
def test_wrong_input_is_explained_and_the_rest_is_kept(look, query, sentence):
    status, words, context = look(**{"pain_nrs": "3", **query})
    assert status == 422
    assert sentence in words
    assert "difference" not in context
    assert context["supposed"].form["pain_nrs"].value() == "3"


def test_too_many_facts_are_refused_with_a_sentence(look):
    status, words, _context = look(fact=list(facts_that_decide(shipped_library()))[:21])
    assert status == 422
    assert "No more than 20 facts" in words


def test_a_stage_that_asks_more_shows_the_field_and_keeps_the_rest(therapist, signed_in):
    course = a_course(actor=therapist, condition="osteochondrosis-lumbar", stage="acute", inputs={"pain_nrs": 8})
    answer = signed_in(therapist).get(reverse("courses:what-if", args=[course.pk]), {"stage": "subacute"})
    assert answer.status_code == 422
    form = answer.context["supposed"].form
    assert list(form.errors) == ["affected_side"]
    assert form["pain_nrs"].value() == "8"


def test_an_emptied_answer_stays_empty_and_an_answer_of_another_stage_is_dropped(therapist, signed_in):
    course = a_course(actor=therapist, condition="constipation", stage="atonic", inputs={"form": "atonic"})
    browser, address = signed_in(therapist), reverse("courses:what-if", args=[course.pk])
    assert browser.get(address, {"stage": "spastic"}).context["supposed"].wanted.inputs == {}
    assert browser.get(address, {"stage": "atonic", "for": "atonic", "count": "10"}).context["supposed"].wanted.inputs == {}


def test_a_barred_stage_is_compared_as_the_refusal_that_it_is(therapist, signed_in):
    course = a_course(actor=therapist, condition="constipation", stage="atonic", inputs={})
    answer = signed_in(therapist).get(reverse("courses:what-if", args=[course.pk]), {"stage": "alarm"})
    outcome = answer.context["difference"].head[0]
    assert outcome.after == "absolute"
    assert outcome.because


def test_the_way_to_plan_it_opens_the_form_with_the_same_answers(look, therapist, signed_in):
    _status, _words, context = look(affected_side="left", count="8")
    assert context["plan_address"].startswith("/courses/")
    form = signed_in(therapist).get(context["plan_address"]).context["form"]
    assert (form["affected_side"].value(), form["pain_nrs"].value(), form["count"].value()) == ("left", 5, 8)
    _status, _words, context = look(stage="remission")
    form = signed_in(therapist).get(context["plan_address"]).context["form"]
    assert form.stage.code == "remission"
    assert form["pain_nrs"].value() == 5


def test_facts_are_found_by_their_words_and_shown_with_the_record(look):
    _status, _words, context = look(find="blood thinner")
    found = [words for group in context["groups"] for _code, words in group.facts]
    assert found
    assert all("blood thinner" in f"{group.title} {words}".lower() for group in context["groups"] for _code, words in group.facts)
    assert any(words.endswith("– no") for words in found)
    assert "No fact that a rule asks for has these words." in look(find="xylophone")[1]


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("history.varicose-zones", [{"zone": "thigh-posterior", "side": "left"}], "back of the thigh, left"),
        ("history.varicose-zones", [{"zone": "thigh-posterior", "side": "right"}], "back of the thigh, right"),
        ("history.varicose-zones", [{"zone": "thigh-posterior", "side": side} for side in ("left", "right")], "back of the thigh"),
        ("history.varicose-zones", ["thigh-posterior"], "back of the thigh"),
        ("history.varicose-zones", [], "no"),
        ("today.pain-nrs", 5, "5 of 10"),
        ("today.pain-nrs", 0, "0 of 10"),
        ("today.temperature-c", 38.4, "38.4 °C, armpit"),
        ("medicine.anticoagulant", True, "yes"),
    ],
)
def test_the_record_is_told_with_its_side_and_its_scale(fact, value, words):
    library = shipped_library()
    answers = answers_of(library, {fact: Reply(STATED, value)}, Person(age=52, sex="female"))
    assert FactWords(library, shipped_names("en"), answers).said(fact) == words


def test_a_zone_on_record_is_read_with_its_side_where_it_is_changed_and_where_it_is_picked(therapist, signed_in):
    patient = a_patient(clinic=therapist.clinic)
    left = Reply(STATED, [{"zone": "thigh-posterior", "side": "left"}])
    an_intake(patient=patient, actor=therapist, gate={"heart-and-vessels": "yes"}, replies={"history.varicose-zones": left})
    course = a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage="subacute", inputs=LUMBAR)
    browser, address = signed_in(therapist), reverse("courses:what-if", args=[course.pk])
    assert "– back of the thigh, left</option>" in browser.get(address).content.decode()
    assert "<b>back of the thigh, left</b>" in browser.get(address, {"fact": "history.varicose-zones"}).content.decode()


def test_the_picker_offers_every_fact_of_intake_and_day_that_a_rule_asks_for(look):
    _status, _words, context = look()
    offered = [code for group in context["groups"] for code, _words in group.facts]
    assert len(offered) == len(set(offered)) == len(facts_that_decide(shipped_library())) > 190


def test_stages_are_warned_of_under_what_is_supposed(look):
    _status, words, context = look(pain_nrs="8")
    warned = {card.code for card in context["cards"] if card.warnings}
    assert warned == {"subacute", "remission", "prevention"}
    assert "Pain of 7 and more is the mark of the acute stage" in words


def test_nothing_in_the_database_moves_but_the_line_of_who_looked(look, course):
    before = fingerprint()
    for query in ({"stage": "acute"}, {"fact": "medicine.anticoagulant"}, {"count": "0"}, {"stage": "remission", "session": "3"}):
        look(**query)
    assert fingerprint() == before


def test_only_reading_is_possible(course, therapist, signed_in):
    assert signed_in(therapist).post(reverse("courses:what-if", args=[course.pk])).status_code == 405


def test_a_full_comparison_asks_the_database_seldom(look, max_queries):
    with max_queries(10):
        look(stage="remission", fact="medicine.anticoagulant")


def test_a_count_that_nobody_touched_follows_the_stage_and_a_typed_one_stays(look):
    def count(**query: object) -> str:
        _status, _words, context = look(**query)
        return str(context["supposed"].form["count"].value())

    assert count(**{"stage": "acute", "for": "subacute", "count": "10"}) == "4"
    assert count(**{"stage": "acute", "for": "subacute", "count": "7"}) == "7"
    assert count(**{"stage": "acute", "for": "acute", "count": "10"}) == "10"
    assert count(**{"stage": "subacute", "for": "acute", "count": "4"}) == "12"


def test_supplements_of_one_stage_are_not_carried_to_a_stage_that_offers_none_of_them(look):
    _status, _words, context = look(_pairs=[("stage", "acute"), ("for", "subacute"), ("supplements", "segmental")])
    assert not context["supposed"].has_errors
    assert context["supposed"].wanted.supplements == ()
