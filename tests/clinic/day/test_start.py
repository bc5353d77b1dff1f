"""A session that is begun: once, in turn, by whoever gives it, as its plan stood; and a start that is taken back."""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.actions import StaleCourse, pause_course, replan_course, request_of, start_session, take_back_start
from clinic.courses.actions.moving import Why
from clinic.courses.models import Course, Session, SessionStart
from clinic.courses.states import CourseReason, CourseState, SessionState
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts
from patients.questionnaire import STATED, Reply
from tests.factories import a_running_course, a_signed_course, an_actor, ask_today
from tests.schedule_factories import a_booking

pytestmark = pytest.mark.django_db


def begin(course: Course, actor: Actor, number: int = 1, **pressed: Any) -> SessionStart:
    course.refresh_from_db()
    said: dict[str, Any] = {"key": f"{course.pk}-{number}", "version": course.version} | pressed
    return start_session(course=course, number=number, on=course.clinic.today(), now=timezone.now(), actor=actor, **said)


def booked_today(course: Course, actor: Actor) -> Booking:
    """Session 1 booked today with this therapist."""
    clock = time(10)
    booking = a_booking(patient=course.patient, therapist=actor.user, day=course.clinic.today(), clock=clock)
    course.sessions.filter(number=1).update(booking=booking, state=SessionState.BOOKED)
    return booking


def a_fever_is_told(course: Course, actor: Actor) -> None:
    fever = {"today.temperature-c": Reply(STATED, 38.6)}
    record_facts(patient=course.patient, replies=fever, on=course.planned_on, given_by="patient", actor=actor)


def test_a_start_keeps_the_plan_that_is_given_and_begins_the_course(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist, count=3)
    start = begin(course, therapist, device="tablet-1")
    course.refresh_from_db()
    session = Session.objects.get(course=course, number=1)
    assert (course.state, course.started_on, session.state) == (CourseState.RUNNING, start.started_on, SessionState.IN_PROGRESS)
    assert (start.plan, start.plan_digest, start.device) == (session.plan, session.digest, "tablet-1")
    assert start.screening is not None
    assert not start.is_standing_in
    assert AuditLine.objects.get(verb="started-session").details["digest"] == session.digest


def test_two_tabs_and_two_devices_make_one_start(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    first = begin(course, therapist)
    assert begin(course, therapist) == first
    assert begin(course, therapist, key="another tab", device="tablet-2", version=0) == first
    assert SessionStart.objects.count() == AuditLine.objects.filter(verb="started-session").count() == 1


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("number", "given", "words"), [(3, 1, "is number 2"), (1, 1, "is number 2"), (4, 3, "no session left")])
def test_sessions_are_begun_in_turn(therapist: Actor, number: int, given: int, words: str) -> None:
    course = a_running_course(actor=therapist, count=3, given=given)
    with pytest.raises(ActionDenied, match=words):
        begin(course, therapist, number)


def test_a_page_from_before_a_change_starts_nothing(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    version = course.version
    ask_today(course, actor=therapist)
    with pytest.raises(StaleCourse):
        begin(course, therapist, version=version)


def test_what_is_told_between_page_and_start_refuses_it(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    a_fever_is_told(course, therapist)
    with pytest.raises(ActionDenied, match="has changed since"):
        begin(course, therapist)
    assert not SessionStart.objects.exists()


@pytest.mark.same_everywhere
def test_a_paused_course_starts_nothing(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    pause_course(course=course, why=Why(CourseReason.ILLNESS), on=course.planned_on, version=course.version, actor=therapist)
    with pytest.raises(ActionDenied, match="is paused"):
        begin(course, therapist)


@pytest.mark.same_everywhere
def test_a_session_of_somebody_else_is_given_only_by_who_says_so(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    stand_in = an_actor(clinic=course.clinic)
    with pytest.raises(ActionDenied, match=re.escape(therapist.user.full_name)):
        begin(course, stand_in)
    assert begin(course, stand_in, stands_in=True).is_standing_in


@pytest.mark.same_everywhere
def test_who_is_booked_for_a_session_need_not_say_that_they_stand_in(therapist: Actor) -> None:
    course, colleague = a_running_course(actor=therapist, count=3), an_actor(clinic=therapist.clinic)
    booked_today(course, colleague)
    with pytest.raises(ActionDenied, match=re.escape(colleague.user.full_name)):
        begin(course, therapist)
    assert begin(course, colleague).is_standing_in  # the course is still somebody else's, and the record says so


def test_while_it_is_given_no_planning_touches_it(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    start = begin(course, therapist)
    a_fever_is_told(course, therapist)
    replan_course(course=course, wanted=replace(request_of(course), count=2), on=course.planned_on, version=course.version, actor=therapist)
    session = Session.objects.get(pk=start.session_id)
    assert (session.plan, session.digest, session.state) == (start.plan, start.plan_digest, SessionState.IN_PROGRESS)


def test_a_start_is_taken_back_to_its_own_time(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    booking = booked_today(course, therapist)
    start = begin(course, therapist)
    taken = take_back_start(start=start, now=start.started_at + timedelta(seconds=59), actor=therapist)
    session = Session.objects.get(pk=start.session_id)
    assert (taken.is_taken_back, session.state, session.booking) == (True, SessionState.BOOKED, booking)
    with pytest.raises(ActionDenied, match="over already"):
        take_back_start(start=start, now=timezone.now(), actor=therapist)
    with pytest.raises(ActionDenied, match="used already"):
        begin(course, therapist)
    assert begin(course, therapist, key="anew") != start


def test_what_ran_for_a_minute_is_taken_back_only_with_a_reason(therapist: Actor) -> None:
    start = begin(a_running_course(actor=therapist, count=3), therapist)
    later: datetime = start.started_at + timedelta(seconds=60)
    with pytest.raises(ActionDenied, match="Write why"):
        take_back_start(start=start, now=later, actor=therapist)
    taken = take_back_start(start=start, note="The wrong tablet", now=later, actor=therapist)
    assert taken.session.moves.latest("pk").note == "The wrong tablet"


@pytest.mark.same_everywhere
def test_a_plan_that_was_not_made_anew_while_it_was_given_is_not_given_after_a_start_was_taken_back(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    start = begin(course, therapist)
    Session.objects.filter(pk=start.session_id).update(digest="0" * 64)
    take_back_start(start=start, now=start.started_at, actor=therapist)
    with pytest.raises(ActionDenied, match="has changed since"):
        begin(course, therapist, key="anew")
    ask_today(course, actor=therapist)
    assert begin(course, therapist, key="anew").plan_digest != "0" * 64


@pytest.mark.same_everywhere
def test_whoever_may_not_plan_starts_nothing(therapist: Actor, clinic: Clinic) -> None:
    course = a_running_course(actor=therapist, count=3)
    admin = an_actor(clinic=clinic, roles=(Role.ADMIN,))
    with pytest.raises(ActionDenied, match="therapist"):
        begin(course, admin)
