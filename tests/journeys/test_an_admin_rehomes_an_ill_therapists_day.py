"""A therapist calls in ill with eleven patients booked: everybody has a new place, or a call, within three minutes."""

import re
from datetime import time as clock

import pytest
from playwright.sync_api import expect

from clinic.courses.calendar.queries.affected import conflicts
from clinic.schedule.models import Booking
from clinic.staff.permissions import Actor
from tests.clinic.calendar.ill_day import FAMILY_NAMES, House, a_house
from tests.clinic.schedule.booked import a_booking
from tests.factories import a_patient
from tests.journeys.desk import Desk
from tests.journeys.test_an_admin_registers_and_catches_a_duplicate import is_sound

HOURS = tuple(clock(minutes // 60, minutes % 60) for minutes in range(8 * 60, 16 * 60 + 45, 45) if minutes != 12 * 60 + 30)


@pytest.fixture
def house(boris: Actor, anna: Actor) -> House:
    """Anna has eleven patients on one day. Carla is free in the morning only, and everybody else is taken."""
    house = a_house(boris.clinic, ill=anna.user)
    carla = house.colleague("Carla Weiss")
    for name, at in zip(FAMILY_NAMES, HOURS, strict=True):
        # Those of the afternoon come on the day before and two days after as well, so that there is a day between; the last one daily.
        house.course(name, at, days=(0,) if at < clock(12) else (-1, 0, 2) if name != FAMILY_NAMES[-1] else (0,))
    for at in HOURS[6:]:
        a_booking(patient=a_patient(clinic=house.clinic), therapist=carla, day=house.day, clock=at, minutes=40, room=house.rooms[1])
    return house


def test_an_ill_therapist_s_day_is_rehomed_in_three_minutes(desk: Desk, boris: Actor, house: House) -> None:
    desk.is_signed_in(boris, f"/calendar/absent/new/?therapist={house.ill.pk}&day={house.day}")
    with desk.does("ill") as hand:
        is_sound(desk)
        desk.press_and_arrive("Show the sessions")
        rows = desk.page.locator(".rehome-row")
        expect(rows).to_have_count(11)
        hand.reads(rows)
        expect(desk.page.locator(".rehome-tally-colleague")).to_contain_text("6")
        is_sound(desk)
        # One of them is better asked first.
        last = rows.nth(10).get_by_role("combobox")
        last.select_option(label="Call first; the booking stays")
        desk.press_and_arrive("Preview: who is told what")
        desk.sees_heading("To be called")
        is_sound(desk)
        assert not Booking.objects.filter(sequence__gt=0).exists()
        with desk.page.expect_navigation(wait_until="load"):
            desk.page.get_by_role("button", name=re.compile("^Confirm: move")).click()
    desk.sees("Ask for another date: Anna Bergmann is away")
    expect(desk.page.get_by_text("instead of Anna Bergmann")).to_have_count(6)
    is_sound(desk)
    assert [each.booking.patient.family_name for each in conflicts(house.clinic)] == [FAMILY_NAMES[-1]]
