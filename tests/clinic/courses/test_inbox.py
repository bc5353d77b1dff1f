"""The doctor's inbox: what waits, in which order, at what cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.courses.actions import ask_doctor, decide_review, return_course, sign_course_for_demo, submit_course
from clinic.courses.inbox import answered_lately, waiting_at
from clinic.courses.models import Course, SessionRecord
from clinic.courses.states import CourseState
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from protocols.language import page_names
from tests.clinic.courses.signing_desk import THINNER, a_flagged_course, an_awaiting_course
from tests.factories import a_course_that_may_start, a_day_at, a_patient, a_running_course, a_signed_course, an_actor
from tests.papers import a_written_referral

pytestmark = pytest.mark.django_db
Limit = Callable[[int], AbstractContextManager[list[str]]]
Browser = Callable[[Actor], Client]


def waiting(doctor: Actor) -> tuple[Any, ...]:
    return waiting_at(doctor.clinic, page_names(), on=a_day_at(doctor.clinic), actor=doctor)


def test_everything_that_waits_for_a_doctor_is_there(therapist: Actor, doctor: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    signed = a_written_referral(patient=patient, state="signed", actor=therapist)
    a_written_referral(patient=patient, state="submitted", actor=therapist, extends=signed, reason="It helps")
    an_awaiting_course(actor=therapist)
    ask_doctor(course=a_running_course(actor=therapist), question="Stronger?", actor=therapist)
    suspended = a_running_course(actor=therapist)
    record_facts(patient=suspended.patient, replies=THINNER, on=a_day_at(therapist.clinic), given_by="patient", actor=therapist)
    found = {(item.kind, item.word) for item in waiting(doctor)}
    assert {kind for kind, _word in found} == {"referral", "course", "review", "suspended"}
    assert ("referral", "Extension of a referral") in found


def test_what_waits_for_nobody_is_not_there(therapist: Actor, doctor: Actor, stranger: Actor) -> None:
    a_course_that_may_start(actor=therapist)
    a_signed_course(actor=therapist, doctor=doctor)
    a_written_referral(patient=a_patient(clinic=therapist.clinic), actor=therapist)
    an_awaiting_course(actor=stranger)
    returned = an_awaiting_course(actor=therapist)
    return_course(course=returned, question="Why?", on=returned.planned_on, version=returned.version, actor=doctor)
    assert waiting(doctor) == ()


def test_a_question_about_a_course_that_is_over_waits_no_more(therapist: Actor, doctor: Actor) -> None:
    course = a_running_course(actor=therapist)
    ask_doctor(course=course, question="Stronger?", actor=therapist)
    Course.objects.filter(pk=course.pk).update(state=CourseState.ENDED, finished_on=course.planned_on)
    assert waiting(doctor) == ()


def test_the_patient_who_could_come_first_stands_first_then_who_waits_longest(therapist: Actor, doctor: Actor) -> None:
    given_today = a_running_course(actor=therapist)
    first = given_today.sessions.get(number=1)
    now = timezone.now()
    SessionRecord.objects.create(session=first, given_on=given_today.planned_on, recorded_at=now, recorded_by=therapist.user)
    ask_doctor(course=given_today, question="Tomorrow's patient", actor=therapist)
    with time_machine.travel(now - timedelta(minutes=5), tick=False):
        long_ago = an_awaiting_course(actor=therapist)
    lately = an_awaiting_course(actor=therapist)
    order = [item.patient.pk for item in waiting(doctor)]
    assert order == [long_ago.patient_id, lately.patient_id, given_today.patient_id]


@pytest.mark.same_everywhere
def test_a_clean_one_says_so_and_a_flagged_one_puts_the_question_on_top(therapist: Actor, doctor: Actor, signed_in: Browser) -> None:
    an_awaiting_course(actor=therapist)
    text = signed_in(doctor).get(reverse("courses:inbox")).content.decode()
    assert "No flags" in text
    a_flagged_course(actor=therapist, question="Light stroking only?")
    flagged = next(item for item in waiting(doctor) if not item.is_clean)
    assert flagged.question == "Light stroking only?"
    assert any("Blood-thinning" in flag for flag in flagged.flags)
    text = signed_in(doctor).get(reverse("courses:inbox")).content.decode()
    assert text.index("Light stroking only?") < text.index(flagged.patient.full_name, text.index("inbox-flagged"))


@pytest.mark.same_everywhere
def test_the_inbox_asks_the_database_equally_often_for_one_and_for_forty(
    therapist: Actor, doctor: Actor, signed_in: Browser, max_queries: Limit
) -> None:
    client = signed_in(doctor)
    with max_queries(8) as asked:
        client.get(reverse("courses:inbox"))
    empty = len(asked)
    first = an_awaiting_course(actor=therapist)
    for number in range(40):
        patient = a_patient(clinic=therapist.clinic, family_name=f"Many{number}")
        copy = Course.objects.get(pk=first.pk)
        copy.pk, copy.patient = None, patient
        copy.save()
        a_written_referral(patient=patient, state="submitted", actor=therapist)
        ask_doctor(course=copy, question=f"Question {number}", actor=therapist)
    with max_queries(9) as asked:
        page = client.get(reverse("courses:inbox") + "?page=2")
    assert page.status_code == 200
    assert len(asked) <= empty + 1  # the last moves of the courses that wait


@pytest.mark.same_everywhere
def test_a_kind_is_shown_alone_by_a_link(therapist: Actor, doctor: Actor, signed_in: Browser) -> None:
    course = an_awaiting_course(actor=therapist)
    a_written_referral(patient=a_patient(clinic=therapist.clinic, family_name="Zander"), state="submitted", actor=therapist)
    text = signed_in(doctor).get(reverse("courses:inbox") + "?kind=course").content.decode()
    assert course.patient.full_name in text
    assert "Zander" not in text
    assert signed_in(doctor).get(reverse("courses:inbox") + "?kind=nonsense&page=x").status_code == 200


@pytest.mark.same_everywhere
def test_an_empty_inbox_says_what_comes_here(doctor: Actor, signed_in: Browser) -> None:
    assert "Nothing waits for a doctor" in signed_in(doctor).get(reverse("courses:inbox")).content.decode()


@pytest.mark.same_everywhere
def test_a_doctor_begins_the_day_at_the_inbox(doctor: Actor, signed_in: Browser) -> None:
    assert signed_in(doctor).get("/").headers["Location"] == reverse("courses:inbox")


@pytest.mark.same_everywhere
def test_the_clinical_lead_reads_the_inbox_and_is_led_to_pages_that_only_show(
    clinical_lead: Actor, therapist: Actor, signed_in: Browser
) -> None:
    course = an_awaiting_course(actor=therapist)
    text = signed_in(clinical_lead).get(reverse("courses:inbox")).content.decode()
    assert reverse("courses:detail", args=[course.pk]) in text
    assert reverse("courses:sign-off", args=[course.pk]) not in text


@pytest.mark.same_everywhere
def test_a_doctor_who_planned_a_course_is_told_that_a_colleague_signs(clinic: Clinic, doctor: Actor) -> None:
    both = an_actor(clinic=clinic, roles=(Role.DOCTOR, Role.THERAPIST))
    an_awaiting_course(actor=both)
    assert [item.is_mine for item in waiting(both)] == [True]
    assert [item.is_mine for item in waiting(doctor)] == [False]


def test_what_was_answered_lately_stands_below_and_goes_after_seven_days(therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist)
    sign_course_for_demo(course=course, on=course.planned_on, actor=doctor)
    back = an_awaiting_course(actor=therapist)
    return_course(course=back, question="Why?", on=back.planned_on, version=back.version, actor=doctor)
    review = ask_doctor(course=course, question="Go on?", actor=therapist)
    decide_review(review=review, decision="go-on", on=course.planned_on, actor=doctor)
    a_written_referral(patient=course.patient, state="refused", actor=therapist)
    words = {line.word for line in answered_lately(doctor, page_names())}
    assert words == {"signed", "not signed: back to the therapist", "go on as planned", "refused"}
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert answered_lately(doctor, page_names()) == ()


@pytest.mark.same_everywhere
def test_a_plan_that_was_taken_back_is_no_answer_of_a_doctor(therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist)
    Course.objects.filter(pk=course.pk).update(state=CourseState.DRAFT)
    course.refresh_from_db()
    submit_course(course=course, on=course.planned_on, version=course.version, actor=therapist)
    assert answered_lately(doctor, page_names()) == ()
