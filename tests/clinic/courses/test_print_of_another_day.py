"""A print never reads as a permission on another day than the plan's: it says what the page says."""

from datetime import timedelta
from typing import Any

import pytest

from clinic.courses.actions import Felt, record_session
from clinic.courses.models import Course
from clinic.courses.presentation import Presenter
from clinic.courses.prints import Paper
from clinic.courses.prints.card import card_data
from clinic.courses.prints.course import course_data
from clinic.staff.permissions import Actor
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course_that_may_start, a_patient, a_running_course

pytestmark = pytest.mark.same_everywhere

BANNER = "Plan of another day: ask today's questions first"
PERMISSIONS = ("May go ahead", "Go ahead, changed")


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_running_course(actor=therapist, count=3)


def of_yesterday(course: Course) -> Course:
    course.planned_on -= timedelta(days=1)
    course.save()
    return course


def papers(course: Course, number: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    paper = Paper(course, Presenter(shipped_library(), shipped_names("en")), "https://tactus.example.org/courses/1/")
    return course_data(paper), card_data(paper, course.sessions.get(number=number))


def test_on_its_own_day_a_plan_that_may_start_reads_as_one(course: Course) -> None:
    whole, card = papers(course)
    assert whole["outcome"]["word"] in PERMISSIONS
    assert (whole["banner"], card["banner"], card["is_barred"]) == ("", "", False)


def test_on_another_day_plan_and_card_ask_for_the_questions_first(course: Course) -> None:
    whole, card = papers(of_yesterday(course))
    assert whole["outcome"]["word"] == "Not yet: something is missing"
    assert "Ask today's questions before a session." in whole["outcome"]["sentence"]
    assert (whole["banner"], whole["is_barred"]) == (BANNER, True)
    assert (card["banner"], card["is_barred"]) == (BANNER, True)


def test_a_draft_of_another_day_asks_as_well(therapist: Actor) -> None:
    draft = a_course_that_may_start(patient=a_patient(clinic=therapist.clinic), actor=therapist, count=3)
    assert papers(of_yesterday(draft))[0]["banner"] == BANNER


def test_the_card_of_a_session_that_is_over_says_only_that(course: Course, therapist: Actor) -> None:
    record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    _whole, card = papers(of_yesterday(Course.objects.get(pk=course.pk)))
    assert card["given"].startswith("Already given on")
    assert (card["banner"], card["is_barred"]) == ("", False)


def test_a_finished_course_is_a_record_and_no_permission(course: Course, therapist: Actor) -> None:
    Course.objects.filter(pk=course.pk).update(state="finished", finished_on=course.planned_on)
    whole, _card = papers(Course.objects.get(pk=course.pk))
    assert whole["outcome"]["word"] == "Finished"
    assert "a record, not for use" in whole["outcome"]["sentence"]
