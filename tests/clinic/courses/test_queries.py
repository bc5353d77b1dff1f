"""Lists and pages of courses ask the database as often for thirty rows as for one, and never read what they do not show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.courses.models import Course
from clinic.courses.queries import courses_of, courses_of_patient, drafts_to_finish
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor
from tests.factories import a_course, a_patient
from tests.fixtures import counted_queries

SignedIn = Callable[[Any], Client]


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    client = signed_in(therapist)
    client.get("/courses/")
    return client


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_course(actor=therapist, count=1)


def copied(course: Course, times: int, **changes: Any) -> None:
    """More courses like this one, without planning each."""
    fields = {field.attname: getattr(course, field.attname) for field in Course._meta.concrete_fields if not field.primary_key}
    Course.objects.bulk_create(Course(**fields | changes) for _ in range(times))


def queries_of(client: Client, path: str, most: int = 8) -> int:
    with counted_queries(most) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.same_everywhere
def test_the_list_and_the_record_ask_as_often_for_thirty_courses_as_for_one(client: Client, course: Course) -> None:
    paths = {"/courses/": 8, f"/patients/{course.patient_id}/": 21}  # the page of a patient gathers what several apps know
    one = [queries_of(client, path, most) for path, most in paths.items()]
    copied(course, 29)
    copied(course, 9, state=CourseState.DISCARDED)
    assert [queries_of(client, path, most) for path, most in paths.items()] == one


@pytest.mark.same_everywhere
def test_the_plan_asks_as_often_for_thirty_sessions_as_for_one(client: Client, therapist: Actor, course: Course) -> None:
    long = a_course(actor=therapist, count=30)
    for page, most in {"": 18, "today/": 8, "edit/": 8, "sessions/1/card.pdf": 8}.items():
        assert queries_of(client, f"/courses/{long.pk}/{page}", most) == queries_of(client, f"/courses/{course.pk}/{page}", most)


@pytest.mark.same_everywhere
def test_a_list_never_reads_the_stored_plans(course: Course) -> None:
    with counted_queries(1) as asked:
        assert list(courses_of(course.clinic))
    assert '"screening"' not in asked[0]
    assert '"plan"' not in asked[0]


def test_discarded_courses_stand_apart_and_newest_come_first(therapist: Actor, course: Course) -> None:
    copied(course, 2)
    copied(course, 12, state=CourseState.DISCARDED)
    courses, discarded = courses_of_patient(course.patient)
    for each in (courses, discarded):
        assert [one.pk for one in each] == sorted((one.pk for one in each), reverse=True)
    assert (len(courses), len(discarded)) == (3, 10)
    assert {each.state for each in drafts_to_finish(therapist.clinic)} == {CourseState.DRAFT}


def test_courses_of_another_clinic_are_never_listed(therapist: Actor, stranger: Actor, course: Course) -> None:
    elsewhere = a_course(patient=a_patient(clinic=stranger.clinic), actor=stranger, count=1)
    assert [each.pk for each in courses_of(therapist.clinic)] == [course.pk]
    assert [each.pk for each in courses_of(stranger.clinic)] == [elsewhere.pk]


@pytest.mark.same_everywhere
def test_an_empty_list_says_what_to_do(client: Client) -> None:
    assert "No courses yet" in client.get("/courses/").content.decode()
