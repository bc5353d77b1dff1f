"""A doctor at the pages of sign-off: courses that wait, and a browser whose password was entered a moment ago."""

import re
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from clinic.courses.actions import replan_course, request_of, submit_course
from clinic.courses.models import Course
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.questionnaire import STATED, Reply
from tests.factories import a_course_that_may_start

THINNER = {"medicine.anticoagulant": Reply(STATED, True)}


def an_awaiting_course(*, actor: Actor, question: str = "", **plan: Any) -> Course:
    """A plan of today that a therapist sent to the doctor, with nothing in its way."""
    course = a_course_that_may_start(actor=actor, **plan)
    return submit_course(course=course, question=question, on=course.planned_on, version=course.version, actor=actor)


def a_flagged_course(*, actor: Actor, question: str = "") -> Course:
    """A plan for somebody who takes a blood thinner: it waits for a doctor's decision."""
    course = a_course_that_may_start(actor=actor)
    record_facts(patient=course.patient, replies=THINNER, on=course.planned_on, given_by="patient", actor=actor)
    course.refresh_from_db()
    course = replan_course(course=course, wanted=request_of(course), on=course.planned_on, version=course.version, actor=actor)
    return submit_course(course=course, question=question, on=course.planned_on, version=course.version, actor=actor)


def a_browser_of(doctor: Actor, *, entered_again: bool = True) -> Client:
    """A signed-in doctor, who has just entered the password again unless told otherwise."""
    client = Client()
    client.force_login(doctor.user)
    if entered_again:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(doctor.user.pk)
        session.save()
    return client


def form_of(client: Client, course: Course, meaning: str = "approved", **typed: str) -> dict[str, str]:
    """What the form of the page sends for this meaning, as the page was read now."""
    text = client.get(reverse("courses:sign-off", args=[course.pk])).content.decode()
    intent = re.search(r'name="intent" value="([^"]+)"', text)
    read = re.search(r'name="read" value="([^"]+)"', text)
    assert intent, "the page offers nothing to sign"
    assert read
    return {"intent": intent[1], "read": read[1], "meaning": meaning, **typed}


def sign(client: Client, course: Course, form: dict[str, str]) -> Any:
    return client.post(reverse("courses:sign-off", args=[course.pk]), form)
