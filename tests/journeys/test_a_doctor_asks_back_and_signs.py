"""A therapist sends a plan, the doctor asks back from the inbox, the therapist answers, the doctor signs: in few interactions."""

from typing import Final

import pytest
from playwright.sync_api import Browser, FilePayload, expect
from pytest_django.live_server_helper import LiveServer

from clinic.courses.actions import ask_doctor
from clinic.courses.models import Course
from clinic.courses.states import CourseState
from clinic.signing.models import Meaning, Method, Signature
from clinic.signing.queries import is_sound
from clinic.staff.permissions import Actor
from tests.clinic.courses.signing_desk import an_awaiting_course
from tests.factories import PASSWORD, a_course_that_may_start, a_patient, a_running_course
from tests.journeys.conftest import a_desk
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS, Colours, faults_of
from tests.papers import a_picture

pytestmark = pytest.mark.django_db(transaction=True)
MOST_INTERACTIONS: Final = 4


def is_fit_for_everybody(desk: Desk, looks: tuple[tuple[int, Colours], ...] = ENDS) -> None:
    """The page at hand in the widest light and the narrowest dark look: nothing for axe, nothing beyond the edge."""
    for width, colours in looks:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        assert not faults_of(desk.page), f"{desk.page.url} at {width}, {colours}"
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, f"{desk.page.url} at {width}"
    desk.page.set_viewport_size({"width": ENDS[0][0], "height": 900})


def enters_the_password_again(desk: Desk) -> None:
    desk.page.fill("input[name=password]", PASSWORD)
    desk.page.press("input[name=password]", "Enter")


def test_a_doctor_asks_back_the_therapist_answers_and_the_doctor_signs(
    browser: Browser, live_server: LiveServer, desk: Desk, anna: Actor, clara: Actor
) -> None:
    course = a_course_that_may_start(patient=a_patient(clinic=anna.clinic, family_name="Sommer"), actor=anna)
    desk.is_signed_in(anna, f"/courses/{course.pk}/")
    desk.page.get_by_label("Question to the doctor, if there is one").fill("Is ten sessions too many?")
    desk.press("Send for sign-off")
    desk.sees("The plan is with the doctor.")
    with a_desk(browser, live_server) as doctor:
        doctor.is_signed_in(clara)
        doctor.sees_heading("Inbox")
        doctor.sees("Is ten sessions too many?")
        is_fit_for_everybody(doctor)
        doctor.follow("Read and answer")
        doctor.sees_heading("You are asked")
        is_fit_for_everybody(doctor)
        doctor.page.get_by_text("Ask back", exact=True).click()
        doctor.page.get_by_label("What do you want to know, or want changed?").fill("How long has it hurt?")
        doctor.press("Return with this question")
        doctor.sees("The plan went back to the therapist with your question.")
        expect(doctor.page.locator(".inbox-item")).to_have_count(0)
        the_therapist_answers(desk, course)
        doctor.open("/inbox/")
        doctor.sees("Three weeks, after moving house.")
        doctor.follow("Read and answer")
        doctor.sees("How long has it hurt?")  # what was said before
        doctor.press("Enter your password to sign")
        enters_the_password_again(doctor)
        doctor.press("Sign the plan")
        doctor.sees("Signed: the plan for")
        is_fit_for_everybody(doctor)
        doctor.sees_heading("Answered in the last seven days")
    made = Signature.objects.get()
    assert (made.meaning, made.method, made.signer) == (Meaning.APPROVED, Method.PASSWORD, clara.user)
    assert is_sound(made)
    desk.open(f"/courses/{course.pk}/")
    expect(desk.section("Sign-off").locator(".stamp-name")).to_have_text("Clara Weiss")
    is_fit_for_everybody(desk)
    desk.section("Sign-off").get_by_role("link", name="What exactly was signed").click()
    desk.sees_heading("What was signed")


def the_therapist_answers(desk: Desk, course: Course) -> None:
    desk.open(f"/courses/{course.pk}/")
    desk.sees("How long has it hurt?")
    desk.page.get_by_label("Question to the doctor, if there is one").fill("Three weeks, after moving house.")
    desk.press("Send for sign-off")
    desk.sees("The plan is with the doctor.")


