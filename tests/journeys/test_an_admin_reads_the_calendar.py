"""The calendar at the desk: every page of it is accessible, a session is carried by the pointer, and dropping it saves nothing."""

import re
from datetime import date, time

import pytest
from playwright.sync_api import expect

from clinic.courses.models import Course, Session
from clinic.schedule.models import Booking
from clinic.staff.permissions import Actor
from tests.factories import a_course, a_patient
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS
from tests.journeys.test_every_page_is_accessible import check_pages
from tests.schedule_factories import a_booking, a_room, a_workday, hours_of


@pytest.fixture
def booking(anna: Actor) -> Booking:
    """The first of two sessions, at ten in the Blue room; the second has no date and waits at the desk."""
    room = a_room(clinic=anna.clinic, name="Blue room")
    hours_of(anna.user, site=room.site)
    course = a_course(actor=anna, patient=a_patient(clinic=anna.clinic, family_name="Adler"), count=2)
    Course.objects.filter(pk=course.pk).update(state="running", started_on=course.planned_on)
    booking = a_booking(patient=course.patient, therapist=anna.user, room=room, clock=time(10))
    Session.objects.filter(course=course, number=1).update(booking=booking, state="booked")
    return booking


def test_every_page_of_the_calendar(desk: Desk, anna: Actor, booking: Booking) -> None:
    day = f"?date={booking.day}"
    shown = [f"/calendar/{page}{day}" for page in ("", "week/", "month/", "day-sheet/")]
    check_pages(desk, anna, [*shown, f"/calendar/{day}&by=room", "/calendar/to-do/", f"/calendar/bookings/{booking.pk}/"], ENDS)


def test_a_session_is_carried_to_another_time_and_only_the_form_saves_it(desk: Desk, boris: Actor, booking: Booking) -> None:
    desk.is_signed_in(boris, f"/calendar/?date={booking.day}")
    expect(desk.page.get_by_role("navigation", name="Work to do").get_by_role("link", name=re.compile("1 Need dates"))).to_be_visible()
    tile = desk.page.locator(".tile[data-booking]")
    expect(tile).to_contain_text("1/2")
    place = tile.bounding_box()
    assert place
    desk.page.mouse.move(place["x"] + 30, place["y"] + 10)
    desk.page.mouse.down()
    # Half an hour is as tall as the tile: twice its height further down it is eleven.
    desk.page.mouse.move(place["x"] + 30, place["y"] + 10 + 2 * place["height"], steps=4)
    desk.page.mouse.up()
    expect(desk.page).to_have_url(re.compile(rf"/calendar/bookings/{booking.pk}/move/\?day={booking.day}&clock=11%3A00&therapist="))
    booking.refresh_from_db()
    assert booking.clock == time(10)


def test_the_keys_turn_the_days(desk: Desk, boris: Actor, booking: Booking) -> None:
    day = a_workday(clinic=boris.clinic)
    desk.is_signed_in(boris, f"/calendar/?date={day}")
    desk.page.keyboard.press("ArrowRight")
    expect(desk.page).to_have_url(re.compile(f"date={date.fromordinal(day.toordinal() + 1)}"))
    desk.page.wait_for_load_state()  # the keys of a page come with its script
    desk.page.keyboard.press("t")
    expect(desk.page).to_have_url(re.compile(r"/calendar/$"))
