"""Fixtures about people and about the database, for every test (loaded by tests/conftest.py)."""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import timezone, translation

from clinic.audit.append_only import AppendOnly
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from tests.factories import a_clinic, a_member, an_actor, proof_of

# Every page pays for these, so a budget of a page leaves them out.
UNCOUNTED = ("django_session", "staff_browsersession", "staff_user", "staff_staffrole", "audit_", "patients_breakglass")
# The table that a statement is about; a joined one does not count, or a list joined with its author would cost nothing.
TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE) "(\w+)"')

_TESTS = itertools.count(1)


@pytest.fixture(autouse=True)
def _english_and_utc() -> Iterator[None]:
    """A request leaves its reader's language and zone behind; the next test begins without them."""
    translation.activate("en")
    timezone.deactivate()
    yield
    translation.activate("en")
    timezone.deactivate()


@pytest.fixture
def clinic(db: None) -> Clinic:
    """The clinic where the people of the fixtures below work."""
    return a_clinic(name="Lindenhof")


@pytest.fixture
def other_clinic(db: None) -> Clinic:
    return a_clinic(name="Rosengarten")


@pytest.fixture
def therapist(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=(Role.THERAPIST,))


@pytest.fixture
def clinic_admin(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=(Role.ADMIN,))


@pytest.fixture
def doctor(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=(Role.DOCTOR,))


@pytest.fixture
def clinical_lead(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=(Role.CLINICAL_LEAD,))


@pytest.fixture
def auditor(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=(Role.AUDITOR,))


@pytest.fixture
def stranger(other_clinic: Clinic) -> Actor:
    """A therapist of another clinic."""
    return an_actor(clinic=other_clinic, roles=(Role.THERAPIST,))


@pytest.fixture
def signed_in() -> Callable[[Actor | User], Client]:
    """``signed_in(therapist)`` is a browser of that person."""

    def client_of(somebody: Actor | User) -> Client:
        client = Client()
        client.force_login(somebody.user if isinstance(somebody, Actor) else somebody)
        return client

    return client_of


@pytest.fixture
def proved_in(signed_in: Callable[[Actor | User], Client]) -> Callable[[Actor | User], Client]:
    """The same of somebody who said the password again a moment ago, for pages that ask for that (``identity_proved_again``)."""

    def client_of(somebody: Actor | User) -> Client:
        client, user = signed_in(somebody), somebody.user if isinstance(somebody, Actor) else somebody
        session = client.session
        session.update(proof_of(user))
        session.save()
        return client

    return client_of


@pytest.fixture
def member(clinic: Clinic) -> Callable[..., User]:
    """``member(Role.DOCTOR)`` works at the clinic of the fixtures."""
    return lambda *roles: a_member(clinic=clinic, roles=roles)


class TooManyQueries(AssertionError):
    """A page asked the database more often than it may."""


@pytest.fixture
def max_queries() -> Callable[[int], AbstractContextManager[list[str]]]:
    """``with max_queries(8): client.get(…)`` fails when more is asked, session, person, roles and audit apart."""
    return counted_queries


@contextmanager
def counted_queries(most: int) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        table = TABLE.search(sql)
        if table and not table[1].startswith(UNCOUNTED):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked
    if len(asked) > most:
        raise TooManyQueries(f"{len(asked)} queries, {most} are allowed:\n" + "\n".join(sql[:200] for sql in asked))


@pytest.fixture(autouse=True)
def _forgotten_limits() -> None:
    """Attempts at signing in are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(autouse=True)
def _heads_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The file of heads outlives a test, whose chain of signatures does not. The next test names another, so nothing is put back."""
    settings.SIGNING_HEADS = tmp_path_factory.getbasetemp() / f"heads-{next(_TESTS)}"


@pytest.fixture(autouse=True, scope="session")
def _tables_that_only_grow_can_be_emptied_between_tests() -> Iterator[None]:
    """Tests with real transactions end by emptying every table, which our triggers refuse: they are lifted just for that."""
    original = BaseDatabaseOperations.execute_sql_flush

    def lifted(operations: Any, sql_list: list[str]) -> Any:
        with without_triggers(operations.connection):
            return original(operations, _only_of_what_is_filled(operations.connection, sql_list))

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign, assignment]
    yield
    BaseDatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


def _only_of_what_is_filled(database: Any, sql_list: list[str]) -> list[str]:
    """PostgreSQL makes new files for every table and index that it truncates, empty or not, which takes longer than most of these tests.

    Only tables with rows are emptied instead; their order is no matter, as foreign keys are checked at the end of the transaction.
    """
    if database.vendor != "postgresql" or len(sql_list) != 1 or "RESTART" in sql_list[0] or not sql_list[0].startswith("TRUNCATE"):
        return sql_list
    tables = re.findall(r'"(\w+)"', sql_list[0])
    with database.cursor() as cursor:
        # The names come from Django itself.
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables))  # noqa: S608
        return [f'DELETE FROM "{table}"' for (table,) in cursor.fetchall()]  # noqa: S608


def append_only_tables() -> list[str]:
    """The tables whose rows the database refuses to change."""
    models = apps.get_models()
    return [model._meta.db_table for model in models if any(isinstance(rule, AppendOnly) for rule in model._meta.constraints)]


@contextmanager
def without_triggers(database: Any) -> Iterator[None]:
    """Lets a test do to append-only tables what only somebody with the keys of the database could do."""
    tables = append_only_tables()
    if database.vendor == "postgresql":
        # PostgreSQL alters no table while a foreign key of this transaction still waits to be checked.
        before = ["SET CONSTRAINTS ALL IMMEDIATE", *(f'ALTER TABLE "{table}" DISABLE TRIGGER USER' for table in tables)]
        after = [f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in tables]
    else:
        with database.cursor() as cursor:
            cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
            found = [(name, sql) for name, sql, table in cursor.fetchall() if table in tables]
        before, after = [f'DROP TRIGGER "{name}"' for name, _sql in found], [sql for _name, sql in found]
    _run(database, before)
    yield
    _run(database, after)


def _run(database: Any, statements: list[str]) -> None:
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
