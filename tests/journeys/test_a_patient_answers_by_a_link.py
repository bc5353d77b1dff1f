"""Reminders leave by a mail server; the patient answers by their links, and the desk finds another date for who cannot come."""

import re
import socketserver
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from clinic.courses.models import Course
from clinic.reminders.actions.sending import drain
from clinic.reminders.faults.post_office import Counter, PostOffice
from clinic.reminders.links import link_for
from clinic.reminders.models import Answer, Message
from clinic.schedule.models import Booking
from clinic.staff.permissions import Actor
from patients.models import MessageConsent
from tests.clinic.calendar.a_calendar import a_course_in_calendar, open_clinic, with_dates
from tests.clinic.reminders.answering_scene import a_message
from tests.journeys.conftest import a_desk
from tests.journeys.desk import Desk
from tests.journeys.looks import faults_of

LINK = re.compile(r"https?://\S+/r/\S+/")


class _Reader(Counter):
    server: "Letters"

    def _take(self, letter: bytes) -> None:
        self.server.letters.append(letter)
        self._say("250 taken")


class Letters(PostOffice):
    """A mail server that keeps what it is given to be read."""

    def __init__(self) -> None:
        socketserver.ThreadingTCPServer.__init__(self, ("127.0.0.1", 0), _Reader)
        self.letters: list[bytes] = []

    def links_of_the_newest(self) -> list[str]:
        """Every address of ours in the words of the letter that came last, in their order."""
        body = message_from_bytes(self.letters[-1], policy=policy.default).get_body(("plain",))
        return LINK.findall(body.get_content() if body else "")


@pytest.fixture
def letters(settings: Any, live_server: LiveServer) -> Iterator[Letters]:
    with Letters() as office:
        Thread(target=office.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = office.server_address[:2]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.MESSAGE_BACKENDS = {"email": "clinic.reminders.channels.mail.MailBackend"}
        settings.PUBLIC_URL = live_server.url
        yield office
        office.shutdown()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    """A window as narrow as a phone, in which nobody ever signed in."""
    with a_desk(browser, live_server, color_scheme="dark") as opened:
        opened.page.set_viewport_size({"width": 390, "height": 844})
        yield opened


@pytest.fixture
def bookings(anna: Actor) -> list[Booking]:
    """The dates of a running course whose patient reads e-mails."""
    open_clinic(anna)
    course = a_course_in_calendar(anna, count=4)
    course.patient.email = "reader@mail.test"
    course.patient.save()
    MessageConsent.objects.create(
        patient=course.patient, channel="email", is_given=True, said_on=anna.clinic.today(), recorded_by=anna.user
    )  # fmt: skip
    booked = with_dates(course, anna)
    Course.objects.filter(pk=course.pk).update(state="running", started_on=course.planned_on)
    return booked


def sent(letters: Letters, **which: Any) -> list[str]:
    """The time of a message has come; the links in it. In the evening the first try puts it off: it is quiet until the morning."""
    row = Message.objects.get(**which)
    for _try in range(2):
        drain(now=(row.next_at or row.due_at) + timedelta(seconds=1))
        row.refresh_from_db()
    assert row.state == "sent", row.drop_reason
    return letters.links_of_the_newest()


def test_a_patient_comes_cannot_come_and_wants_no_more_messages(
    phone: Desk, desk: Desk, boris: Actor, bookings: list[Booking], letters: Letters
) -> None:
    page, (comes, cannot) = phone.page, bookings[-2:]
    dates, _stop = sent(letters, patient=comes.patient, kind="dates")
    page.goto(dates)
    phone.sees_heading("Your dates with us")
    expect(page.get_by_role("listitem")).to_have_count(len(bookings))
    assert not faults_of(page)
    answer, _stop = sent(letters, booking=comes, kind="reminder-day")
    page.goto(answer)
    phone.sees_heading("Are you coming?")
    assert not faults_of(page)
    phone.press_and_arrive("Yes, I am coming")
    phone.sees_heading("Thank you. We expect you.")

    answer, stop = sent(letters, booking=cannot, kind="reminder-day")
    page.goto(answer)
    phone.press_and_arrive("I cannot come")
    phone.sees_heading("Thank you. The clinic knows that you cannot come.")
    assert not faults_of(page)
    page.get_by_role("checkbox").first.check()
    phone.press_and_arrive("Send these times")
    phone.sees_heading("These times would suit you")

    page.goto(stop)
    phone.press_and_arrive("No more messages")
    phone.sees_heading("You get no more messages")
    assert not MessageConsent.objects.filter(patient=cannot.patient, channel="email").latest("pk").is_given
    page.goto(phone.base + link_for(a_message(comes, kind="next-morning", version=1), "answer"))
    phone.sees_heading("How much discomfort did you feel this morning?")
    assert not faults_of(page)
    with phone.watch.expecting(404):
        page.goto(answer.replace("/r/", "/r/z"))
        phone.sees_heading("This link opens nothing")

    _find_another_date(desk, boris, cannot)


def _find_another_date(desk: Desk, boris: Actor, booking: Booking) -> None:
    """The desk reads who cannot come and when they could, and opens the page that moves the date."""
    desk.is_signed_in(boris, "/messages/cannot-come/")
    row = desk.page.get_by_role("article")
    expect(row).to_contain_text(booking.patient.full_name)
    assert not faults_of(desk.page)
    suits = Answer.objects.get(booking=booking).suits[0]
    row.get_by_role("link", name=suits["clock"]).click()
    expect(desk.page).to_have_url(re.compile(rf"/calendar/bookings/{booking.pk}/move/\?day={suits['day']}&clock="))
    expect(desk.page.get_by_text("free", exact=False).first).to_be_visible()
