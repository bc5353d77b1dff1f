"""A course that somebody gave the signature of another one, by writing to the database, shows no doctor's name (H5, F34)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.courses.models import Course
from clinic.courses.prints.course import _signed
from clinic.courses.queries import course_or_404
from clinic.staff.permissions import Actor
from tests.factories import a_course_that_may_start, a_running_course, a_signed_course

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


class PaperOf:
    """As much of a paper as the lines about its signature need."""

    def __init__(self, course: Course) -> None:
        self.course = course


def lines_of(course: Course) -> list[str]:
    paper: Any = PaperOf(course_or_404(course.clinic, course.pk))
    return _signed(paper)


def test_a_copied_signature_puts_no_name_on_page_or_paper(signed_in: SignedIn, therapist: Actor) -> None:
    other, course = a_running_course(actor=therapist), a_course_that_may_start(actor=therapist)
    assert other.signature
    Course.objects.filter(pk=course.pk).update(state="running", started_on=course.planned_on, signature=other.signature)
    name = other.signature.printed_name
    assert not any(name in line for line in lines_of(course))
    assert "does not verify" in " ".join(lines_of(course))
    shown = signed_in(therapist).get(f"/courses/{course.pk}/").content.decode()
    assert f"Signed by {name}" not in shown
    assert "does not verify" in shown


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_its_own_signature_stands_on_both(signed_in: SignedIn, therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    assert course.signature
    name = course.signature.printed_name
    assert name in lines_of(course)[0]
    assert len(lines_of(course)) == 2
    assert f"Signed by {name}" in signed_in(therapist).get(f"/courses/{course.pk}/").content.decode()


def test_a_plan_that_was_changed_beneath_its_signature_says_so_on_paper(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    Course.objects.filter(pk=course.pk).update(session_count=course.session_count - 1)
    assert "The plan is not the one that was signed" in lines_of(course)[-1]
