"""A calendar that somebody subscribed to: wall time, stable events, no name, and nothing for a wrong address."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.schedule.actions.feeds import make_own_feed, make_patient_feed, revoke_own_feed
from clinic.schedule.models import Booking, BookingChange, Feed
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient
from tests.clinic.schedule.booked import a_booking, a_room
from tests.factories import a_clinic, a_patient, an_actor

SignedIn = Callable[[Any], Client]
CANARIES = ("Canarova", "Birdie", "5550199", "canary-in-the-notes", "canary@patient.test", "C-4711", "canary-label", "neck")


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Somebody whose every word in the record occurs nowhere else."""
    return a_patient(
        clinic=clinic, family_name="Canarova", given_name="Birdie", phone="5550199", notes="canary-in-the-notes",
        email="canary@patient.test", card_number="C-4711",
    )  # fmt: skip


def at(token: str) -> str:
    return f"/feeds/{token}.ics"


def fetched(token: str, **headers: str) -> Any:
    return Client().get(at(token), headers=headers)


def events(token: str) -> list[Any]:
    """What a calendar reads out of the address."""
    return list(Calendar.from_ical(fetched(token).content).walk("VEVENT"))


def own(actor: Actor, *, shows_initials: bool = True) -> str:
    return make_own_feed(shows_initials=shows_initials, actor=actor)[1]


# What stands in it -------------------------------------------------------------------------------------------------------------
def test_a_therapist_s_calendar_shows_initials_room_and_wall_time(patient: Patient, therapist: Actor) -> None:
    day = patient.clinic.today() + timedelta(days=3)
    booking = a_booking(patient=patient, therapist=therapist.user, day=day, minutes=40, label="canary-label")
    response = fetched(own(therapist))
    calendar: Any = Calendar.from_ical(response.content)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (calendar["METHOD"], calendar["X-WR-CALNAME"]) == ("PUBLISH", "Tactus: Lindenhof")
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    event = calendar.walk("VEVENT")[0]
    assert (event["SUMMARY"], event["LOCATION"], event["STATUS"]) == ("B. C.", "Room 1, Main house", "CONFIRMED")
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime.combine(day, time(10, 0))
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=40)
    assert event["DTSTART"].dt.astimezone(UTC) == booking.starts_at
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


@pytest.mark.same_everywhere
def test_a_clinic_s_name_is_text_and_begins_no_line_of_its_own(patient: Patient, therapist: Actor) -> None:
    name = "Back, Neck; Co\rX-BAD:1\r\nBEGIN:VEVENT\nX-BAD:2"
    Clinic.objects.filter(pk=patient.clinic.pk).update(name=name)
    a_booking(patient=patient, therapist=therapist.user, day=patient.clinic.today())
    for token in (own(therapist), make_patient_feed(patient=patient, actor=therapist)[1]):
        content = fetched(token).content
        calendar: Any = Calendar.from_ical(content)
        lines = content.replace(b"\r\n ", b"").replace(b"\r", b"\n").split(b"\n")
        assert not [line for line in lines if line.startswith(b"X-BAD")]
        assert lines.count(b"BEGIN:VEVENT") == 1
        assert b"NAME:" in content
        assert b"Back\\, Neck\\; Co" in content.replace(b"\r\n ", b"")
        assert str(calendar["NAME"]).endswith("X-BAD:2")


@pytest.mark.same_everywhere
def test_no_calendar_says_who_or_what_for(patient: Patient, therapist: Actor) -> None:
    a_booking(patient=patient, therapist=therapist.user, day=patient.clinic.today(), label="canary-label", needs=["segmental"])
    busy = fetched(own(therapist, shows_initials=False)).content.decode()
    told = (
        busy + fetched(own(therapist)).content.decode() + fetched(make_patient_feed(patient=patient, actor=therapist)[1]).content.decode()
    )
    assert told.count("BEGIN:VEVENT") == 3
    assert not [word for word in CANARIES if word.casefold() in told.casefold()]
    assert "SUMMARY:Busy" in busy
    assert "B. C." not in busy
    assert "LOCATION" not in busy


