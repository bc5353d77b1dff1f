"""An entry cannot be changed, by any of six ways."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from clinic.signing.models import Signature
from clinic.signing.queries import is_sound
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_chain


def by_save(row: Signature) -> None:
    row.note = "changed"
    row.save()


def by_bulk_update(row: Signature) -> None:
    row.note = "changed"
    Signature.objects.bulk_update([row], ["note"])


def by_sql(sql: str) -> Callable[[Signature], None]:
    def run(row: Signature) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [row.pk] if "%s" in sql else None)

    return run


def by_the_engine_s_own_way(row: Signature) -> None:
    """TRUNCATE on PostgreSQL; on SQLite a row that replaces another one by its number in the chain."""
    if connection.vendor == "postgresql":
        return by_sql("TRUNCATE signing_signature")(row)
    return replace(row, pk=900, digest="x" * 64, nonce="x" * 32)


def replace(row: Signature, **changed: Any) -> None:
    names = [field.attname for field in Signature._meta.local_fields]
    values = {name: getattr(row, name) for name in names} | {"evidence": None, "signed_at": row.signed_at.isoformat()}
    values |= {"id" if name == "pk" else name: value for name, value in changed.items()}
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO signing_signature ({', '.join(names)}) VALUES ({marks})", [values[name] for name in names])  # noqa: S608


ROUTES: dict[str, Callable[[Signature], Any]] = {
    "save": by_save,
    "update()": lambda row: Signature.objects.filter(pk=row.pk).update(note="changed"),
    "bulk_update()": by_bulk_update,
    "raw SQL": by_sql("UPDATE signing_signature SET note = 'changed' WHERE id = %s"),
    "delete": lambda row: row.delete(),
    "raw delete": by_sql("DELETE FROM signing_signature WHERE id = %s"),
    "upsert": lambda row: Signature.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["note"]),
    "TRUNCATE or INSERT OR REPLACE": by_the_engine_s_own_way,
}


@pytest.mark.parametrize("route", ROUTES)
def test_the_database_refuses_to_change_an_entry(doctor: Actor, route: str) -> None:
    kept = a_chain(doctor, 2)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        ROUTES[route](Signature.objects.get(pk=kept.pk))
    now = Signature.objects.get(pk=kept.pk)
    assert now.note == ""
    assert is_sound(now)


@pytest.mark.parametrize("same", ["pk", "sequence", "digest", "nonce"])
def test_an_entry_is_not_replaced_by_whatever_is_unique(doctor: Actor, same: str) -> None:
    if connection.vendor != "sqlite":
        return  # only SQLite knows INSERT OR REPLACE
    kept = a_chain(doctor, 2)[0]
    fresh = {"pk": 900, "sequence": 900, "digest": "x" * 64, "nonce": "x" * 32}
    with pytest.raises(IntegrityError), transaction.atomic():
        replace(kept, **{name: value for name, value in fresh.items() if name != same})
    assert Signature.objects.get(pk=kept.pk).note == ""
    assert Signature.objects.count() == 2
