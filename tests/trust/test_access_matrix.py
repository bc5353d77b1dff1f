"""Every address x every kind of person x every method, generated from the URLconf and the table in access.py."""

import copy
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from clinic.audit.models import Look
from clinic.staff.models import User
from clinic.staff.permissions import PUBLIC, SIGNED_IN
from tests.fixtures import counted_queries
from tests.trust.access import ROWS
from tests.trust.house import House, Person, a_house, url_names
from tests.trust.hygiene import faults_of
from tests.trust.rows import CLOSED, Row
from tests.trust.walk import Line, about_a_patient, looks_after, names_its_record, wrong_looks, wrong_record

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MANY = 10_000
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def is_counted(row: Row) -> bool:
    """Whether the row says how often its page may ask the database."""
    return row.answers.get("GET") == 200 and not row.library


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are expected here; only errors are worth a line."""
    caplog.set_level(logging.ERROR, logger="django.request")


def test_every_address_has_a_row() -> None:
    missing = sorted(set(url_names()) - set(ROWS))
    assert not missing, f"Add a row for {', '.join(missing)} to tests/trust/access.py: who may open it, and what it answers."


def test_every_row_has_an_address() -> None:
    gone = sorted(set(ROWS) - set(url_names()))
    assert not gone, f"tests/trust/access.py has rows for addresses that are gone: {', '.join(gone)}."


def test_there_are_no_super_users() -> None:
    assert not {"is_superuser", "is_staff"} & {each.name for each in User._meta.get_fields()}


@pytest.mark.django_db
@pytest.mark.usefixtures("_refusals_are_drawn_once", "_answers_without_a_body_are_not_drawn", "_sessions_are_no_rows")
@pytest.mark.same_everywhere  # every page is opened on each database by ``test_a_page_asks_the_database_seldom``
@pytest.mark.parametrize("name", sorted(set(ROWS) & set(url_names())))
def test_everybody_gets_exactly_what_the_table_says(name: str, known_people: Callable[[], Any]) -> None:
    row = ROWS[name]
    house = a_house(row, name)
    faults = []
    for person in house.people:
        for method in METHODS:
            # A form may change who somebody is, and what it changed is read in the same request.
            with nullcontext() if method == "POST" else known_people():
                faults += [f"{person.who} {method}: {fault}" for fault in cell_faults(name, house, person, method)]
    faults += forged_faults(row, house)
    assert not faults, "\n".join([f"{name} ({house.url})", *faults])


@pytest.mark.django_db
@pytest.mark.part_of("test_everybody_gets_exactly_what_the_table_says")
@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if is_counted(row)))
def test_a_page_asks_the_database_seldom(name: str) -> None:
    row = ROWS[name]
    house = a_house(row, name, of=row.allowed_roles)
    for person in house.people:
        with counted_queries(row.queries):
            assert person.client.get(house.url).status_code == 200


def test_every_page_about_one_patient_counts_as_a_look() -> None:
    pages = [row for name, row in ROWS.items() if name.startswith(("patients:", "courses:")) and row.answers.get("GET") == 200]
    assert [row for row in pages if row.thing and not row.thing.endswith("-listed") and not row.seen] == []


def cell_faults(name: str, house: House, person: Person, method: str) -> list[str]:
    """What is wrong with one answer. Whatever it changed is taken back."""
    row, cookies = ROWS[name], copy.deepcopy(person.client.cookies)
    cache.clear()
    with transaction.atomic(), written() as statements, counted_queries(MANY) as queries:
        response = asked(person.client, method, house.url, row)
        left = looks_after(house.looked) if any('"audit_readline"' in statement for statement in statements) else []
        transaction.set_rollback(True)
    person.client.cookies = cookies
    expected = expected_status(row, house, person, method)
    faults = [] if response.status_code in expected else [f"{response.status_code}, not {sorted(expected)}"]
    refused = response.status_code in {302, 403, 404, 405} and not allowed(row, house, person)
    if refused:
        faults += traces_of_refusal(row, person, response.status_code, statements, left)
    changed = [statement for statement in statements if '"audit_readline"' not in statement]
    if method not in UNSAFE and changed and not row.library:
        faults.append(f"looked, and wrote {changed[0][:100]}")
    if refused or not person.here:
        body = response.content.decode(errors="replace")
        faults += [f"shows {canary}" for canary in house.thing.canaries if canary in body]
    if method == "GET" and is_counted(row) and person.here and person.role in row.allowed_roles and len(queries) > row.queries:
        faults.append("\n".join([f"{len(queries)} queries, {row.queries} are allowed:", *(sql[:200] for sql in queries)]))
    faults += look_faults(name, house, person, response, left)
    return faults + faults_of(response, signed_in=person.signed_in)


def look_faults(name: str, house: House, person: Person, response: Any, left: list[Line]) -> Iterator[str]:
    """What is wrong with the lines of who looked."""
    row, method = ROWS[name], response.request["REQUEST_METHOD"]
    if method == "GET" and row.seen:
        wanted = row.looks * int(person.here and person.role in row.allowed_roles)
        if (seen := sum(line.kind != Look.REFUSED for line in left)) != wanted:
            yield f"left {seen} lines of a look, not {wanted}"
        if name in about_a_patient():
            yield from wrong_looks(name, row, person, response, left)
    if person.role and not person.here and names_its_record(name) and method == ("POST" if "POST" in row.answers else "GET"):
        yield from wrong_record(name, house, left)


def forged_faults(row: Row, house: House) -> Iterator[str]:
    """Nothing is changed without the form's token, though whoever asks may do it."""
    allowed_here = (person for person in house.people if person.here and person.role in row.allowed_roles and CLOSED not in row.roles)
    for person in islice(allowed_here, 1):
        person.client.handler.enforce_csrf_checks = True
        with written() as statements:
            statuses = {method: person.client.generic(method, house.url).status_code for method in UNSAFE}
        if statuses != dict.fromkeys(UNSAFE, 403) or statements:
            yield f"{person.who} without the form's token: {statuses} and {statements}"


