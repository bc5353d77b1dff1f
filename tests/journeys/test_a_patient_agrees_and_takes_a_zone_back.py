"""A patient reads and signs the consent sheet on the tablet, then takes a part of the body back: the plan goes without it, and says why."""

import re

import pytest
from playwright.sync_api import expect

from clinic.courses.consents import newest_consent, taken_back, worked
from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.queries import sessions_to_come
from clinic.staff.permissions import Actor
from tests.factories import a_course, a_patient, a_referral, an_intake, ask_today
from tests.journeys.desk import Desk
from tests.journeys.test_a_doctor_asks_back_and_signs import is_fit_for_everybody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(anna: Actor) -> Course:
    """A plan for which nobody was asked yet."""
    patient = a_patient(clinic=anna.clinic, family_name="Sommer")
    an_intake(patient=patient, actor=anna)
    a_referral(patient=patient, actor=anna)
    return ask_today(a_course(patient=patient, actor=anna, count=3), actor=anna)


def test_a_patient_signs_the_sheet_and_takes_a_zone_back(desk: Desk, anna: Actor, course: Course) -> None:
    desk.is_signed_in(anna, f"/courses/{course.pk}/")
    desk.sees("The patient has not agreed to this course yet.")
    desk.follow("Ask for consent")
    desk.sees_heading("Consent to massage")
    is_fit_for_everybody(desk)
    the_patient_signs(desk)
    desk.sees("Consent is recorded.")
    consent = newest_consent(course)
    assert consent is not None
    assert re.fullmatch(r"M[\d ]+(L[\d ]+)+", consent.drawing)
    desk.open(f"/courses/{course.pk}/consent/{consent.pk}/")
    expect(desk.page.get_by_role("img", name="Drawn signature")).to_be_visible()
    is_fit_for_everybody(desk)
    the_nape_is_taken_back(desk, course)


def the_patient_signs(desk: Desk) -> None:
    """With a finger on the board; the drawing is cleared once."""
    board = desk.page.locator("[data-draw-board]")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    for is_meant in (False, True):
        desk.page.mouse.move(box["x"] + 60, box["y"] + 110)
        desk.page.mouse.down()
        for across, down in ((90, 60), (130, 140), (190, 50), (240, 120)):
            desk.page.mouse.move(box["x"] + across, box["y"] + down, steps=4)
        desk.page.mouse.up()
        if not is_meant:
            desk.press("Clear")
    desk.page.get_by_label("I have read this sheet and agree").check()
    desk.press("I agree")


def the_nape_is_taken_back(desk: Desk, course: Course) -> None:
    desk.open(f"/courses/{course.pk}/consent/taken-back/")
    is_fit_for_everybody(desk)
    desk.page.get_by_label("nape, C3 to C7, left", exact=True).check()
    desk.page.get_by_label("In the patient's words").fill("It hurts there.")
    desk.press("Take it back")
    desk.sees("Taken back: nape, C3 to C7, left")
    (back,) = taken_back(course)
    desk.open(f"/courses/{course.pk}/edit/")
    desk.page.locator("main form button[type=submit]").last.click()
    expect(desk.page).to_have_url(re.compile(rf"/courses/{course.pk}/$"))
    expect(desk.section("Left out, and why")).to_contain_text("the patient has withdrawn consent")
    course = Course.objects.get(pk=course.pk)
    assert back not in worked(sessions_to_come(course), library_of(course).tree).places
    is_fit_for_everybody(desk)


def test_without_javascript_the_name_and_the_tick_sign(plain_desk: Desk, anna: Actor, course: Course) -> None:
    plain_desk.is_signed_in(anna, f"/courses/{course.pk}/consent/")
    expect(plain_desk.page.locator("[data-draw]")).to_be_hidden()
    plain_desk.page.get_by_label("I have read this sheet and agree").check()
    plain_desk.press("I agree")
    plain_desk.sees("Consent is recorded.")
    consent = newest_consent(course)
    assert consent is not None
    assert consent.drawing == ""
