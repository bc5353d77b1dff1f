"""A session as planned, from the list of the day to the signature, in few taps; and the screen that locked itself in the middle."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from playwright.sync_api import expect
from pytest_django import Settings

from clinic.courses.models import Course, Session, SessionRecord, SessionStart
from clinic.courses.states import SessionState
from clinic.staff.permissions import Actor
from clinic.staff.pins import set_pin
from patients.actions import record_facts
from patients.questionnaire import STATED, Reply
from tests.clinic.day.starting import a_bare_start
from tests.factories import a_patient, a_running_course
from tests.journeys.desk import Desk
from tests.journeys.looks import faults_of, turn
from tests.schedule_factories import a_booking

pytestmark = pytest.mark.django_db(transaction=True)
MEASURED = {
    "today.temperature-c": 36.6, "today.pain-nrs": 3, "today.minutes-since-meal": 150, "today.systolic": 122, "today.diastolic": 78,
    "today.pulse": 66,
}  # fmt: skip


@pytest.fixture
def course(anna: Actor) -> Course:
    """Anna gives it; two sessions were given, and the third is booked for tomorrow at nine."""
    course = a_running_course(patient=a_patient(clinic=anna.clinic, family_name="Sommer"), actor=anna, given=2)
    booking = a_booking(patient=course.patient, therapist=anna.user, day=course.planned_on + timedelta(days=1), clock=time(9))
    Session.objects.filter(course=course, number=3).update(booking=booking, state=SessionState.BOOKED)
    return course


@pytest.fixture
def winter(anna: Actor, course: Course) -> Course:
    """Somebody who was to come an hour earlier, of whom nobody has said anything yet."""
    made = a_running_course(patient=a_patient(clinic=anna.clinic, family_name="Winter", born_on=date(1971, 3, 9)), actor=anna, count=2)
    booking = a_booking(patient=made.patient, therapist=anna.user, day=course.planned_on + timedelta(days=1), clock=time(8))
    Session.objects.filter(course=made, number=1).update(booking=booking, state=SessionState.BOOKED)
    return made


@pytest.fixture
def morning(course: Course) -> Iterator[time_machine.Traveller]:
    """Tomorrow, at nine."""
    nine = datetime.combine(course.planned_on + timedelta(days=1), time(9, 1), tzinfo=course.clinic.zone)
    with time_machine.travel(nine) as travelled:
        yield travelled


def test_a_session_as_planned_is_closed_in_six_taps_and_a_locked_screen_opens_by_pin(
    desk: Desk, anna: Actor, course: Course, winter: Course, morning: time_machine.Traveller, settings: Settings
) -> None:
    settings.IDLE_LOCK_MINUTES = 15
    set_pin(user=anna.user, pin="2580", actor=anna)
    replies = {code: Reply(STATED, value) for code, value in MEASURED.items()}
    record_facts(patient=course.patient, replies=replies, on=anna.clinic.today(), given_by="measured", actor=anna)
    desk.page.set_viewport_size({"width": 1024, "height": 768})
    desk.is_signed_in(anna, "/today/")
    page = desk.page
    with desk.does("as-planned") as hand:
        page.locator(".today-line").filter(has_text="Sommer").locator(".today-way a").click()
        with desk.does("nothing-new"):
            desk.press_and_arrive("Nothing new, agrees")
        desk.press_and_arrive("Start")
        start = SessionStart.objects.get()
        expect(page.locator(".player.is-live")).to_be_visible()

        # The hands work, nobody touches the tablet.
        morning.shift(timedelta(seconds=sum(row["seconds"] for row in start.plan["rows"]) + 60))
        with desk.watch.expecting(423), hand.rests():  # only where the tablet lay idle
            page.goto(f"{desk.base}/starts/{start.pk}/")
            expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
            assert "Sommer" not in page.content()
            assert not faults_of(page)
            page.get_by_label("PIN", exact=True).fill("2580")
            desk.press_and_arrive("Unlock")

        expect(page.get_by_role("heading", name="Everything is given")).to_be_visible()
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("link", name="Finish").click()
        page.get_by_role("group", name="Comfort of the session").get_by_role("radio", name="8", exact=True).click()
        desk.press_and_arrive("Sign")
    expect(page.get_by_text("This record is what was signed.")).to_be_visible()
    record = SessionRecord.objects.get(session__number=3)
    assert (record.is_as_planned, record.comfort, record.pain_before, record.source) == (True, 8, 3, "player")
    desk.follow("Back to today")
    with desk.does("no-show"), page.expect_navigation(wait_until="load"):
        page.locator(".today-line").filter(has_text="Winter").get_by_role("button", name="Did not come").click()
    desk.open("/today/")
    with desk.does("end-of-day") as hand:
        hand.reads(page.locator(".today-load, .today-left"))
    for act, paper in (("print-card", "Card of session"), ("print-plan", "The whole course, A4")):
        desk.open(f"/patients/{course.patient_id}/")
        with desk.does(act):
            page.locator(".course-link").click()
            with page.expect_download():
                desk.section("On paper").get_by_role("listitem").filter(has_text=paper).get_by_role("link", name="English").click()


def test_the_sheet_and_the_record_are_for_everybody_and_nothing_typed_is_lost_without_a_connection(desk: Desk, anna: Actor) -> None:
    start = a_bare_start(actor=anna, ago=3600)
    address = f"/starts/{start.pk}/record/"
    desk.is_signed_in(anna, address)
    page = desk.page
    page.context.set_offline(True)
    page.get_by_label("In words").fill("left shoulder, a little sore")
    page.get_by_role("checkbox", name="Bruise").check()
    expect(page.locator("[data-kept-words]")).to_contain_text("No connection")
    page.goto("about:blank")
    page.context.set_offline(False)
    desk.open(address)
    expect(page.get_by_label("In words")).to_have_value("left shoulder, a little sore")
    expect(page.get_by_role("checkbox", name="Bruise")).to_be_checked()
    expect(page.locator("[data-kept-words]")).to_contain_text("is kept")  # the server has it now
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Not asked").first.focus()
    page.keyboard.press("ArrowRight")  # by keyboard alone: the first key after "not asked"
    expect(page.get_by_role("group", name="Comfort of the session").get_by_role("radio", name="0", exact=True)).to_be_checked()
    for shown in (address, ""):
        for width, colours in ((1360, "light"), (390, "dark")):
            turn(page, width, colours)  # type: ignore[arg-type]
            assert not faults_of(page), f"{page.url} at {width}, {colours}"
        if shown:
            page.get_by_role("button", name="Sign", exact=True).focus()
            with page.expect_navigation(wait_until="load"):
                page.keyboard.press("Enter")
    assert SessionRecord.objects.get().bad_reaction
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('tactus-record'))") == []
