"""One cell of the access matrix: what one kind of person gets by one method at one address, and everything that is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.core.cache import cache
from django.urls import reverse

from clinic.audit.models import Look
from clinic.staff.permissions import PUBLIC, SIGNED_IN
from tests.fixtures import counted_queries
from tests.trust.access import ROWS
from tests.trust.asking import Form, Statement, statements_with_values, written
from tests.trust.house import House, Person
from tests.trust.hygiene import TOKENS, faults_of
from tests.trust.rows import CLOSED, Row
from tests.trust.walk import Line, about_a_patient, looks_after, names_its_record, wrong_looks, wrong_record

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
MANY = 10_000
NOBODY_HAS = 987_654_321  # a number of no record
# What differs in each answer, whoever asks for whatever.
OWN_TO_EACH = {"x-request-id", "content-length"}


# Fields of records that no form may set. What a form really asks for is in the row's own data, or must not matter.
NONE_OF_THE_FORMS = {
    "clinic": "1", "clinic_id": "1", "user": "1", "user_id": "1", "actor": "1", "is_superuser": "1", "is_staff": "1",
    "is_active": "0", "registered_by": "1", "planned_by": "1", "planned_by_id": "1", "recorded_by": "1", "signed_by": "1",
    "created_by": "1", "signature": "1", "signature_id": "1", "state": "signed", "edition": "x", "digest": "0" * 64,
    "may_start": "on", "id": "987654321", "pk": "987654321", "merged_into": "1", "died_on": "2020-01-01",
    "restricted_on": "2020-01-01", "erased_on": "2020-01-01", "is_justified": "on",
}  # fmt: skip
BESIDE = ("audit_", "django_session", "staff_browsersession", "staff_sentform", "cache")


def adds_something(sql: str) -> bool:
    """Whether this statement adds a row to a table that says what was done, not who asked."""
    into = re.match(r'\s*INSERT INTO "(\w+)"', sql)
    return into is not None and not into[1].startswith(BESIDE)


def is_counted(row: Row) -> bool:
    """Whether the row says how often its page may ask the database."""
    return row.answers.get("GET") == 200 and not row.library


def cell_faults(name: str, house: House, person: Person, method: str, form: Form) -> list[str]:
    """What is wrong with one answer. Whatever it changed is taken back."""
    row = ROWS[name]
    is_budgeted = method == "GET" and is_counted(row) and person.here and person.may(row)
    cache.clear()
    counting: AbstractContextManager[list[str]] = counted_queries(MANY) if is_budgeted else nullcontext([])
    with written() as statements, counting as queries:
        response = person.browser.ask(method, house.url, form if method == "POST" else None)
    left = looks_after(house.looked) if any('"audit_readline"' in statement for statement in statements) else []
    if statements:
        house.take_back()
    expected = expected_status(row, house, person, method)
    faults = [] if response.status_code in expected else [f"{response.status_code}, not {sorted(expected)}"]
    refused = response.status_code in {302, 403, 404, 405} and not allowed(row, house, person)
    if refused:
        faults += traces_of_refusal(row, person, response.status_code, statements, left)
    known = ('"audit_readline"', *(('"audit_auditline"', '"audit_chainhead"') if row.noted else ()))
    changed = [statement for statement in statements if not any(table in statement for table in known)]
    if method not in UNSAFE and changed and not row.library:
        faults.append(f"looked, and wrote {changed[0][:100]}")
    if refused or not person.here:
        faults += [f"shows {canary}" for canary in shown(response, house.thing.canaries)]
    if is_budgeted and len(queries) > row.queries:
        faults.append("\n".join([f"{len(queries)} queries, {row.queries} are allowed:", *(sql[:200] for sql in queries)]))
    faults += look_faults(name, person, response, left, method=method)
    if person.roles and not person.here and names_its_record(name) and method == ("POST" if "POST" in row.answers else "GET"):
        faults += wrong_record(name, house, left)
    return faults + faults_of(response, signed_in=person.signed_in)


def shown(response: Any, canaries: tuple[str, ...]) -> list[str]:
    """The words of the record that stand in an answer: in its body, its headers or its cookies."""
    if not canaries:
        return []
    said = f"{response.content.decode(errors='replace')}\n{response.headers}\n{response.cookies}"
    return [canary for canary in canaries if canary in said]


def look_faults(name: str, person: Person, response: Any, left: list[Line], *, method: str) -> Iterator[str]:
    """What is wrong with the lines of who looked."""
    row = ROWS[name]
    if method == "GET" and row.seen:
        wanted = row.looks * int(person.here and person.may(row))
        if (seen := sum(line.kind != Look.REFUSED for line in left)) != wanted:
            yield f"left {seen} lines of a look, not {wanted}"
        if name in about_a_patient():
            yield from wrong_looks(name, row, person, response, left)


def traces_of_refusal(row: Row, person: Person, status: int, statements: list[str], left: list[Line]) -> Iterator[str]:
    """Somebody of a clinic who is refused leaves one line of that, and nothing else; nobody else who is refused writes anything."""
    wanted = int(bool(person.roles) and CLOSED not in row.roles and status in {403, 404})
    notes = [(line.page, line.details.get("status")) for line in left if line.kind == Look.REFUSED]
    if len(notes) != wanted or any(noted[1] != status for noted in notes):
        yield f"was refused with {status} and left {notes}, not {wanted} lines"
    if len(statements) != wanted:
        yield f"was refused with {status} and wrote {[statement[:100] for statement in statements]}"


def allowed(row: Row, house: House, person: Person) -> bool:
    """Whether this person may open the address at all."""
    if PUBLIC in row.roles:
        return True
    if not person.signed_in or CLOSED in row.roles:
        return False
    return SIGNED_IN in row.roles or (person.may(row) and (person.here or row.shared or not house.thing.kwargs))


def expected_status(row: Row, house: House, person: Person, method: str) -> set[int]:
    """What the table says about one cell."""
    if not allowed(row, house, person):
        # A method that the address does not know is refused before the record is looked for.
        unknown = {405} if not person.roles.isdisjoint(row.roles) and method not in row.answers else set()
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
    return {404} if not person.roles.isdisjoint(row.roles) or CLOSED in row.roles else {403}


def forged_faults(row: Row, house: House) -> Iterator[str]:
    """Nothing is changed without the form's token, though whoever asks may do it."""
    allowed_here = (person for person in house.people if person.here and person.may(row) and CLOSED not in row.roles)
    for person in islice(allowed_here, 1):
        with written() as statements:
            statuses = {method: person.browser.ask(method, house.url, checks_forms=True).status_code for method in UNSAFE}
        if statuses != dict.fromkeys(UNSAFE, 403) or statements:
            yield f"{person.who} without the form's token: {statuses} and {statements}"


