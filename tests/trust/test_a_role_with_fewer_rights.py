"""The role that Tactus runs under in PostgreSQL adds to the chains and cannot change them, and every page works under it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine, ReadLine
from clinic.management.commands.database_role import CHANGED, rights_on, statements
from clinic.signing.models import Signature
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from patients.models import Patient
from tests.clinic.signing.making import a_chain
from tests.factories import a_member, a_patient

ROLE = "tactus_app_of_a_test"
ATTACKS = (
    "UPDATE {table} SET id = id",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table}",
)


@contextmanager
def as_role() -> Iterator[None]:
    """As Tactus runs in production where it does not own its tables. Everything is taken back with the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        for statement in statements(ROLE):
            if ' ON "cache"' not in statement:  # the tests' cache is no table where Redis is
                cursor.execute(statement)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.same_everywhere
def test_chains_are_read_and_added_to_and_other_tables_are_changed() -> None:
    assert rights_on(ReadLine) == "SELECT, INSERT"
    assert rights_on(AuditLine) == 'SELECT, INSERT, UPDATE ("details")'  # which the trigger lets an erasure by order empty
    assert "DELETE" not in rights_on(Signature)
    assert rights_on(Patient) == CHANGED


@pytest.mark.django_db
def test_the_role_works_and_each_of_five_attacks_on_a_chain_is_refused(doctor: Actor) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite knows no roles: whoever can write to the file can write to all of it
    a_chain(doctor, 1)
    client = Client()
    client.force_login(a_member(clinic=doctor.clinic, roles=Role.values))
    patient = a_patient(clinic=doctor.clinic)
    with as_role():
        for name in ("patients:list", "staff-list", "audit-list", "audit-reads", "courses:list", "health"):
            assert client.get(reverse(name)).status_code == 200, name
        assert client.get(f"/patients/{patient.pk}/").status_code == 200
        a_chain(doctor, 1)
        refused = [
            attack
            for table in ("audit_auditline", "audit_readline", "signing_signature")
            for attack in ATTACKS
            if is_refused(attack, table)
        ]
    assert len(refused) == 3 * len(ATTACKS)


def is_refused(attack: str, table: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack.format(table=table))
    except ProgrammingError as wrong:
        return "permission denied" in str(wrong) or "must be owner" in str(wrong)
    except DatabaseError:
        return False
    return False
