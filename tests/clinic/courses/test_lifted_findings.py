"""A rule that a doctor's document lifts still holds: the page and the print name it, the document, and what stays of it."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.courses.models import Course
from clinic.courses.presentation import Presenter
from clinic.courses.prints import Paper
from clinic.courses.prints.course import course_data
from clinic.courses.queries import screening_of
from clinic.staff.permissions import Actor
from patients.questionnaire import STATED, Reply
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.courses.printed import squeezed, text_of
from tests.factories import a_course, a_document, a_patient, a_running_course, an_intake

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY, NAMES = shipped_library(), shipped_names("en")
TITLE = "Blood-thinning medicine (warfarin, heparin, DOAC, two antiplatelets)"
NOTHING_FOUND = "Nothing known about this patient limits the plan."


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def lifted(therapist: Actor) -> Course:
    """A blood thinner that the referral names: the only rule that holds, and a document lifts it."""
    patient = a_patient(clinic=therapist.clinic)
    thinner = {"medicine.anticoagulant": Reply(STATED, value=True)}
    an_intake(patient=patient, actor=therapist, gate={"clots-and-bleeding": "yes"}, replies=thinner)
    a_document(patient=patient, kind="doctor-referral", rules=["bl-03"], actor=therapist)
    course = a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage="remission", count=10)
    assert [finding.rule for finding in screening_of(course).findings if finding.cleared] == ["bl-03"]
    return course


def findings_on_the_page(client: Client, course: Course) -> str:
    text = html.unescape(client.get(f"/courses/{course.pk}/").content.decode())
    _before, _mark, after = text.partition('<h2 id="findings">')
    return after.partition('<details class="more fold-on-paper">')[0].partition("</section>")[0]


def test_the_page_shows_a_lifted_rule_with_what_stays_of_it_and_the_document(client: Client, lifted: Course) -> None:
    shown = findings_on_the_page(client, lifted)
    for words in ("Lifted by a doctor's document", TITLE, "Pressure 2 at most: everywhere", "<dt>Lifted by</dt><dd>Referral</dd>"):
        assert words in shown
    assert NOTHING_FOUND not in shown
    assert "May be lifted by" not in shown


def test_the_print_says_the_same(client: Client, lifted: Course) -> None:
    data = course_data(Paper(lifted, Presenter(LIBRARY, NAMES), "https://tactus.example.org/courses/1/"))["findings"]
    assert data["none"] == ""
    (line,) = data["cleared"]
    assert (line["title"], line["ends"][-1]) == (TITLE, "Lifted by: Referral")
    assert "Pressure 2 at most: everywhere" in line["changes"]
    printed = squeezed(text_of(client.get(f"/courses/{lifted.pk}/plan.pdf").content))
    assert squeezed("Lifted by: Referral") in printed


def test_no_document_is_named_where_none_lifted_a_rule(client: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    course = a_course(patient=patient, actor=therapist)
    shown = findings_on_the_page(client, course)
    assert NOTHING_FOUND in shown
    assert "Lifted by" not in shown


def test_only_a_discarded_draft_can_be_brought_back(client: Client, therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    assert "/restored/" not in client.get(f"/courses/{course.pk}/").content.decode()
