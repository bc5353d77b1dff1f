"""The dates of a course: proposed by its pace, held, booked all at once in the order of the sessions, given up with the course."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clinic.courses import actions as courses
from clinic.courses.actions import Felt, Lost, Why
from clinic.courses.calendar import actions
from clinic.courses.calendar.date_rows import pace_words
from clinic.courses.calendar.patterns import Pattern, pattern_from, rhythm_of
from clinic.courses.calendar.queries.holds import holds_of
from clinic.courses.calendar.standing import dates_of
from clinic.courses.calendar.wanting import needs_of, pattern_of, wanted_of, work_of
from clinic.courses.day.queries.before import before_of
from clinic.courses.day.queries.recording import played_until
from clinic.courses.models import Course, Session, SessionMove
from clinic.courses.pinned import presenter_of
from clinic.courses.referral_counts import counted
from clinic.courses.states import CourseReason, CourseState, SessionState
from clinic.schedule.actions import HoldOver
from clinic.schedule.models import Booking, BookingChange, Wishes
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.entries import Cadence
from tests.clinic.calendar.a_calendar import a_course_in_calendar, dates, open_clinic, put_on, with_dates
from tests.factories import a_course, a_member, a_patient, a_running_course
from tests.schedule_factories import a_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(therapist: Actor) -> Course:
    open_clinic(therapist)
    return a_course_in_calendar(therapist)


def held(course: Course, actor: Actor, pattern: Pattern | None = None) -> tuple[str, Sequence[Booking]]:
    found = actions.hold_dates(course=course, pattern=pattern or pattern_of(course), token=a_key(), now=timezone.now(), actor=actor)
    return found.key, holds_of(course, found.key)


# What is wanted -----------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    ("cadence", "rhythm", "gaps"),
    [
        (Cadence(1, 1, 5), "daily", (1, 1, 0)),
        (Cadence(2, 2, 3), "every-other", (2, 2, 0)),
        (Cadence(1, 2, 5, "first 3 every other day, then daily"), "daily", (1, 1, 2)),
        (Cadence(3, 4, 2), "own", (3, 3, 0)),
        (Cadence(1, 4, 2), "weekly", (1, 2, 0)),
    ],
)
def test_the_pace_of_the_stage_is_what_is_proposed_first(cadence: Cadence, rhythm: str, gaps: tuple[int, int, int]) -> None:
    pattern = Pattern(first_on=timezone.now().date(), **rhythm_of(cadence))
    made = pattern.gaps(3)
    assert (pattern.rhythm, (made.min, made.ideal, made.first_count)) == (rhythm, gaps)
    assert made.max > made.ideal
    assert pattern_from(pattern.stored(), first_on=pattern.first_on) == pattern


@pytest.mark.same_everywhere
def test_a_session_takes_the_longest_plan_with_preparation_on_the_grid(course: Course) -> None:
    work, wanted = work_of(course), wanted_of(course)
    longest = max(plan["total_seconds"] for plan in course.sessions.values_list("plan", flat=True))
    assert work.hands_on_minutes == -(-longest // 60)
    assert work.minutes % 15 == 0
    assert 0 <= work.minutes - work.hands_on_minutes - 10 < 15
    assert (wanted.count, wanted.cells * 5, wanted.minutes) == (4, work.minutes, work.hands_on_minutes)


@pytest.mark.same_everywhere
def test_a_child_needs_somebody_who_learned_it_and_nobody_else_is_asked(therapist: Actor) -> None:
    today = therapist.clinic.today()
    child = a_patient(clinic=therapist.clinic, born_on=today.replace(year=today.year - 9, day=1))
    course = a_course(actor=therapist, patient=child, condition="neck-collar", stage="calming")
    assert needs_of(course) == ("children",)
    assert wanted_of(course).therapists == ()


@pytest.mark.same_everywhere
def test_a_wished_sex_is_kept_and_the_wished_therapist_comes_first(therapist: Actor, course: Course) -> None:
    colleague = a_member(clinic=therapist.clinic, full_name="Zoe Zander")
    for person, sex in ((therapist.user, "male"), (colleague, "female")):
        therapist.clinic.profiles.create(user=person, sex=sex)
    assert wanted_of(course).therapists[0] == therapist.user.pk
    assert wanted_of(course, replace(pattern_of(course), therapist=colleague.pk)).therapists[0] == colleague.pk
    Wishes.objects.create(patient=course.patient, therapist_sex="female", said_on=therapist.clinic.today(), recorded_by=therapist.user)
    assert wanted_of(course).therapists == (colleague.pk,)


# Held and booked ----------------------------------------------------------------------------------------------------------------
def test_what_was_shown_is_what_is_booked_once_and_in_the_order_of_the_sessions(therapist: Actor, course: Course) -> None:
    key, holds = held(course, therapist)
    assert [(hold.state, hold.is_taken) for hold in holds] == [("held", True)] * 4
    booked = actions.confirm_dates(course=course, key=key, actor=therapist)
    again = actions.confirm_dates(course=course, key=key, actor=therapist)
    assert [each.pk for each in booked] == [each.pk for each in again] == [hold.pk for hold in holds]
    assert dates(course) == sorted(hold.day for hold in holds)
    assert dates_of(course).open_ones == ()
    with pytest.raises(ActionDenied, match="Every session of this course has a date"):
        held(course, therapist)


@pytest.mark.same_everywhere
def test_a_course_of_twenty_fits(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_course_in_calendar(therapist, count=20, condition="preventive-massage", stage=_stage("preventive-massage"))
    assert len(with_dates(course, therapist)) == 20
    assert None not in dates(course)


def _stage(condition: str) -> str:
    from protocols.shelf import shipped_library

    return next(code for code, stage in shipped_library().conditions[condition].stages.items() if stage.treatment)


def test_a_hold_that_is_over_is_booked_by_nobody(therapist: Actor, course: Course) -> None:
    key, holds = held(course, therapist)
    Booking.objects.filter(pk=holds[0].pk).update(held_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(HoldOver):
        actions.confirm_dates(course=course, key=key, actor=therapist)
    assert dates(course) == [None] * 4
    assert not Booking.objects.filter(state="booked").exists()


def test_a_new_proposal_lets_the_old_one_go_and_a_hold_can_be_held_longer_or_given_up(therapist: Actor, course: Course) -> None:
    _old, first = held(course, therapist)
    key, second = held(course, therapist)
    assert [hold.day for hold in second] == [hold.day for hold in first]
    assert Booking.objects.filter(is_taken=True).count() == 4
    later = timezone.now() + timedelta(minutes=5)
    until = actions.hold_longer(course=course, key=key, now=later, actor=therapist)
    assert {hold.held_until for hold in holds_of(course, key)} == {until}
    actions.let_dates_go(course=course, key=key, actor=therapist)
    assert not Booking.objects.filter(is_taken=True).exists()


def test_a_dropped_row_leaves_the_last_session_without_a_date(therapist: Actor, course: Course) -> None:
    key, holds = held(course, therapist)
    actions.drop_held_date(course=course, key=key, hold=holds[1], now=timezone.now(), actor=therapist)
    actions.confirm_dates(course=course, key=key, actor=therapist)
    assert dates(course) == [holds[0].day, holds[2].day, holds[3].day, None]
    assert (dates_of(course).wanted, wanted_of(course).after) == (1, holds[3].day)


@pytest.mark.same_everywhere
def test_a_course_that_is_held_gets_no_dates_and_says_why(therapist: Actor, course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(state=CourseState.SUSPENDED)
    with pytest.raises(ActionDenied, match="What suspended it has to be settled"):
        held(course, therapist)


# With the course ----------------------------------------------------------------------------------------------------------------
def test_a_course_that_ends_or_is_discarded_gives_its_dates_up_and_the_balance_counts_what_is_booked(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_running_course(actor=therapist, count=4, given=1)
    assert len(with_dates(course, therapist)) == 3
    if course.referral:
        assert counted(course.referral) == (1, 3)
    courses.end_course(course=course, why=Why(CourseReason.WISH), on=course.planned_on, version=course.version, actor=therapist)
    assert dates(course) == [None] * 4
    assert set(Booking.objects.values_list("state", "release_reason")) == {("released", "course")}


def test_a_pause_keeps_the_dates_or_gives_them_up(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_running_course(actor=therapist, count=3)
    booked = with_dates(course, therapist)
    why = Why(CourseReason.ILLNESS, "A cold")
    paused = courses.pause_course(course=course, why=why, on=course.planned_on, version=course.version, actor=therapist)
    assert dates(course) == [each.day for each in booked]
    courses.resume_course(course=paused, on=course.planned_on, version=course.version, actor=therapist)
    told: dict[str, Any] = {"course": course, "why": why, "on": course.planned_on, "version": course.version, "actor": therapist}
    courses.pause_course(**told, gives_dates_up=True)
    assert dates(course) == [None] * 3
    assert {each.note for each in BookingChange.objects.filter(kind="released")} == {""}  # how a patient is stays with the course


@pytest.mark.same_everywhere
def test_whoever_ends_a_course_is_told_how_many_dates_go_and_a_course_with_all_its_dates_is_offered_none(
    therapist: Actor, signed_in: Callable[[Actor], Client]
) -> None:
    open_clinic(therapist)
    course, browser = a_running_course(actor=therapist, count=3, given=1), signed_in(therapist)
    address, propose = f"/courses/{course.pk}/", f"/calendar/courses/{course.pk}/dates/"
    assert propose in browser.get(address).content.decode()
    with_dates(course, therapist)
    assert propose not in browser.get(address).content.decode()
    assert "2 dates are given up." in browser.get(f"{address}end/").content.decode()
    assert "it gives that date up" in browser.get(f"{address}sessions/2/record/").content.decode()
    refused = browser.post(f"{address}end/", {"reason": "wish", "version": "999"}).content.decode()
    assert refused.count("Somebody else has changed this course in the meantime.") == 1
    sent = {"reason": "wish", "version": str(Course.objects.get(pk=course.pk).version)}
    done = browser.post(f"{address}end/", sent, follow=True).content.decode()
    assert "The course is ended. 2 dates are given up." in done


def test_a_shorter_plan_gives_up_the_dates_that_are_too_many(therapist: Actor, course: Course) -> None:
    booked = with_dates(course, therapist)
    wanted = replace(courses.request_of(course), count=2)
    courses.replan_course(course=course, wanted=wanted, on=course.planned_on, version=course.version, actor=therapist)
    assert dates(course) == [each.day for each in booked[:2]]
    assert Booking.objects.filter(state="released", release_reason="course").count() == 2


# Given ---------------------------------------------------------------------------------------------------------------------------
def test_a_session_keeps_its_place_when_it_is_given_and_gives_up_a_later_one(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_running_course(actor=therapist, count=3)
    booked = with_dates(course, therapist)
    courses.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    first = Session.objects.get(course=course, number=1)
    assert (first.state, first.booking) == (SessionState.DONE, None)
    assert Booking.objects.get(pk=booked[0].pk).release_reason == "earlier"
    assert dates(course)[1:] == [booked[1].day, booked[2].day]


def test_a_start_by_mistake_before_its_day_loses_no_date(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_running_course(actor=therapist, count=3)
    booked = with_dates(course, therapist)
    before = before_of(course, presenter_of(course), on=course.planned_on)
    assert before is not None
    assert before.booked_for == booked[0].day, "the page says so before anybody starts it"
    begun: dict[str, Any] = {"key": a_key(), "version": Course.objects.get(pk=course.pk).version, "stands_in": True}
    start = courses.start_session(course=course, number=1, on=course.planned_on, now=timezone.now(), actor=therapist, **begun)
    courses.take_back_start(start=start, now=start.started_at, actor=therapist)
    assert dates(course) == [each.day for each in booked]
    begun |= {"key": a_key(), "version": Course.objects.get(pk=course.pk).version}
    start = courses.start_session(course=course, number=1, on=course.planned_on, now=timezone.now(), actor=therapist, **begun)
    courses.record_start(start=start, played=played_until(start, 60_000), felt=Felt(), now=timezone.now(), actor=therapist)
    assert Booking.objects.get(pk=booked[0].pk).release_reason == "earlier"
    assert dates(course) == [None, booked[1].day, booked[2].day]


def test_a_session_given_on_its_day_keeps_its_booking_and_one_lost_before_takes_the_date_of_today(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    one, two = course.sessions.filter(number__lte=2).order_by("number")
    put_on(one, course.planned_on - timedelta(days=2), therapist)
    today = put_on(two, course.planned_on, therapist)
    with pytest.raises(ActionDenied, match="It is not said yet what became"):
        courses.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    courses.lose_session(course=course, number=1, lost=Lost(SessionState.MISSED), on=course.planned_on, actor=therapist)
    assert SessionMove.objects.get(after="missed").happened_on == course.planned_on - timedelta(days=2)
    courses.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    one.refresh_from_db()
    assert (one.state, one.booking_id) == (SessionState.DONE, today.pk)
    assert dates(course) == [None] * 3


@pytest.mark.same_everywhere
def test_a_pace_beyond_the_protocol_is_told(therapist: Actor) -> None:
    first_on = therapist.clinic.today()
    assert "More often" in pace_words(Pattern(first_on, rhythm="daily"), Cadence(2, 2, 3))
    assert "More seldom" in pace_words(Pattern(first_on, rhythm="own", gap_min=5, gap_max=6), Cadence(1, 2, 5))
    assert pace_words(Pattern(first_on, rhythm="every-other"), Cadence(1, 2, 5)) == ""
