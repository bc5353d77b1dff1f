"""``manage.py verify migrations``: every migration goes forward from nothing, and back and forward again on a database that is filled.

It works in a database of its own, made for the proof and dropped after it, on the server that the settings name. The last migration is
undone, made again and undone, then the one before it, down to the first, so that each meets the rows that others left. Afterwards both
chains are checked, that the tables are what they were, and that no model has changed without a migration.

An empty database is made at once, by migrations that stand for many (docs/adr/0024-an-empty-database-at-once.md); what goes back and
forward are the many. ``--ways`` compares what the database says of its tables when they were made at once, one by one, and half and half.
"""

import shutil
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.test.utils import override_settings

from clinic.audit.actions import seal_looks, verify_chain
from clinic.courses import demo
from clinic.courses.demo_patients import PATIENTS
from clinic.keeping.one_by_one import one_by_one
from clinic.keeping.shape import shape
from clinic.schedule.proving_race import own_database
from clinic.signing import proving_signoff
from clinic.signing.actions import demo_sign
from clinic.signing.content import Content, Section
from clinic.signing.models import Meaning, Signature
from clinic.staff.models import Clinic, Role, StaffRole
from clinic.staff.permissions import Actor

HELP = "every migration forward from nothing, and back and forward on filled data; both chains hold after it, no model lacks a migration"
REDUCED: Final[Mapping[str, Any]] = {"last": 4, "patients": 1, "copy": True, "once": True, "ways": False}
OURS: Final = ("clinic", "patients", "protocols")
# Undone, these take away rows or columns that the chains speak of: up to here both chains are checked, from here on only that it works.
CHAINS_BEGIN: Final = (("audit", "0003_looks_of_a_kind_on_a_page"), ("signing", "0001_signatures_and_heads"))
# Named with the reason why it cannot go back. None at present.
ONE_WAY: Final[Mapping[tuple[str, str], str]] = {}

