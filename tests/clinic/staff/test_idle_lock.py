"""A screen that nobody uses locks itself, shows nothing until its person is back, and lets nobody guess for long."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from clinic import environment
from clinic.audit.models import AuditLine
from clinic.environment import BadSetting
from clinic.staff.permissions import Actor
from clinic.staff.pins import check_pin, set_pin
from tests.factories import PASSWORD, a_patient

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.IDLE_LOCK_MINUTES = 15
    with time_machine.travel(EIGHT, tick=False) as travelled:
        yield travelled


@pytest.fixture
def desk(clock: time_machine.Traveller, therapist: Actor, signed_in: SignedIn) -> Client:
    """Somebody who has just opened a page."""
    client = signed_in(therapist)
    assert client.get("/patients/").status_code == 200
    return client


def away(clock: time_machine.Traveller, minutes: float) -> None:
    clock.shift(timedelta(minutes=minutes))


def test_a_page_is_locked_after_its_time_and_opens_where_one_was(desk: Client, clock: time_machine.Traveller, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name="Canarova")
    set_pin(user=therapist.user, pin="2580", actor=therapist)
    away(clock, 14)
    assert "Canarova" in desk.get(f"/patients/{patient.pk}/").content.decode()
    away(clock, 15)
    locked = desk.get(f"/patients/{patient.pk}/")
    assert locked.status_code == 423
    assert "Canarova" not in locked.content.decode()
    opened = desk.post("/lock/", {"secret": "2580", "next": f"/patients/{patient.pk}/"})
    assert (opened.status_code, opened["Location"]) == (303, f"/patients/{patient.pk}/")
    assert "Canarova" in desk.get(f"/patients/{patient.pk}/").content.decode()


def test_a_form_that_meets_the_lock_is_not_lost_silently_and_changes_nothing(desk: Client, clock: time_machine.Traveller) -> None:
    away(clock, 16)
    sent = {"family_name": "Weber", "given_name": "Anna", "born_on": "1980-05-17", "sex": "female"}
    locked = desk.post("/patients/new/", sent, headers={"referer": "http://testserver/patients/new/"})
    assert (locked.status_code, "was not saved" in locked.content.decode()) == (423, True)
    assert 'name="next" value="/patients/new/"' in locked.content.decode()
    script = desk.post("/patients/new/", sent, headers={"accept": "application/json"})
    assert (script.status_code, script.json()) == (423, {"locked": True})


def test_asking_how_long_it_stays_open_is_no_use_and_typing_is(desk: Client, clock: time_machine.Traveller) -> None:
    away(clock, 10)
    assert desk.get("/lock/", headers={"accept": "application/json"}).json() == {"left": 300}
    assert desk.post("/lock/", {"here": "1"}).status_code == 204
    away(clock, 10)
    assert desk.get("/patients/").status_code == 200


def test_five_wrong_pins_ask_for_the_password_and_five_wrong_passwords_sign_out(
    desk: Client, clock: time_machine.Traveller, therapist: Actor
) -> None:
    set_pin(user=therapist.user, pin="2580", actor=therapist)
    away(clock, 16)
    said = [desk.post("/lock/", {"secret": "1111"}).content.decode() for _time in range(5)]
    assert "Enter your password" in said[4]
    assert desk.post("/lock/", {"secret": "2580"}).status_code == 422  # the right PIN comes too late
    assert AuditLine.objects.filter(verb="unlock-failed").count() == 6
    for _time in range(3):
        desk.post("/lock/", {"secret": "wrong"})
    out = desk.post("/lock/", {"secret": "wrong"})
    assert "/accounts/login/" in out["Location"]
    assert desk.get("/patients/").status_code == 302


def test_without_a_pin_the_password_opens_and_wrong_tries_are_then_forgotten(desk: Client, clock: time_machine.Traveller) -> None:
    away(clock, 16)
    for _time in range(4):
        assert desk.post("/lock/", {"secret": "2580"}).status_code == 422
    assert desk.post("/lock/", {"secret": PASSWORD, "next": "https://elsewhere.test/"})["Location"] == "/"
    away(clock, 16)
    assert desk.post("/lock/", {"secret": "2580"}).status_code == 422


def test_signing_out_and_public_pages_are_never_locked(desk: Client, clock: time_machine.Traveller) -> None:
    away(clock, 16)
    assert desk.get("/invitation/nothing/").status_code != 423
    assert desk.post("/accounts/logout/").status_code == 302


def test_a_lock_costs_no_query_of_its_own(
    desk: Client, clock: time_machine.Traveller, django_assert_num_queries: Any, settings: Settings
) -> None:
    away(clock, 0.2)
    with django_assert_num_queries(2):  # the session, and its person with what that person may do
        desk.get("/account/pin/")


def test_the_pin_is_set_after_the_password_and_is_none_that_is_guessed(therapist: Actor, signed_in: SignedIn) -> None:
    client = signed_in(therapist)
    for pin in ("123", "1234", "8765", "0000", "12a4", "123456789", "²²²²"):
        with pytest.raises(ValidationError):
            check_pin(pin)
    assert client.post("/account/pin/", {"password": "wrong", "pin": "2580", "again": "2580"}).status_code == 422
    assert client.post("/account/pin/", {"password": PASSWORD, "pin": "2580", "again": "2581"}).status_code == 422
    assert client.post("/account/pin/", {"password": PASSWORD, "pin": "2580", "again": "2580"}).status_code == 303
    therapist.user.refresh_from_db()
    assert therapist.user.pin
    assert "2580" not in therapist.user.pin
    assert AuditLine.objects.filter(verb="pin-set").count() == 1


@pytest.mark.same_everywhere
@pytest.mark.parametrize("said", ["0", "-1", "121", "soon", "1.5"])
def test_the_lock_cannot_be_turned_off_by_a_slip(said: str) -> None:
    with pytest.raises(BadSetting, match="IDLE_LOCK_MINUTES"):
        environment.minutes({"IDLE_LOCK_MINUTES": said}, "IDLE_LOCK_MINUTES", default=15, longest=120)
