"""Every address about a patient leaves exactly one look of the right kind, whoever opens it; driven by the table in access.py.

An address that takes an id is about a patient unless ``NOT_ABOUT_A_PATIENT`` names it: a new one is in before anybody thinks of it.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.db import transaction
from django.urls import get_resolver

from clinic.audit.models import Look, ReadLine
from clinic.audit.pages import PAGES
from clinic.staff.models import Role
from clinic.staff.permissions import PUBLIC, SIGNED_IN
from tests.trust.access import ROWS
from tests.trust.rows import CLOSED, Row
from tests.trust.test_access_matrix import House, a_house, url_names

# Each page is opened on each database by ``test_a_page_asks_the_database_seldom``; looks are kept there by test_looks.py.
pytestmark = pytest.mark.same_everywhere

# The beginning of a name -> why an address with such a name shows nothing of a patient.
NOT_ABOUT_A_PATIENT: Final = {
    "account": "one's own account",
    "mfa_": "one's own account",
    "staff-": "a colleague",
    "invitation": "somebody who is to join the staff",
    "library:": "an entry of the library, the same for everybody",
    "numbers:": "counts of the whole clinic, which name no patient",
    "feeds:calendar": "a calendar that somebody subscribed to; whom it shows is a line of its own, see test_feeds.py",
    "schedule:person": "the hours of a colleague",
    "schedule:week": "the hours of a colleague",
    "schedule:day": "the hours of a colleague",
    "schedule:absence": "the absence of a colleague; sessions that it hits stand there without names",
    "schedule:place": "a room or a device; what is booked there stands there without names",
    "schedule:closure": "a closure; sessions that it hits stand there without names",
    "intake-link:": "the patient's own form behind a link: it shows nothing of the record, and opening it leaves a line in the chain",
    "answer:": "the patient's own page behind the link of a message: when and where, and nothing of the record",
    "reminders:mailbox-file": "a file of the demo, where no message leaves the machine",
    "reminders:text": "a text of the clinic, made from made-up or real dates, without a name",
}
# A page that can be asked for, but that shows nothing in the state of its row's record.
SHOWS_NOTHING: Final = {
    "patients:intake-declaration": "leads to the questions that are still open",
}
# An absence, a closed day, a plan of a day: the sessions of many hang on it, so one line says whom it showed, as after a search.
ABOUT_MANY: Final = {"calendar:absent", "calendar:closed", "calendar:rehomed", "calendar:replanning"}


def takes_an_id(name: str) -> bool:
    """Whether the address names a record."""
    return any("%(" in pattern for pattern, _parameters in _ways_to(name))


def _ways_to(name: str) -> list[tuple[str, Any]]:
    resolver, *_rest, last = get_resolver(), *name.split(":")
    for space in name.split(":")[:-1]:
        resolver = resolver.namespace_dict[space][1]
    return [way for possibility in resolver.reverse_dict.getlist(last) for way in possibility[0]]


def about_a_patient() -> dict[str, Row]:
    named = {name: row for name, row in ROWS.items() if name in url_names() and takes_an_id(name)}
    return {name: row for name, row in named.items() if not name.startswith(tuple(NOT_ABOUT_A_PATIENT)) and CLOSED not in row.roles}


def can_be_opened(row: Row) -> bool:
    """Whether there is something to see; what only takes a form leaves a line of the change, and 405 to a look (see the matrix)."""
    return row.answers.get("GET", 405) != 405


def kind_of(response: Any, name: str) -> str:
    """What the browser got: a list of people, a page about one, something made for paper, or a file to keep."""
    if name in ABOUT_MANY:
        return Look.SEARCHED
    if response.get("Content-Disposition", "").startswith("attachment"):
        return Look.EXPORTED
    return Look.PRINTED if response["Content-Type"] == "application/pdf" else Look.LOOKED


def test_the_walk_sees_the_addresses_about_patients() -> None:
    found = about_a_patient()
    assert {"patients:detail", "patients:looks", "courses:detail", "courses:card", "courses:plan-pdf"} <= set(found)
    assert not {"staff-roles", "library:rule", "audit-list", "account_login"} & set(found)


def test_every_address_about_a_patient_that_can_be_opened_counts_as_a_look() -> None:
    unseen = [name for name, row in about_a_patient().items() if can_be_opened(row) and not row.seen and name not in SHOWS_NOTHING]
    assert not unseen, f"seen=True in access.py, or a reason in SHOWS_NOTHING here: {unseen}"


def test_no_reason_is_left_behind() -> None:
    assert [name for name in SHOWS_NOTHING if name not in ROWS or ROWS[name].seen or ROWS[name].answers.get("GET") == 200] == []
    assert not ABOUT_MANY - set(about_a_patient())
    assert [begin for begin in NOT_ABOUT_A_PATIENT if not any(name.startswith(begin) for name in url_names())] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, row in about_a_patient().items() if row.seen))
def test_opening_it_leaves_one_look_of_the_right_kind(name: str) -> None:
    row = ROWS[name]
    house = a_house(row, name)
    faults = list(wrong_looks(row, house, name))
    assert not faults, "\n".join([name, *faults])


def wrong_looks(row: Row, house: House, name: str) -> Iterator[str]:
    for person in house.people:
        with transaction.atomic():
            response = person.client.get(house.url)
            left = list(ReadLine.objects.values_list("kind", "page", "clinic__name"))
            transaction.set_rollback(True)
        is_open = person.here and person.role in row.allowed_roles
        looks = row.looks if is_open else 1  # a page that shows two records is a look at both; a refusal is one
        wanted = [(kind_of(response, name) if is_open else Look.REFUSED, name, "Lindenhof" if person.here else "Rosengarten")] * looks
        if left != (wanted if person.role else []):
            yield f"{person.who} got {response.status_code} and left {left}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in about_a_patient() if name not in SHOWS_NOTHING))
def test_a_refused_attempt_names_the_record_that_the_address_names(name: str) -> None:
    row = ROWS[name]
    house = a_house(row, name)
    for person in house.people:
        if person.role and not person.here:
            person.client.generic("POST" if "POST" in row.answers else "GET", house.url)
    lines = ReadLine.objects.all()
    assert len(lines) == len(Role.values)
    for line in lines:
        assert (line.kind, line.page, line.user.email != "") == (Look.REFUSED, name, True)
        ids = {key: str(value) for key, value in house.thing.kwargs.items() if isinstance(value, int)}
        assert line.details["ids"] == ids
        if house.url.startswith(("/patients/", "/courses/")):
            assert line.subject_id == ids["pk"]


def test_every_page_that_leaves_a_look_or_refuses_has_words() -> None:
    """Whoever reads the audit or gets the printed report meets words, never the name of an address."""
    everybody = {PUBLIC, SIGNED_IN, CLOSED}
    refusing = {name for name, row in ROWS.items() if not everybody & set(row.roles) and set(row.roles) != set(Role.values)}
    leaving = {name for name, row in ROWS.items() if row.seen} | refusing | set(about_a_patient())
    assert not leaving - set(PAGES), f"Add to clinic/audit/pages.py: {sorted(leaving - set(PAGES))}"
    assert not set(PAGES) - set(url_names()), f"These addresses are gone: {sorted(set(PAGES) - set(url_names()))}"
