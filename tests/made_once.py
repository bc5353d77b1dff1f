"""One database made by migrations for all processes that test side by side: the first makes it, the others copy it (tests/conftest.py)."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.sqlite3.creation import DatabaseCreation

# What Django does not promise to keep has no types.
EVERY: Any = BaseDatabaseCreation
SQLITE: Any = DatabaseCreation


@pytest.fixture(scope="session")
def made_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[None]:
    """Comes before pytest-django's ``django_db_setup``. A process that tests alone migrates as ever."""
    if not hasattr(request.config, "workerinput"):
        yield
        return
    folder = tmp_path_factory.getbasetemp().parent  # shared by the processes of one run
    original_create, original_file = EVERY.create_test_db, SQLITE._create_test_db
    EVERY.create_test_db, SQLITE._create_test_db = _create(original_create, folder), _file(original_file, folder)
    yield
    with django_db_blocker.unblock():
        _drop(folder)
    EVERY.create_test_db, SQLITE._create_test_db = original_create, original_file


def _create(original: Any, folder: Path) -> Any:
    def create_test_db(creation: Any, *args: Any, **options: Any) -> str:
        with _first(folder) as is_first:
            if connection.vendor == "postgresql" and not is_first:
                creation.connection.settings_dict["TEST"]["TEMPLATE"] = (folder / "made").read_text()
            # In a copy the migrations are looked through again, and nothing is left to do.
            name: str = original(creation, *args, **options)
            if is_first:
                _keep(creation, name, folder)
            return name

    return create_test_db


@contextmanager
def _first(folder: Path) -> Iterator[bool]:
    """Whether this process makes the database; the others wait here until it is made, and copy it side by side."""
    with (folder / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_first = not (folder / "made").exists()
        if not is_first:
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield is_first


def _file(original: Any, folder: Path) -> Any:
    def _create_test_db(creation: Any, *args: Any, **options: Any) -> str:
        name: str = original(creation, *args, **options)
        if (folder / "made").exists():
            shutil.copyfile(folder / "made", name)
        return name

    return _create_test_db


def _keep(creation: Any, name: str, folder: Path) -> None:
    """The database as it is before the first test; without a connection, so that all of it is in its file."""
    creation.connection.close()
    if connection.vendor == "postgresql":
        made = f"{name}_made"
        with creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{made}"')
            cursor.execute(f'CREATE DATABASE "{made}" TEMPLATE "{name}"')
        (folder / "made").write_text(made)
    else:
        shutil.copyfile(name, folder / "made")


def _drop(folder: Path) -> None:
    """PostgreSQL keeps the copy like any database: the first process that ends drops it, when nobody is copying."""
    if connection.vendor != "postgresql":
        return
    with (folder / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "made"
        if made.exists():
            creation: Any = connection.creation
            with creation._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{made.read_text()}"')
            made.unlink()
