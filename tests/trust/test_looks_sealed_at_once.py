"""Looks are written and sealed by many at the same moment: each is in exactly one seal."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction

from clinic.audit import actions
from clinic.audit.actions import read_seen, record, seal_looks, verify_chain
from clinic.audit.models import SEALED_LOOKS, AuditLine, ReadLine
from clinic.audit.sealing import Seal
from clinic.audit.tasks import seal_looks as the_task
from clinic.staff.permissions import Actor
from tests.trust.test_two_at_the_same_moment import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for, so that looks turn up late as often as they can."""
    monkeypatch.setattr(actions, "SETTLED", timedelta(0))
    monkeypatch.setattr(actions, "MOST_IN_A_SEAL", 7)


def times_sealed() -> Counter[int]:
    seals = [Seal.from_details(line.details) for line in AuditLine.objects.filter(verb=SEALED_LOOKS)]
    return Counter(number for seal in seals for first, last in seal.runs for number in range(first, last + 1))


def test_workers_who_seal_while_others_look_leave_no_gap_and_seal_nothing_twice(therapist: Actor) -> None:
    def look() -> None:
        for _look in range(15):
            read_seen(actor=therapist, patient=therapist.user)

    def change() -> None:
        for _change in range(5):
            with transaction.atomic():
                record(actor=therapist, verb="tried", subject=therapist.user, details={})

    def seal() -> None:
        for _minute in range(5):
            the_task()

    assert set(at_once(look, look, change, seal, seal, seal)) == {"done"}
    the_task()
    assert times_sealed() == dict.fromkeys(ReadLine.objects.values_list("pk", flat=True), 1)
    assert ReadLine.objects.count() == 30
    assert verify_chain() is None


def test_a_look_whose_transaction_ends_after_a_later_one_was_sealed_is_sealed_too(therapist: Actor) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time, so no number is given out before the one below it is written
    written, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            read_seen(actor=therapist, patient=therapist.user)
            written.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    later = read_seen(actor=therapist, patient=therapist.user)
    assert seal_looks() == 1
    assert verify_chain() is None
    may_end.set()
    thread.join()
    assert seal_looks() == 1
    assert times_sealed() == {later.pk - 1: 1, later.pk: 1}
    assert verify_chain() is None
