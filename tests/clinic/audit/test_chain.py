"""Nobody changes the audit unseen."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from clinic.audit.actions import read_seen, record, verify_chain
from clinic.audit.models import AuditLine, ChainHead, ReadLine
from clinic.staff.permissions import Actor
from tests.fixtures import without_triggers


@pytest.fixture
def three_lines(therapist: Actor) -> list[AuditLine]:
    return [record(actor=therapist, verb=f"tried-{number}", subject=therapist.user, details={"ü": [number, None]}) for number in range(3)]


def test_an_untouched_chain_holds(three_lines: list[AuditLine], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_chain() is None
    call_command("verify_audit")
    assert "holds: 3 lines" in capsys.readouterr().out


def test_a_line_names_who_where_as_what_and_what(three_lines: list[AuditLine], therapist: Actor) -> None:
    line = AuditLine.objects.get(sequence=2)
    assert (line.user, line.clinic, line.roles, line.verb) == (therapist.user, therapist.clinic, "therapist", "tried-1")
    assert (line.subject_type, line.subject_id, line.details) == ("staff.user", str(therapist.user.pk), {"ü": [1, None]})


@pytest.mark.parametrize("table", ["audit_auditline", "audit_readline"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET roles = 'doctor'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_a_line(therapist: Actor, table: str, statement: str, three_lines: Any) -> None:
    read_seen(actor=therapist, patient=therapist.user)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_the_database_refuses_the_engine_s_own_way_round(three_lines: list[AuditLine]) -> None:
    statement = (
        "TRUNCATE audit_auditline"
        if connection.vendor == "postgresql"
        else "INSERT OR REPLACE INTO audit_auditline SELECT * FROM audit_auditline WHERE sequence = 1"
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit_auditline SET verb = 'x' WHERE sequence = 2", "line 2 was changed"),
        ("UPDATE audit_auditline SET roles = 'doctor' WHERE sequence = 1", "line 1 was changed"),
        ("UPDATE audit_auditline SET at = '2020-01-01 00:00:00+00:00' WHERE sequence = 3", "line 3 was changed"),
        ("DELETE FROM audit_auditline WHERE sequence = 1", "line 1 is missing"),
        ("DELETE FROM audit_auditline WHERE sequence = 2", "line 2 is missing"),
        ("DELETE FROM audit_auditline WHERE sequence = 3", "lines after 2 were cut off"),
        ("DELETE FROM audit_auditline", "lines after 0 were cut off"),
    ],
)
def test_whoever_has_the_keys_of_the_database_is_still_found_out(three_lines: Any, statement: str, sentence: str) -> None:
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute(statement)
    broken = verify_chain()
    assert broken is not None
    assert sentence in broken.sentence
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit")


def test_a_line_that_is_rehashed_no_longer_fits_its_neighbour(three_lines: list[AuditLine]) -> None:
    from clinic.audit.chain import digest_of

    line = AuditLine.objects.get(sequence=2)
    line.verb = "forged"
    with without_triggers(connection):
        AuditLine.objects.filter(sequence=2).update(verb="forged", digest=digest_of(line))
    broken = verify_chain()
    assert broken is not None
    assert "line 3 does not follow" in broken.sentence


def test_a_line_vanishes_with_the_change_that_it_records(therapist: Actor) -> None:
    with transaction.atomic():
        record(actor=therapist, verb="tried", subject=therapist.user, details={})
        transaction.set_rollback(True)
    assert not AuditLine.objects.exists()
    assert verify_chain() is None


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused(therapist: Actor) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(actor=therapist, verb="tried", subject=therapist.user, details={})


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize("details", [{"x": 1.5}, {"x": {1, 2}}, {1: "x"}, {"x": b"y"}])
def test_what_json_does_not_keep_exactly_is_refused(therapist: Actor, details: Any) -> None:
    with pytest.raises(TypeError):
        record(actor=therapist, verb="tried", subject=therapist.user, details=details)


def test_there_is_one_head(three_lines: list[AuditLine]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ChainHead.objects.create(pk=2)


def test_looking_leaves_a_line_and_does_not_touch_the_chain(therapist: Actor) -> None:
    read_seen(actor=therapist, patient=therapist.user)
    assert ReadLine.objects.get().user == therapist.user
    assert not ChainHead.objects.exists()


@pytest.mark.parametrize("column", ["sequence", "digest"])
def test_a_line_is_not_replaced_by_one_with_another_number(three_lines: list[AuditLine], column: str) -> None:
    if connection.vendor != "sqlite":
        return  # only SQLite knows INSERT OR REPLACE
    first = three_lines[0]
    sequence, digest = (first.sequence, "0" * 64) if column == "sequence" else (900, first.digest)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO audit_auditline (id, sequence, at, roles, verb, subject_type, subject_id, details,"
            " previous_digest, digest) VALUES (900, %s, %s, '', 'x', 'x', '1', '{}', 'x', %s)",
            [sequence, first.at.isoformat(), digest],
        )
    assert AuditLine.objects.filter(pk=first.pk).exists()
