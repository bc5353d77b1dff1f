"""No look is changed, removed or put in unseen: every one is sealed into the chain, whenever it turns up."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from clinic.audit import actions
from clinic.audit.actions import seal_looks, verify_chain
from clinic.audit.models import SEALED_LOOKS, AuditLine, Look, ReadLine
from clinic.audit.sealing import Seal, gaps_in, runs_of, united
from clinic.audit.tasks import seal_looks as the_task
from clinic.staff.permissions import Actor
from tests.fixtures import without_triggers

Turn = Callable[[timedelta], Any]


@pytest.fixture
def clock() -> Any:
    """Time stands still until a test moves it."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def some_looks(actor: Actor, number: int, *, above: int = 0) -> list[ReadLine]:
    """Looks with the numbers that follow ``above``, written now."""
    return [a_look(actor, above + step) for step in range(1, number + 1)]


def a_look(actor: Actor, number: int) -> ReadLine:
    look = ReadLine(clinic=actor.clinic, user=actor.user, roles="therapist", subject_type="staff.user", subject_id="7", page="x")
    look.pk = number
    look.save(force_insert=True)
    return look


def seals() -> list[Seal]:
    return [Seal.from_details(line.details) for line in AuditLine.objects.filter(verb=SEALED_LOOKS).order_by("sequence")]


def minutes_pass(clock: Any, number: float) -> None:
    clock.shift(timedelta(minutes=number))


# What is sealed -------------------------------------------------------------------------------------------------------------
def test_a_look_never_waits_for_the_chain_and_is_sealed_when_it_has_settled(therapist: Actor, clock: Any) -> None:
    some_looks(therapist, 3)
    assert seal_looks() == 0, "looks of this very moment may have others beside them that are not written yet"
    minutes_pass(clock, 1)
    assert seal_looks() == 3
    (seal,) = seals()
    assert (seal.first, seal.last, seal.count, seal.runs) == (1, 3, 3, ((1, 3),))
    assert verify_chain() is None


def test_a_second_seal_takes_only_what_is_new(therapist: Actor, clock: Any) -> None:
    some_looks(therapist, 2)
    minutes_pass(clock, 1)
    assert (the_task(), the_task()) == (2, 0)
    some_looks(therapist, 2, above=2)
    minutes_pass(clock, 1)
    assert the_task() == 2
    assert [seal.runs for seal in seals()] == [((1, 2),), ((3, 4),)]


def test_a_great_many_looks_are_sealed_in_several_seals(therapist: Actor, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_IN_A_SEAL", 4)
    some_looks(therapist, 10)
    minutes_pass(clock, 1)
    assert the_task() == 10
    assert [seal.count for seal in seals()] == [4, 4, 2]
    assert verify_chain() is None


def test_a_look_that_turns_up_after_a_higher_one_was_sealed_is_sealed_next(therapist: Actor, clock: Any) -> None:
    for number in (1, 2, 4, 7):
        a_look(therapist, number)
    minutes_pass(clock, 1)
    assert seal_looks() == 4
    for number in (3, 5, 8):
        a_look(therapist, number)
    assert verify_chain() is None, "a look that waits for its seal is no fault"
    minutes_pass(clock, 1)
    assert seal_looks() == 3
    assert seals()[-1].runs == ((3, 3), (5, 5), (8, 8))
    assert verify_chain() is None
    a_look(therapist, 6)
    minutes_pass(clock, 1)
    assert seal_looks() == 1
    assert seals()[-1].through == 8, "how far the seals reach does not fall back"
    some_looks(therapist, 1, above=8)
    minutes_pass(clock, 1)
    assert [seal_looks(), seal_looks()] == [1, 0]
    assert verify_chain() is None


def test_a_late_look_is_sealed_although_the_worker_stood_still_for_days(therapist: Actor, clock: Any) -> None:
    for number in (1, 3):
        a_look(therapist, number)
    minutes_pass(clock, 1)
    seal_looks()
    a_look(therapist, 2)
    minutes_pass(clock, 60 * 24 * 3)
    assert seal_looks() == 1
    assert verify_chain() is None


def test_many_gaps_are_all_looked_into(therapist: Actor, clock: Any) -> None:
    for number in range(1, 501, 2):
        a_look(therapist, number)
    minutes_pass(clock, 1)
    seal_looks()
    for number in range(2, 501, 2):
        a_look(therapist, number)
    minutes_pass(clock, 1)
    assert seal_looks() == 250
    assert verify_chain() is None


def test_what_a_seal_says_is_exact() -> None:
    assert runs_of([1, 2, 3, 7, 9, 10]) == ((1, 3), (7, 7), (9, 10))
    assert united([(5, 6), (1, 3), (4, 4), (2, 3)]) == ((1, 6),)
    assert list(gaps_in([(3, 4), (8, 9)], above=0, through=12)) == [(1, 2), (5, 7), (10, 12)]
    assert list(gaps_in([(3, 4), (8, 9)], above=4, through=9)) == [(5, 7)]
    assert list(gaps_in([], above=2, through=2)) == []


# What is found --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def sealed(therapist: Actor, clock: Any) -> list[ReadLine]:
    """Nine looks in three seals, number 5 is missing as after a broken transaction; the last seal was long ago."""
    for numbers in ((1, 2, 3), (4, 6, 7), (8, 9)):
        for number in numbers:
            a_look(therapist, number)
        minutes_pass(clock, 1)
        seal_looks()
    minutes_pass(clock, 120)
    a_look(therapist, 10)
    minutes_pass(clock, 1)
    seal_looks()
    return list(ReadLine.objects.order_by("pk"))


@pytest.mark.parametrize("number", [1, 2, 6, 9, 10])
def test_a_removed_look_is_found(sealed: list[ReadLine], number: int) -> None:
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_readline WHERE id = %s", [number])
    broken = verify_chain()
    assert broken is not None
    assert f"look {number} is gone" in broken.sentence


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01 00:00:00+00:00"),
        ("roles", "doctor"),
        ("subject_type", "x"),
        ("subject_id", "8"),
        ("kind", Look.PRINTED),
        ("page", "y"),
        ("details", '{"a": 1}'),
    ],
)
def test_a_change_of_any_field_of_a_look_is_found(sealed: list[ReadLine], column: str, value: str) -> None:
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_readline SET {column} = %s WHERE id = 6", [value])  # noqa: S608  # columns named above
    broken = verify_chain()
    assert broken is not None
    assert "a look from 4 to 7 was changed" in broken.sentence


