"""The pages of the waiting list: what falls free, whom to call, the answer, and what an administrator sees of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from clinic.audit.models import ReadLine
from clinic.courses.models import Offer, Waiting
from clinic.schedule.models import ScheduleRules
from clinic.staff.permissions import Actor
from tests.clinic.calendar.a_calendar import dates, open_clinic
from tests.clinic.calendar.test_waiting import MONDAY, TUESDAY, a_wait, falls_free

SignedIn = Callable[[Any], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 2, 6, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(therapist: Actor) -> Actor:
    open_clinic(therapist)
    return therapist


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_place_falls_free_and_is_offered_called_and_taken(desk: Actor, clinic_admin: Actor, signed_in: SignedIn) -> None:
    waiting, browser = a_wait(desk), signed_in(clinic_admin)
    patient = waiting.course.patient
    type(patient).objects.filter(pk=patient.pk).update(phone="030 123456")
    falls_free(desk)
    page = browser.get("/calendar/waiting/")
    assert "1 day earlier" in words(page)
    assert waiting.course.condition not in words(page), "an administrator reads no plan"
    place = page.context["places"][0].sent
    sent = browser.post(f"/calendar/waiting/{waiting.pk}/offer/", {"place": place})
    call = browser.get(sent["Location"])
    assert "tel:030 123456" in words(call)
    assert "15 minutes left" in words(call)
    assert words(browser.get(sent["Location"] + "?part=left")) == "15 minutes left"
    assert "Offered now" in words(browser.get("/calendar/waiting/"))
    done = browser.post(f"{sent['Location']}answer/", {"answer": "accepted"}, follow=True)
    assert "comes on Tuesday" in words(done)
    assert dates(waiting.course)[0] == TUESDAY
    kinds = list(ReadLine.objects.order_by("pk").values_list("kind", "page"))
    assert kinds == [("searched", "calendar:waiting"), ("looked", "calendar:offer"), ("searched", "calendar:waiting")]


def test_reading_a_page_offers_the_place_to_the_next_when_the_time_is_over(
    desk: Actor, signed_in: SignedIn, clock: time_machine.Traveller
) -> None:
    ScheduleRules.objects.create(clinic=desk.clinic, offer_minutes=5)
    one, two, browser = a_wait(desk), a_wait(desk), signed_in(desk)
    falls_free(desk)
    place = browser.get("/calendar/waiting/").context["places"][0].sent
    first = browser.post(f"/calendar/waiting/{one.pk}/offer/", {"place": place})["Location"]
    clock.shift(timedelta(minutes=6))
    assert browser.get(first + "?part=left")["HX-Refresh"] == "true"
    assert "No answer in time" in words(browser.get(first))
    (following,) = Offer.objects.filter(answer="")
    assert (following.waiting, following.offered_by) == (two, None)
    late = browser.post(f"{first}answer/", {"answer": "accepted"})
    assert late["Location"] == first
    declined = browser.post(f"/calendar/offers/{following.pk}/answer/", {"answer": "declined"}, follow=True)
    assert "The place is free again" in words(declined)


def test_the_wishes_are_kept_and_shown(desk: Actor, signed_in: SignedIn) -> None:
    waiting, browser = a_wait(desk), signed_in(desk)
    address, until = f"/calendar/courses/{waiting.course_id}/waiting/", MONDAY + timedelta(days=9)
    sent = {"first_on": MONDAY, "last_on": until, "weekdays": ["0", "2"], "earliest": "09:00", "latest": "12:00", "note": "by tram"}
    assert browser.post(address, sent | {"latest": "08:00"}).status_code == 422
    assert browser.post(address, sent | {"last_on": MONDAY - timedelta(days=1)}).status_code == 422
    assert browser.post(address, sent | {"first_on": "9999-12-31", "last_on": "9999-12-31"}).status_code == 422
    assert browser.post(address, sent).status_code == 303
    assert "Mon, Wed · 09:00–12:00" in words(browser.get("/calendar/waiting/"))
    assert "by tram" in words(browser.get(address))
    assert browser.post(f"/calendar/waiting/{waiting.pk}/withdrawn/").status_code == 303
    assert Waiting.objects.get().closed_why == "withdrawn"
    assert "Nobody waits for a place" in words(browser.get("/calendar/waiting/"))


@pytest.mark.same_everywhere
def test_giving_a_date_up_says_that_somebody_waits(desk: Actor, signed_in: SignedIn) -> None:
    waiting, browser = a_wait(desk), signed_in(desk)
    booking = waiting.course.sessions.get(number=4).booking_id
    said = browser.post(f"/calendar/bookings/{booking}/release/", {"which": "one", "reason": "patient-wish"}, follow=True)
    assert "Somebody waits for an earlier place" in words(said)


def test_a_free_time_can_be_asked_for(desk: Actor, signed_in: SignedIn) -> None:
    waiting, browser = a_wait(desk), signed_in(desk)
    asked = f"/calendar/waiting/?date={TUESDAY}&therapist={desk.user.pk}&clock="
    assert [match.row.waiting for match in browser.get(asked + "10:00").context["places"][0].matches] == [waiting]
    assert "This time is not free" in words(browser.get(asked + "12:30"))
    for hostile in ("", "9999-12-31.1.1.1", "2026-11-03.287.9.1", "2026-11-03.x", "٢٠٢٦-11-03.1.1.1"):
        assert browser.post(f"/calendar/waiting/{waiting.pk}/offer/", {"place": hostile}).status_code == 403


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize("said", [{}, {"answer": ""}, {"answer": "Accepted"}, {"answer": ["declined", "maybe"]}])
def test_what_is_no_answer_is_not_taken_for_a_no(said: dict[str, Any], desk: Actor, signed_in: SignedIn) -> None:
    waiting, browser = a_wait(desk), signed_in(desk)
    falls_free(desk)
    place = browser.get("/calendar/waiting/").context["places"][0].sent
    offer = browser.post(f"/calendar/waiting/{waiting.pk}/offer/", {"place": place})["Location"]
    page = browser.post(f"{offer}answer/", said, follow=True)
    assert "Choose one of the answers." in words(page)
    assert Offer.objects.get().answer == ""
