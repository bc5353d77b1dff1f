"""Every address x every kind of person x every method, generated from the URLconf and the table in access.py."""

import copy
import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django import shortcuts
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic.audit.models import Look, ReadLine
from clinic.staff import middleware
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import PUBLIC, SIGNED_IN
from tests.factories import a_clinic, a_member, a_user
from tests.fixtures import counted_queries
from tests.trust.access import ROWS, THINGS
from tests.trust.hygiene import faults_of
from tests.trust.rows import CLOSED, Row, Thing

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# By one name their pages are the same wherever what they may see is the same, and the same markup is read once.
NAME_OF_ALL = "Kim Somebody"


@dataclass(frozen=True)
class Person:
    """Somebody who asks: what they are, and their browser."""

    who: str
    role: str
    here: bool
    client: Client

    @property
    def signed_in(self) -> bool:
        return self.who not in {"anonymous", "disabled"}


@dataclass(frozen=True)
class House:
    """Two clinics with people of every kind, and the record of one row at the first clinic; ``looks`` were left while it was made."""

    people: tuple[Person, ...]
    thing: Thing
    url: str
    looks: int


@functools.cache
def url_names() -> tuple[str, ...]:
    """Every name in the URLconf; an address without a name gets its pattern, and so has no row."""
    return tuple(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _names(entry.url_patterns, inner)
        else:
            yield f"{namespace}{entry.name or entry.pattern}"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are expected here; only errors are worth a line."""
    caplog.set_level(logging.ERROR, logger="django.request")


@pytest.fixture
def _refusals_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of refusal tells who asked, and where. With these and the words the same it is drawn once for all methods without a body."""
    drawn: dict[Any, HttpResponse] = {}

    def render(request: Any, template: str, context: dict[str, str] | None = None, **more: Any) -> HttpResponse:
        key = (template, request.user.pk, request.path, request.method == "POST", tuple((context or {}).items()), tuple(more.items()))
        if key not in drawn:
            drawn[key] = shortcuts.render(request, template, context, **more)
        return copy.deepcopy(drawn[key])

    monkeypatch.setattr(middleware, "render", render)


@pytest.fixture
def _sessions_are_no_rows(settings: Any) -> None:
    """Where a session is kept is no matter of who may what, and a row costs a question in each of thousands of cells."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


def test_every_address_has_a_row() -> None:
    missing = sorted(set(url_names()) - set(ROWS))
    assert not missing, f"Add a row for {', '.join(missing)} to tests/trust/access.py: who may open it, and what it answers."


def test_every_row_has_an_address() -> None:
    gone = sorted(set(ROWS) - set(url_names()))
    assert not gone, f"tests/trust/access.py has rows for addresses that are gone: {', '.join(gone)}."


def test_there_are_no_super_users() -> None:
    assert not {"is_superuser", "is_staff"} & {each.name for each in User._meta.get_fields()}


@pytest.mark.django_db
@pytest.mark.usefixtures("_refusals_are_drawn_once", "_sessions_are_no_rows")
@pytest.mark.same_everywhere  # every page is opened on each database by ``test_a_page_asks_the_database_seldom``
@pytest.mark.parametrize("name", sorted(set(ROWS) & set(url_names())))
def test_everybody_gets_exactly_what_the_table_says(name: str) -> None:
    row = ROWS[name]
    house = a_house(row, name)
    cells = ((person, method) for person in house.people for method in METHODS)
    faults = [f"{person.who} {method}: {fault}" for person, method in cells for fault in cell_faults(row, house, person, method)]
    assert not faults, "\n".join([f"{name} ({house.url})", *faults])


@pytest.mark.django_db
@pytest.mark.same_everywhere
@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if CLOSED not in row.roles))
def test_nothing_is_changed_without_the_form_s_token(name: str) -> None:
    row = ROWS[name]
    house = a_house(row, name, of=row.allowed_roles[:1])
    (person,) = house.people
    person.client.handler.enforce_csrf_checks = True
    with written() as statements:
        statuses = {method: person.client.generic(method, house.url).status_code for method in UNSAFE}
    assert statuses == dict.fromkeys(UNSAFE, 403)
    assert statements == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.answers.get("GET") == 200 and not row.library))
def test_a_page_asks_the_database_seldom(name: str) -> None:
    row = ROWS[name]
    house = a_house(row, name, of=row.allowed_roles)
    for person in house.people:
        with counted_queries(row.queries):
            assert person.client.get(house.url).status_code == 200


def test_every_page_about_one_patient_counts_as_a_look() -> None:
    pages = [row for name, row in ROWS.items() if name.startswith(("patients:", "courses:")) and row.answers.get("GET") == 200]
    assert [row for row in pages if row.thing and not row.thing.endswith("-listed") and not row.seen] == []


def looks_not_noted(row: Row, person: Person, before: int) -> Iterator[str]:
    """Looking at a patient leaves exactly one line, and whoever sees nothing leaves none."""
    if not row.seen:
        return
    lines, wanted = looks_seen() - before, row.looks * int(person.here and person.role in row.allowed_roles)
    if lines != wanted:
        yield f"left {lines} lines of a look, not {wanted}"


def cell_faults(row: Row, house: House, person: Person, method: str) -> list[str]:
    """What is wrong with one answer. Whatever it changed is taken back."""
    cookies = copy.deepcopy(person.client.cookies)
    cache.clear()
    with transaction.atomic(), written() as statements:
        response = asked(person.client, method, house.url, row)
        unnoted = list(looks_not_noted(row, person, house.looks)) if method == "GET" else []
        notes = refusals_noted() if any('"audit_readline"' in statement for statement in statements) else []
        transaction.set_rollback(True)
    person.client.cookies = cookies
    expected = expected_status(row, house, person, method)
    faults = [] if response.status_code in expected else [f"{response.status_code}, not {sorted(expected)}"]
    refused = response.status_code in {302, 403, 404, 405} and not allowed(row, house, person)
    if refused:
        faults += traces_of_refusal(row, person, response.status_code, statements, notes)
    changed = [statement for statement in statements if '"audit_readline"' not in statement]
    if method not in UNSAFE and changed and not row.library:
        faults.append(f"looked, and wrote {changed[0][:100]}")
    if refused or not person.here:
        body = response.content.decode(errors="replace")
        faults += [f"shows {canary}" for canary in house.thing.canaries if canary in body]
    return faults + unnoted + faults_of(response, signed_in=person.signed_in)


def traces_of_refusal(row: Row, person: Person, status: int, statements: list[str], notes: list[Any]) -> Iterator[str]:
    """Somebody of a clinic who is refused leaves one line of that, and nothing else; nobody else who is refused writes anything."""
    wanted = int(bool(person.role) and CLOSED not in row.roles and status in {403, 404})
    if len(notes) != wanted or any(noted[1] != status for noted in notes):
        yield f"was refused with {status} and left {notes}, not {wanted} lines"
    if len(statements) != wanted:
        yield f"was refused with {status} and wrote {[statement[:100] for statement in statements]}"


def refusals_noted() -> list[Any]:
    """Page and status of each refusal that left a line."""
    return list(ReadLine.objects.filter(kind=Look.REFUSED).values_list("page", "details__status"))


def looks_seen() -> int:
    """How many looks there are that somebody was not refused."""
    return ReadLine.objects.exclude(kind=Look.REFUSED).count()


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


def a_house(row: Row, name: str, *, of: tuple[str, ...] = ()) -> House:
    """The record of the row, and everybody who may come; ``of``: only people of these roles at the clinic of the record."""
    here, elsewhere = a_clinic(name="Lindenhof"), a_clinic(name="Rosengarten")
    for clinic in (here, elsewhere):
        # An administrator who stays, so that the record's own role can be taken away.
        a_member(clinic=clinic, roles=(Role.ADMIN,))
    thing = THINGS[row.thing](here) if row.thing else Thing({})
    everybody = [] if of else [*nobodies(here), *colleagues(elsewhere, here=False)]
    people = [*everybody, *colleagues(here, here=True, roles=of or tuple(Role.values))]
    return House(tuple(people), thing, reverse(name, kwargs=dict(thing.kwargs)), looks_seen())


def nobodies(clinic: Clinic) -> Iterator[Person]:
    disabled = a_member(clinic=clinic, roles=(Role.ADMIN, Role.THERAPIST), full_name=NAME_OF_ALL)
    client = browser(disabled)
    disabled.is_active = False
    disabled.save()
    yield Person("anonymous", "", here=False, client=Client())
    yield Person("disabled", "", here=False, client=client)
    yield Person("without a role", "", here=False, client=browser(a_user(full_name=NAME_OF_ALL)))


def colleagues(clinic: Clinic, *, here: bool, roles: tuple[str, ...] = tuple(Role.values)) -> Iterator[Person]:
    for role in roles:
        who = role if here else f"{role} elsewhere"
        yield Person(who, role, here=here, client=browser(a_member(clinic=clinic, roles=(role,), full_name=NAME_OF_ALL)))


def browser(user: User) -> Client:
    """Somebody signed in. Only the session is made, as signing in makes it: its line in the audit is no matter of these tests."""
    client = Client(raise_request_exception=True)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client
