"""On SQLite an index of parts of names answers searches: the same people as without it, and no letter of whoever was erased."""

import random
from datetime import date
from typing import Any, Final

import pytest
from django.db import connection

from clinic.staff.models import Clinic
from patients import trigrams
from patients.models import Patient
from patients.queries import patients_of
from patients.search import search_terms
from tests.factories import a_patient

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.same_everywhere,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has trigrams of its own"),
]
SYLLABLES: Final = [*"anov лаёйщMüßñİıŒö'-ﬁǅӂ中x", '"']


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(1, 9))).strip() or "-"


def _people(clinic: Clinic, chance: random.Random) -> list[Patient]:
    by, made = a_patient(clinic=clinic).registered_by, []
    for place in range(200):
        phone = chance.choice(["", f"+49 30 {chance.randint(100, 999)} {chance.randint(10, 99)}"])
        one = Patient(clinic=clinic, card_number=f"{place}A", family_name=_name(chance), given_name=_name(chance), phone=phone, sex="male")
        one.born_on, one.registered_by = date(1950 + place % 60, 1, 1), by
        one.make_search_key()
        made.append(one)
    return Patient.objects.bulk_create(made)


def _found(clinic: Clinic, query: str) -> list[int]:
    return [patient.pk for patient in patients_of(clinic, query)]


def _queries(people: list[Patient], chance: random.Random) -> list[str]:
    parts = [chance.choice(people).search_key[start : start + chance.randint(1, 12)] for start in range(60) for _ in range(10)]
    return [*(_name(chance) for _ in range(400)), *parts, *(each.phone[-place % 14 :] for place, each in enumerate(people))]


def test_whoever_holds_what_was_typed_is_in_the_index(clinic: Clinic) -> None:
    chance = random.Random(28)  # noqa: S311
    people = _people(clinic, chance)
    Patient.objects.filter(pk=people[5].pk).update(search_key="")
    keys, asked = dict(Patient.objects.values_list("pk", "search_key")), 0
    for term in (term for query in _queries(people, chance) for term in search_terms(query)):
        holders = {pk for pk, key in keys.items() if any(spelling in key for spelling in term.spellings)}
        if narrowed := trigrams.rows_with(term.spellings):
            with connection.cursor() as cursor:
                cursor.execute(narrowed[0], [narrowed[1]])
                assert holders <= {pk for (pk,) in cursor.fetchall()}, term
            asked += bool(holders)
    assert asked > 200


def test_a_query_finds_whom_it_finds_without_the_index(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(29)  # noqa: S311
    people = _people(clinic, chance)
    Patient.objects.filter(pk=people[3].pk).update(merged_into=people[4])
    Patient.objects.filter(pk=people[6].pk).update(search_key="", restricted_on=date(2026, 1, 1))
    queries = [
        people[3].search_key[:5],
        people[3].search_key[:7],
        *chance.sample(_queries(people, chance), 18),
        "%",
        "*",
        "an*",
        "an OR na",
    ]
    quick = [_found(clinic, query) for query in queries]
    monkeypatch.setattr(trigrams, "is_kept", lambda: False)
    assert quick == [_found(clinic, query) for query in queries]
    assert people[4].pk in quick[0]


def test_the_index_answers_and_not_the_register(clinic: Clinic) -> None:
    with connection.cursor() as cursor:
        sql, parameters = patients_of(clinic, "Youngblood").query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        plan = " / ".join(str(row[3]) for row in cursor.fetchall())
    assert "VIRTUAL TABLE INDEX" in plan
    assert "SCAN patients_patient" not in plan


def _letters() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM patients_by_trigrams_data")
        return b"".join(bytes(block) for (block,) in cursor.fetchall())


def test_no_letters_are_left_of_whoever_has_no_key_any_more(clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic, family_name="Qqzqq")
    patient.family_name = "Wxxkw"  # what was corrected is only struck out
    patient.save()
    assert b"zqq" in _letters()
    assert b"xkw" in _letters()
    Patient.objects.filter(pk=patient.pk).update(search_key="")
    assert b"zqq" not in _letters()
    assert b"xkw" not in _letters()


@pytest.mark.parametrize("can", [True, False])
def test_after_a_migration_the_index_is_kept_or_nothing_is_in_the_way(clinic: Clinic, can: bool, monkeypatch: Any) -> None:
    """A table that is made anew has lost its triggers; a SQLite without trigrams finds those of another one."""
    if can:
        with connection.cursor() as cursor:
            for name in trigrams._TRIGGERS:
                cursor.execute(f"DROP TRIGGER {name}")
    monkeypatch.setattr(trigrams, "_can_be_made", lambda: can)
    unseen = a_patient(clinic=clinic, family_name="Youngblood")
    trigrams.keep()
    assert trigrams.is_kept(anew=True) is can
    later = a_patient(clinic=clinic, family_name="Oldblood")
    assert _found(clinic, "blood") == [later.pk, unseen.pk]
    monkeypatch.undo()
    trigrams.keep()
