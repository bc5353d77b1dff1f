"""Questions that are composed once answer what the ORM would answer if it composed them each time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from clinic.web.prepared import Prepared
from patients.care import relation
from patients.care.relation import cared_for, standing_to
from patients.models import CareMember, Patient
from tests.factories import a_patient, a_user, an_actor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def _lately(kind: str, *, clinic: int, now: datetime) -> QuerySet[Any, Any]:
    """A question with a number, a moment before and after, a day, and a word of its kind."""
    day = timezone.localdate(now - timedelta(days=90))
    found = Patient.objects.filter(clinic=clinic, registered_at__lte=now, registered_at__gt=now - timedelta(hours=3), born_on__lt=day)
    return found.filter(sex=kind).order_by("pk").values_list("pk", "registered_at", "born_on")


def _put(clinic: Clinic, sex: str, at: datetime) -> Patient:
    patient = a_patient(clinic=clinic, sex=sex)
    Patient.objects.filter(pk=patient.pk).update(registered_at=at)
    return patient


def asked(sql: str, parameters: tuple[Any, ...]) -> list[Any]:
    """The first column of what the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def test_the_rows_are_those_of_the_orm_for_every_value_and_kind(clinic: Clinic) -> None:
    prepared = Prepared(_lately)
    for hours in (0, 2, 4):
        _put(clinic, "female", NOW - timedelta(hours=hours))
    _put(clinic, "male", NOW)
    for kind in ("female", "male"):
        for now in (NOW, NOW + timedelta(hours=2), NOW - timedelta(days=1)):
            for number in (clinic.pk, clinic.pk + 1):
                wanted = list(_lately(kind, clinic=number, now=now))
                assert prepared.rows(kind, clinic=number, now=now) == wanted
                sql, parameters = prepared.sql(kind, clinic=number, now=now)
                assert asked(sql, parameters) == [row[0] for row in wanted]
    assert len(prepared.learned) == 2
    assert None not in prepared.learned.values()


def test_the_day_of_a_moment_is_that_of_the_zone(clinic: Clinic) -> None:
    prepared, patient = Prepared(_lately), _put(clinic, "female", NOW)
    born = timezone.localdate(NOW - timedelta(days=90))
    Patient.objects.filter(pk=patient.pk).update(born_on=born)
    for zone in ("UTC", "Europe/Berlin", "America/New_York"):
        with timezone.override(zone):
            assert prepared.rows("female", clinic=clinic.pk, now=NOW) == list(_lately("female", clinic=clinic.pk, now=NOW)), zone


def _known(kind: str, *, numbers: tuple[int, ...], before: date) -> QuerySet[Any, Any]:
    """Whole rows with what is joined, put off, annotated and asked beforehand, by a list of numbers and a day."""
    found = Patient.objects.filter(pk__in=numbers, born_on__lt=before).select_related("clinic", "merged_into").defer("notes")
    return found.annotate(doubled=F("version") + F("version")).prefetch_related("intakes").order_by(kind)


