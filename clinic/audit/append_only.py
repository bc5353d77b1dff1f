"""AppendOnly: one row of Meta.constraints that makes the database itself refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.utils import DEFAULT_DB_ALIAS

FUNCTION = "tactus_refuse_change"


class AppendOnly(models.BaseConstraint):
    """Rows of this table are written once. A broken attempt ends as ``IntegrityError`` on both engines.

    The triggers go into the schema editor's deferred SQL: SQLite rebuilds a whole table to alter it, and triggers
    made by hand would silently vanish there.
    """

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        model, schema_editor = model_and_editor(model, schema_editor)
        schema_editor.deferred_sql.extend(self.statements(model, schema_editor))
        return ""

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        """For a table that exists (PostgreSQL only: SQLite rebuilds the table and comes by ``constraint_sql``)."""
        model, schema_editor = model_and_editor(model, schema_editor)
        *first, last = self.statements(model, schema_editor)
        for statement in first:
            schema_editor.execute(statement)
        return last

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        model, schema_editor = model_and_editor(model, schema_editor)
        table = schema_editor.quote_name(model._meta.db_table)
        names = (schema_editor.quote_name(f"{self.name}_{event}") for event in ("row", "truncate"))
        if schema_editor.connection.vendor == "postgresql":
            return "; ".join(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in names)
        return None

    def validate(self, model: type[models.Model], instance: models.Model, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        """Nothing to say about a new row."""

    def statements(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Iterator[Statement]:
        """The SQL that guards the table on this engine."""
        table = Table(model._meta.db_table, schema_editor.quote_name)
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        for sql in self._on_postgresql(schema_editor) if on_postgresql else self._on_sqlite(model, schema_editor):
            yield Statement(sql, table=table)

    def _on_sqlite(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        clash = " OR ".join(_same(columns, schema_editor) for columns in _unique(model))
        conditions = {
            "update": "",
            "delete": "",
            # INSERT OR REPLACE deletes the old row, found by whatever is unique, without firing its DELETE trigger.
            "insert": f"WHEN EXISTS (SELECT 1 FROM %(table)s WHERE {clash})",  # noqa: S608  # columns of our own model
        }
        for event, when in conditions.items():
            name = schema_editor.quote_name(f"{self.name}_{event}")
            yield f"CREATE TRIGGER {name} BEFORE {event.upper()} ON %(table)s {when} BEGIN SELECT RAISE(ABORT, '{self.name}'); END"

    def _on_postgresql(self, schema_editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        yield (
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
        )
        for suffix, event in (("row", "UPDATE OR DELETE ON %(table)s FOR EACH ROW"), ("truncate", "TRUNCATE ON %(table)s")):
            yield f"CREATE TRIGGER {schema_editor.quote_name(f'{self.name}_{suffix}')} BEFORE {event} EXECUTE FUNCTION {FUNCTION}()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnly) and self.name == other.name

    def __hash__(self) -> int:
        return hash((type(self), self.name))


def _unique(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The columns, or groups of columns, that tell a row from every other."""
    for field in model._meta.local_fields:
        if field.unique:
            yield (str(field.column),)
    columns = {field.name: str(field.column) for field in model._meta.local_fields}
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.fields:
            yield tuple(columns[name] for name in rule.fields)


def _same(columns: tuple[str, ...], schema_editor: BaseDatabaseSchemaEditor) -> str:
    quoted = [schema_editor.quote_name(column) for column in columns]
    return "(" + " AND ".join(f"{column} = NEW.{column}" for column in quoted) + ")"


def model_and_editor(
    model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
) -> tuple[type[models.Model], BaseDatabaseSchemaEditor]:
    """Both, for a constraint that writes its own SQL: Django always passes them, its types allow None."""
    if model is None or schema_editor is None:
        raise TypeError("a constraint is made for a model, by a schema editor")
    return model, schema_editor
