"""The reception gives a course its ten dates within a minute, moves one of them in four steps, and is told why a time is not offered."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from clinic.courses.models import Course, Session
from clinic.schedule.models import Wishes
from clinic.staff.permissions import Actor
from tests.clinic.calendar.a_calendar import dates, open_clinic
from tests.factories import a_course
from tests.journeys.desk import Desk
from tests.journeys.test_an_admin_registers_and_catches_a_duplicate import is_sound


@pytest.fixture
def course(anna: Actor) -> Course:
    """Ten sessions without a date, at a clinic that is open from Monday to Friday."""
    open_clinic(anna)
    return a_course(actor=anna, count=10)


def test_ten_dates_are_booked_in_a_minute_and_one_is_moved_in_four_steps(desk: Desk, boris: Actor, course: Course) -> None:
    desk.is_signed_in(boris, f"/patients/{course.patient_id}/")
    with desk.does("ten-dates") as hand:
        desk.follow("Propose dates")
        expect(desk.page.get_by_role("button", name="Propose 10 dates")).to_be_visible()
        is_sound(desk)
        desk.press_and_arrive("Propose 10 dates")
        desk.sees("Held for")
        rows = desk.page.locator(".held-table tbody tr")
        expect(rows).to_have_count(10)
        hand.reads(rows.locator("td:not(.held-else)"), rows.nth(1).locator(".held-else"))  # the way out of one row, of which it is taken
        is_sound(desk)
        other = rows.nth(1).get_by_role("combobox").first
        wanted = other.locator("option").nth(1).inner_text()
        other.select_option(index=1)
        rows.nth(1).get_by_role("button", name="Take").first.click()  # the row changes in its place
        expect(rows.nth(1).locator("td.num")).to_contain_text(wanted.split(", ")[1])
        rows.nth(9).get_by_role("button", name="Drop").click()
        expect(rows).to_have_count(9)
        desk.press_and_arrive("Book 9 dates")
        desk.sees("9 dates are booked")
        desk.sees("1 of 10 sessions without a date")
    assert [day is None for day in dates(course)] == [False] * 9 + [True]
    third = Session.objects.select_related("booking").get(course=course, number=3).booking
    assert third is not None
    with desk.does("move") as hand:
        desk.page.locator(".dated a").nth(2).click()
        desk.follow("Move")
        times = desk.page.locator(".move-time input")
        expect(times).to_have_count(6)
        is_sound(desk)
        hand.reads(desk.page.locator(".move-time:nth-of-type(-n+3)"))  # the best stand first, and the second of them is taken
        times.nth(1).check()
        desk.press_and_arrive("Save")
    desk.sees("1 session is moved")
    before = (third.day, third.clock)
    third.refresh_from_db()
    assert (third.day, third.clock) != before
    assert dates(course)[:9] == sorted(day for day in dates(course) if day)
    desk.open("/work/")
    with desk.does("print-day"):  # a page that the browser prints
        desk.follow("Calendar")
        desk.follow("Day sheet")
        desk.sees("Print this page")
    desk.open("/patients/")
    with desk.does("print-slip"):
        desk.follow(course.patient.full_name)
        with desk.page.expect_download():
            desk.follow("Slip with the dates")


def test_without_javascript_an_obstacle_is_named_and_one_press_takes_it_away(plain_desk: Desk, boris: Actor, course: Course) -> None:
    desk, said = plain_desk, boris.clinic.today()
    Wishes.objects.create(patient=course.patient, weekdays=[6], said_on=said, recorded_by=boris.user)  # Sundays, when nobody works
    desk.is_signed_in(boris, f"/calendar/courses/{course.pk}/dates/")
    desk.press_and_arrive("Propose 10 dates")
    desk.sees("These wishes leave no dates")
    desk.sees("All dates fit when any day of the week will do.")
    desk.press_and_arrive("Propose like that")
    rows = desk.page.locator(".held-table tbody tr")
    expect(rows).to_have_count(10)
    row = rows.nth(4)
    row.get_by_text("Own time").click()
    own = row.locator(".own-time input[type=time]")
    own.fill("12:30")
    with desk.page.expect_navigation(wait_until="load"):
        row.get_by_role("button", name="Take this time").click()
    desk.sees("Anna Bergmann has a break at that time.")
    desk.press_and_arrive("Book 10 dates")
    desk.sees("10 dates are booked")
    booked: list[date | None] = dates(course)
    assert None not in booked
    assert re.search(r"/dates/dates-\d+-", desk.page.url)