def traces_of_refusal(row: Row, person: Person, status: int, statements: list[str], left: list[Line]) -> Iterator[str]:
    """Somebody of a clinic who is refused leaves one line of that, and nothing else; nobody else who is refused writes anything."""
    wanted = int(bool(person.role) and CLOSED not in row.roles and status in {403, 404})
    notes = [(line.page, line.details.get("status")) for line in left if line.kind == Look.REFUSED]
    if len(notes) != wanted or any(noted[1] != status for noted in notes):
        yield f"was refused with {status} and left {notes}, not {wanted} lines"
    if len(statements) != wanted:
        yield f"was refused with {status} and wrote {[statement[:100] for statement in statements]}"


def asked(client: Client, method: str, url: str, row: Row) -> HttpResponse:
    call: Callable[..., Any] = getattr(client, method.lower())
    response: HttpResponse = call(url, row.data or {"empty": "form"}) if method == "POST" else call(url)
    return response


def allowed(row: Row, house: House, person: Person) -> bool:
    """Whether this person may open the address at all."""
    if PUBLIC in row.roles:
        return True
    if not person.signed_in or CLOSED in row.roles:
        return False
    if SIGNED_IN in row.roles:
        return True
    return person.role in row.roles and (person.here or row.shared or not house.thing.kwargs)


def expected_status(row: Row, house: House, person: Person, method: str) -> set[int]:
    """What the table says about one cell."""
    if not allowed(row, house, person):
        # A method that the address does not know is refused before the record is looked for.
        unknown = {405} if person.role in row.roles and method not in row.answers else set()
        return refusals(row, person) | unknown
    if row.library:
        # allauth sends people on, or explains; it never fails and never refuses with our page.
        return {200, 302, 400, 405} | ({404} if row.roles == (SIGNED_IN,) else set())
    status = row.answers.get(method, 405)
    return {status, row.answers.get("GET", 405)} if method == "HEAD" else {status}


def refusals(row: Row, person: Person) -> set[int]:
    """How somebody is refused: sent to sign in, told so, or told that there is no such thing."""
    if not person.signed_in:
        return {302, 404} if CLOSED in row.roles else {302}
    return {404} if person.role in row.roles or CLOSED in row.roles else {403}


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements in between that change something, sessions apart."""
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().split()[0].upper() in {"INSERT", "UPDATE", "DELETE"} and "django_session" not in sql:
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements
