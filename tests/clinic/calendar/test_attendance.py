"""Who came is said by people and never by the clock; then the course goes on in one of three ways, and its sessions keep their order."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.courses.actions import Lost, lose_session
from clinic.courses.calendar import actions
from clinic.courses.calendar.queries.after_lost import EXTEND, LEAVE, REFLOW, ways_on
from clinic.courses.calendar.queries.sessions import lost_lately, unresolved_at
from clinic.courses.models import Course, Session, SessionMove
from clinic.courses.states import SessionState
from clinic.courses.views.giving import given_on
from clinic.schedule.models import Booking
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.calendar.a_calendar import dates, days_ago, open_clinic, put_on, with_dates
from tests.factories import a_running_course
from tests.schedule_factories import a_key

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
MISSED, LATE = Lost(SessionState.MISSED), Lost(SessionState.CANCELLED)


@pytest.fixture
def course(therapist: Actor) -> Course:
    """Four sessions: the first was booked for yesterday, the others lie ahead."""
    open_clinic(therapist)
    course = a_running_course(actor=therapist, count=4)
    booked = with_dates(course, therapist)
    first = course.sessions.get(number=1)
    put_on(first, days_ago(therapist, 1), therapist)
    Booking.objects.filter(pk=booked[0].pk).update(state="released", is_taken=False, released_at=timezone.now(), release_reason="other")
    return course


def lose(course: Course, actor: Actor, lost: Lost = MISSED) -> Session:
    booking = course.sessions.get(number=1).booking
    assert booking is not None
    return actions.answer_booking(course=course, booking=booking, lost=lost, actor=actor)


def to_come(course: Course) -> list[date | None]:
    return dates(course)


def test_nothing_is_marked_by_the_clock_and_the_queue_names_what_waits(clinic_admin: Actor, therapist: Actor, course: Course) -> None:
    (waiting,) = unresolved_at(course.clinic, timezone.now())
    assert (waiting.session.number, waiting.counter, waiting.is_next) == (1, "1/4", True)
    assert course.sessions.get(number=1).state == SessionState.BOOKED
    assert lose(course, clinic_admin).state == SessionState.MISSED  # who sits at the reception knows who came
    assert unresolved_at(course.clinic, timezone.now()) == ()
    (lost,) = lost_lately(course.clinic, days_ago(therapist, 7))
    assert (lost.number, SessionMove.objects.get(session=lost).happened_on) == (1, days_ago(therapist, 1))


def test_an_answer_is_taken_back_with_a_reason_and_the_session_stands_where_it_was(therapist: Actor, course: Course) -> None:
    booking = course.sessions.get(number=1).booking
    lose(course, therapist)
    with pytest.raises(ActionDenied, match="Write why"):
        actions.undo_answer(course=course, number=1, note=" ", actor=therapist)
    actions.undo_answer(course=course, number=1, note="She was in the other room", actor=therapist)
    again = course.sessions.get(number=1)
    assert (again.state, again.booking) == (SessionState.BOOKED, booking)


def test_extending_gives_each_session_the_next_date_and_the_last_one_a_new_one(therapist: Actor, course: Course) -> None:
    before = to_come(course)[1:]
    lose(course, therapist)
    extend, leave, reflow = ways_on(course, now=timezone.now())
    assert (extend.rule, leave.rule, reflow.rule) == (EXTEND, LEAVE, REFLOW)
    key = a_key()[:20]
    for _press in range(2):
        actions.go_on_with(course=course, rule=EXTEND, key=key, now=timezone.now(), actor=therapist)
    after = to_come(course)
    assert after[:3] == before
    assert extend.new is not None
    assert (after[3], Booking.objects.filter(state="booked", is_taken=True).count()) == (extend.new.day, 5)


@pytest.mark.same_everywhere
def test_leaving_gives_each_session_the_next_date_and_the_last_one_none(therapist: Actor, course: Course) -> None:
    before = to_come(course)[1:]
    lose(course, therapist)
    actions.go_on_with(course=course, rule=LEAVE, key=a_key()[:20], now=timezone.now(), actor=therapist)
    assert to_come(course) == [*before, None]


def test_a_reflow_is_what_was_shown(therapist: Actor, course: Course) -> None:
    lose(course, therapist)
    shown = next(way for way in ways_on(course, now=timezone.now()) if way.rule == REFLOW)
    assert not shown.against
    actions.go_on_with(course=course, rule=REFLOW, key=a_key()[:20], now=timezone.now(), actor=therapist)
    assert to_come(course) == [turn.after.day for turn in shown.turns if turn.after]
    assert len(set(to_come(course))) == 4


def test_a_second_missed_date_is_about_the_same_session_again(therapist: Actor, course: Course) -> None:
    second = course.sessions.get(number=2).booking
    lose(course, therapist)
    assert second is not None
    Booking.objects.filter(pk=second.pk).update(
        day=days_ago(therapist, 0), starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1),
        free_at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    second.refresh_from_db()
    lost = actions.answer_booking(course=course, booking=second, lost=MISSED, actor=therapist)
    assert (lost.number, lost.state, SessionMove.objects.filter(session=lost).count()) == (1, SessionState.MISSED, 2)


def test_a_late_cancellation_frees_its_place_and_one_in_time_is_no_loss(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_running_course(actor=therapist, count=2)
    soon = put_on(course.sessions.get(number=1), therapist.clinic.today() + timedelta(days=5), therapist)
    told: dict[str, Any] = {"course": course, "number": 1, "on": course.planned_on, "actor": therapist}
    with pytest.raises(ActionDenied, match="cancelled in time"):
        lose_session(lost=LATE, **told)
    with pytest.raises(ActionDenied, match="has not come yet"):
        lose_session(lost=MISSED, **told)
    moment = timezone.now() + timedelta(hours=3)
    Booking.objects.filter(pk=soon.pk).update(
        starts_at=moment, ends_at=moment + timedelta(minutes=30), free_at=moment + timedelta(minutes=35)
    )
    lost = lose_session(lost=Lost(SessionState.CANCELLED, "He has a fever"), **told)
    soon.refresh_from_db()
    assert (lost.state, lost.booking, soon.state, soon.is_taken) == (SessionState.CANCELLED, None, "released", False)
    kept = SessionMove.objects.get(session=lost)
    assert (kept.booking, kept.note) == (soon, "He has a fever")
    assert {each.note for each in soon.changes.all()} == {""}  # how a patient is does not stand in the calendar, which the desk reads


def test_the_pages_of_attendance_lead_from_the_queue_to_the_choice(
    signed_in: SignedIn, clinic_admin: Actor, course: Course, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(clinic_admin)
    page = client.get(reverse("calendar:unresolved"))
    assert page.status_code == 200
    assert course.patient.full_name in page.content.decode()
    booking = course.sessions.get(number=1).booking
    assert booking is not None
    answer = client.post(reverse("calendar:attend", args=[booking.pk]), {"answer": "missed"})
    assert answer.headers["Location"] == reverse("calendar:rule", args=[course.pk])
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "Add a date at the end" in shown
    done = client.post(reverse("calendar:rule", args=[course.pk]), {"rule": "leave"})
    assert done.headers["Location"] == reverse("calendar:unresolved")
    assert course.sessions.get(number=1).state == SessionState.BOOKED
    missed = client.get(reverse("calendar:booking", args=[booking.pk])).content.decode()
    assert "flag-missed" in missed  # its session has another date now, and the day still says that nobody came


@pytest.mark.same_everywhere
def test_a_course_with_a_missed_session_leads_to_how_it_goes_on(signed_in: SignedIn, therapist: Actor, course: Course) -> None:
    browser, rule = signed_in(therapist), reverse("calendar:rule", args=[course.pk])
    assert rule not in browser.get(f"/courses/{course.pk}/").content.decode()
    lose(course, therapist)
    assert rule in browser.get(f"/courses/{course.pk}/").content.decode()


def test_a_session_of_yesterday_is_recorded_for_yesterday_as_long_as_its_questions_are_the_last_ones() -> None:
    today = timezone.now().date()
    yesterday = today - timedelta(days=1)
    session = Session(state=SessionState.BOOKED, booking=Booking(day=yesterday))
    assert given_on(Course(planned_on=yesterday), session, today) == yesterday
    assert given_on(Course(planned_on=today), session, today) == today
    assert given_on(Course(planned_on=yesterday), Session(state=SessionState.PLANNED), today) == today
