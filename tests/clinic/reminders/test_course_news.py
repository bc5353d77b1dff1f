"""What a course tells its patient: posted once with the act it is about, and read again when it is sent."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.actions import Felt, lose_session, record_session, undo_lost_session
from clinic.courses.actions.after import NextDaySaid, answer_next_day
from clinic.courses.actions.giving import Lost
from clinic.courses.actions.reviewing import review_when_due
from clinic.courses.answered import keep_pain, other_times
from clinic.courses.models import Course, CourseReview, NextDay, SessionRecord
from clinic.courses.news.moments import moment_at
from clinic.courses.news.of_courses import day_to_come_again
from clinic.courses.news.postings import post_home, post_next_morning
from clinic.courses.proposals import proposal_for
from clinic.courses.queries import course_plan_of
from clinic.courses.states import AnswerSource, CourseState, SessionState
from clinic.reminders.actions.sending import drain
from clinic.reminders.fields import Fields
from clinic.reminders.models import Message
from clinic.reminders.sources import InSeries, series_of, source_of
from clinic.reminders.states import DropReason, Kind
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.shelf import shipped_library
from tests.clinic.calendar.a_calendar import a_course_in_calendar, open_clinic, put_on, with_dates
from tests.clinic.reminders.sending_scene import Kept, a_reader, way
from tests.factories import a_clinic, a_running_course

__all__ = ["way"]
pytestmark = pytest.mark.django_db
Said = Fields | DropReason
NOON: Final = datetime(2026, 5, 6, 10, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin


def said(message: Message) -> Said:
    """What the message would say if it were sent now."""
    return source_of(message.kind).read([message], timezone.now())[message.pk]


def only(kind: str) -> Message:
    return Message.objects.get(kind=kind)


def given(course: Course, actor: Actor, **felt: Any) -> SessionRecord:
    return record_session(course=course, number=1, felt=Felt(**felt), on=course.planned_on, actor=actor)


def asked(record: SessionRecord) -> Message:
    return Message.objects.get(kind=Kind.NEXT_MORNING, about=f"record:{record.pk}")


# The morning after ----------------------------------------------------------------------------------------------------------------
def test_the_morning_after_a_session_is_asked_once_at_the_clinics_time_and_not_again_once_answered(therapist: Actor) -> None:
    record = given(a_running_course(actor=therapist, count=3), therapist, pain_before=2)
    post_next_morning(record)
    message, morning = asked(record), record.given_on + timedelta(days=1)
    assert message.due_at == moment_at(therapist.clinic, morning, time(9, 30))
    assert (message.patient_id, message.user_id) == (record.session.course.patient_id, None)
    words = said(message)
    assert isinstance(words, Fields)
    assert (words.code, words.number, words.count, words.dates) == ("next-morning", 1, 3, ())
    NextDay.objects.create(record=record, has_skin_or_swelling=False, source=AnswerSource.ASKED, answered_on=morning)
    assert isinstance(said(message), Fields), "nobody has asked about pain yet"
    NextDay.objects.create(record=record, pain=0, source=AnswerSource.ASKED, answered_on=morning)
    assert said(message) is DropReason.ANSWERED


@time_machine.travel(NOON, tick=False)
def test_nobody_is_asked_about_a_session_after_which_another_was_given_or_whose_morning_is_long_over(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=4, given=3)
    first, _between, second = SessionRecord.objects.filter(session__course=course).order_by("session__number")
    for record in (first, second):
        post_next_morning(record)
    assert not Message.objects.filter(about=f"record:{first.pk}").exists()
    post_home(first)
    assert not Message.objects.filter(kind=Kind.HOME).exists(), "written down three days later it is no news"
    message = asked(second)
    assert isinstance(said(message), Fields)
    assert said(Message(pk=0, kind=Kind.NEXT_MORNING, about=f"record:{first.pk}")) is DropReason.OVER
    assert said(Message(pk=0, kind=Kind.NEXT_MORNING, about="record:999999999")) is DropReason.RELEASED


@pytest.mark.parametrize(("day", "moment"), [(date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
                                             (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))])  # fmt: skip
def test_a_time_that_the_clock_skips_or_shows_twice_is_a_moment_all_the_same(day: date, moment: datetime) -> None:
    assert moment_at(Clinic(time_zone="Europe/Berlin"), day, time(2, 30)) == moment


# Pain by the link ---------------------------------------------------------------------------------------------------------------
def test_pain_told_by_the_link_counts_as_if_staff_had_written_it_down(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=4, given=1)
    record, now = SessionRecord.objects.get(session__course=course), timezone.now()
    message, version = Message(clinic=course.clinic, about=f"record:{record.pk}"), course.version
    keep_pain(message, 7, now)
    keep_pain(message, 7, now)
    kept = NextDay.objects.get(record=record)
    assert (kept.pain, kept.source, kept.by, kept.answered_on) == (7, AnswerSource.LINK, None, course.clinic.today())
    line = AuditLine.objects.get(verb="answered-next-day")
    assert (line.user, line.clinic_id, line.details["source"]) == (None, course.clinic_id, "link")
    course.refresh_from_db()
    by_link = (proposal_for(course).proposal, course.planned_by, course.version - version)
    assert by_link[1:] == (therapist.user, 1), "it is planned anew, and stays the plan of who made it"
    answer_next_day(record=record, answer=NextDaySaid(pain=7), on=course.clinic.today(), actor=therapist)
    assert proposal_for(course).proposal == by_link[0]


def test_the_question_leaves_in_the_morning_and_one_tap_comes_back_into_the_course(
    therapist: Actor, client: Client, way: type[Kept]
) -> None:
    with time_machine.travel(NOON, tick=False):
        course = a_running_course(actor=therapist, patient=a_reader(clinic=therapist.clinic), count=2)
        record = given(course, therapist)
        assert drain(now=timezone.now()).sent == 0
    with time_machine.travel(NOON + timedelta(hours=21, minutes=31), tick=False):  # 9:31 in Berlin
        drain(now=timezone.now())
        letter = next(each for each in way.letters if "next-morning" in each.key)
        link = re.search(r"/r/[^/\s]+/", letter.body)
        assert link is not None
        client.post(link[0], {"answer": "6"})
        drain(now=timezone.now())
    kept = NextDay.objects.get()
    assert (kept.record, kept.pain, kept.source) == (record, 6, AnswerSource.LINK)


def test_the_link_keeps_nothing_that_staff_could_not_write_down(therapist: Actor) -> None:
    record = given(a_running_course(actor=therapist, count=2), therapist)
    message, tomorrow = asked(record), timezone.now() + timedelta(days=1)
    elsewhere = Message(clinic=a_clinic(), about=message.about)
    for refused, pain, now in ((message, 3, timezone.now()), (message, 11, tomorrow), (elsewhere, 3, tomorrow),
                               (Message(clinic=therapist.clinic, about=f"course:{record.pk}"), 3, tomorrow)):  # fmt: skip
        with pytest.raises(ActionDenied):
            keep_pain(refused, pain, now)
    assert not NextDay.objects.exists()


# Missed -------------------------------------------------------------------------------------------------------------------------
def test_who_did_not_come_is_written_to_after_the_grace_and_not_once_that_was_taken_back(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    day = course.planned_on
    booking = put_on(course.sessions.get(number=1), day - timedelta(days=1), therapist)

    def miss() -> None:
        lose_session(course=course, number=1, lost=Lost(SessionState.MISSED), on=day, actor=therapist)

    miss()
    first = only(Kind.MISSED)
    assert first.due_at > timezone.now() + timedelta(minutes=2)
    words = said(first)
    assert isinstance(words, Fields)
    assert [(line.booking, line.day, line.clock) for line in words.dates] == [(booking.pk, booking.day, booking.clock)]
    undo_lost_session(course=course, number=1, note="A slip", on=day, actor=therapist)
    assert said(first) is DropReason.NOTHING_NEW
    miss()
    second = Message.objects.filter(kind=Kind.MISSED).latest("pk")
    assert second.pk != first.pk
    assert (said(first), isinstance(said(second), Fields)) == (DropReason.NOTHING_NEW, True)


@pytest.mark.same_everywhere
def test_a_late_cancellation_and_a_day_long_past_write_to_nobody(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    put_on(course.sessions.get(number=1), course.planned_on - timedelta(days=9), therapist)
    lose_session(course=course, number=1, lost=Lost(SessionState.MISSED), on=course.planned_on, actor=therapist)
    lose_session(course=course, number=1, lost=Lost(SessionState.CANCELLED), on=course.planned_on, actor=therapist)
    assert not Message.objects.filter(kind=Kind.MISSED).exists()


# The course ---------------------------------------------------------------------------------------------------------------------
def test_half_of_a_course_is_told_when_its_review_becomes_due_and_not_once_a_doctor_decided(therapist: Actor, doctor: Actor) -> None:
    course = a_running_course(actor=therapist, count=4)
    after = course_plan_of(course).review_after
    for _twice in range(2):
        review_when_due(course, after)
    message = only(Kind.HALFWAY)
    assert isinstance(said(message), Fields)
    decided = {"decision": "go-on", "decided_at": timezone.now(), "decided_by": doctor.user}
    CourseReview.objects.filter(course=course).update(**decided)
    assert said(message) is DropReason.ANSWERED


@pytest.mark.same_everywhere
def test_the_last_session_thanks_with_the_day_that_the_library_names(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=1)
    given(course, therapist)
    course.refresh_from_db()
    message, words = only(Kind.FINISHED), said(only(Kind.FINISHED))
    days = shipped_library().conditions[course.condition].stages[course.stage].treatment.repeat_after_days  # type: ignore[union-attr]
    assert days >= shipped_library().course.repeat.same_zone_min_days
    assert isinstance(words, Fields)
    assert (message.about, words.day) == (f"course:{course.pk}", course.planned_on + timedelta(days=days))
    assert isinstance(said(only(Kind.HOME)), Fields), "the first session was the last one: the sheet is for afterwards"


def test_a_stage_that_is_reassessed_and_a_bad_reaction_name_no_day(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=1)
    given(course, therapist, bad_reaction=True)
    course.refresh_from_db()
    assert course.state == CourseState.FINISHED
    assert day_to_come_again(course) is None
    stages = [stage for condition in shipped_library().conditions.values() for stage in condition.stages.items()]
    assert any(stage.treatment and not stage.treatment.repeat_after_days for _code, stage in stages)
    other = next(
        (condition, code) for condition in shipped_library().conditions.values() for code, stage in condition.stages.items()
        if stage.treatment and not stage.treatment.repeat_after_days
    )  # fmt: skip
    assert day_to_come_again(Course(condition=other[0].code, stage=other[1], finished_on=course.finished_on)) is None


def test_a_sheet_for_home_is_told_after_the_first_session_only_where_there_is_one_to_hand_out(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    given(course, therapist)
    message = only(Kind.HOME)
    assert isinstance(said(message), Fields)
    Course.objects.filter(pk=course.pk).update(state=CourseState.SUSPENDED)
    assert said(message) is DropReason.NOTHING_NEW


# Dates ----------------------------------------------------------------------------------------------------------------------------
def test_bookings_know_their_place_in_the_course_and_offer_times_that_keep_its_rhythm(
    therapist: Actor, max_queries: Callable[[int], Any]
) -> None:
    open_clinic(therapist)
    course = a_course_in_calendar(therapist, count=3)
    booked = with_dates(course, therapist)
    with max_queries(1):
        found = series_of([each.pk for each in booked])
    assert found == {each.pk: InSeries(f"course:{course.pk}", number, 3) for number, each in enumerate(booked, start=1)}
    middle, now = booked[1], timezone.now()
    offered = other_times(middle, now)
    assert 0 < len(offered) <= 5
    assert (middle.day, middle.clock) not in offered
    assert all(booked[0].day < day < booked[2].day for day, _clock in offered)
    assert Booking.objects.count() == 3
    Course.objects.filter(pk=course.pk).update(state=CourseState.DISCARDED)
    assert other_times(middle, now) == ()