@pytest.mark.same_everywhere
def test_a_patient_s_calendar_is_in_the_patient_s_language_and_says_where(clinic: Clinic, therapist: Actor) -> None:
    patient, room = a_patient(clinic=clinic), a_room(clinic, address="Lindenweg 1")
    other = a_booking(patient=a_patient(clinic=clinic), therapist=therapist.user, day=clinic.today(), clock=time(8), room=room)
    mine = a_booking(patient=patient, therapist=therapist.user, day=clinic.today(), room=room)
    found = events(make_patient_feed(patient=patient, actor=therapist)[1])
    assert [(event["SUMMARY"], event["LOCATION"]) for event in found] == [("Appointment: Lindenhof", "Lindenweg 1")]
    assert mine.patient != other.patient


@pytest.mark.same_everywhere
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Almaty", "UTC"])
def test_a_weekly_session_keeps_its_wall_time_over_every_change_of_the_clocks(db: None, zone: str) -> None:
    clinic = a_clinic(time_zone=zone)
    actor, patient = an_actor(clinic=clinic), a_patient(clinic=clinic)
    with time_machine.travel(datetime(2026, 9, 7, 12, tzinfo=UTC), tick=False):
        made = [a_booking(patient=patient, therapist=actor.user, day=date(2026, 9, 8) + timedelta(weeks=week)) for week in range(26)]
        found = events(own(actor))
    assert [event["DTSTART"].dt.replace(tzinfo=None).time() for event in found] == [time(10, 0)] * 26
    assert [event["DTSTART"].dt.astimezone(UTC) for event in found] == [booking.starts_at for booking in made]


@pytest.mark.same_everywhere
def test_the_second_of_a_doubled_time_is_told_by_its_moment(db: None) -> None:
    clinic = a_clinic(time_zone="Europe/Berlin")
    actor = an_actor(clinic=clinic)
    with time_machine.travel(datetime(2026, 10, 20, 12, tzinfo=UTC), tick=False):
        for second in (False, True):
            patient = a_patient(clinic=clinic)
            a_booking(patient=patient, therapist=actor.user, day=date(2026, 10, 25), clock=time(2, 30), second=second, minutes=20)
        found = events(own(actor))
    assert [event["DTSTART"].dt.astimezone(UTC).hour for event in found] == [0, 1]


def test_a_moved_booking_is_the_same_event_and_a_released_one_is_told_as_cancelled(patient: Patient, therapist: Actor) -> None:
    day = patient.clinic.today() + timedelta(days=1)
    booking = a_booking(patient=patient, therapist=therapist.user, day=day)
    token = own(therapist)
    before = events(token)[0]
    starts = booking.starts_at + timedelta(hours=2)
    moved = {
        "clock": time(12, 0),
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=30),
        "free_at": starts + timedelta(minutes=30),
    }
    Booking.objects.filter(pk=booking.pk).update(sequence=1, **moved)
    BookingChange.objects.create(booking=booking, kind="moved")
    after = events(token)[0]
    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], 0)
    assert (after["SEQUENCE"], after["DTSTART"].dt.hour) == (1, 12)
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    gone = {"state": "released", "is_taken": False, "released_at": timezone.now(), "release_reason": "patient-wish", "sequence": 2}
    Booking.objects.filter(pk=booking.pk).update(**gone)
    assert [(event["STATUS"], event["UID"], event["SEQUENCE"]) for event in events(token)] == [("CANCELLED", before["UID"], 2)]
    Booking.objects.filter(pk=booking.pk).update(released_at=timezone.now() - timedelta(weeks=5))
    assert events(token) == []


def test_what_was_only_held_appears_in_no_calendar(patient: Patient, therapist: Actor) -> None:
    soon = timezone.now() + timedelta(minutes=15)
    held = a_booking(patient=patient, therapist=therapist.user, day=patient.clinic.today(), state="held", held_until=soon)
    token = own(therapist)
    assert events(token) == []
    gone = {"state": "released", "is_taken": False, "held_until": None, "released_at": timezone.now(), "release_reason": "expired"}
    Booking.objects.filter(pk=held.pk).update(**gone)
    assert events(token) == []


def test_it_reaches_from_four_weeks_back_to_half_a_year_ahead(patient: Patient, therapist: Actor) -> None:
    for days in (-29, -28, 182, 183):
        a_booking(patient=patient, therapist=therapist.user, day=patient.clinic.today() + timedelta(days=days))
    assert len(events(own(therapist))) == 2