def test_a_clean_plan_is_signed_from_the_inbox_in_few_interactions(desk: Desk, anna: Actor, clara: Actor) -> None:
    course = an_awaiting_course(patient=a_patient(clinic=anna.clinic, family_name="Sommer"), actor=anna)
    desk.is_signed_in(clara, "/inbox/")
    desk.sees("No flags")
    interactions = 0
    desk.follow("Read and answer")
    interactions += 1
    desk.press("Enter your password to sign")
    interactions += 1
    enters_the_password_again(desk)
    interactions += 1
    desk.press("Sign the plan")
    interactions += 1
    desk.sees("Signed: the plan for")
    assert interactions <= MOST_INTERACTIONS
    assert Course.objects.get(pk=course.pk).state == CourseState.SIGNED
    # The next one within a quarter of an hour needs no password: two interactions.
    following = an_awaiting_course(patient=a_patient(clinic=anna.clinic, family_name="Winter"), actor=anna)
    desk.open("/inbox/")
    desk.follow("Read and answer")
    desk.press("Sign the plan")
    desk.sees("Signed: the plan for")
    assert Course.objects.get(pk=following.pk).state == CourseState.SIGNED


def test_a_reason_to_refuse_is_not_lost_on_the_way_to_the_password(plain_desk: Desk, anna: Actor, clara: Actor) -> None:
    course = an_awaiting_course(patient=a_patient(clinic=anna.clinic), actor=anna)
    plain_desk.is_signed_in(clara, f"/courses/{course.pk}/sign-off/")
    plain_desk.page.get_by_text("Refuse", exact=True).click()
    plain_desk.page.get_by_label("Why is it refused?").fill("Wait for the cardiologist")
    plain_desk.page.locator(".sign-refused").get_by_role("button", name="Enter your password to sign").click()
    enters_the_password_again(plain_desk)
    expect(plain_desk.page.get_by_label("Why is it refused?")).to_have_value("Wait for the cardiologist")
    plain_desk.press("Refuse the plan")
    plain_desk.sees("Refused. The therapist reads your reason.")
    assert Signature.objects.get().note == "Wait for the cardiologist"


def test_a_review_and_a_paper_are_recorded_by_whoever_needs_them(desk: Desk, anna: Actor, clara: Actor) -> None:
    running = a_running_course(actor=anna, given=3)
    ask_doctor(course=running, question="May the pressure go up?", actor=anna)
    awaiting = an_awaiting_course(patient=a_patient(clinic=anna.clinic, family_name="Winter"), actor=anna)
    desk.is_signed_in(clara, "/inbox/?kind=review")
    desk.follow("Read and answer")
    desk.sees_heading("Question about the course")
    is_fit_for_everybody(desk)
    desk.page.get_by_label("Change the plan").check()
    desk.press("Keep the decision")
    desk.sees("Write what is to be changed, or why the course stops.")
    is_fit_for_everybody(desk)
    desk.page.get_by_label("In a few words").fill("Two sessions more of the calm kind first")
    desk.press("Keep the decision")
    desk.sees("Your decision is kept.")
    desk.open(f"/courses/{awaiting.pk}/")
    desk.follow("An outside doctor signed the printed plan")
    is_fit_for_everybody(desk)
    desk.fill({"Doctor who signed on paper*": "Dr Outside", "Plan number on the paper*": "0123 4567 89ab"})
    desk.page.get_by_label("Signed on*", exact=True).fill(awaiting.planned_on.isoformat())
    scan: FilePayload = {"name": "plan.png", "mimeType": "image/png", "buffer": a_picture()}
    desk.page.locator("input[type=file]").set_input_files(scan)
    desk.press("Record the signed paper")
    desk.sees("What was signed is another plan")
    desk.page.get_by_label("Plan number on the paper").fill(awaiting.digest[:12])
    desk.page.locator("input[type=file]").set_input_files(scan)
    desk.press("Record the signed paper")
    desk.sees("It is labelled as weaker than a signature made here.")
    is_fit_for_everybody(desk)
