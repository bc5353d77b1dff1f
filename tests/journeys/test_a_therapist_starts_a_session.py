"""The minute before a session, on a tablet: a fever says until when, a swollen calf is an emergency, the wrong patient is caught."""

import re
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clinic.courses.models import Course, CourseReview, SessionStart
from clinic.courses.states import SessionState
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from tests.factories import a_day_at, a_patient, a_running_course, ask_today
from tests.journeys.desk import Desk, people_of_the_clinic
from tests.journeys.looks import ENDS
from tests.journeys.test_a_doctor_asks_back_and_signs import is_fit_for_everybody
from tests.schedule_factories import a_booking

NARROW = ENDS[-1:]  # the same page as before with other words in it
pytestmark = pytest.mark.django_db(transaction=True)
READINGS = {
    "Temperature now?": "36.6", "How strong is the pain now, 0 to 10?": "2", "How many minutes ago did you last eat?": "150",
    "Blood pressure now, upper value": "122", "Blood pressure now, lower value?": "78", "Pulse at rest now?": "66",
}  # fmt: skip


@pytest.fixture
def course(anna: Actor) -> Course:
    """Anna gives it; two sessions were given."""
    return a_running_course(patient=a_patient(clinic=anna.clinic, family_name="Sommer"), actor=anna, given=2)


@pytest.fixture
def tablet(desk: Desk, course: Course) -> Iterator[Desk]:
    """The day after the plan was made, so that nothing is asked yet; the tablet lies at the couch."""
    desk.page.set_viewport_size({"width": 1024, "height": 768})
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        yield desk


def address(course: Course) -> str:
    return reverse("day:before", args=[course.pk, 3])


def types_the_readings(tablet: Desk, **other: str) -> None:
    for question, value in READINGS.items():
        tablet.page.get_by_role("spinbutton", name=re.compile(re.escape(question))).fill(other.get(question.split()[0].lower(), value))


def test_a_fever_blocks_by_name_and_says_until_when_and_nothing_new_is_one_tap(tablet: Desk, anna: Actor, course: Course) -> None:
    tablet.is_signed_in(anna, address(course))
    is_fit_for_everybody(tablet)
    tablet.press("Nothing new, agrees")  # invents no reading: the focus goes to the first one that is missing
    expect(tablet.page.get_by_role("spinbutton", name=re.compile("^Temperature"))).to_be_focused()
    types_the_readings(tablet, temperature="38.6")
    tablet.page.keyboard.press("Tab")
    expect(tablet.page.locator("#changes")).to_contain_text("48 h below 37.2 C")
    tablet.press_and_arrive("Nothing new, agrees")
    expect(tablet.page.get_by_role("heading", name="This session cannot start")).to_be_visible()
    expect(tablet.page.locator("#start")).to_contain_text("48 h below 37.2 C")
    expect(tablet.page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    is_fit_for_everybody(tablet, NARROW)
    tablet.page.get_by_text("Change today's answers").click()
    types_the_readings(tablet)  # the thermometer was read wrongly
    tablet.press_and_arrive("Nothing new, agrees")  # one tap
    tablet.press_and_arrive("Start")  # and one more
    expect(tablet.page).to_have_url(re.compile(rf"/starts/{SessionStart.objects.get().pk}/$"))
    assert course.sessions.get(number=3).state == SessionState.IN_PROGRESS


def test_a_swollen_calf_shows_what_to_do_and_the_doctor_is_told(tablet: Desk, anna: Actor, clara: Actor, course: Course) -> None:
    tablet.is_signed_in(anna, address(course))
    types_the_readings(tablet)
    with tablet.does("a-yes") as hand:
        tablet.page.get_by_text("Ask one by one").click()
        tablet.page.get_by_role("group", name=re.compile("more swollen, warm, red or tender")).get_by_role("radio", name="Yes").check()
        expect(tablet.page.locator("#changes")).to_contain_text("Call for help now")
        hand.reads(tablet.page.locator("#changes"))
    tablet.press_and_arrive("Keep the answers: what to do now")
    tablet.sees("Signs of deep vein thrombosis")
    expect(tablet.page.locator(".alarm-advice")).to_contain_text("do not rub any limb")
    is_fit_for_everybody(tablet, NARROW)
    note = tablet.page.request.get(tablet.base + reverse("day:emergency-note", args=[course.pk, 3]))
    assert note.body().startswith(b"%PDF")
    tablet.press_and_arrive("Tell the doctor")
    assert CourseReview.objects.get().question == "Signs of deep vein thrombosis"
    tablet.open(address(course))
    expect(tablet.page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    tablet.is_signed_in(clara, "/inbox/")
    expect(tablet.page.locator(".inbox-item").first).to_contain_text("Emergency")
    is_fit_for_everybody(tablet)


def test_the_wrong_patient_is_caught_and_a_stand_in_says_so(tablet: Desk, anna: Actor, course: Course) -> None:
    ben = people_of_the_clinic(anna.clinic, Role.THERAPIST, "Ben Falk")
    ask_today(course, actor=anna)
    twin = a_patient(clinic=anna.clinic, family_name="Sommer", given_name="Ida", born_on=course.patient.born_on + timedelta(days=400))
    a_booking(patient=twin, day=a_day_at(anna.clinic), clock=time(15))
    tablet.is_signed_in(ben, address(course))
    start = tablet.page.get_by_role("button", name="Start", exact=True)
    start.click()
    expect(tablet.page.locator("#start")).to_contain_text("Choose the date that the patient says.")
    tablet.page.get_by_label("I stand in for Anna Bergmann").check()
    dates = tablet.page.get_by_role("group", name="Ask the patient for the date of birth").get_by_role("radio")
    dates.last.check()
    start.click()
    expect(tablet.page.locator("#start")).to_contain_text("somebody else's date of birth")
    is_fit_for_everybody(tablet, NARROW)
    assert not SessionStart.objects.exists()
    course.patient.family_name = "Winter"  # corrected at the desk meanwhile: the open page is about somebody else now
    course.patient.save(update_fields=["family_name"])
    tablet.page.get_by_label("I stand in for Anna Bergmann").check()
    dates.first.check()
    with tablet.watch.expecting(409):
        start.click()
        expect(tablet.page.get_by_role("heading", name="This form is about another patient")).to_be_visible()
    assert not SessionStart.objects.exists()
    tablet.open(address(course))
    tablet.page.get_by_label("I stand in for Anna Bergmann").check()
    tablet.press_and_arrive("Start")
    assert SessionStart.objects.get().is_standing_in
