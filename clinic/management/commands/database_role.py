"""``manage.py database_role NAME``: what the role that Tactus runs under may do in PostgreSQL, as SQL for the owner of the tables.

A second wall behind the triggers: who owns a table can switch its triggers off and drop it, so Tactus should not run as its owner. Chains
(audit, looks, signatures) can then only be read and added to, whatever somebody makes the program do.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, models

from clinic.audit.append_only import AppendOnly

CHANGED = "SELECT, INSERT, UPDATE, DELETE"


def guard_of(model: type[models.Model]) -> AppendOnly | None:
    """The rule that keeps the rows of this table as they are, where there is one."""
    return next((rule for rule in model._meta.constraints if isinstance(rule, AppendOnly)), None)


def rights_on(model: type[models.Model]) -> str:
    """What the role may do with the rows of one table.

    Rows that an erasure may take away can be locked for it too, which PostgreSQL allows to whoever may update a column: the trigger still
    refuses every update.
    """
    guard = guard_of(model)
    if guard is None:
        return CHANGED
    columns = ", ".join(connection.ops.quote_name(name) for name in guard.emptied)
    key = connection.ops.quote_name(str(model._meta.pk.column))
    emptied = f", UPDATE ({columns})" if columns else ""
    return f"SELECT, INSERT{emptied}" + (f", DELETE, UPDATE ({key})" if guard.goes else "")


def statements(role: str) -> Iterator[str]:
    """Takes everything from the role and gives it what it needs. To be run as the owner, after every ``migrate``."""
    quote = connection.ops.quote_name
    name = quote(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}"
    yield f"GRANT SELECT ON django_migrations TO {name}"
    for place in sorted({str(cache["LOCATION"]) for cache in settings.CACHES.values() if cache["BACKEND"].endswith("DatabaseCache")}):
        yield f"GRANT {CHANGED} ON {quote(place)} TO {name}"
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy}
    for table, model in sorted(tables.items()):
        yield f"GRANT {rights_on(model)} ON {quote(table)} TO {name}"


class Command(BaseCommand):
    """Only says the SQL: who may change rights is the owner of the tables, by psql."""

    help = "Print the rights of the database role that Tactus runs under: manage.py database_role tactus_app | psql OWNER'S-DATABASE"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role, which must exist already and own nothing")

    def handle(self, *, role: str, **_options: Any) -> None:
        self.stdout.write("BEGIN;")
        for statement in statements(role):
            self.stdout.write(f"{statement};")
        self.stdout.write("COMMIT;")
