"""NoOverlap: one row of Meta.constraints that makes the database itself refuse two bookings of one resource at one time."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q
from django.db.utils import DEFAULT_DB_ALIAS

from clinic.audit.append_only import model_and_editor


class NoOverlap(models.BaseConstraint):
    """Rows with the same ``resource`` (a foreign key or a number) may touch but not overlap between ``start`` and ``end``.

    Rows whose ``resource`` is NULL, or whose boolean ``active`` is false, overlap nothing. PostgreSQL keeps an exclusion constraint,
    SQLite triggers; a broken attempt ends as ``IntegrityError`` on both.
    """

    def __init__(self, *, resource: str, start: str, end: str, active: str, name: str, **kwargs: Any) -> None:
        super().__init__(name=name, **{"violation_error_code": "overlap", **kwargs})
        self.resource, self.start, self.end, self.active = resource, start, end, active

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        model, schema_editor = model_and_editor(model, schema_editor)
        if schema_editor.connection.vendor == "postgresql":
            return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._exclusion(model, schema_editor)}"
        # SQLite rebuilds a whole table to alter it; triggers made by hand would silently vanish there, these are made anew each time.
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return ""

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        """For a table that exists (PostgreSQL only: SQLite rebuilds the table and comes by ``constraint_sql``)."""
        model, schema_editor = model_and_editor(model, schema_editor)
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.name)
        return f"ALTER TABLE {table} ADD CONSTRAINT {name} {self._exclusion(model, schema_editor)}"

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        model, schema_editor = model_and_editor(model, schema_editor)
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.name)
        return f"ALTER TABLE {table} DROP CONSTRAINT {name}"

    def off(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        """The SQL that takes the guard away, for the proof that it is the guard that guards."""
        if schema_editor.connection.vendor == "postgresql":
            return [str(self.remove_sql(model, schema_editor))]
        return [f"DROP TRIGGER {schema_editor.quote_name(f'{self.name}_{event}')}" for event in ("insert", "update")]

    def on(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        """The SQL that puts the guard back."""
        if schema_editor.connection.vendor == "postgresql":
            return [str(self.create_sql(model, schema_editor))]
        return [str(statement) for statement in self._triggers(model, schema_editor)]

    def validate(self, model: type[models.Model], instance: models.Model, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        """Raises ``ValidationError`` for a clash that is there already; only the database can speak of one that comes a moment later."""
        if {self.resource, self.start, self.end, self.active} & set(exclude or ()):
            return
        resource = getattr(instance, _field(model, self.resource).attname)
        start, end = getattr(instance, self.start), getattr(instance, self.end)
        if None in (resource, start, end) or not getattr(instance, self.active):
            return
        clash = Q(**{self.resource: resource, f"{self.start}__lt": end, f"{self.end}__gt": start, self.active: True})
        if model._default_manager.using(using).filter(clash).exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "resource": self.resource, "start": self.start, "end": self.end, "active": self.active}

    def _columns(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> tuple[str, ...]:
        names = (self.resource, self.start, self.end, self.active)
        return tuple(schema_editor.quote_name(str(_field(model, name).column)) for name in names)

    def _exclusion(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        resource, start, end, active = self._columns(model, schema_editor)
        # A range from x to x that overlaps another stands for x = x, so that no extension is needed; NULL would be all numbers.
        same = f"int8range({resource}::bigint, {resource}::bigint, '[]') WITH &&"
        return f"EXCLUDE USING gist ({same}, tstzrange({start}, {end}, '[)') WITH &&) WHERE ({resource} IS NOT NULL AND {active})"

    def _triggers(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Iterator[Statement]:
        resource, start, end, active = self._columns(model, schema_editor)
        for event, itself in (("insert", "NULL"), ("update", "OLD.rowid")):
            # Rows that overlap nothing end in the order in which they begin. So only the last that begins before the new one ends can
            # overlap it, and an index of resource and start finds that one without looking at all that ever was.
            before = f"o.{active} AND o.{resource} = NEW.{resource} AND o.rowid IS NOT {itself} AND o.{start} < NEW.{end}"
            last = f"SELECT o.{end} > NEW.{start} FROM %(table)s o WHERE {before} ORDER BY o.{start} DESC LIMIT 1"  # noqa: S608  # columns of our own model
            name = schema_editor.quote_name(f"{self.name}_{event}")
            when = f"NEW.{active} AND NEW.{resource} IS NOT NULL AND ({last})"
            sql = f"CREATE TRIGGER {name} BEFORE {event.upper()} ON %(table)s WHEN {when} BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
            yield Statement(sql, table=Table(model._meta.db_table, schema_editor.quote_name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.local_concrete_fields if field.name == name)
