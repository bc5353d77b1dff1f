"""AppendOnly: one row of Meta.constraints that makes the database itself refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE.

A record that is erased by order is the one exception, and each table says itself how far it goes (``clinic.audit.erasing``).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.utils import DEFAULT_DB_ALIAS

FUNCTION: Final = "tactus_refuse_change"
ERASING: Final = "tactus_refuse_change_but_erasing"
SETTING: Final = "tactus.erasing"  # PostgreSQL: "on" inside the transaction that erases
GUARD: Final = "audit_erasing"  # SQLite: has a row inside the transaction that erases


class AppendOnly(models.BaseConstraint):
    """Rows of this table are written once. A broken attempt ends as ``IntegrityError`` on both engines.

    Only while a record is erased by order rows may go (``goes``) or columns be made empty (``emptied``: '' or {} and nothing else).
    The triggers go into the schema editor's deferred SQL: SQLite rebuilds a whole table to alter it, and triggers
    made by hand would silently vanish there.
    """

    def __init__(self, *, name: str, goes: bool = False, emptied: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.goes, self.emptied = goes, tuple(emptied)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        if self.goes:
            kwargs["goes"] = True
        if self.emptied:
            kwargs["emptied"] = self.emptied
        return path, args, kwargs

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

    def renew(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Makes the triggers of a table that is there anew, without rebuilding it."""
        events = ("row", "truncate") if schema_editor.connection.vendor == "postgresql" else ("update", "delete", "insert")
        on = f" ON {schema_editor.quote_name(model._meta.db_table)}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in events:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_{event}')}{on}")
        for statement in self.statements(model, schema_editor):
            schema_editor.execute(statement)

    def _on_sqlite(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        clash = " OR ".join(_same(columns, schema_editor) for columns in _unique(model))
        erases = f"EXISTS (SELECT 1 FROM {schema_editor.quote_name(GUARD)})"  # noqa: S608  # a name of our own
        conditions = {
            "update": f"WHEN NOT ({erases} AND {self._only_emptied(model, schema_editor)})" if self.emptied else "",
            "delete": f"WHEN NOT {erases}" if self.goes else "",
            # INSERT OR REPLACE deletes the old row, found by whatever is unique, without firing its DELETE trigger.
            "insert": f"WHEN EXISTS (SELECT 1 FROM %(table)s WHERE {clash})",  # noqa: S608  # columns of our own model
        }
        for event, when in conditions.items():
            name = schema_editor.quote_name(f"{self.name}_{event}")
            yield f"CREATE TRIGGER {name} BEFORE {event.upper()} ON %(table)s {when} BEGIN SELECT RAISE(ABORT, '{self.name}'); END"

    def _only_emptied(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        """Whether an update does nothing but make the named columns empty."""
        quoted = {field.name: schema_editor.quote_name(str(field.column)) for field in model._meta.local_concrete_fields}
        kept = (f"NEW.{column} IS OLD.{column}" for name, column in quoted.items() if name not in self.emptied)
        empty = (f"(NEW.{quoted[name]} IS OLD.{quoted[name]} OR NEW.{quoted[name]} IN ('', '{{}}'))" for name in self.emptied)
        return " AND ".join((*kept, *empty))

    def _on_postgresql(self, schema_editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        refuse = "RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = TG_TABLE_NAME || ' is append-only';"
        yield f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse} END $$"
        on_rows, arguments = FUNCTION, ""
        if self.goes or self.emptied:
            yield f"CREATE OR REPLACE FUNCTION {ERASING}() RETURNS trigger LANGUAGE plpgsql AS $$ {_LETS_ERASING} {refuse} END $$"
            on_rows, arguments = ERASING, ", ".join(f"'{each}'" for each in ("goes" if self.goes else "stays", *self.emptied))
        row, truncate = (schema_editor.quote_name(f"{self.name}_{suffix}") for suffix in ("row", "truncate"))
        yield f"CREATE TRIGGER {row} BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW EXECUTE FUNCTION {on_rows}({arguments})"
        yield f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON %(table)s EXECUTE FUNCTION {FUNCTION}()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnly) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))


# The first argument of the trigger says whether rows may go, the others which columns may become empty.
_LETS_ERASING: Final = f"""
DECLARE emptied text[] := ARRAY(SELECT unnest(TG_ARGV[1:]));
BEGIN
  IF current_setting('{SETTING}', true) = 'on' THEN
    IF TG_OP = 'DELETE' AND TG_ARGV[0] = 'goes' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND TG_NARGS > 1 AND to_jsonb(NEW) - emptied = to_jsonb(OLD) - emptied AND NOT EXISTS (
      SELECT 1 FROM unnest(emptied) AS name
      WHERE to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name AND to_jsonb(NEW) -> name NOT IN ('""'::jsonb, '{{}}'::jsonb)
    ) THEN RETURN NEW; END IF;
  END IF;
"""  # noqa: S608  # names of our own


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
