"""Migrations as they were written, one by one: for proofs that go back to a state in the middle, and compare the ways."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def one_by_one() -> Any:
    """What makes and undoes migrations, with every one of them and none that stands for others.

    What Django does not promise to keep has no types.
    """
    executor: Any = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    for key, migration in executor.loader.replacements.items():
        executor.loader.graph.remove_replacement_node(key, migration.replaces)  # as Django does where some of them are made already
    return executor


def back_to(app: str, beginning: str) -> None:
    """Undoes migrations down to the one of this app whose name begins so."""
    executor = one_by_one()
    executor.migrate([(app, executor.loader.get_migration_by_prefix(app, beginning).name)])
