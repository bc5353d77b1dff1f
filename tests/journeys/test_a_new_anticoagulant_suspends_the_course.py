"""A blood thinner is told of in the middle of a course: it is suspended at once, planned again, and a doctor signs the gentler plan."""

import re

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from clinic.courses.models import Course
from clinic.courses.queries import sessions_of
from clinic.courses.states import CourseState
from clinic.signing.models import Signature
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.models import Document
from tests.clinic.courses.signing_desk import THINNER
from tests.factories import a_day_at, a_patient, a_running_course
from tests.journeys.conftest import a_desk
from tests.journeys.desk import Desk
from tests.journeys.test_a_doctor_asks_back_and_signs import enters_the_password_again, is_fit_for_everybody

pytestmark = pytest.mark.django_db(transaction=True)


def strongest(course: Course) -> int:
    """The strongest pressure of the sessions to come."""
    given = course.sessions.filter(record__isnull=False).count()
    return max(row.pressure for session in sessions_of(course)[given:] for row in session.rows)


def test_a_new_anticoagulant_suspends_the_course_and_the_doctor_signs_a_gentler_plan(
    browser: Browser, live_server: LiveServer, desk: Desk, anna: Actor, clara: Actor
) -> None:
    patient = a_patient(clinic=anna.clinic, family_name="Sommer")
    course = a_running_course(patient=patient, actor=anna, given=2)
    before = strongest(course)
    record_facts(patient=patient, replies=THINNER, on=a_day_at(anna.clinic), given_by="patient", actor=anna)
    desk.is_signed_in(anna, f"/courses/{course.pk}/")
    desk.sees("Suspended by a new finding")
    expect(desk.page.get_by_role("link", name=re.compile("^Record session"))).to_have_count(0)
    is_fit_for_everybody(desk)
    the_therapist_plans_again_and_asks(desk, course)
    with a_desk(browser, live_server) as doctor:
        doctor.is_signed_in(clara)
        doctor.sees("Light stroking only?")
        doctor.follow("Read and answer")
        the_doctor_decides_and_signs(doctor)
    course.refresh_from_db()
    assert course.state == CourseState.RUNNING
    assert strongest(course) <= 2 < before
    assert Document.objects.filter(patient=patient, rules=["bl-03"], issued_by="Clara Weiss").count() == 1
    assert course.signature == Signature.objects.order_by("-sequence").first()
    desk.open(f"/courses/{course.pk}/")
    desk.sees("The sessions to come and what was found are those that were signed.")


def the_therapist_plans_again_and_asks(desk: Desk, course: Course) -> None:
    desk.open(f"/courses/{course.pk}/edit/")
    desk.page.locator("main form button[type=submit]").last.click()
    expect(desk.page).to_have_url(re.compile(rf"/courses/{course.pk}/$"))
    desk.page.get_by_label("Question to the doctor, if there is one").fill("Apixaban since Monday. Light stroking only?")
    desk.press("Send for sign-off")
    desk.sees("The plan is with the doctor.")


def the_doctor_decides_and_signs(doctor: Desk) -> None:
    doctor.sees_heading("A doctor must decide")
    expect(doctor.page.get_by_role("button", name="Sign the plan")).to_have_count(0)
    is_fit_for_everybody(doctor)
    doctor.page.get_by_role("checkbox", name=re.compile("Allow massage in spite of")).check()
    doctor.press("Show what it changes in the plan")
    doctor.sees_heading("What it changes in the plan")
    doctor.sees("Pressure 2 at most")
    is_fit_for_everybody(doctor)
    doctor.page.get_by_label("What your decision rests on").fill("Apixaban 5 mg twice a day; no bruises seen.")
    doctor.press("Record my decision")
    doctor.sees("Your decision is recorded and the plan is made anew.")
    is_fit_for_everybody(doctor)
    doctor.press("Enter your password to sign")
    enters_the_password_again(doctor)
    doctor.press("Sign the plan")
    doctor.sees("Signed: the plan for")
