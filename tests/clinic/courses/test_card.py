"""The printed card of a session says what the stored plan says, in both languages, and that a draft is a draft."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from clinic.courses.models import Course
from clinic.courses.queries import sessions_of
from clinic.staff.permissions import Actor
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.courses.printed import A5, is_accessible, sizes, squeezed, text_of
from tests.factories import a_course, a_course_that_may_start, a_patient, a_running_course, an_intake

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def course(therapist: Actor) -> Course:
    patient = a_patient(clinic=therapist.clinic, family_name="Иванова-Müller", given_name="Łucja", card_number="K-77")
    an_intake(patient=patient, actor=therapist)
    return a_course(patient=patient, actor=therapist, condition="scoliosis", stage="degree-1", count=3)


def card_pdf(client: Client, course: Course, number: int = 1, query: str = "") -> bytes:
    response = client.get(f"/courses/{course.pk}/sessions/{number}/card.pdf{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return bytes(response.content)


def card(client: Client, course: Course, number: int = 1, query: str = "") -> str:
    return text_of(card_pdf(client, course, number, query))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("number", [1, 3])
def test_the_card_names_patient_plan_and_that_it_is_a_draft(
    client: Client, therapist: Actor, course: Course, language: str, number: int
) -> None:
    therapist.user.language = language
    therapist.user.save()
    printed, names = card(client, course, number), shipped_names(language)
    session, plan = course.sessions.get(number=number), sessions_of(course)[number - 1]
    with translation.override(language):
        draft = translation.gettext("Draft: may not start").upper()
    assert not plan.may_start
    for words in ("Иванова-Müller Łucja", "K-77", LIBRARY.edition, session.digest[:12], draft, course.clinic.name):
        assert words in printed
    assert f"http://testserver/courses/{course.pk}/?session={number}" in printed
    for row in plan.rows:
        assert squeezed(names.of("zones", row.zone)) in squeezed(printed)
        assert squeezed(names.of("techniques", row.technique)) in squeezed(printed)


def test_the_card_is_one_accessible_a5_in_the_language_that_the_address_asks_for(client: Client, course: Course) -> None:
    for query, words in (("", "Session 1 of 3"), ("?language=ru", "Сеанс 1 из 3"), ("?language=en", "Session 1 of 3")):
        pdf = card_pdf(client, course, query=query)
        assert sizes(pdf) == {A5}
        assert is_accessible(pdf)
        assert words in text_of(pdf)


@pytest.mark.parametrize("language", ["de", "", "en-us", "../ru", "RU"])
def test_a_language_that_tactus_does_not_speak_is_not_found(client: Client, course: Course, language: str) -> None:
    assert client.get(f"/courses/{course.pk}/sessions/1/card.pdf", {"language": language}).status_code == 404
    assert client.get(f"/courses/{course.pk}/plan.pdf", {"language": language}).status_code == 404


def test_printing_in_the_patients_language_leaves_the_pages_in_the_staffs(client: Client, course: Course) -> None:
    card_pdf(client, course, query="?language=ru")
    assert 'lang="en"' in client.get("/courses/").content.decode()


def test_two_sessions_have_two_cards(client: Client, course: Course) -> None:
    assert card(client, course, 1) != card(client, course, 3)


@pytest.mark.parametrize("name", ["#panic()", "*bold* _x_ $x^2$", '"; }', "<b>", "\\", "@ref", "= Heading", "{page}", "&amp;"])
def test_a_name_is_never_read_as_markup(client: Client, therapist: Actor, name: str) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name=name)
    course = a_course(patient=patient, actor=therapist, count=1)
    pdf = card_pdf(client, course)
    assert name.replace(" ", "") in text_of(pdf).replace(" ", "")
    assert is_accessible(pdf)


@pytest.mark.parametrize("name", ["🙂", "北京"])
def test_a_letter_that_the_fonts_lack_does_not_keep_the_card_from_being_printed(client: Client, therapist: Actor, name: str) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name=name, card_number="K-77")
    pdf = card_pdf(client, a_course(patient=patient, actor=therapist, count=1))
    assert "K-77" in text_of(pdf)
    assert not is_accessible(pdf)


@pytest.mark.parametrize("name", ["Қазақ ұлы", "Đặng", "Łódź-Ōe", "Ґудзь", "Şahin ığ", "Παπαδόπουλος"])
def test_ordinary_names_of_many_languages_keep_the_card_accessible(client: Client, therapist: Actor, name: str) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name=name)
    pdf = card_pdf(client, a_course(patient=patient, actor=therapist, count=1))
    assert squeezed(name) in squeezed(text_of(pdf))
    assert is_accessible(pdf)


def test_a_card_of_a_refusal_says_that_nothing_may_be_given(client: Client, therapist: Actor) -> None:
    condition, stage = next(
        (condition, stage) for condition in LIBRARY.conditions.values() for stage in condition.stages.values() if stage.treatment is None
    )
    course = a_course(actor=therapist, condition=condition.code, stage=stage.code, count=1)
    printed = card(client, course)
    assert "Nothing may be given in this session." in printed
    assert "0 min" not in printed
    assert "DRAFT: MAY NOT START" in printed


def test_a_card_of_another_clinic_is_not_printed(client: Client, stranger: Actor) -> None:
    course = a_course(actor=stranger, count=1)
    assert client.get(f"/courses/{course.pk}/sessions/1/card.pdf").status_code == 404


def test_the_card_says_what_was_found_and_what_to_mind(client: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic, born_on=date(2012, 1, 2), guardian_name="Иванова")
    an_intake(patient=patient, actor=therapist)
    printed = card(client, a_course(patient=patient, actor=therapist, condition="scoliosis", stage="degree-1", count=3))
    assert LIBRARY.rules["ag-01"].title in printed
    assert "guardian present under 16" in printed


def test_the_card_says_which_side_is_convex_and_what_to_keep_off(client: Client, course: Course) -> None:
    printed = card(client, course)
    assert "LEFT (concave side)" in printed or "RIGHT (concave side)" in printed
    assert "LEFT (convex side)" in printed or "RIGHT (convex side)" in printed
    assert "Keep off: spinous processes along the whole spine." in printed


@pytest.mark.parametrize(("convex", "toned"), [("left", "LEFT (convex side)"), ("right", "RIGHT (convex side)")])
def test_the_side_on_paper_is_the_side_of_the_plan(client: Client, therapist: Actor, convex: str, toned: str) -> None:
    inputs = {"curve_shape": "c", "convex_side": convex, "cobb_degrees": 8}
    printed = card(client, a_course(actor=therapist, condition="scoliosis", stage="degree-1", inputs=inputs, count=1))
    assert toned in printed
    assert printed.count("(convex side)") == printed.count(toned)


def test_the_card_says_of_which_day_it_is_and_that_other_days_need_todays_questions(client: Client, therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist, count=2)
    printed = card(client, course)
    day = translation.gettext("Plan of %(day)s, valid on this day only. On any other day ask today's questions before use.")
    assert day % {"day": date_format(course.planned_on, "SHORT_DATE_FORMAT")} in printed
    assert "DRAFT: THE COURSE HAS NOT BEEN STARTED" in printed
    assert "MAY NOT START" not in printed


def test_a_card_of_a_session_that_is_over_says_so(client: Client, therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3, given=1)
    assert "ALREADY GIVEN ON" in card(client, course, 1)
    assert "ALREADY GIVEN ON" not in card(client, course, 2)
    assert "DRAFT" not in card(client, course, 2)