def test_whole_rows_come_as_the_orm_gives_them(clinic: Clinic, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    day = date(2026, 11, 22)
    people = [a_patient(clinic=clinic, born_on=day - timedelta(days=number)) for number in range(5)]
    Patient.objects.filter(pk=people[3].pk).update(merged_into=people[4], version=7)
    prepared, numbers = Prepared(_known), tuple(each.pk for each in people)
    for asked_for in (numbers, numbers[1:4], numbers[3:], (), (*numbers, *range(10**6, 10**6 + 600))):
        for before in (day, day - timedelta(days=2)):
            wanted = list(_known("-pk", numbers=asked_for, before=before))
            with django_assert_num_queries(2 if wanted else min(1, len(asked_for))):
                found = prepared.objects("-pk", numbers=asked_for, before=before)
                words = [(each, each.clinic.name, each.merged_into, each.doubled, list(each.intakes.all())) for each in found]
            assert words == [(each, each.clinic.name, each.merged_into, each.doubled, []) for each in wanted]
            assert [each.get_deferred_fields() for each in found] == [{"notes"} for _each in wanted]
    assert None not in prepared.learned.values()
    assert len(prepared.learned) == 3  # lists of two, four and eight


def test_two_days_and_two_moments_are_told_apart(clinic: Clinic) -> None:
    def between(_kind: str, *, first: date, last: date, since: datetime, until: datetime) -> QuerySet[Any, Any]:
        found = Patient.objects.filter(clinic=clinic, born_on__gte=first, born_on__lte=last)
        return found.filter(registered_at__gte=since, registered_at__lt=until).order_by("pk").values_list("pk")

    day, prepared = date(2000, 2, 29), Prepared(between)
    for days in range(4):
        patient = a_patient(clinic=clinic, born_on=day + timedelta(days=days))
        Patient.objects.filter(pk=patient.pk).update(registered_at=NOW + timedelta(days=days))
    for last, until in ((0, 1), (2, 2), (3, 9)):
        values = {"first": day, "last": day + timedelta(days=last), "since": NOW, "until": NOW + timedelta(days=until)}
        assert prepared.rows("", **values) == list(between("", **values)), (last, until)  # type: ignore[arg-type]
        assert len(prepared.rows("", **values)) == min(last + 1, until)
    assert None not in prepared.learned.values()


def test_it_is_composed_once(clinic: Clinic, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    built = []

    def build(kind: str, *, clinic: int, now: datetime) -> QuerySet[Any, Any]:
        built.append(kind)
        return _lately(kind, clinic=clinic, now=now)

    prepared = Prepared(build)
    with django_assert_num_queries(3):
        for _ in range(3):
            prepared.rows("female", clinic=clinic.pk, now=NOW)
    assert len(built) == 2  # with two different values


def test_where_a_parameter_follows_from_no_value_the_orm_composes_it_each_time(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    def unclear(kind: str, *, clinic: int, now: datetime) -> QuerySet[Any, Any]:
        return Patient.objects.filter(clinic=clinic, pk__lt=2 * clinic + 10**9).order_by("pk").values_list("pk")

    patient, prepared = a_patient(clinic=clinic), Prepared(unclear)
    assert prepared.rows("", clinic=clinic.pk, now=NOW) == [(patient.pk,)]
    assert "cannot be prepared" in caplog.text
    sql, parameters = prepared.sql("", clinic=clinic.pk, now=NOW)
    assert asked(sql, parameters) == [patient.pk]


def test_who_is_in_care_is_one_of_the_questions_that_can_be_prepared(clinic: Clinic) -> None:
    patient, other = a_patient(clinic=clinic, born_on=NOW.date()), a_patient(clinic=clinic)
    Patient.objects.update(registered_at=NOW - timedelta(days=400))
    for role in (Role.THERAPIST, Role.DOCTOR):
        actor: Actor = an_actor(clinic=clinic, roles=(role,), user=a_user())
        CareMember.objects.create(patient=patient, user=actor.user, added_by=User.objects.latest("pk"))
        assert [each.pk for each in Patient.objects.filter(cared_for(actor, NOW), clinic=clinic)] == [patient.pk]
        standings = [standing_to(actor, each.pk, NOW) for each in (patient, other)]
        assert [each.in_care for each in standings if each] == [True, False]
    for prepared in (relation._CARED_FOR, relation._STANDING):
        assert prepared.learned
        assert None not in prepared.learned.values()


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**30])
def test_a_number_that_no_database_holds_is_nobody_s(therapist: Actor, number: int) -> None:
    """Found by ``verify fuzz``: such a number in an address failed in the database."""
    assert Prepared(_lately).rows("female", clinic=number, now=NOW) == []
    assert standing_to(therapist, number) is None


def test_a_question_that_locks_is_not_asked_outside_of_a_transaction(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ORM says so when it composes; a question that is composed already must not lock for a moment and let go."""

    def locked(_kind: str, *, clinic: int) -> QuerySet[Any, Any]:
        return Patient.objects.select_for_update().filter(clinic=clinic).order_by("pk").values_list("pk")

    patient, prepared = a_patient(clinic=clinic), Prepared(locked)
    assert prepared.rows("", clinic=clinic.pk) == [(patient.pk,)]
    (key, learned), *_others = prepared.learned.items()
    assert learned is not None
    prepared.learned[key] = replace(learned, locks=True)
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    with pytest.raises(TransactionManagementError):
        prepared.rows("", clinic=clinic.pk)


def test_a_word_may_be_a_value(clinic: Clinic) -> None:
    def called(_kind: str, *, word: str, clinic: int) -> QuerySet[Any, Any]:
        return Patient.objects.filter(clinic=clinic, family_name=word).values_list("pk")

    patient, prepared = a_patient(clinic=clinic, family_name="O'Hara %s"), Prepared(called)
    assert prepared.rows("", word="O'Hara %s", clinic=clinic.pk) == [(patient.pk,)]
    assert prepared.rows("", word="Nobody", clinic=clinic.pk) == []
    assert None not in prepared.learned.values()
