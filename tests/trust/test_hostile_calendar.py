"""Whatever is typed into an address or a form of the calendar is answered with a page, and nothing of another clinic comes of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.courses.models import Waiting
from clinic.schedule.models import Absence, Booking, Closure, DayHours, Device, Room, Site, Wishes, WorkingHours
from clinic.staff.models import Role, User
from patients.models import Patient
from tests.factories import a_clinic, a_member
from tests.schedule_factories import a_device, a_room, a_site, hours_of
from tests.trust.access import ROWS, THINGS

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
# Pages and buttons that read nothing but their address, which the access matrix tries with everybody.
READ_NOTHING = {
    "calendar": ("held", "held-longer", "held-let-go", "held-drop", "waiting-withdraw", "rehomed", "unresolved", "slip", "booking"),
    "schedule": ("absence", "absence-withdraw", "closure", "closure-withdraw", "hours", "mine", "overview", "person", "places", "absences"),
    "feeds": ("calendar", "mine-end", "patient", "patient-end"),
}
NAMES = sorted(name for name in ROWS if (parts := name.split(":"))[0] in READ_NOTHING and parts[1] not in READ_NOTHING[parts[0]])
# Forms whose address may say with what they begin; of the others it says nothing.
BEGIN_WITH_A_QUERY = ("calendar:move", "calendar:absent-new", "calendar:replan", "schedule:absence-new")
# Every field of every form, by what it holds, with something that most of the forms accept.
DAYS = dict.fromkeys(("date", "day", "first_on", "own-day", "valid_from"), "2027-01-04")
CLOCKS = {"clock": "10:00", "own-clock": "10:00", "starts": "", "ends": "", "day-first-from": "08:00", "day0-first-from": "08:00"}
CLOCKS |= {"earliest": "", "latest": "", "preferred": ""} | {f"day{part}-first-to": "12:00" for part in ("", "0")}
NUMBERS = dict.fromkeys(("therapist", "room", "site", "own-therapist", "own-room", "day-site", "day0-site"), "")
COUNTS = {"per_week": "5", "gap_min": "1", "gap_max": "2", "first_count": "0", "first_gap": "2", "year": "2027", "turnover_minutes": "5"}
PLACES = {"slot": "own", "place": "2027-01-04.120.12.1"}
WORDS = dict.fromkeys(("name", "note", "address", "shown", "part", "page"), "Words")
CODES = {"rhythm": "own", "reason": "other", "way": "reflow", "do": "save", "which": "one", "answer": "missed", "shows": "busy"}
CODES |= {"rule": "extend", "step": "preview", "anyway": "on", "once": "0123456789abcdef" * 2, "in_use": "yes"}
FIELDS: dict[str, str] = {**DAYS, **CLOCKS, **NUMBERS, **COUNTS, **PLACES, **WORDS, **CODES}
WRONG: tuple[dict[str, str], ...] = (
    dict.fromkeys(FIELDS, "\x00") | dict.fromkeys({**NUMBERS, **COUNTS}, "9" * 5000),
    dict.fromkeys(FIELDS, SCRIPT),
    {**FIELDS, **dict.fromkeys(DAYS, "9999-12-31"), **dict.fromkeys(CLOCKS, "23:59"), **dict.fromkeys(NUMBERS, str(2**63))},
    {**FIELDS, **dict.fromkeys(DAYS, "9999-12-31"), "slot": "9999-12-31.0.1.1.1."},
    {**FIELDS, **dict.fromkeys(DAYS, "0001-01-01"), "year": "00202699", "place": "0001-01-01.287.1.1"},
)


@contextmanager
def nothing_kept() -> Iterator[None]:
    """What is written inside is forgotten, so that the next attempt finds the record as it was made."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def a_house(name: str) -> tuple[Client, str]:
    """Somebody who may do everything at a clinic, and the address with a record of that clinic, where every name is markup."""
    row, clinic, client = ROWS[name], a_clinic(), Client()
    thing = THINGS[row.thing](clinic).kwargs if row.thing else {}
    client.force_login(a_member(clinic=clinic, roles=(Role.ADMIN, Role.THERAPIST, Role.CLINICAL_LEAD)))
    User.objects.update(full_name=SCRIPT)
    Patient.objects.update(family_name=SCRIPT)
    Closure.objects.update(name=SCRIPT)
    for number in Room.objects.values_list("pk", flat=True):
        Room.objects.filter(pk=number).update(name=f"{SCRIPT}{number}")
    Site.objects.filter(pk__in=Site.objects.values("pk")[:1]).update(name=SCRIPT, address=SCRIPT)
    return client, reverse(name, kwargs=dict(thing))


def answers(name: str, client: Client, url: str, sent: Mapping[str, Any]) -> Iterator[Any]:
    """What the address says to these words in a query and in a form. An error of ours is raised here."""
    forms = "POST" in ROWS[name].answers
    if not forms or name in BEGIN_WITH_A_QUERY:
        yield client.get(url, sent)
    if forms:
        with nothing_kept():
            yield client.post(url, sent)


def faults_of(answer: HttpResponse, unseen: str) -> list[str]:
    """What should not be seen, and an address elsewhere."""
    leads_to = answer.get("Location", "/")
    elsewhere = [] if leads_to.startswith("/") and not leads_to.startswith("//") else [leads_to]
    return [*elsewhere, *([unseen] if unseen in answer.content.decode(errors="replace") else [])]


def of_another_clinic() -> dict[str, Any]:
    """A form that names a therapist, a room, a device and a site of another clinic."""
    other = a_clinic(name="Foreign clinic")
    whom, site = a_member(clinic=other, full_name="Foreign hands"), a_site(clinic=other, name="Foreign house")
    room, device = a_room(site=site, name="Foreign room"), a_device(site=site, name="Foreign device")
    hours_of(whom, site=site)
    people, rooms = dict.fromkeys(("therapist", "own-therapist"), whom.pk), dict.fromkeys(("room", "own-room"), room.pk)
    sites, slot = dict.fromkeys(("site", "day-site", "day0-site"), site.pk), f"2027-01-04.120.{whom.pk}.{room.pk}.{site.pk}.{device.pk}"
    return {**FIELDS, **people, **rooms, **sites, "slot": slot, "place": f"2027-01-04.120.12.{whom.pk}", "way": "only"}


def bound_to(sent: Mapping[str, Any]) -> list[int]:
    """How much stands in the tables about that therapist, that room and that site."""
    of_person = (Booking, Absence, DayHours, WorkingHours, Wishes, Waiting)
    of_house = (
        Booking.objects.filter(room=sent["room"]),
        Device.objects.filter(room=sent["room"]),
        Closure.objects.filter(site=sent["site"]),
    )
    return [*(model.objects.filter(therapist=sent["therapist"]).count() for model in of_person), *(rows.count() for rows in of_house)]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_typed_is_no_error_of_ours_no_markup_and_reaches_no_other_clinic(name: str) -> None:
    client, url = a_house(name)
    for sent in WRONG:
        for answer in answers(name, client, url, sent):
            assert faults_of(answer, SCRIPT) == [], {key: value[:40] for key, value in sent.items()}
    foreign = of_another_clinic()
    before = bound_to(foreign)
    for answer in answers(name, client, url, foreign):
        assert (faults_of(answer, "Foreign"), bound_to(foreign)) == ([], before)
