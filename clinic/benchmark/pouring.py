"""Rows into tables by the hundred thousand: as text by COPY on PostgreSQL, by prepared inserts on SQLite, with the guards of bookings
taken away meanwhile and put back afterwards, which checks every row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from clinic.schedule.models import Booking
from clinic.schedule.no_overlap import NoOverlap


def columns_of(model: type[models.Model]) -> list[str]:
    """The columns of the model's table in the order of its fields."""
    return [str(field.column) for field in model._meta.local_concrete_fields]


def pour(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Puts rows into the table of the model and answers how many; values as the database keeps them (JSON as text)."""
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        return _copied(f"COPY {table} ({quoted}) FROM STDIN", rows)
    marks = ", ".join(["?"] * len(columns))
    # In one transaction: SQLite would write its log for each row. Past Django's own %s, which would be read row by row.
    with transaction.atomic(), connection.cursor() as cursor:
        return int(cursor.connection.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows).rowcount)  # noqa: S608  # names of our own tables


def _copied(statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


@contextmanager
def unguarded() -> Iterator[None]:
    """While rows are poured no booking is compared with the others; at the end each is. Foreign keys are not checked meanwhile."""
    guards = [each for each in Booking._meta.constraints if isinstance(each, NoOverlap)]
    with connection.schema_editor() as editor, connection.cursor() as cursor:
        for statement in (line for guard in guards for line in guard.off(Booking, editor)):
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.schema_editor() as editor, connection.cursor() as cursor:
            for statement in (line for guard in guards for line in guard.on(Booking, editor)):
                cursor.execute(statement)


def count_on() -> None:
    """The next row that the product adds to any table gets the number after the highest there. The database looks how many there are."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
