"""The patient answers at home on a phone; the therapist reads it beside what was known, and takes it over."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.staff.permissions import Actor
from tests.journeys.conftest import a_desk
from tests.journeys.desk import Desk
from tests.journeys.looks import faults_of
from tests.journeys.patients import a_known_patient


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    """A window as narrow as a phone, in which nobody ever signed in."""
    with a_desk(browser, live_server) as opened:
        opened.page.set_viewport_size({"width": 390, "height": 844})
        yield opened


def test_by_a_link_at_home(desk: Desk, phone: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna, age=66)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/")
    desk.follow("Let the patient fill in the form")
    desk.press("Make a link")
    desk.sees("The link is ready")
    address = desk.page.get_by_label("Link", exact=True).input_value()
    assert not faults_of(desk.page)

    _fill_in_at_home(phone, address, patient.born_on.isoformat().split("-"))

    desk.open(f"/patients/{patient.pk}/")
    desk.sees("The patient has sent in a form")
    with desk.does("review-intake") as hand:
        desk.follow("Read it")
        row = desk.page.get_by_role("row").filter(has_text="Do you take a blood thinner")
        expect(row).to_contain_text("changed")
        expect(row).to_contain_text("Yes")
        hand.reads(desk.page.get_by_role("row").filter(has_text="changed"))
        assert not faults_of(desk.page)
        desk.press("Take these answers over")
        desk.sees("One thing is missing or wrong")
        desk.choose("Does someone else decide for the patient in law?", "No")
        desk.press("Take these answers over")
    desk.sees("The answers are taken over. They count from now on.")
    desk.follow("Everything known")
    fact = desk.page.get_by_role("listitem").filter(has_text="Do you take a blood thinner")
    expect(fact).to_contain_text("typed by the patient")
    assert not faults_of(desk.page)


def _fill_in_at_home(phone: Desk, address: str, born: list[str]) -> None:
    page = phone.page
    page.goto(address)
    assert not faults_of(page)
    for label, number in zip(("Year", "Month", "Day"), born, strict=True):
        page.get_by_label(label, exact=True).fill(number)
    phone.press_and_arrive("Open the form")
    assert not faults_of(page)
    _no_to_all(page, but="Blood clots, easy bleeding")
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("group", name="Blood clots, easy bleeding").get_by_role("radio", name="Yes")).to_be_checked()
    phone.press_and_arrive("Go on")
    assert not faults_of(page)
    _no_to_all(page, but="Do you take a blood thinner")
    phone.press_and_arrive("Go on")
    phone.sees("Please read your answers once more.")
    assert not faults_of(page)
    page.get_by_role("group", name="Who answered?").get_by_role("radio").first.check()
    page.get_by_label("These answers are true").check()
    phone.press("Send my answers")
    phone.sees("Your answers are sent. You can close this page.")
    with phone.watch.expecting(404):
        page.goto(address)
    phone.sees("This link opens nothing")
    assert not faults_of(page)


def _no_to_all(page: Page, *, but: str) -> None:
    for question in page.locator("fieldset.choice").all():
        answer = "Yes" if question.locator("legend").inner_text().startswith(but) else "No"
        question.get_by_role("radio", name=answer, exact=True).check()


def test_on_a_tablet_handed_over(desk: Desk, anna: Actor) -> None:
    patient = a_known_patient(actor=anna)
    desk.is_signed_in(anna, f"/patients/{patient.pk}/intake/link/")
    desk.page.set_viewport_size({"width": 820, "height": 1180})
    desk.press("Sign me out and open the form")
    desk.sees("First tell us the patient's date of birth")
    assert patient.full_name not in desk.page.content()
    desk.page.go_back()
    desk.page.goto(f"{desk.base}/patients/{patient.pk}/")
    expect(desk.page.get_by_role("textbox", name="Password")).to_be_visible()
    assert patient.full_name not in desk.page.content()
