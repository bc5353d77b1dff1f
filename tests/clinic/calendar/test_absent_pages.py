"""Somebody is away: each session gets a colleague, another time or a call; seen once, confirmed once, all or nothing."""

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.test import Client

from clinic.audit.models import Look, ReadLine
from clinic.courses.calendar.queries.affected import conflicts, conflicts_of_absence
from clinic.schedule.models import Absence, Booking, BookingChange, Closure
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from tests.clinic.calendar.ill_day import House, a_house
from tests.clinic.schedule.booked import a_booking
from tests.factories import a_patient

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Actor], Client]


@pytest.fixture
def house(clinic: Clinic) -> House:
    return a_house(clinic)


def fields_of(html: str) -> dict[str, str]:
    """What the page would send if nothing were touched."""
    hidden = dict(re.findall(r'<input name="(once|case-\d+)" type="hidden" value="([^"]*)"', html))
    chosen = re.findall(r'<select[^>]*name="(case-\d+)".*?<option value="([^"]+)"[^>]* selected', html, re.DOTALL)
    return hidden | dict(chosen)


def test_a_colleague_takes_one_session_at_its_time_and_another_moves_within_its_gaps(house: House, signed_in: SignedIn) -> None:
    carla = house.colleague("Carla Weiss", ends=time(10))
    first, second = house.course("Adler", time(9), days=(0, 2)), house.course("Brandt", time(14), days=(-1, 0, 2), room=1)
    browser, absence = signed_in(house.admin), house.absence()
    address = f"/calendar/absent/{absence.pk}/"
    sent = fields_of(browser.get(address).content.decode())
    assert [code.split("-")[0] for name, code in sent.items() if name != "once"] == ["colleague", "moved"]
    preview = browser.post(address, sent | {"step": "preview"}).content.decode()
    assert "with Carla Weiss instead of Anna Bergmann" in preview
    assert "030 0001" in preview
    assert not Booking.objects.filter(sequence__gt=0).exists()
    done = browser.post(address, fields_of(preview) | {"step": "confirm"})
    assert done.status_code == 303
    taken = house.bookings_of(first)[0]
    assert (taken.day, taken.clock, taken.therapist, taken.sequence) == (house.day, time(9), carla, 1)
    first.refresh_from_db()
    assert first.therapist == house.ill
    moved = house.bookings_of(second)[1]
    assert house.day - timedelta(days=1) < moved.day < house.day + timedelta(days=2)
    assert {each.reason for each in BookingChange.objects.filter(kind="moved")} == {"therapist-ill"}
    assert conflicts(house.clinic) == ()


