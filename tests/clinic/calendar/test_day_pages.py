"""The pages of the calendar that show: who stands where, for whom, and at what price."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clinic.audit.models import Look, ReadLine
from clinic.courses.models import Course, Session
from clinic.schedule.actions import release_bookings
from clinic.schedule.models import Absence, Closure
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from tests.factories import a_course, a_member, a_patient
from tests.schedule_factories import a_booking, a_room, a_workday, hours_of

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture
def day(clinic: Clinic) -> date:
    return a_workday(clinic=clinic)


@pytest.fixture
def course(therapist: Actor) -> Course:
    """The second of two sessions is booked at ten, in the blue room of the only house, with the therapist who works till five."""
    room = a_room(clinic=therapist.clinic, name="Blue room")
    hours_of(therapist.user, site=room.site)
    course = a_course(actor=therapist, patient=a_patient(clinic=therapist.clinic, family_name="Adler"), count=2)
    booking = a_booking(patient=course.patient, therapist=therapist.user, room=room, clock=time(10))
    Session.objects.filter(course=course, number=2).update(booking=booking, state="booked")
    return course


def lanes(html: str) -> list[str]:
    return re.findall(r'<section class="board-lane.*?</section>', html, re.DOTALL)


def test_a_day_has_a_column_for_each_therapist_or_for_each_room(course: Course, day: date, therapist: Actor, signed_in: SignedIn) -> None:
    a_room(site=therapist.clinic.sites.get(), name="Green room")
    browser = signed_in(therapist)
    by_person = browser.get(f"/calendar/?date={day}").content.decode()
    assert len(lanes(by_person)) == 1
    # Ten o'clock is two hours below eight, in rows of five minutes; half an hour is six of them.
    assert re.search(r'<li class="tile at-25 for-6 .*?10:00.*?Adler Anna.*?2/2.*?Blue room', lanes(by_person)[0], re.DOTALL)
    by_room = lanes(browser.get(f"/calendar/?date={day}&by=room").content.decode())
    assert ["Adler" in lane for lane in by_room] == [True, False]


@pytest.mark.same_everywhere
def test_the_desk_sees_who_comes_when_and_where_but_nothing_of_the_plan(
    course: Course, day: date, clinic_admin: Actor, signed_in: SignedIn
) -> None:
    browser, booking = signed_in(clinic_admin), course.sessions.get(number=2).booking_id
    for address in (
        f"/calendar/?date={day}",
        f"/calendar/day-sheet/?date={day}",
        f"/calendar/bookings/{booking}/",
        f"/calendar/week/?date={day}",
    ):
        html = browser.get(address).content.decode()
        assert "Adler" in html
        assert "2/2" in html or "Session 2 of 2" in html
        assert not re.search(r"20 min(?!ut)|hands-on work|Collar|collar|/courses/\d+/\?session", html), address


def test_a_page_that_names_patients_leaves_one_line_of_whom_and_an_empty_one_none(
    course: Course, day: date, therapist: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(therapist)
    for address in (
        f"/calendar/?date={day}",
        f"/calendar/week/?date={day}",
        f"/calendar/day-sheet/?date={day}",
    ):
        browser.get(address)
        line = ReadLine.objects.latest("pk")
        assert (line.kind, line.details) == (Look.SEARCHED, {"found": [course.patient_id]}), address
    browser.get(f"/calendar/?date={day + timedelta(days=21)}")
    browser.get(f"/calendar/month/?date={day}")
    assert ReadLine.objects.count() == 3


@pytest.mark.same_everywhere
def test_an_absence_and_a_closure_stand_on_the_day_in_words_and_the_reason_only_for_the_desk(
    course: Course, day: date, therapist: Actor, clinic_admin: Actor, signed_in: SignedIn
) -> None:
    Absence.objects.create(
        clinic=therapist.clinic, therapist=therapist.user, first_on=day, last_on=day, reason="ill", created_by=therapist.user
    )
    address = f"/calendar/?date={day}"
    assert "Away</span>" in signed_in(therapist).get(address).content.decode()
    assert "Ill</span>" in signed_in(clinic_admin).get(address).content.decode()
    Closure.objects.create(clinic=therapist.clinic, first_on=day, last_on=day, name="Painting", created_by=therapist.user)
    html = signed_in(clinic_admin).get(address).content.decode()
    assert "Closed: Painting" in html
    assert "Adler" in html  # who is booked on a closed day must not vanish
    assert "Needs another place" in html
    assert "Painting" in signed_in(therapist).get(f"/calendar/month/?date={day}").content.decode()


@pytest.mark.same_everywhere
def test_the_illness_of_a_therapist_stands_in_the_history_for_the_desk_only(
    course: Course, therapist: Actor, clinic_admin: Actor, signed_in: SignedIn
) -> None:
    booking = course.sessions.get(number=2).booking
    assert booking
    release_bookings(bookings=[booking], reason="therapist-ill", note="", actor=clinic_admin)
    address = f"/calendar/bookings/{booking.pk}/"
    told = signed_in(clinic_admin).get(address).content.decode(), signed_in(therapist).get(address).content.decode()
    assert ["The therapist is ill" in html for html in told] == [True, False]
    assert ["The therapist is away" in html for html in told] == [False, True]


def test_from_a_day_to_come_the_desk_enters_an_absence_and_plans_the_day_anew(
    course: Course, day: date, therapist: Actor, clinic_admin: Actor, signed_in: SignedIn
) -> None:
    ways = (f"/calendar/absent/new/?therapist={therapist.user.pk}&amp;day={day}", f"/calendar/replan/?date={day}")
    for actor, is_led in ((clinic_admin, True), (therapist, False)):
        html = signed_in(actor).get(f"/calendar/?date={day}").content.decode()
        assert [way in html for way in ways] == [is_led, is_led]
    assert "/calendar/replan/" not in signed_in(clinic_admin).get(f"/calendar/?date={day - timedelta(days=28)}").content.decode()


@pytest.mark.same_everywhere
def test_a_clinic_without_rooms_or_hours_is_told_what_comes_first(clinic_admin: Actor, therapist: Actor, signed_in: SignedIn) -> None:
    page = signed_in(clinic_admin).get("/calendar/").content.decode()
    assert "Add a site and rooms" in page
    assert "Enter working hours" in page
    assert "An administrator of this clinic enters" in signed_in(therapist).get("/calendar/").content.decode()


def test_a_hold_that_is_over_and_a_place_that_was_given_up_are_not_shown(
    course: Course, day: date, therapist: Actor, signed_in: SignedIn
) -> None:
    booking = course.sessions.get(number=2).booking
    assert booking
    room, now = booking.room, timezone.now()
    common: dict[str, Any] = {"patient": course.patient, "therapist": therapist.user, "room": room, "day": day}
    a_booking(**common, clock=time(11), held_until=now - timedelta(minutes=1))
    a_booking(**common, clock=time(14), held_until=now + timedelta(minutes=5))
    a_booking(**common, clock=time(15), state="released")
    html = signed_in(therapist).get(f"/calendar/?date={day}").content.decode()
    assert re.findall(r"<b>(\d\d:\d\d)</b>", html) == ["10:00", "14:00"]


def test_what_waits_at_the_desk_is_counted_and_listed(course: Course, clinic_admin: Actor, signed_in: SignedIn) -> None:
    Course.objects.filter(pk=course.pk).update(state="running", started_on=course.planned_on)
    browser = signed_in(clinic_admin)
    html = browser.get("/calendar/to-do/").content.decode()
    assert "1 of 2 sessions without a date" in html
    assert f"/calendar/courses/{course.pk}/dates/" in html
    strip = browser.get("/calendar/to-do/?part=strip")
    assert re.findall(r'<b class="num">(\d+)</b>', strip.content.decode()) == ["1", "0", "0", "0", "0", "0", "0"]
    assert not ReadLine.objects.filter(page="calendar:to-do").exclude(details={"found": [course.patient_id]}).exists()


@pytest.mark.same_everywhere
@pytest.mark.parametrize("address", ["/calendar/?date={day}", "/calendar/week/?date={day}", "/calendar/month/?date={day}"])
def test_a_page_costs_eight_queries_at_most_however_many_are_booked(
    course: Course, day: date, therapist: Actor, signed_in: SignedIn, max_queries: Callable[[int], Any], address: str
) -> None:
    for hour in (8, 11, 13, 14, 15):
        a_booking(therapist=therapist.user, room=a_room(site=therapist.clinic.sites.get()), day=day, clock=time(hour))
    a_member(clinic=therapist.clinic)
    browser = signed_in(therapist)
    with max_queries(8):
        assert browser.get(address.format(day=day)).status_code == 200


@pytest.mark.same_everywhere
def test_an_auditor_reads_no_calendar(course: Course, day: date, auditor: Actor, signed_in: SignedIn) -> None:
    assert signed_in(auditor).get(f"/calendar/?date={day}").status_code == 403
    assert "/calendar/" not in signed_in(auditor).get("/audit/").content.decode()