# Who may read it ---------------------------------------------------------------------------------------------------------------
def test_only_the_digest_is_kept_and_every_character_counts(therapist: Actor) -> None:
    token = own(therapist)
    kept = [str(list(model._base_manager.values())) for model in apps.get_models(include_auto_created=True)]
    assert not [words for words in kept if token in words]
    wrong = fetched("A" * 43)
    others = [token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :] for place, letter in enumerate(token)]
    for other in [*others, token[:-1], token + "A", token.swapcase()]:
        assert (fetched(other).status_code, fetched(other).content) == (404, wrong.content), other
    assert fetched(token).status_code == 200


def test_a_new_address_ends_the_old_one_and_an_ended_one_looks_as_if_it_never_was(therapist: Actor) -> None:
    first, second = own(therapist), own(therapist)
    assert [fetched(each).status_code for each in (first, second)] == [404, 200]
    revoke_own_feed(actor=therapist)
    assert fetched(second).content == fetched("A" * 43).content
    revoke_own_feed(actor=therapist)
    assert list(AuditLine.objects.order_by("sequence").values_list("verb", flat=True)) == ["made-feed", "renewed-feed", "revoked-feed"]


def test_whoever_is_disabled_or_has_left_has_no_calendar_any_more(therapist: Actor) -> None:
    token, user = own(therapist), therapist.user
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert fetched(token).status_code == 404
    type(user).objects.filter(pk=user.pk).update(is_active=True)
    assert fetched(token).status_code == 200
    user.staff_roles.update(role=Role.AUDITOR)
    assert fetched(token).status_code == 404


@pytest.mark.same_everywhere
def test_an_auditor_makes_none(auditor: Actor, patient: Patient) -> None:
    with pytest.raises(ActionDenied):
        make_own_feed(shows_initials=True, actor=auditor)
    with pytest.raises(ActionDenied):
        make_patient_feed(patient=patient, actor=auditor)


def test_a_calendar_that_has_it_already_is_told_so(patient: Patient, therapist: Actor) -> None:
    token = own(therapist)
    a_booking(patient=patient, therapist=therapist.user, day=patient.clinic.today())
    etag = fetched(token)["ETag"]
    again = fetched(token, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert Client().head(at(token)).status_code == 200
    a_booking(patient=patient, therapist=therapist.user, day=patient.clinic.today(), clock=time(15))
    assert fetched(token, **{"If-None-Match": etag}).status_code == 200


def test_a_therapist_s_fetch_is_a_look_once_a_day_and_a_patient_s_is_none(patient: Patient, therapist: Actor) -> None:
    a_booking(patient=patient, therapist=therapist.user, day=patient.clinic.today())
    with time_machine.travel(datetime(2026, 11, 2, 6, tzinfo=UTC), tick=False) as clock:
        a_booking(patient=patient, therapist=therapist.user, day=date(2026, 11, 3))
        token, patients_own = own(therapist), make_patient_feed(patient=patient, actor=therapist)[1]
        read = []
        for _times in range(8):
            fetched(token), fetched(patients_own)
            read.append(Feed.objects.filter(user=therapist.user).values_list("read_at", flat=True).get())
            clock.shift(timedelta(minutes=20))
    assert len(set(read)) == 3, "noted at most once an hour"
    looks = list(ReadLine.objects.values_list("kind", "user", "page", "details__found"))
    assert looks == [(Look.SEARCHED, therapist.user.pk, "feeds:calendar", [patient.pk])]


# The pages ---------------------------------------------------------------------------------------------------------------------
def test_the_page_shows_the_address_once(signed_in: SignedIn, therapist: Actor) -> None:
    browser = signed_in(therapist)
    sent = {"shows": "busy", "once": "0" * 32}
    address = browser.post("/feeds/mine/", sent).context["address"]
    assert Client().get(address.removeprefix("http://testserver")).status_code == 200
    assert browser.post("/feeds/mine/", sent).status_code == 303, "a double click makes no second one"
    assert address not in browser.get("/feeds/mine/").content.decode()
    assert Feed.objects.get().shows_initials is False


def test_the_reception_makes_a_patient_s_and_ends_it(signed_in: SignedIn, clinic_admin: Actor, patient: Patient) -> None:
    browser, page = signed_in(clinic_admin), f"/feeds/patients/{patient.pk}/"
    assert page in browser.get(f"/patients/{patient.pk}/").content.decode()
    address = browser.post(page, {"once": "0" * 32}).context["address"].removeprefix("http://testserver")
    assert Client().get(address).status_code == 200
    assert browser.post(f"{page}ended/").status_code == 303
    assert Client().get(address).status_code == 404
