"""The pages of the schedule teach what is missing, keep what was typed, and say what to do."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client

from clinic.audit.models import AuditLine
from clinic.schedule.models import Absence, Closure, Room, ScheduleRules, Site, Wishes, WorkingHours
from clinic.staff.inviting import Invitee, invite_staff
from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor
from tests.factories import a_patient
from tests.schedule_factories import a_booking, a_room, a_site, a_workday, hours_of

SignedIn = Callable[[Any], Client]


@pytest.fixture
def desk(proved_in: SignedIn, clinic_admin: Actor) -> Client:
    return proved_in(clinic_admin)


@pytest.fixture
def hands(member: Callable[..., User]) -> User:
    return member("therapist")


def text(client: Client, path: str, status: int = 200, data: Any = None) -> str:
    response = client.get(path) if data is None else client.post(path, data, follow=True)
    assert response.status_code == status
    return response.content.decode()


def test_an_empty_clinic_is_led_from_the_site_to_the_rooms_to_the_hours(desk: Client, clinic: Clinic, hands: User) -> None:
    start = text(desk, "/schedule/")
    assert "What is still missing" in start
    assert "/schedule/places/site/new/" in start
    assert "Add the first one" in text(desk, f"/schedule/hours/{hands.pk}/week/?", data={})  # leads to the form of a site
    assert desk.get("/schedule/places/room/new/").status_code == 303
    text(desk, "/schedule/places/site/new/", data={"name": "Linden", "address": "Lane 1"})
    assert "/schedule/places/room/new/" in text(desk, "/schedule/")
    assert "Oak" in text(desk, "/schedule/places/room/new/", data={"name": "Oak"})
    assert "Vibration" in text(desk, "/schedule/places/device/new/", data={"name": "Vibration", "room": Room.objects.get().pk})
    assert f"/schedule/hours/{hands.pk}/week/" in text(desk, "/schedule/hours/")
    assert "This name is in use already" in text(desk, "/schedule/places/room/new/", 422, {"name": "Oak"})


@pytest.mark.same_everywhere
def test_who_is_invited_and_not_here_yet_is_waited_for_and_not_invited_again(desk: Client, clinic: Clinic, clinic_admin: Actor) -> None:
    assert "Invite the first one" in text(desk, "/schedule/hours/")
    invite_staff(clinic=clinic, invitee=Invitee("tara@clinic.example", "Tara Vogel", ["therapist"]), actor=clinic_admin)
    waited = text(desk, "/schedule/hours/")
    assert "Tara Vogel: invited, and not here yet" in waited
    assert "Invite the first one" not in waited


def test_a_double_click_adds_one_room_and_is_not_told_that_the_name_is_taken(desk: Client, clinic: Clinic) -> None:
    a_site(clinic=clinic)
    for _click in range(2):
        assert "Willow" in text(desk, "/schedule/places/room/new/", data={"name": "Willow", "once": "a" * 32})
    assert Room.objects.filter(name="Willow").count() == 1


def test_a_week_is_written_once_for_all_its_days_and_an_error_keeps_what_was_typed(desk: Client, clinic: Clinic, hands: User) -> None:
    a_site(clinic=clinic)
    monday = {"day0-first-from": "08:00", "day0-first-to": "12:00", "day0-second-from": "12:30", "day0-second-to": "16:00"}
    path, sent = f"/schedule/hours/{hands.pk}/week/", {**monday, "valid_from": "2027-03-01", "like_monday": "on"}
    for wrong, words in (
        ({"day5-first-from": "09:00"}, "Write both times, or none."),
        ({"day5-first-from": "09:00", "day5-first-to": "08:00"}, "A shift ends after it begins."),
        ({"day0-second-from": "11:00"}, "The second shift begins before the first one ends."),
    ):
        refused = text(desk, path, 422, sent | wrong)
        assert words in refused
        assert 'value="16:00"' in refused
    assert "The hours of" in text(desk, path, data=sent)
    lines = WorkingHours.objects.filter(therapist=hands)
    assert sorted(lines.values_list("weekday", flat=True)) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert set(lines.values_list("valid_from", flat=True)) == {date(2027, 3, 1)}
    assert "37:30" in text(desk, f"/schedule/hours/{hands.pk}/")


def test_two_sites_are_asked_for_each_day(desk: Client, clinic: Clinic, hands: User) -> None:
    first, second = a_site(clinic=clinic), a_site(clinic=clinic)
    sent = {"day": clinic.today().isoformat(), "day-first-from": "08:00", "day-first-to": "12:00", "site": str(second.pk)}
    assert "is saved" in text(desk, f"/schedule/hours/{hands.pk}/day/", data=sent)
    assert first.name in text(desk, f"/schedule/hours/{hands.pk}/week/")
    yesterday = (clinic.today() - timedelta(days=1)).isoformat()
    assert "This day is over" in text(desk, f"/schedule/hours/{hands.pk}/day/", 422, sent | {"day": yesterday})
    assert "hold on this day again" in text(desk, f"/schedule/hours/{hands.pk}/day/clear/", data={"day": sent["day"]})
    assert second.day_hours.count() == 0


def test_an_absence_is_written_once_shows_what_it_hits_and_is_taken_back(desk: Client, clinic: Clinic, hands: User) -> None:
    day = a_workday(clinic=clinic)
    booking = a_booking(therapist=hands, room=a_room(clinic=clinic), day=day, clock=time(9), patient=a_patient(clinic=clinic))
    sent = {"therapist": str(hands.pk), "first_on": day.isoformat(), "reason": "ill", "note": "flu", "once": "a" * 32}
    for wrong, words in (
        ({"last_on": "2020-01-01"}, "The last day comes before the first one."),
        ({"first_on": "2020-01-01"}, "This is over."),
        ({"starts": "09:00"}, "Write both times"),
        ({"starts": "09:00", "ends": "08:00"}, "This comes before the beginning."),
        ({"starts": "09:00", "ends": "10:00", "last_on": (day + timedelta(days=1)).isoformat()}, "Times are of one day."),
        ({"therapist": "999999"}, "Select a valid choice"),
    ):
        refused = text(desk, "/schedule/absences/new/", 422, sent | {"once": "b" * 32} | wrong)
        assert words in refused
        assert 'value="flu"' in refused
    for _twice in range(2):
        shown = text(desk, "/schedule/absences/new/", data=sent)
        assert "1 session is booked in this time" in shown
        assert booking.patient.family_name not in shown
    made = Absence.objects.get()
    assert f"/calendar/absent/{made.pk}/" in shown
    assert "SentDifferently" not in text(desk, "/schedule/absences/new/", 422, sent | {"note": "cold"})
    assert "taken back" in text(desk, f"/schedule/absences/{made.pk}/withdraw/", data={})


def test_a_room_that_is_booked_stays_in_use_and_its_page_says_by_what(desk: Client, clinic: Clinic) -> None:
    booking = a_booking(room=a_room(clinic=clinic), day=a_workday(clinic=clinic), clock=time(9), patient=a_patient(clinic=clinic))
    path = f"/schedule/places/room/{booking.room_id}/"
    refused = text(desk, f"{path}use/", 409, {"in_use": "no"})
    assert "1 session to come is booked here" in refused
    assert booking.therapist.full_name in refused
    assert "is saved" in text(desk, path, data={"name": "Elm"})
    site = Site.objects.get()
    assert "is saved" in text(desk, f"/schedule/places/site/{site.pk}/", data={"name": "Linden"})
    assert desk.get("/schedule/places/garden/new/").status_code == 404
    assert "is in use again" in text(desk, f"{path}use/", data={"in_use": "yes"})


def test_the_year_shows_holidays_that_can_be_worked_and_closures_that_can_be_taken_back(desk: Client, clinic: Clinic) -> None:
    year = clinic.today().year + 1
    christmas = {"day": f"{year}-12-25"}
    assert "Open on this day" in text(desk, f"/schedule/closures/?year={year}")
    assert "public holiday, open" in text(desk, "/schedule/closures/open/", data=christmas)
    assert desk.post("/schedule/closures/open/", {"day": f"{year}-12-24"}).status_code == 403
    assert desk.post("/schedule/closures/open/", {"day": "soon"}).status_code == 403
    opened = Closure.objects.get()
    assert "public holiday, open" not in text(desk, f"/schedule/closures/{opened.pk}/withdraw/", data={})
    first = clinic.today().isoformat()
    assert "Nothing is booked" in text(desk, "/schedule/closures/new/", data={"name": "Works", "first_on": first})
    for wrong, words in (({"last_on": "2020-01-01"}, "comes before the first"), ({"first_on": "2020-01-01"}, "This is over")):
        assert words in text(desk, "/schedule/closures/new/", 422, {"name": "Works", "first_on": first, **wrong})
    for nonsense in ("nonsense", f"00{year}9", "9" * 5000):
        assert "Works" in text(desk, f"/schedule/closures/?year={nonsense}")
    Clinic.objects.update(country="")
    assert "country is not known" in text(desk, f"/schedule/closures/?year={year}")


def test_rules_and_norms_are_kept_within_bounds(desk: Client, clinic: Clinic) -> None:
    assert "Bayern" in text(desk, "/schedule/rules/")
    sent = {"grid_minutes": "20", "preparation_minutes": "10", "turnover_minutes": "5", "units_per_day": "28", "hold_minutes": "10",
            "hands_on_minutes_per_day": "280", "offer_minutes": "15", "late_cancellation_hours": "24", "subdivision": "BY",
            "country": "DE"}  # fmt: skip
    assert "less than or equal to 60" in text(desk, "/schedule/rules/", 422, sent | {"turnover_minutes": "61"})
    assert "The rules are saved" in text(desk, "/schedule/rules/", data=sent)
    assert ScheduleRules.objects.filter(clinic=clinic, grid_minutes=20, subdivision="BY", keeps_public_holidays=False).exists()
    assert "has these two letters" in text(desk, "/schedule/rules/", 422, sent | {"country": "QQ"})
    assert "The rules are saved" in text(desk, "/schedule/rules/", data=sent | {"country": "ru"})
    assert (Clinic.objects.get(pk=clinic.pk).country, ScheduleRules.objects.get(clinic=clinic).subdivision) == ("RU", "")
    assert AuditLine.objects.filter(verb="set-schedule-rules").latest("pk").details == {"country": "RU", "subdivision": ""}
    assert "greater than or equal to 0.5" in text(desk, "/schedule/norms/", 422, {"collar-units": "0"})
    assert 'value="2.0"' in text(desk, "/schedule/norms/", data={"collar-units": "2"})
    Clinic.objects.update(country="ZZ")
    assert "country is not known" in text(desk, "/schedule/rules/")


def test_wishes_are_asked_and_stand_on_the_patient_s_page(desk: Client, clinic: Clinic, hands: User) -> None:
    patient = a_patient(clinic=clinic)
    path = f"/patients/{patient.pk}/wishes/"
    assert "Nobody has asked yet" in text(desk, f"/patients/{patient.pk}/")
    sent = {"weekdays": ["1", "3"], "earliest": "09:00", "latest": "12:00", "preferred": "10:00", "therapist": str(hands.pk),
            "therapist_sex": "female", "note": "by bus"}  # fmt: skip
    assert "outside of the hours" in text(desk, path, 422, sent | {"preferred": "12:00"})
    assert "comes after" in text(desk, path, 422, sent | {"latest": "08:00"})
    shown = text(desk, path, data=sent)
    for words in ("Tuesday, Thursday", "between 09:00 and 12:00", "best at 10:00", "treated by a woman", hands.full_name, "by bus"):
        assert words in shown
    hands.staff_roles.all().delete()
    assert hands.full_name in text(desk, path)  # who was wished stays on the form after leaving
    text(desk, path, data={"latest": "12:00"})
    assert "Over by 12:00" in text(desk, f"/patients/{patient.pk}/")
    text(desk, path, data={"earliest": "12:00"})
    assert "Not before 12:00" in text(desk, f"/patients/{patient.pk}/")
    text(desk, path, data={})
    assert "Any day, any hour, anybody." in text(desk, f"/patients/{patient.pk}/")
    assert Wishes.objects.count() == 1


def test_a_therapist_reads_the_own_hours_and_a_lead_everybody_s_without_buttons(
    signed_in: SignedIn, therapist: Actor, clinical_lead: Actor, clinic: Clinic
) -> None:
    assert "No hours hold today" in text(signed_in(therapist), "/schedule/mine/")
    hours_of(therapist.user, site=a_site(clinic=clinic))
    assert "40:00" in text(signed_in(therapist), "/schedule/mine/")
    read = signed_in(clinical_lead)
    for path in ("/schedule/", "/schedule/hours/", f"/schedule/hours/{therapist.user.pk}/", "/schedule/absences/", "/schedule/places/"):
        assert "/new/" not in text(read, path)
    assert read.get(f"/schedule/hours/{clinical_lead.user.pk}/").status_code == 404


def test_the_sex_that_patients_ask_for_is_written_with_the_papers(desk: Client, clinic: Clinic, hands: User) -> None:
    assert "The papers of" in text(desk, f"/staff/{hands.pk}/profile/", data={"sex": "female", "qualifications": ["children"]})
    assert clinic.profiles.get(user=hands).sex == "female"