@pytest.mark.parametrize("column", ["clinic", "user"])
def test_a_look_that_is_put_on_somebody_else_is_found(sealed: list[ReadLine], stranger: Actor, column: str) -> None:
    with without_triggers(connection):
        ReadLine.objects.filter(pk=6).update(**{column: getattr(stranger, column)})
    broken = verify_chain()
    assert broken is not None
    assert "was changed" in broken.sentence


def test_every_field_of_a_look_is_under_the_seal() -> None:
    tested = {"at", "roles", "subject_type", "subject_id", "kind", "page", "details", "clinic", "user", "id"}
    assert {field.name for field in ReadLine._meta.concrete_fields} == tested


def test_a_look_that_was_put_into_an_old_gap_is_never_sealed_and_found(sealed: list[ReadLine], therapist: Actor, clock: Any) -> None:
    a_look(therapist, 5)
    minutes_pass(clock, 5)
    assert seal_looks() == 0
    broken = verify_chain()
    assert broken is not None
    assert "look 5 was put in" in broken.sentence


def test_a_look_before_the_first_is_found(sealed: list[ReadLine], therapist: Actor) -> None:
    a_look(therapist, -3)
    broken = verify_chain()
    assert broken is not None
    assert "look -3 was put in" in broken.sentence


def test_every_look_removed_together_with_its_seals_is_found(sealed: list[ReadLine]) -> None:
    with without_triggers(connection):
        ReadLine.objects.all().delete()
        AuditLine.objects.filter(verb=SEALED_LOOKS).delete()
    assert verify_chain() is not None


# The commands ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", [("verify", "audit"), ("verify_audit",)])
def test_the_commands_say_how_much_is_sealed(sealed: list[ReadLine], therapist: Actor, command: tuple[str, ...]) -> None:
    a_look(therapist, 40)  # numbered like the others: the database's own count knows nothing of those
    out = StringIO()
    call_command(*command, stdout=out)
    assert "The audit holds: 4 lines; 9 looks in 4 seals, 1 wait for theirs." in out.getvalue()


def test_the_commands_fail_when_a_look_is_gone(sealed: list[ReadLine]) -> None:
    with without_triggers(connection):
        ReadLine.objects.filter(pk=2).delete()
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("verify", "audit", stdout=out)
    assert "look 2 is gone" in out.getvalue()
    with pytest.raises(CommandError, match="look 2 is gone"):
        call_command("verify_audit")
