"""The printed card of a session says what the stored plan says, in both languages, and that a draft is a draft."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import translation

from clinic.courses.models import Course
from clinic.courses.queries import sessions_of
from clinic.staff.permissions import Actor
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course, a_patient, an_intake

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


def text_of(pdf: bytes) -> str:
    """The words of every page, blanks made one."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    # A word broken at the end of a line is put together again.
    return " ".join(" ".join(pages).replace("\u00ad", "").replace("\ufffe", "").split())


def card(client: Client, course: Course, number: int = 1) -> str:
    response = client.get(f"/courses/{course.pk}/sessions/{number}/card.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return text_of(response.content)


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
    assert f"/courses/{course.pk}/" in printed
    squeezed = printed.replace(" ", "").replace("-", "")
    for row in plan.rows:
        assert names.of("zones", row.zone).replace(" ", "").replace("-", "") in squeezed
        assert names.of("techniques", row.technique).replace(" ", "").replace("-", "") in squeezed


def test_two_sessions_have_two_cards(client: Client, course: Course) -> None:
    assert card(client, course, 1) != card(client, course, 3)


@pytest.mark.parametrize("name", ["#panic()", "*bold* _x_ $x^2$", '"; }', "<b>", "\\", "@ref", "= Heading"])
def test_a_name_is_never_read_as_markup(client: Client, therapist: Actor, name: str) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name=name)
    course = a_course(patient=patient, actor=therapist, count=1)
    assert name.replace(" ", "") in card(client, course).replace(" ", "")


@pytest.mark.parametrize("name", ["🙂", "北京", "Қазақ ұлы"])
def test_a_letter_that_the_fonts_lack_does_not_keep_the_card_from_being_printed(client: Client, therapist: Actor, name: str) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name=name, card_number="K-77")
    assert "K-77" in card(client, a_course(patient=patient, actor=therapist, count=1))


def test_a_card_of_a_refusal_says_that_nothing_may_be_given(client: Client, therapist: Actor) -> None:
    condition, stage = next(
        (condition, stage) for condition in LIBRARY.conditions.values() for stage in condition.stages.values() if stage.treatment is None
    )
    course = a_course(actor=therapist, condition=condition.code, stage=stage.code, count=1)
    printed = card(client, course)
    assert "Nothing may be given in this session." in printed
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


def test_the_card_says_which_side_is_convex_and_what_to_keep_off(client: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    printed = card(client, a_course(patient=patient, actor=therapist, condition="scoliosis", stage="degree-1", count=3))
    assert "LEFT (concave side)" in printed or "RIGHT (concave side)" in printed
    assert "LEFT (convex side)" in printed or "RIGHT (convex side)" in printed
    assert "Keep off: spinous processes along the whole spine." in printed
