"""The audit's digests need no key, so who can write to every table can write all of it anew. The signed heads tell (H21, F30)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from clinic.audit.actions import verify_chain
from clinic.audit.chain import digest_of
from clinic.audit.models import GENESIS, AuditLine, ChainHead
from clinic.signing.heads import append_heads, audit_heads_file
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_chain
from tests.fixtures import without_triggers

pytestmark = pytest.mark.django_db


def linked_anew(lines: list[AuditLine]) -> None:
    """Every line stored again, with numbers and digests that fit: what a forger with all of the database does."""
    digest = GENESIS
    with without_triggers(connection):
        AuditLine.objects.all().delete()
        for number, line in enumerate(lines, 1):
            line.sequence, line.previous_digest = number, digest
            line.digest = digest = digest_of(line)
            line.save(force_insert=True)
    ChainHead.objects.update(sequence=len(lines), digest=digest)


def edited(lines: list[AuditLine]) -> list[AuditLine]:
    lines[0].verb = "something-else"
    return lines


def without_the_first(lines: list[AuditLine]) -> list[AuditLine]:
    return lines[1:]


def without_the_last(lines: list[AuditLine]) -> list[AuditLine]:
    return lines[:-1]


@pytest.mark.parametrize("forged", [edited, without_the_first, without_the_last])
def test_an_audit_that_was_written_anew_is_found_by_its_heads(
    doctor: Actor, forged: Callable[[list[AuditLine]], list[AuditLine]], capsys: pytest.CaptureFixture[str]
) -> None:
    a_chain(doctor, 3)
    append_heads()
    call_command("verify", "signoff")
    linked_anew(forged(list(AuditLine.objects.order_by("sequence"))))
    assert verify_chain() is None
    with pytest.raises(SystemExit):
        call_command("verify", "signoff")
    assert "Audit: line" in capsys.readouterr().out


def test_what_is_added_after_a_head_is_no_fault(doctor: Actor) -> None:
    a_chain(doctor, 1)
    append_heads()
    a_chain(doctor, 2)
    call_command("verify", "signoff")


def test_every_signature_anchors_the_audit(doctor: Actor, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        a_chain(doctor, 1)
    assert len(audit_heads_file().read_text().splitlines()) == 1
