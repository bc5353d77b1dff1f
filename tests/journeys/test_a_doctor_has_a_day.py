"""A doctor's quarter of an hour: the inbox, a clean referral, a finding that waits for a word, a review, and what was signed."""

import re

import pytest

from clinic.courses.actions import ask_doctor
from clinic.courses.models import Course
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor
from patients.models import Referral
from patients.states import ReferralState
from tests.clinic.courses.signing_desk import a_browser_of, a_flagged_course
from tests.factories import a_patient, a_running_course
from tests.journeys.desk import Desk
from tests.papers import a_written_referral

pytestmark = pytest.mark.django_db(transaction=True)


def opens(desk: Desk, name: str) -> None:
    """From the inbox to what waits of that patient."""
    with desk.page.expect_navigation(wait_until="load"):
        desk.page.locator(".inbox-item").filter(has_text=name).locator(".inbox-open").click()


def test_a_doctor_answers_what_waits(desk: Desk, anna: Actor, clara: Actor) -> None:
    referral = a_written_referral(patient=a_patient(clinic=anna.clinic, family_name="Sommer"), state="submitted", actor=anna)
    flagged = a_flagged_course(actor=anna, question="Light stroking only?")
    running = a_running_course(patient=a_patient(clinic=anna.clinic, family_name="Winter"), actor=anna, given=3)
    ask_doctor(course=running, question="May the pressure go up?", actor=anna)
    cookie = a_browser_of(clara).cookies["sessionid"].value  # the password was entered a moment ago
    page = desk.page
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": desk.base}])
    desk.open("/inbox/")
    with desk.does("inbox") as hand:
        hand.reads(page.locator(".inbox"))

    with desk.does("sign-clean") as hand:
        opens(desk, "Sommer")
        hand.reads(page.locator("main h1, .signed-section"))
        desk.press_and_arrive("Sign")
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.SIGNED
    desk.sees_heading("Inbox")

    with desk.does("flagged") as hand:
        opens(desk, flagged.patient.full_name)
        hand.reads(page.locator(".sign-question"), page.get_by_role("region", name="A doctor must decide"))
        page.get_by_role("checkbox", name=re.compile("Allow massage in spite of")).check()
        desk.press_and_arrive("Show what it changes in the plan")
        page.get_by_label("What your decision rests on").fill("Apixaban, no bruises seen")
        desk.press_and_arrive("Record my decision")
        desk.press_and_arrive("Sign the plan")
    assert Course.objects.get(pk=flagged.pk).state == CourseState.SIGNED

    with desk.does("review") as hand:
        opens(desk, "Winter")
        hand.reads(page.locator("main h1, .sign-question, .sign-effect section"))
        page.get_by_label("Go on").check()
        desk.press_and_arrive("Keep the decision")
    desk.sees("Your decision is kept.")

    with desk.does("signed-then"):
        page.locator(".inbox-answered").get_by_role("link", name=flagged.patient.full_name).click()
        desk.section("Sign-off").get_by_role("link", name="What exactly was signed").click()
    desk.sees_heading("What was signed")
