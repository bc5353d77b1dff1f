"""One search finds pages, people, courses and the library: only what the reader may see, in eight queries, and whom it shows is noted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.audit.models import Look, ReadLine
from clinic.staff.models import Clinic, RecordAccess, Role
from clinic.staff.permissions import Actor
from tests.factories import a_course, a_patient, an_actor

SignedIn = Callable[[Any], Client]


@pytest.fixture
def search(signed_in: SignedIn) -> Callable[..., str]:
    """``search(actor, "ivan")`` is the page that was answered."""
    return lambda actor, query, **asked: signed_in(actor).get(reverse("home:search"), {"q": query, **asked}).content.decode()


@pytest.fixture
def maria(clinic: Clinic, therapist: Actor) -> Any:
    """A patient with a course for the neck, in the care of the therapist."""
    patient = a_patient(clinic=clinic, family_name="Иванова", given_name="Мария", phone="+49 30 1234567", card_number="A-77")
    return a_course(patient=patient, actor=therapist, count=2).patient


@pytest.mark.parametrize("query", ["Ivanova", "иван", "1234567", "a-77", "17.5.1980"])
def test_a_patient_is_found_with_the_courses_by_name_telephone_card_and_birth_date(search, therapist, maria, query):
    body = search(therapist, query)
    assert reverse("patients:detail", args=[maria.pk]) in body
    assert "Иванова Мария: " in body


@pytest.mark.same_everywhere
def test_a_name_with_a_slip_is_found_when_nobody_is_written_so(search, therapist, maria):
    assert "similar spelling" in search(therapist, "Иваонва")
    assert "similar spelling" not in search(therapist, "Иванова")


@pytest.mark.same_everywhere
def test_courses_are_found_by_their_condition_in_both_languages(search, therapist, maria):
    for query in ("collar", "воротников"):
        assert "Иванова Мария: " in search(therapist, query)


@pytest.mark.same_everywhere
def test_a_course_is_shown_only_to_who_may_open_the_record(search, clinic, therapist, clinic_admin, stranger, maria):
    Clinic.objects.filter(pk=clinic.pk).update(record_access=RecordAccess.CARE_TEAM)
    outside = an_actor(clinic=clinic, roles=(Role.THERAPIST,))
    course = reverse("courses:detail", args=[maria.courses.get().pk])
    for reader, sees_person, sees_course in (
        (therapist, True, True),
        (outside, True, False),
        (clinic_admin, True, False),
        (stranger, False, False),
    ):
        body = search(reader, "Ivanova")
        assert ("Иванова" in body, course in body) == (sees_person, sees_course)


@pytest.mark.same_everywhere
def test_an_auditor_searches_the_library_and_is_led_to_the_audit_for_people(search, auditor, maria):
    body = search(auditor, "Ivanova")
    assert "Иванова" not in body
    assert reverse("patients:looks-find") + "?q=Ivanova" in body
    assert reverse("library:condition", args=["neck-collar"]) in search(auditor, "collar")


def test_everybody_whose_name_is_shown_is_noted_and_what_was_typed_is_not(search, therapist, maria):
    search(therapist, "Ivanova", part="suggestions")
    line = ReadLine.objects.filter(kind=Look.SEARCHED).latest("pk")
    assert (line.page, line.details) == ("home:search", {"found": [maria.pk]})


@pytest.mark.same_everywhere
def test_one_letter_finds_nobody_and_a_page_is_found_by_its_name(search, therapist, maria):
    assert "Иванова" not in search(therapist, "и")
    assert f'href="{reverse("calendar:day")}"' in search(therapist, "calen", part="suggestions")


@pytest.mark.same_everywhere
def test_a_search_asks_eight_times_at_most_however_much_it_finds(
    signed_in: SignedIn, clinic: Clinic, therapist: Actor, maria: Any, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    for number in range(12):
        a_patient(clinic=clinic, family_name=f"Ivanov{number}", card_number=f"B-{number}")
    client = signed_in(therapist)
    client.get(reverse("home:search"))
    for query in ("Ivan", "Иваонва Мраия Петорвна", "collar", "nobody at all"):
        with max_queries(8):
            client.get(reverse("home:search"), {"q": query})
