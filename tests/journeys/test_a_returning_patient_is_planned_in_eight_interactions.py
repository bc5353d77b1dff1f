"""A returning patient with a signed referral and nothing new: a saved course with its dates booked, counted."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from clinic.courses.models import Course
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.questionnaire import STATED, Reply
from tests.clinic.again.returning import a_returning_patient
from tests.clinic.calendar.a_calendar import dates, open_clinic
from tests.journeys.desk import Desk
from tests.journeys.test_a_doctor_asks_back_and_signs import is_fit_for_everybody
from tests.journeys.test_a_session_is_recorded import MEASURED

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_returning_patient_is_planned_and_booked_in_eight_interactions_and_ninety_seconds(desk: Desk, anna: Actor) -> None:
    open_clinic(anna)
    patient = a_returning_patient(anna)
    today = anna.clinic.today()
    measured = {code: Reply(STATED, value) for code, value in MEASURED.items() if code != "today.pain-nrs"}
    record_facts(patient=patient, replies=measured, on=today, given_by="measured", actor=anna)  # at the reception, before
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    page = desk.page
    with desk.does("next-course") as hand:
        desk.follow("Plan the next course")
        expect(page.get_by_role("heading", name="Today's questions")).to_be_visible()
        page.get_by_label("Pain", exact=False).first.fill("2")
        page.get_by_label("Nothing new, agrees").click()
        expect(page.locator(".again-row")).to_have_count(10)
        seen = [value.split(".")[0] for value in page.locator(".again-row select").evaluate_all("all => all.map(one => one.value)")]
        is_fit_for_everybody(desk)
        hand.reads(page.locator(".again-number, .again-when, .again-whom, .again-fits"))
        desk.press_and_arrive("Save and book these dates")
    expect(page.get_by_text("The course is kept and 10 dates are booked.")).to_be_visible()
    course = Course.objects.get(patient=patient, state=CourseState.DRAFT)
    assert dates(course) == [date.fromisoformat(day) for day in seen]
    assert min(day for day in dates(course) if day) > today - timedelta(days=1)
    is_fit_for_everybody(desk)
    # One tap more sends it to the doctor.
    desk.press_and_arrive("Send for sign-off")
    desk.sees("The plan is with the doctor.")


def test_without_javascript_and_by_keyboard_alone_it_is_the_same(plain_desk: Desk, anna: Actor) -> None:
    open_clinic(anna)
    patient = a_returning_patient(anna, count=3)
    plain_desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    page = plain_desk.page
    page.get_by_role("link", name="Plan the next course").focus()
    page.keyboard.press("Enter")
    pain = page.get_by_label("Pain", exact=False).first
    expect(pain).to_be_visible()
    pain.focus()
    page.keyboard.type("2")
    page.get_by_role("button", name="Show what changes").focus()
    page.keyboard.press("Enter")
    rows = page.locator(".again-row")
    expect(rows).to_have_count(3)
    other = rows.nth(1).get_by_role("combobox")
    wanted = other.locator("option").nth(1).get_attribute("value") or ""
    other.select_option(index=1)
    page.get_by_role("button", name="Save and book these dates").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The course is kept").first).to_be_visible()
    course = Course.objects.get(patient=patient, state=CourseState.DRAFT)
    assert dates(course)[1] == date.fromisoformat(wanted.split(".")[0])
    expect(page.get_by_role("link", name="Today's questions").first).to_be_visible()  # its readings were not written down