def sent_again_faults(name: str, house: House, data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong when somebody who may sends the very same form twice, or with fields that are none of the form's.

    Forms that make something new carry a token and are sent many times by test_every_form_that_makes_something.py.
    """
    row = ROWS[name]
    person = next((each for each in house.people if each.here and each.may(row)), None)
    if person is None or "POST" not in row.answers or row.library:
        return
    with statements_with_values() as plain:
        first = person.browser.ask("POST", house.url, Form.of(data))
    again: list[Statement] = []
    if first.status_code < 400 and not row.repeats:
        with statements_with_values() as again:
            person.browser.ask("POST", house.url, Form.of(data))
    house.take_back()
    yield from (f"sent again, it adds {sql[:90]}" for sql, _values in again if adds_something(sql))
    if "*" in row.own:
        return
    with statements_with_values() as stuffed:
        answer = person.browser.ask(
            "POST", house.url, Form.of({key: value for key, value in NONE_OF_THE_FORMS.items() if key not in row.own} | dict(data))
        )
    house.take_back()
    if (answer.status_code, stuffed) != (first.status_code, plain):
        differs = next((pair for pair in zip(plain, stuffed, strict=False) if pair[0] != pair[1]), (len(plain), len(stuffed)))
        yield f"fields that it does not have change what it does: {first.status_code} and {answer.status_code}, {str(differs)[:400]}"


def has_owner(row: Row, house: House) -> bool:
    """Whether the address names a record by a number, and only people of its clinic may see it."""
    is_open = {PUBLIC, SIGNED_IN, CLOSED} & set(row.roles)
    return any(isinstance(value, int) for value in house.thing.kwargs.values()) and not is_open and not row.shared


def telling_faults(name: str, house: House, form: Form) -> Iterator[str]:
    """Whether a record is somewhere else or nowhere is answered alike, to the last byte, to somebody with every role."""
    row = ROWS[name]
    if not has_owner(row, house):
        return
    stranger = next(person for person in house.people if not person.here and len(person.roles) > 1)
    nowhere = {key: NOBODY_HAS if isinstance(value, int) else value for key, value in house.thing.kwargs.items()}
    method, urls = "GET" if "GET" in row.answers else "POST", (house.url, reverse(name, kwargs=nowhere))
    there, none = (told(stranger.browser.ask(method, url, form if method == "POST" else None), url) for url in urls)
    house.take_back()
    if there != none or there[0] != 404:
        yield f"{stranger.who} {method}: a record of another clinic is answered {there}, one that nobody has {none}"


def told(response: Any, url: str) -> tuple[int, Mapping[str, str], str]:
    """An answer without what it repeats of the address, and what differs in each."""
    body: str = response.content.decode(errors="replace")
    for repeated in (url, quote(url, safe="")):
        body = body.replace(repeated, "{url}")
    for token in (*TOKENS, re.compile(r'nonce="[^"]*"')):
        body = token.sub("", body)
    return response.status_code, {key.lower(): said for key, said in response.headers.items() if key.lower() not in OWN_TO_EACH}, body
