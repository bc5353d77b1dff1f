"""A course that runs: it begins only under today's answers, its sessions are given in turn, and what was given never changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from clinic.audit.models import ReadLine
from clinic.courses.actions import Felt, answer_day_questions, move_course, record_session, replan_course, request_of, start_course
from clinic.courses.demo_days import ask_quiet_day
from clinic.courses.models import Course
from clinic.courses.queries import course_plan_of, sessions_of
from clinic.courses.states import CourseState
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts, withdraw_document
from patients.questionnaire import STATED, Reply
from tests.factories import a_course, a_course_that_may_start, a_running_course, a_signed_course, ask_today

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


def next_day(course: Course, actor: Actor) -> Course:
    """The day after the plan was made, its questions answered with nothing new."""
    return ask_quiet_day(course, on=course.planned_on + timedelta(days=1), actor=actor)


def test_a_therapeutic_course_starts_with_a_referral_a_signature_and_todays_answers(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist, condition="osteochondrosis-lumbar", stage="remission")
    started = start_course(course=course, on=course.planned_on, version=course.version, actor=therapist)
    assert (started.state, started.started_on) == (CourseState.RUNNING, course.planned_on)


@pytest.mark.same_everywhere
def test_a_course_with_something_in_its_way_does_not_start(therapist: Actor) -> None:
    course = a_course(actor=therapist, condition="preventive-massage", stage="general")
    with pytest.raises(ActionDenied, match="what is in the way"):
        start_course(course=course, on=course.planned_on, version=course.version, actor=therapist)


@pytest.mark.same_everywhere
def test_yesterdays_answers_start_nothing_and_give_nothing(therapist: Actor) -> None:
    draft = a_signed_course(actor=therapist)
    tomorrow = draft.planned_on + timedelta(days=1)
    with pytest.raises(ActionDenied, match="Ask today's questions"):
        start_course(course=draft, on=tomorrow, version=draft.version, actor=therapist)
    running = start_course(course=draft, on=draft.planned_on, version=draft.version, actor=therapist)
    with pytest.raises(ActionDenied, match="Ask today's questions"):
        record_session(course=running, number=1, felt=Felt(), on=tomorrow, actor=therapist)


def test_a_course_that_was_changed_meanwhile_does_not_start(therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist)
    with pytest.raises(ActionDenied, match="Somebody else"):
        start_course(course=course, on=course.planned_on, version=course.version - 1, actor=therapist)


@pytest.mark.same_everywhere
def test_a_document_withdrawn_after_planning_stops_the_start(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    withdraw_document(document=course.patient.documents.get(), reason="Another patient's", actor=therapist)
    with pytest.raises(ActionDenied, match="has changed since"):
        start_course(course=course, on=course.planned_on, version=course.version, actor=therapist)


@pytest.mark.same_everywhere
def test_an_answer_given_after_planning_stops_the_next_session(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    fever = {"today.temperature-c": Reply(STATED, 38.4)}
    record_facts(patient=course.patient, replies=fever, on=course.planned_on, given_by="patient", actor=therapist)
    with pytest.raises(ActionDenied, match="has changed since"):
        record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)


def test_sessions_are_given_in_turn_and_one_a_day(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    with pytest.raises(ActionDenied, match="is number 1"):
        record_session(course=course, number=2, felt=Felt(), on=course.planned_on, actor=therapist)
    record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    with pytest.raises(ActionDenied, match="already given on that day"):
        record_session(course=course, number=2, felt=Felt(), on=course.planned_on, actor=therapist)


def test_what_was_given_stays_as_it_was_when_the_rest_is_planned_again(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    before, doses = sessions_of(course), course_plan_of(course).doses
    record_session(course=course, number=1, felt=Felt(comfort=3, bad_reaction=True), on=course.planned_on, actor=therapist)
    course = next_day(course, therapist)
    after = sessions_of(course)
    assert after[0] == before[0]
    assert course_plan_of(course).doses[0] == doses[0]
    assert [session.number for session in after] == list(range(1, 11))
    # A bad reaction goes a rung down: the sessions left are smaller than they were planned.
    assert after[4].total_seconds < before[4].total_seconds


def test_a_running_course_is_planned_from_other_inputs_and_never_shorter_than_what_was_given(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, given=3)
    about: dict[str, Any] = {"course": course, "on": course.planned_on, "version": course.version, "actor": therapist}
    with pytest.raises(ActionDenied, match="3 sessions were given already"):
        replan_course(wanted=replace(request_of(course), count=3), **about)
    shorter = replan_course(wanted=replace(request_of(course), count=8), **about)
    assert (shorter.state, shorter.session_count, shorter.sessions.count()) == (CourseState.RUNNING, 8, 8)


def test_the_last_session_finishes_the_course_and_nothing_follows_it(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3, given=2)
    record_session(course=course, number=3, felt=Felt(comfort=9), on=course.planned_on, actor=therapist)
    course.refresh_from_db()
    assert (course.state, course.finished_on) == (CourseState.FINISHED, course.planned_on)
    with pytest.raises(ActionDenied, match="no session left"):
        answer_day_questions(course=course, replies={}, on=course.planned_on, version=course.version, actor=therapist)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"state": "running", "started_on": None}, "a_course_that_was_begun_has_the_day"),
        ({"state": "finished", "finished_on": None}, "a_course_that_is_over_has_its_last_day"),
        ({"state": "draft"}, "a_course_that_was_begun_has_the_day"),
    ],
)
def test_the_database_refuses_a_state_without_its_day(therapist: Actor, wrong: dict[str, object], constraint: str) -> None:
    course = a_running_course(actor=therapist)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(**wrong)


def test_the_page_starts_a_course_and_records_a_session(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_signed_course(actor=therapist), signed_in(therapist)
    assert "Start the course" in client.get(f"/courses/{course.pk}/").content.decode()
    assert client.post(f"/courses/{course.pk}/started/", {"version": course.version}).status_code == 303
    assert "Record session 1" in client.get(f"/courses/{course.pk}/").content.decode()
    wrong = client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "11", "note": "shoulder felt warm"})
    assert wrong.status_code == 422
    assert "shoulder felt warm" in wrong.content.decode()
    recorded = client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "8", "note": "warm"})
    assert (recorded.status_code, recorded["Location"]) == (303, "/today/")  # where the next patient is
    said = client.get(f"/courses/{course.pk}/").content.decode()
    assert "1 of 10 sessions given" in said
    assert "something is missing" not in said
    second = client.post(
        f"/courses/{course.pk}/sessions/1/record/", {"note": "cold feet, a blanket helped"}, headers={"origin": "http://testserver"}
    )
    assert (second.status_code, "cold feet, a blanket helped" in second.content.decode()) == (409, True)
    assert client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "8", "note": "warm"}).status_code == 303
    assert client.get(f"/courses/{course.pk}/sessions/1/record/").status_code == 303


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_a_second_therapist_sees_why_a_session_cannot_be_recorded_today(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    Course.objects.filter(pk=course.pk).update(
        planned_on=course.planned_on - timedelta(days=1), started_on=course.planned_on - timedelta(days=1)
    )
    way = f'<a href="/courses/{course.pk}/today/?next='
    assert way in client.get(f"/courses/{course.pk}/sessions/1/record/").content.decode().partition('<form class="record-form')[0]
    refused = client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "8"})
    assert refused.status_code == 422
    assert way in refused.content.decode().partition('<form class="record-form')[0]
    assert 'target="_blank"' in refused.content.decode()
    assert "Ask today" in client.get(f"/courses/{course.pk}/").content.decode()
    ask_today(Course.objects.get(pk=course.pk), actor=therapist)
    assert client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "8"}).status_code == 303


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_a_plan_of_yesterday_never_reads_as_a_permission(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    assert "May go ahead" in client.get(f"/courses/{course.pk}/").content.decode()
    yesterday = course.planned_on - timedelta(days=1)
    Course.objects.filter(pk=course.pk).update(planned_on=yesterday, started_on=yesterday)
    said = client.get(f"/courses/{course.pk}/").content.decode()
    assert "May go ahead" not in said
    assert "Ask today&#x27;s questions before a session" in said or "Ask today's questions before a session" in said


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_a_finished_course_promises_nothing(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist, count=1), signed_in(therapist)
    record_session(course=course, number=1, felt=Felt(comfort=9), on=course.planned_on, actor=therapist)
    said = client.get(f"/courses/{course.pk}/").content.decode()
    assert "May go ahead" not in said
    assert "1 session given" in said


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_only_a_discarded_draft_is_offered_to_be_brought_back(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist, count=1), signed_in(therapist)
    restored = f'action="/courses/{course.pk}/restored/"'
    assert restored not in client.get(f"/courses/{course.pk}/").content.decode()
    record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    assert restored not in client.get(f"/courses/{course.pk}/").content.decode()
    draft = a_course(actor=therapist)
    move_course(course=draft, state=CourseState.DISCARDED, actor=therapist)
    assert f'action="/courses/{draft.pk}/restored/"' in client.get(f"/courses/{draft.pk}/").content.decode()


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_todays_answers_of_a_course_can_still_be_changed_before_the_session(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    said = client.get(f"/courses/{course.pk}/").content.decode()
    assert f'href="/courses/{course.pk}/sessions/1/record/"' in said
    assert f'href="/courses/{course.pk}/today/"' in said


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_a_running_course_that_may_not_be_given_is_not_called_a_draft(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    replies = {"today.temperature-c": Reply("unknown")}
    answer_day_questions(course=course, replies=replies, on=course.planned_on, version=course.version, actor=therapist)
    said = client.get(f"/courses/{course.pk}/").content.decode()
    head = said[said.index('class="session-head"') : said.index('class="session-board"')]
    assert "May not be given" in head
    assert "Draft" not in head


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_another_session_than_the_next_leads_to_the_next(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist, given=2), signed_in(therapist)
    answer = client.get(f"/courses/{course.pk}/sessions/7/record/")
    assert (answer.status_code, answer["Location"]) == (303, f"/courses/{course.pk}/sessions/3/record/")


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
def test_a_mark_off_the_scale_is_sent_back_with_a_sentence_and_everything_typed(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    sent_back = client.post(f"/courses/{course.pk}/sessions/1/record/", {"comfort": "15", "note": "warm back"})
    said = sent_back.content.decode()
    assert sent_back.status_code == 422
    assert "Write a whole number from 0 to 10" in said
    assert "warm back" in said


def test_the_list_says_where_each_course_stands_and_running_ones_come_first(therapist: Actor, signed_in: SignedIn) -> None:
    running, client = a_running_course(actor=therapist, given=2), signed_in(therapist)
    draft = a_course(actor=therapist)
    said = client.get("/courses/").content.decode()
    assert said.index(f"/courses/{running.pk}/") < said.index(f"/courses/{draft.pk}/")
    assert "2 of 10 given" in said
    assert all(str(course.get_state_display()) in said for course in (running, draft))


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_a_draft_of_another_day_promises_nothing_in_a_list(therapist: Actor, signed_in: SignedIn) -> None:
    course = a_course_that_may_start(actor=therapist, condition="preventive-massage", stage="general")
    client = signed_in(therapist)
    paths = ("/courses/", f"/patients/{course.patient_id}/")
    assert all("May go ahead" in client.get(path).content.decode() for path in paths)
    Course.objects.filter(pk=course.pk).update(planned_on=course.planned_on - timedelta(days=1))
    assert not any("May go ahead" in client.get(path).content.decode() for path in paths)


@pytest.mark.same_everywhere
def test_an_address_that_leads_elsewhere_counts_as_one_look(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    before = ReadLine.objects.count()
    assert client.get(f"/courses/{course.pk}/sessions/5/record/", follow=True).redirect_chain
    assert ReadLine.objects.count() == before + 1
