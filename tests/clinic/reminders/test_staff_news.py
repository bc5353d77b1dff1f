"""Staff are told an amount and where to click: at once where a course is held, else at the times of their clinic's day, once."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from clinic.courses.actions.reviewing import decide_review, tell_doctor
from clinic.courses.models import Course, CourseReview, SessionStart
from clinic.courses.news.telling_staff import tell_what_waits
from clinic.courses.states import CourseState
from clinic.reminders.actions.sending import drain
from clinic.reminders.actions.staff_news import tell_admins
from clinic.reminders.fields import Fields
from clinic.reminders.models import Answer, MailboxLetter, Message
from clinic.reminders.rounds import go_round
from clinic.reminders.sources import source_of
from clinic.reminders.states import AnswerKind, DropReason, Kind, MessageState
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.models import Referral
from patients.questionnaire import STATED, Reply
from tests.factories import a_clinic, a_member, a_patient, a_running_course, a_sent_intake
from tests.papers import a_written_referral
from tests.schedule_factories import a_booking

pytestmark = pytest.mark.django_db
WEDNESDAY: Final = datetime(2026, 5, 6, tzinfo=UTC)  # Berlin's clock is two hours ahead


def at(clock: str, days: int = 0) -> datetime:
    """A moment of that Wednesday by the clock of the clinic."""
    hour, minute = map(int, clock.split(":"))
    return WEDNESDAY + timedelta(days=days, hours=hour - 2, minutes=minute)


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def said(message: Message, now: datetime | None = None) -> Fields | DropReason:
    return source_of(message.kind).read([message], now or timezone.now())[message.pk]


def amounts(kind: str, now: datetime) -> dict[int | None, int]:
    """What each person would be told now, by their number."""
    found = {each.user_id: said(each, now) for each in told(kind)}
    return {user: words.amount for user, words in found.items() if isinstance(words, Fields)}


def begun(course: Course, actor: Actor, moment: datetime) -> SessionStart:
    """A session that was begun and that nobody has signed."""
    session = course.sessions.filter(record=None).first()
    assert session is not None
    details = {"key": f"{session.pk}-{moment:%H%M}", "plan": {}, "plan_digest": "0" * 64}
    return SessionStart.objects.create(session=session, started_at=moment, started_on=moment.date(), started_by=actor.user, **details)


# Tomorrow -------------------------------------------------------------------------------------------------------------------------
@time_machine.travel(WEDNESDAY + timedelta(hours=10), tick=False)
def test_tomorrows_list_is_told_once_to_everybody_who_has_one_at_the_clinics_time(therapist: Actor) -> None:
    tomorrow, clinic = WEDNESDAY.date() + timedelta(days=1), therapist.clinic
    booked = [a_booking(patient=a_patient(clinic=clinic), therapist=therapist.user, day=tomorrow, clock=time(hour)) for hour in (14, 9)]
    a_booking(patient=a_patient(clinic=clinic), day=tomorrow + timedelta(days=1))
    a_booking(patient=a_patient(clinic=a_clinic()), therapist=therapist.user, day=tomorrow, clock=time(18))
    for clock in ("16:30", "16:50", "16:55"):
        tell_what_waits(at(clock))
    go_round(at("19:00"))  # what a worker does that sends by itself
    messages = [each for each in told(Kind.TOMORROW) if each.clinic_id == clinic.pk]
    assert [(each.user, each.due_at, each.about) for each in messages] == [
        (therapist.user, at("17:00"), f"user:{therapist.user.pk}:{clinic.pk}:2026-05-06")
    ]
    words = said(messages[0])
    assert isinstance(words, Fields)
    assert (words.amount, words.day, words.clock, words.path) == (2, tomorrow, time(9), "/today/?day=2026-05-07")
    assert words.dates == ()
    assert len(told(Kind.TOMORROW)) == 2, "each clinic tells its own list"
    released = {"state": BookingState.RELEASED, "is_taken": False, "released_at": timezone.now(), "release_reason": "other"}
    Booking.objects.filter(pk__in=[each.pk for each in booked]).update(**released)
    assert said(messages[0]) is DropReason.NOTHING_NEW


def test_nothing_is_told_where_nothing_waits_or_at_another_time(therapist: Actor, clinic_admin: Actor, doctor: Actor) -> None:
    for clock in ("08:00", "12:00", "17:00", "20:00"):
        tell_what_waits(at(clock))
    assert not Message.objects.exists()


# Not signed -----------------------------------------------------------------------------------------------------------------------
def test_who_has_not_signed_is_told_in_the_evening_and_the_lead_after_a_day(therapist: Actor, clinical_lead: Actor) -> None:
    course, evening = a_running_course(actor=therapist, count=3), at("20:00")
    start = begun(course, therapist, evening - timedelta(hours=1))
    tell_what_waits(evening)
    assert not told(Kind.UNSIGNED), "it may still be given"
    SessionStart.objects.filter(pk=start.pk).update(started_at=evening - timedelta(hours=5))
    tell_what_waits(evening)
    assert amounts(Kind.UNSIGNED, evening) == {therapist.user.pk: 1}
    SessionStart.objects.filter(pk=start.pk).update(started_at=evening - timedelta(hours=25))
    for _twice in range(2):
        tell_what_waits(evening)
    assert amounts(Kind.UNSIGNED, evening) == {therapist.user.pk: 1, clinical_lead.user.pk: 1}
    SessionStart.objects.filter(pk=start.pk).update(closed_at=evening)
    assert amounts(Kind.UNSIGNED, evening) == {}
    assert len(told(Kind.UNSIGNED)) == 2


# Referrals and reviews --------------------------------------------------------------------------------------------------------------
def test_administrators_hear_of_referrals_that_end_before_their_sessions_and_doctors_of_reviews(
    therapist: Actor, clinic_admin: Actor, doctor: Actor, signed_in: Callable[[Any], Client]
) -> None:
    course = a_running_course(actor=therapist, count=3, given=1)
    referral = a_written_referral(patient=course.patient, state="signed", actor=therapist, doctor=doctor)
    on, clinic = course.planned_on, course.clinic
    morning = datetime.combine(on, time(8, 5), tzinfo=clinic.zone)
    Course.objects.filter(pk=course.pk).update(referral=referral)

    def amount(**changed: object) -> int:
        Referral.objects.filter(pk=referral.pk).update(**changed)
        Message.objects.all().delete()
        tell_what_waits(morning)
        return amounts(Kind.REFERRALS, morning).get(clinic_admin.user.pk, 0)

    week = timedelta(days=7)
    assert amount() == 0
    assert amount(valid_until=on + week) == 1
    assert "1 of 10 sessions given" in signed_in(clinic_admin).get("/calendar/to-do/").content.decode()
    assert amount(valid_until=on + week + timedelta(days=1)) == 0
    assert amount(session_count=1) == 1, "its sessions are used up and two are left"
    assert amount(state="superseded") == 0
    CourseReview.objects.create(course=course, kind=CourseReview.Kind.QUESTION, after_session=1, question="Which side?")
    tell_what_waits(morning)
    asked = amounts(Kind.REVIEWS, morning)
    assert asked[doctor.user.pk] == 1
    assert not asked.keys() & {therapist.user.pk, clinic_admin.user.pk}


@time_machine.travel(WEDNESDAY + timedelta(hours=1), tick=False)
def test_an_emergency_is_told_to_the_doctors_at_once_by_night_too_until_one_of_them_has_answered(therapist: Actor, doctor: Actor) -> None:
    course = a_running_course(actor=therapist, count=3)
    for _twice in range(2):
        review = tell_doctor(course=course, found="Chest pain", on=WEDNESDAY.date(), actor=therapist)
    assert therapist.user not in {each.user for each in told(Kind.REVIEWS)}
    [message] = [each for each in told(Kind.REVIEWS) if each.user == doctor.user]
    assert message.due_at == WEDNESDAY + timedelta(hours=1)
    drain()
    letter = MailboxLetter.objects.get(key=message.key)
    assert "at once" in letter.body
    assert "03:00" in letter.body
    assert "Chest" not in f"{letter.subject}{letter.body}"
    decide_review(review=review, decision=CourseReview.Decision.GO_ON, on=WEDNESDAY.date(), actor=doctor)
    assert said(message) is DropReason.ANSWERED


# Held -----------------------------------------------------------------------------------------------------------------------------
def test_answers_that_hold_a_course_are_told_at_once_to_its_therapist_and_the_doctors_until_it_goes_on(
    therapist: Actor, doctor: Actor
) -> None:
    course = a_running_course(actor=therapist, count=3)
    colleague = a_member(clinic=therapist.clinic, roles=(Role.THERAPIST,))
    reader = Actor(colleague, therapist.clinic, frozenset({str(Role.THERAPIST)}))
    thinner = {"medicine.anticoagulant": Reply(STATED, value=True)}
    record_facts(patient=course.patient, replies=thinner, on=course.planned_on, given_by="patient", actor=reader)
    assert {each.user for each in told(Kind.SCREENING)} >= {therapist.user, doctor.user}
    assert colleague not in {each.user for each in told(Kind.SCREENING)}
    words = said(told(Kind.SCREENING)[0])
    assert isinstance(words, Fields)
    assert (words.amount, words.path, words.dates) == (1, f"/courses/{course.pk}/", ())
    Course.objects.filter(pk=course.pk).update(state=CourseState.RUNNING)
    assert {said(each) for each in told(Kind.SCREENING)} == {DropReason.OVER}


def test_a_form_that_a_patient_sends_is_told_to_whoever_treats_or_asked(therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    intake = a_sent_intake(patient=patient, actor=therapist)
    message = Message.objects.get(kind=Kind.SCREENING)
    assert (message.user, message.about) == (therapist.user, f"intake:{intake.pk}:user:{therapist.user.pk}")
    words = said(message)
    assert isinstance(words, Fields)
    assert words.path == f"/patients/{patient.pk}/intake/review/"
    type(intake).objects.filter(pk=intake.pk).update(state="discarded")
    assert said(message) is DropReason.OVER


# Messages about messages ------------------------------------------------------------------------------------------------------------
def an_answer(clinic: Clinic) -> Answer:
    """A patient who cannot come."""
    booking = a_booking(patient=a_patient(clinic=clinic))
    details = {"version": booking.pk, "due_at": timezone.now(), "next_at": timezone.now(), "not_after": booking.starts_at}
    asked = Message.objects.create(
        clinic=clinic, kind=Kind.REMINDER_DAY, about=f"booking:{booking.pk}", patient=booking.patient, channel="email", **details
    )
    answer = {"message": asked, "booking": booking, "starts_at": booking.starts_at, "purpose": "answer"}
    return Answer.objects.create(clinic=clinic, kind=AnswerKind.CANNOT_COME, **answer)


def test_two_who_cannot_come_within_minutes_are_one_message_to_each_administrator(clinic: Clinic, clinic_admin: Actor) -> None:
    answers = [an_answer(clinic) for _each in range(2)]
    for answer in answers:
        tell_admins(Kind.CANNOT_COME, clinic, f"answer:{answer.pk}")
    message = Message.objects.get(kind=Kind.CANNOT_COME)
    words = said(message)
    assert isinstance(words, Fields)
    assert (message.user, words.amount, [line.booking for line in words.dates]) == (clinic_admin.user, 2, [answers[0].booking_id])
    Answer.objects.filter(pk=answers[0].pk).update(handled="called", handled_at=timezone.now())
    words = said(message)
    assert isinstance(words, Fields)
    assert (words.amount, words.dates[0].booking) == (1, answers[1].booking_id)
    Answer.objects.update(handled="called", handled_at=timezone.now())
    assert said(message) is DropReason.ANSWERED


def test_a_message_that_is_being_sent_does_not_tell_what_comes_after_it(clinic: Clinic, clinic_admin: Actor) -> None:
    tell_admins(Kind.CANNOT_COME, clinic, "answer:1")
    Message.objects.update(next_at=timezone.now())
    for _twice in range(2):
        tell_admins(Kind.CANNOT_COME, clinic, "answer:2")
    assert [each.about for each in told(Kind.CANNOT_COME)] == [f"answer:{number}:user:{clinic_admin.user.pk}" for number in (1, 2)]


def test_what_did_not_arrive_is_told_once_a_day_to_the_lead_where_there_is_no_administrator(clinical_lead: Actor) -> None:
    clinic, noon = clinical_lead.clinic, at("12:00")
    details = {"patient": a_patient(clinic=clinic), "state": MessageState.FAILED, "last_error": "x", "due_at": noon, "not_after": noon}
    failed = Message.objects.create(clinic=clinic, kind=Kind.DATES, about="patient:1", channel="email", **details)
    for moment in (at("05:00"), noon, at("18:00"), at("21:00"), at("12:00", days=1)):
        tell_what_waits(moment)
    messages = told(Kind.UNDELIVERED)
    assert [(each.user, each.due_at) for each in messages] == [(clinical_lead.user, noon), (clinical_lead.user, at("12:00", days=1))]
    words = said(messages[0])
    assert isinstance(words, Fields)
    assert (words.amount, words.path) == (1, "/messages/not-delivered/")
    Message.objects.filter(pk=failed.pk).update(handled="called", handled_at=noon)
    assert said(messages[0]) is DropReason.NOTHING_NEW
