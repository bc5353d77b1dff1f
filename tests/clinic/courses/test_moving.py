"""A course is paused and goes on, ends early, changes hands; sessions are missed, cancelled and come again; doctors decide about it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client

from clinic.courses import actions
from clinic.courses.actions import Felt, Lost, Why
from clinic.courses.demo_days import ask_quiet_day
from clinic.courses.models import Course, CourseMove, CourseReview, SessionMove
from clinic.courses.queries import course_plan_of, therapists_of
from clinic.courses.states import CourseReason, CourseState, SessionState
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_doctor, a_member, a_running_course, a_signed_course, signed

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
MISSED = Lost(SessionState.MISSED, "Overslept")


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_running_course(actor=therapist, count=4, given=1)


def told(course: Course, actor: Actor) -> dict[str, Any]:
    return {"course": course, "on": course.planned_on, "version": course.version, "actor": actor}


# Paused, ended ------------------------------------------------------------------------------------------------------------------
def test_a_patient_falls_ill_and_comes_back(therapist: Actor, course: Course) -> None:
    paused = actions.pause_course(why=Why(CourseReason.ILLNESS, "A cold"), **told(course, therapist))
    with pytest.raises(ActionDenied, match="This course is paused"):
        actions.record_session(course=paused, number=2, felt=Felt(), on=paused.planned_on, actor=therapist)
    with pytest.raises(ActionDenied, match="Let it go on before you ask"):
        ask_quiet_day(paused, on=paused.planned_on + timedelta(days=3), actor=therapist)
    again = actions.resume_course(course=paused, on=paused.planned_on, version=paused.version, actor=therapist)
    assert (again.state, again.started_on) == (CourseState.RUNNING, course.started_on)
    actions.record_session(course=again, number=2, felt=Felt(), on=again.planned_on, actor=therapist)


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("reason", "note", "says"), [("", "", "Choose a reason"), ("nonsense", "x", "Choose a reason"), ("other", " ", "few words")]
)
def test_nothing_is_paused_or_ended_without_a_reason(therapist: Actor, course: Course, reason: str, note: str, says: str) -> None:
    for deed in (actions.pause_course, actions.end_course):
        with pytest.raises(ActionDenied, match=says):
            deed(why=Why(reason, note), **told(course, therapist))


def test_an_ended_course_keeps_its_last_day_and_goes_no_further(therapist: Actor, course: Course) -> None:
    ended = actions.end_course(why=Why(CourseReason.WISH), **told(course, therapist))
    assert (ended.state, ended.finished_on) == (CourseState.ENDED, course.planned_on)
    with pytest.raises(ActionDenied, match="running course"):
        actions.record_session(course=ended, number=2, felt=Felt(), on=ended.planned_on, actor=therapist)
    with pytest.raises(ActionDenied, match="Somebody else"):
        actions.pause_course(why=Why(CourseReason.ILLNESS), **{**told(course, therapist), "version": 0})


def test_a_move_is_never_changed_or_taken_out(therapist: Actor, course: Course) -> None:
    move = CourseMove.objects.filter(course=course).latest("pk")
    for deed in (lambda: CourseMove.objects.filter(pk=move.pk).update(note="x"), lambda: CourseMove.objects.filter(pk=move.pk).delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


# Sessions -----------------------------------------------------------------------------------------------------------------------
def test_a_missed_session_stays_in_its_turn_and_is_given_on_another_day(therapist: Actor, course: Course) -> None:
    actions.lose_session(number=2, lost=MISSED, **told(course, therapist))
    assert course.sessions.get(number=2).state == SessionState.MISSED
    with pytest.raises(ActionDenied, match="for that day already"):
        actions.lose_session(number=2, lost=MISSED, **told(course, therapist))
    actions.record_session(course=course, number=2, felt=Felt(), on=course.planned_on, actor=therapist)
    moves = SessionMove.objects.filter(session__course=course, session__number=2).order_by("pk").values_list("after", flat=True)
    assert list(moves) == ["missed", "planned", "done"]


def test_a_slip_of_the_finger_is_taken_back_with_a_reason(therapist: Actor, course: Course) -> None:
    actions.lose_session(number=2, lost=Lost(SessionState.CANCELLED), **told(course, therapist))
    with pytest.raises(ActionDenied, match="Write why"):
        actions.undo_lost_session(number=2, note=" ", **told(course, therapist))
    actions.undo_lost_session(number=2, note="The wrong patient", **told(course, therapist))
    assert course.sessions.get(number=2).state == SessionState.PLANNED
    with pytest.raises(ActionDenied, match="neither missed nor cancelled"):
        actions.undo_lost_session(number=2, note="again", **told(course, therapist))


@pytest.mark.same_everywhere
def test_only_the_session_that_is_next_is_missed(therapist: Actor, course: Course) -> None:
    for number in (1, 3):
        with pytest.raises(ActionDenied, match="is number 2"):
            actions.lose_session(number=number, lost=MISSED, **told(course, therapist))


def test_planning_again_keeps_the_rows_of_sessions_and_what_happened_to_them(therapist: Actor, course: Course) -> None:
    actions.lose_session(number=2, lost=MISSED, **told(course, therapist))
    before = dict(course.sessions.values_list("number", "pk"))
    course = ask_quiet_day(course, on=course.planned_on + timedelta(days=1), actor=therapist)
    assert dict(course.sessions.values_list("number", "pk")) == before
    assert course.sessions.get(number=2).state == SessionState.MISSED
    with pytest.raises(ProtectedError):
        course.sessions.get(number=2).delete()


@pytest.mark.same_everywhere
def test_what_is_cut_off_a_course_takes_nothing_away_that_happened(therapist: Actor, course: Course) -> None:
    actions.record_session(course=course, number=2, felt=Felt(), on=course.planned_on, actor=therapist)
    course = ask_quiet_day(course, on=course.planned_on + timedelta(days=1), actor=therapist)
    actions.lose_session(number=3, lost=MISSED, **told(course, therapist))
    wanted = actions.request_of(course)
    fewer = type(wanted)(wanted.condition, wanted.stage, 3, wanted.inputs, wanted.supplements)
    course = actions.replan_course(wanted=fewer, **told(course, therapist))
    assert course.sessions.count() == 3


# Decisions ----------------------------------------------------------------------------------------------------------------------
def test_the_review_comes_once_when_its_session_was_given_and_blocks_nothing(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=4)
    for number in (1, 2, 3):
        actions.record_session(course=course, number=number, felt=Felt(comfort=8), on=course.planned_on, actor=therapist)
        course = ask_quiet_day(course, on=course.planned_on + timedelta(days=1), actor=therapist)
    review = CourseReview.objects.get()
    assert (review.kind, review.decision) == ("mid-course", "")
    assert review.after_session == course_plan_of(course).review_after


@pytest.mark.first_everywhere
@pytest.mark.parametrize(
    ("decision", "state"), [("go-on", CourseState.RUNNING), ("change", CourseState.SUSPENDED), ("stop", CourseState.ENDED)]
)
def test_a_doctor_decides_about_a_course(therapist: Actor, course: Course, decision: str, state: CourseState) -> None:
    doctor, review = a_doctor(clinic=course.clinic), actions.ask_doctor(course=course, question="Go on?", actor=therapist)
    with pytest.raises(ActionDenied, match="with the doctor already"):
        actions.ask_doctor(course=course, question="Go on?", actor=therapist)
    about: dict[str, Any] = {"review": review, "on": course.planned_on, "actor": doctor}
    if decision != "go-on":
        with pytest.raises(ActionDenied, match="Write what is to be changed"):
            actions.decide_review(decision=decision, note=" ", **about)
    actions.decide_review(decision=decision, note="Lighter, please", **about)
    course.refresh_from_db()
    assert course.state == state
    with pytest.raises(ActionDenied, match="decided already"):
        actions.decide_review(decision="go-on", **about)


def test_what_a_doctor_stopped_goes_on_only_with_a_doctor_s_signature(therapist: Actor, course: Course) -> None:
    doctor, review = a_doctor(clinic=course.clinic), actions.ask_doctor(course=course, question="Go on?", actor=therapist)
    actions.decide_review(review=review, decision="change", note="Lighter", on=course.planned_on, actor=doctor)
    course.refresh_from_db()
    with pytest.raises(ActionDenied, match="The doctor asked for a change"):
        actions.resume_course(**told(course, therapist))
    sent = actions.submit_course(**told(course, therapist))
    back = actions.withdraw_submission(**told(sent, therapist))
    with pytest.raises(ActionDenied, match="The doctor asked for a change"):
        actions.resume_course(**told(back, therapist))
    assert signed(back, actor=therapist, doctor=doctor).state == CourseState.RUNNING


# Pages --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_the_pages_pause_end_ask_and_hand_over(therapist: Actor, course: Course, signed_in: SignedIn) -> None:
    client, colleague = signed_in(therapist), a_member(clinic=therapist.clinic, full_name="Ida Colleague")
    page, version = f"/courses/{course.pk}", {"version": course.version}
    assert "Nobody else at this clinic" not in client.get(f"{page}/therapist/").content.decode()
    wrong = client.post(f"{page}/pause/", {**version, "note": "typed before"})
    assert wrong.status_code == 422
    assert "typed before" in wrong.content.decode()
    assert client.post(f"{page}/question/", {**version, "question": "Is it fine?"}).status_code == 303
    assert client.post(f"{page}/therapist/", {**version, "therapist": colleague.pk}).status_code == 303
    assert client.post(f"{page}/sessions/2/not-given/", {**version, "state": "missed"}).status_code == 303
    assert client.post(f"{page}/sessions/2/to-come/", {**version, "note": "She came after all"}).status_code == 303
    assert client.post(f"{page}/pause/", {**version, "reason": "illness", "note": "A cold"}).status_code == 303
    said = client.get(f"{page}/").content.decode()
    assert all(words in said for words in ("Paused", "A cold", "Is it fine?", "Ida Colleague", "She came after all", "Let it go on"))
    assert "Ida Colleague" in client.get("/courses/").content.decode()
    assert client.post(f"{page}/resumed/", version).status_code == 303
    refused = client.post(f"{page}/end/", {"version": 0, "reason": "wish"})
    assert refused.status_code == 422
    assert "Somebody else has changed this course" in refused.content.decode()
    assert client.post(f"{page}/end/", {**version, "reason": "wish"}).status_code == 303
    said = client.get(f"{page}/").content.decode()
    assert "Ended early" in said
    assert "Other steps" not in said


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_nobody_to_hand_over_to_is_said(therapist: Actor, course: Course, signed_in: SignedIn) -> None:
    Course.objects.filter(pk=course.pk).update(therapist=therapist.user)
    others = therapists_of(course.clinic).exclude(pk=therapist.user.pk)
    assert not others, "the fixture has one therapist"
    assert "Nobody else at this clinic gives courses" in signed_in(therapist).get(f"/courses/{course.pk}/therapist/").content.decode()


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
def test_a_course_of_today_that_is_not_signed_may_not_be_started_by_its_address(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_signed_course(actor=therapist), signed_in(therapist)
    actions.submit_course(**told(course, therapist))
    assert client.post(f"/courses/{course.pk}/started/", {"version": course.version}).status_code == 403