Write = Callable[[str], object]
Step = tuple[Migration, ProjectState]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify migrations``."""
    parser.add_argument("--last", type=int, default=0, help="only so many of the newest migrations (0: all)")
    parser.add_argument("--patients", type=int, default=len(PATIENTS), help="how many patients of the demo fill the database")
    parser.add_argument("--once", action="store_true", help="make each migration again only at the end, not also in between")
    parser.add_argument("--ways", action="store_true", help="only compare the tables made at once, one by one, and half and half")
    parser.add_argument("--copy", action="store_true", help="begin with a copy of the database in use instead of nothing")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    if settings.IN_PRODUCTION:
        write("This proof fills a database with the demo. Run it where nobody works.")
        return False
    if options["ways"]:
        return all_ways(write)
    begun = monotonic()
    with tempfile.TemporaryDirectory() as folder, _database(copied=options["copy"]):
        write(f"{connection.vendor}: {'copied' if options['copy'] else 'every migration forward from nothing'} in {_since(begun)}.")
        with override_settings(MODE="demo", SIGNING_HEADS=folder, MEDIA_ROOT=str(Path(folder) / "media")):
            return _proved(options, write)


def _proved(options: Mapping[str, Any], write: Write) -> bool:
    begun = monotonic()
    if not Clinic.objects.exists():
        demo.seed_if_empty(PATIENTS[: options["patients"]])
    if not Signature.objects.exists():
        _sign()
    while seal_looks():
        pass
    write(f"Filled in {_since(begun)}: {_rows()} rows.")
    steps, before = applied(), shape()
    deep = [step for step in steps if (step[0].app_label, step[0].name) in CHAINS_BEGIN]
    least = max(steps.index(step) for step in deep) + 1
    wanted = steps[-options["last"] :] if options["last"] else steps[least:]
    begun = monotonic()
    failed = back_and_forward(wanted, write, again=not options["once"])
    write(f"{len(wanted)} of {len(steps)} migrations back and forward on filled data in {_since(begun)}.")
    holds = not failed and _both_chains(write) and _same_tables(before, write) and _no_change_is_missing(write)
    if holds and not options["last"]:
        begun = monotonic()
        holds = not back_and_forward(steps, write, again=False) and _same_tables(before, write)
        write(f"All {len(steps)} down to nothing and up again in {_since(begun)}.")
    write(f"{'All migrations' if holds else 'The migrations do NOT'} hold.")
    return holds


def _sign() -> None:
    """One signed document, where nobody of the demo brought one."""
    role = StaffRole.objects.select_related("user", "clinic").filter(role=Role.DOCTOR).order_by("pk")[0]
    words = (Section("A document", ("Signed before the migrations went back.",)),)
    with transaction.atomic():
        content = Content("proof", "keeping.proof:1", 1, {}, words)
        demo_sign(content=content, meaning=Meaning.APPROVED, actor=Actor(role.user, role.clinic, frozenset({str(Role.DOCTOR)})))


# Migrations -------------------------------------------------------------------------------------------------------------------
def applied() -> list[Step]:
    """Our migrations and those of others that stand on them, as they are made, each with the models as they are before it.

    Tables of others that refer to ours go down first, as ``migrate`` would do it: PostgreSQL drops their references with our tables.
    """
    executor = one_by_one()
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    state = executor._create_project_state(with_applied_migrations=False)  # noqa: SLF001  # as the executor itself begins
    found, taken = list[Step](), set[tuple[str, str]]()
    labels = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in OURS}
    for migration, _backwards in plan:
        key = (migration.app_label, migration.name)
        if migration.app_label in labels or any(parent.key in taken for parent in executor.loader.graph.node_map[key].parents):
            taken.add(key)
            found.append((migration, state.clone()))
        state = migration.mutate_state(state, preserve=False)
    return found


def back_and_forward(steps: Sequence[Step], write: Write, *, again: bool) -> list[str]:
    """Undoes the steps from the last to the first, with ``again`` each made once in between, then makes all; answers what failed."""
    executor, failed = MigrationExecutor(connection), list[str]()
    undone: list[Step] = []
    try:
        for migration, before in reversed(steps):
            if reason := _one_way(migration):
                write(f"{migration} goes one way: {reason}.")
                break
            executor.unapply_migration(before.clone(), migration)
            undone.append((migration, before))
            if again:
                executor.apply_migration(before.clone(), migration)
                executor.unapply_migration(before.clone(), migration)
        for migration, before in reversed(undone):
            executor.apply_migration(before.clone(), migration)
    except Exception as wrong:  # whatever it is, it is what the proof is looking for
        failed.append(f"{migration}: {type(wrong).__name__}: {wrong}")
        write(f"Failed at {failed[-1]}")
    return failed


def _one_way(migration: Migration) -> str:
    known = ONE_WAY.get((migration.app_label, migration.name), "")
    unknown = [each for each in migration.operations if not _goes_back(each)]
    return known or (f"{type(unknown[0]).__name__} has no way back" if unknown else "")


def _goes_back(operation: Operation) -> bool:
    return bool(operation.reversible)


def all_ways(write: Write) -> bool:
    """Whether the tables are the same made at once, one by one, and half of them so and the rest as ``migrate`` goes on."""
    begun = monotonic()
    with _scratch(copied=False):
        call_command("migrate", verbosity=0)
        wanted = shape()
    write(f"{connection.vendor}: made at once, {len(wanted)} columns, constraints, indexes, triggers and functions in {_since(begun)}.")
    same = [_made_as(part, wanted, write) for part in (1.0, 0.5)]
    return all(same)


def _made_as(part: float, wanted: frozenset[str], write: Write) -> bool:
    begun = monotonic()
    with _scratch(copied=False):
        executor = one_by_one()
        executor.recorder.ensure_schema()
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
        state = executor._create_project_state(with_applied_migrations=False)  # noqa: SLF001  # as the executor itself begins
        for migration, _backwards in plan[: int(len(plan) * part)]:
            state = executor.apply_migration(state, migration)
        call_command("migrate", verbosity=0)
        write(f"{int(len(plan) * part)} of {len(plan)} one by one, the rest by migrate, in {_since(begun)}.")
        return _same_tables(wanted, write) and _no_change_is_missing(write)


# What must hold after it ------------------------------------------------------------------------------------------------------
def _both_chains(write: Write) -> bool:
    broken = verify_chain()
    write(f"The audit is broken: {broken.sentence}." if broken else "The audit holds.")
    return proving_signoff.run({"head": []}, write) and broken is None


def _same_tables(wanted: frozenset[str], write: Write) -> bool:
    found = shape()
    for line in sorted(wanted ^ found):
        write(f"{'Gone' if line in wanted else 'New'}: {line}")
    write(f"The tables are {'the same' if wanted == found else 'NOT the same'}.")
    return wanted == found


def _no_change_is_missing(write: Write) -> bool:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        write(f"A model has changed without a migration: {said.getvalue()}")
        return False
    write("No model has changed without a migration.")
    return True


# The database -----------------------------------------------------------------------------------------------------------------
@contextmanager
def _database(*, copied: bool) -> Iterator[None]:
    with _scratch(copied=True) if copied else own_database():
        yield


@contextmanager
def _scratch(*, copied: bool) -> Iterator[None]:
    """A database of its own with the same content, or with nothing at all."""
    kept = connection.settings_dict["NAME"]
    scratch = _copy_of(kept) if copied else _empty_beside(kept)
    connection.settings_dict["NAME"] = scratch
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = kept
        _drop(scratch)


def _copy_of(name: str) -> str:
    """On PostgreSQL nobody else may be connected to the one in use."""
    if connection.vendor == "sqlite":
        scratch = _file()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [scratch])
        connection.close()
        return scratch
    return _on_the_server_beside(name, f' TEMPLATE "{name}"')


def _empty_beside(name: str) -> str:
    connections.close_all()
    return _file() if connection.vendor == "sqlite" else _on_the_server_beside(name, "")


def _file() -> str:
    return str(Path(tempfile.mkdtemp(prefix="tactus-migrations-")) / "copy.sqlite3")


def _on_the_server_beside(name: str, how: str) -> str:
    connections.close_all()
    scratch = f"{name}_migrations"
    _on_the_server(f'DROP DATABASE IF EXISTS "{scratch}"', f'CREATE DATABASE "{scratch}"{how}')
    return scratch


def _drop(name: str) -> None:
    if connection.vendor == "sqlite":
        shutil.rmtree(Path(name).parent)
    else:
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}"')


def _on_the_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:  # noqa: SLF001  # Django's own way to where databases are made
        for statement in statements:
            cursor.execute(statement)


def _rows() -> int:
    return sum(model._default_manager.count() for model in apps.get_models())


def _since(begun: float) -> str:
    return f"{monotonic() - begun:.1f} s"
