"""A date is given up; the administrator calls whom the place fits best, hears a no, and the next in line takes it."""

import re
from datetime import date, time, timedelta

from playwright.sync_api import expect

from clinic.courses.calendar.actions.waiting import WaitingWishes, wait_for_place
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.models import Waiting
from clinic.schedule.actions import book_places, release_bookings
from clinic.schedule.queries import open_days
from clinic.staff.permissions import Actor
from tests.clinic.calendar.a_calendar import a_course_in_calendar, dates, open_clinic, with_dates
from tests.factories import a_patient
from tests.journeys.desk import Desk
from tests.journeys.test_an_admin_invites_a_colleague import is_fit_for_everybody
from tests.schedule_factories import a_key, a_place


def somebody_waits(anna: Actor, name: str, given: str, day: date) -> Waiting:
    """A patient with dates from the day after on, who would come sooner."""
    patient = a_patient(clinic=anna.clinic, family_name=name, given_name=given, phone="+49 30 5550123")
    course = a_course_in_calendar(anna, count=2, patient=patient)
    with_dates(course, anna, Pattern(first_on=day + timedelta(days=1)))
    wishes = WaitingWishes(anna.clinic.today(), day + timedelta(days=14), earliest=time(13), note="Can come at short notice")
    return wait_for_place(course=course, wishes=wishes, actor=anna)


def a_date_is_given_up(anna: Actor, day: date) -> None:
    room = anna.clinic.rooms.get(name="Green room")
    place = a_place(patient=a_patient(clinic=anna.clinic), therapist=anna.user, room=room, day=day, clock=time(15), minutes=60)
    booked = book_places(clinic=anna.clinic, key=a_key(), places=[place], actor=anna)
    release_bookings(bookings=booked, reason="patient-ill", note="", actor=anna)


def test_an_admin_offers_a_free_place(desk: Desk, anna: Actor, boris: Actor) -> None:
    open_clinic(anna)
    today = anna.clinic.today()
    day = open_days(anna.clinic, today + timedelta(days=3), today + timedelta(days=20))[0]
    first, second = somebody_waits(anna, "Sommer", "Ida", day), somebody_waits(anna, "Winter", "Jan", day)
    desk.is_signed_in(boris, "/calendar/waiting/")
    desk.sees("Nothing has fallen free")
    a_date_is_given_up(anna, day)
    desk.open("/work/")
    with desk.does("morning") as hand:
        hand.reads(desk.page.locator(".work-head"))
        hand.reads(desk.section("Free places for the waiting list").locator(".work-line"), times=30)
    desk.open("/calendar/waiting/")
    place = desk.section("Free places").get_by_role("listitem").filter(has_text="15:00").first
    expect(place).to_contain_text("Sommer Ida")
    is_fit_for_everybody(desk)
    with desk.does("free-place") as hand:
        hand.reads(place)
        with desk.page.expect_navigation(wait_until="load"):
            place.get_by_role("button", name=re.compile("Offer.*Sommer Ida")).click()
        desk.sees_heading("Call and offer the place")
        desk.sees("+49 30 5550123")
        desk.sees("minutes left")
        is_fit_for_everybody(desk)
        desk.press_and_arrive("Does not take it")
        desk.sees("The place is now offered to the next in line.")
        desk.sees("Winter Jan")
        desk.press_and_arrive("Takes it")
    desk.sees("Winter Jan comes on")
    assert (dates(second.course)[0], dates(first.course)[0] != day) == (day, True)