def test_the_same_confirmation_twice_is_one_and_another_under_its_key_is_refused(house: House, signed_in: SignedIn) -> None:
    house.colleague()
    house.course("Adler", time(9))
    browser, absence = signed_in(house.admin), house.absence()
    address = f"/calendar/absent/{absence.pk}/"
    sent = fields_of(browser.get(address).content.decode()) | {"step": "confirm"}
    first, second = browser.post(address, sent), browser.post(address, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert BookingChange.objects.filter(kind="moved").count() == 1
    other = {name: "call-000000000000" if name.startswith("case-") else value for name, value in sent.items()}
    assert browser.post(address, other).status_code == 403
    assert "Carla" not in browser.get(first["Location"]).content.decode()


@pytest.mark.same_everywhere
def test_who_cannot_be_placed_stays_booked_and_stays_a_conflict_until_somebody_has_called(house: House, signed_in: SignedIn) -> None:
    course = house.course("Adler", time(9))
    absence = house.absence(last_on=house.day + timedelta(days=60))
    browser, address = signed_in(house.admin), f"/calendar/absent/{absence.pk}/"
    sent = fields_of(browser.get(address).content.decode())
    assert [code.split("-")[0] for name, code in sent.items() if name != "once"] == ["call"]
    done = browser.post(address, sent | {"step": "confirm"})
    sheet = browser.get(done["Location"]).content.decode()
    assert "Ask for another date: Anna Bergmann is away" in sheet
    assert "030 0001" in sheet
    assert [each.booking.session.course for each in conflicts(house.clinic)] == [course]
    assert house.bookings_of(course)[0].sequence == 0


def test_a_choice_that_is_gone_or_wanted_twice_is_marked_and_nothing_is_moved(house: House, signed_in: SignedIn) -> None:
    carla = house.colleague("Carla Weiss")
    first = house.course("Adler", time(9))
    absence, browser = house.absence(), signed_in(house.admin)
    address = f"/calendar/absent/{absence.pk}/"
    sent = fields_of(browser.get(address).content.decode())
    house.course("Brandt", time(9, 15), therapist=carla, room=1)
    answer = browser.post(address, sent | {"step": "confirm"})
    assert answer.status_code == 422
    assert "cannot be had any more" in answer.content.decode()
    assert house.bookings_of(first)[0].sequence == 0


@pytest.mark.same_everywhere
def test_the_reason_is_read_by_administrators_only_and_whoever_opens_the_list_leaves_a_look(house: House, signed_in: SignedIn) -> None:
    house.course("Adler", time(9))
    absence, colleague = house.absence(), house.colleague()
    page = f"/calendar/absent/{absence.pk}/"
    assert "Ill" in signed_in(house.admin).get(page).content.decode()
    assert not re.search(r"\bIll\b", signed_in(Actor(colleague, house.clinic, frozenset({"therapist"}))).get(page).content.decode())
    assert ReadLine.objects.filter(kind=Look.SEARCHED).count() == 2


def test_an_absence_is_written_down_and_leads_to_the_sessions(house: House, signed_in: SignedIn) -> None:
    browser = signed_in(house.admin)
    form = browser.get(f"/calendar/absent/new/?therapist={house.ill.pk}&day={house.day}").content.decode()
    assert f'value="{house.day}"' in form
    sent = {"therapist": house.ill.pk, "first_on": house.day, "last_on": house.day, "reason": "ill", "starts": "12:00"}
    assert browser.post("/calendar/absent/new/", sent).status_code == 422
    answer = browser.post("/calendar/absent/new/", sent | {"starts": ""})
    assert answer["Location"] == f"/calendar/absent/{Absence.objects.get().pk}/"


@pytest.mark.same_everywhere
def test_a_closure_moves_each_session_within_its_gaps_and_more_of_a_course_only_where_they_break(house: House, signed_in: SignedIn) -> None:
    daily = house.course("Adler", time(9), days=(-1, 0, 1))
    closure = Closure.objects.create(
        clinic=house.clinic, first_on=house.day, last_on=house.day, name="Stocktaking", created_by=house.admin.user
    )
    browser, address = signed_in(house.admin), f"/calendar/closed/{closure.pk}/"
    sent = fields_of(browser.get(address).content.decode())
    done = browser.post(address, sent | {"step": "confirm"})
    assert done.status_code == 303
    days = [each.day for each in house.bookings_of(daily)]
    assert days[0] == house.day - timedelta(days=1)
    assert house.day not in days
    assert len(set(days)) == 3
    assert {each.reason for each in BookingChange.objects.filter(kind="moved")} == {"closed"}
    assert browser.get("/calendar/conflicts/").status_code == 200


def test_a_session_that_was_given_already_is_no_conflict(house: House) -> None:
    course = house.course("Adler", time(9))
    absence = house.absence()
    assert len(conflicts_of_absence(absence)) == 1
    course.sessions.filter(number=1).update(state="done")
    assert conflicts_of_absence(absence) == ()


@pytest.mark.same_everywhere
def test_with_a_booking_that_belongs_to_no_course_only_a_colleague_or_a_call_helps(house: House, signed_in: SignedIn) -> None:
    house.colleague("Carla Weiss", ends=time(10))
    for at in (time(9), time(14)):
        a_booking(
            patient=a_patient(clinic=house.clinic), therapist=house.ill, day=house.day, clock=at, room=house.rooms[0], label="First visit"
        )
    absence = house.absence()
    sent = fields_of(signed_in(house.admin).get(f"/calendar/absent/{absence.pk}/").content.decode())
    assert [code.split("-")[0] for name, code in sent.items() if name != "once"] == ["colleague", "call"]


def test_a_preview_that_nobody_opened_the_list_for_leaves_a_look_too(house: House, signed_in: SignedIn) -> None:
    course = house.course("Adler", time(9))
    (booking,) = house.bookings_of(course)
    sent = {f"case-{booking.pk}": "call", "step": "preview"}
    page = signed_in(house.admin).post(f"/calendar/absent/{house.absence().pk}/", sent)
    assert "Adler" in page.content.decode()
    assert [line.details["found"] for line in ReadLine.objects.filter(kind=Look.SEARCHED)] == [[course.patient_id]]
