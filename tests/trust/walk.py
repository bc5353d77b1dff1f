"""Which addresses are about a patient, and the looks that opening one has to leave. Read by the access matrix."""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.urls import get_resolver

from clinic.audit.models import Look
from tests.trust.access import ROWS
from tests.trust.house import House, Person, url_names
from tests.trust.rows import CLOSED, Row

# The beginning of a name -> why an address with such a name shows nothing of a patient.
NOT_ABOUT_A_PATIENT: Final = {
    "account": "one's own account",
    "mfa_": "one's own account",
    "staff-": "a colleague",
    "invitation": "somebody who is to join the staff",
    "library:": "an entry of the library, the same for everybody",
    "exchange:protocol-fhir": "a protocol of the library as a file, which is about nobody",
    "exchange:import": "a list of people who are on no register yet; whom of the register it shows is a line of its own, as after a search",
    "variants:": "a variant of the library, which names no patient; its examples are worked cases",
    "testbench:": "a patient who does not exist, or a case of a variant, which is stripped of whose it was",
    "rulebook:": "a rule of the library, or a clinic's own; what is tried on it is about nobody and is not kept",
    "publishing:": "a variant or an edition of the library: courses that keep to it are counted there, not named",
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


@functools.cache
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


@dataclass(frozen=True)
class Line:
    """One line of who looked, or tried to: the names of page and clinic, and the e-mail of the person."""

    kind: str
    page: str
    subject_id: str
    details: dict[str, Any]
    clinic: str
    user: str


# Asked in thousands of cells, so the words for the database are found once.
LINES = """
SELECT line.kind, line.page, line.subject_id, line.details, clinic.name, person.email
FROM audit_readline line JOIN staff_clinic clinic ON clinic.id = line.clinic_id JOIN staff_user person ON person.id = line.user_id
WHERE line.id > %s ORDER BY line.id
"""


def looks_after(number: int) -> list[Line]:
    """The lines that were left after the line with this number."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [number])
        found = cursor.fetchall()
    return [Line(kind, page, subject, json.loads(details), clinic, user) for kind, page, subject, details, clinic, user in found]


def names_its_record(name: str) -> bool:
    """Whether a refused attempt has to name the record that the address names."""
    return name in about_a_patient() and name not in SHOWS_NOTHING


def wrong_looks(name: str, row: Row, person: Person, response: Any, left: list[Line]) -> Iterator[str]:
    """Opening an address about a patient leaves exactly one look of the right kind, whoever opens it; a refusal is one."""
    is_open = person.here and person.may(row)
    kind = kind_of(response, name) if is_open else Look.REFUSED
    looks = row.looks if is_open else 1  # a page that shows two records is a look at both; a refusal is one
    wanted = [(kind, name, "Lindenhof" if person.here else "Rosengarten")] * looks if person.roles else []
    if (found := [(line.kind, line.page, line.clinic) for line in left]) != wanted:
        yield f"left {found}, not {wanted}"


def wrong_record(name: str, house: House, left: list[Line]) -> Iterator[str]:
    """What somebody from elsewhere tried leaves one line that names the record of the address, and who it was."""
    if len(left) != 1:
        yield f"left {len(left)} lines of an attempt"
    ids = {key: str(value) for key, value in house.thing.kwargs.items() if isinstance(value, int)}
    for line in left:
        if (line.kind, line.page, line.details["ids"]) != (Look.REFUSED, name, ids) or not line.user:
            yield f"left {line.kind} of {line.page} with {line.details} by {line.user}, not a refusal with {ids}"
        if house.url.startswith(("/patients/", "/courses/")) and line.subject_id != ids["pk"]:
            yield f"names {line.subject_id}, not {ids['pk']}"
