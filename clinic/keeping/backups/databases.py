"""A database as backups see it: not Django's connection, for it may be another one than that of the settings."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from clinic import environment
from clinic.keeping.backups.trouble import BackupTrouble

if TYPE_CHECKING:
    import psycopg

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
SECRETS: Final = {"password": "PGPASSWORD", "sslpassword": "PGSSLPASSWORD"}
SECONDS_TO_ANSWER: Final = "15"


class Ask(Protocol):
    """Answers one statement with its rows."""

    def __call__(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class SqliteDatabase:
    """One file."""

    file: Path
    kind: str = SQLITE

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        """Statements about the file as it is."""
        with closing(sqlite3.connect(self.file, timeout=30)) as found:
            yield lambda sql, values=(): found.execute(sql.replace("%s", "?"), values).fetchall()

    def environment(self) -> dict[str, str]:
        """What names this database to a process of Tactus."""
        return {"DATABASE_URL": "", "SQLITE_FILE": str(self.file)}


@dataclass(frozen=True)
class PostgresDatabase:
    """One database of a server: libpq's own names for where it is, and what must not be seen on a command line apart."""

    where: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    kind: str = POSTGRESQL

    @property
    def name(self) -> str:
        return self.where["dbname"]

    def named(self, name: str) -> "PostgresDatabase":
        """Another database of the same server."""
        return PostgresDatabase({**self.where, "dbname": name}, self.secrets)

    def on_a_command_line(self) -> str:
        """Names the database without any secret."""
        from psycopg import conninfo  # here: few need it, and every process would hold it (docs/adr/0027)

        return conninfo.make_conninfo("", **self.where)

    def secrets_for(self, env: Mapping[str, str]) -> dict[str, str]:
        """The environment of PostgreSQL's own programs: the passwords are there, where other users cannot read them."""
        return {**env, **{SECRETS[name]: value for name, value in self.secrets.items()}}

    @contextmanager
    def connected(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        """A connection of its own, each statement kept at once. Raises ``BackupTrouble`` where nobody answers."""
        import psycopg
        from psycopg import conninfo

        try:
            found = psycopg.connect(conninfo.make_conninfo("", **self.where, **self.secrets), autocommit=True)
        except psycopg.OperationalError as wrong:
            raise BackupTrouble(f"The database {self.name} does not answer: {_first_line(wrong)}") from wrong
        with closing(found):
            yield found

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        """Statements that all see one moment, and change nothing."""
        with self.connected() as found, found.transaction():
            found.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield asking_of(found)

    def environment(self) -> dict[str, str]:
        """What names this database to a process of Tactus."""
        return {"DATABASE_URL": url_of(self), "SQLITE_FILE": ""}


Database = SqliteDatabase | PostgresDatabase


def asking_of(found: "psycopg.Connection[tuple[Any, ...]]") -> Ask:
    """Statements by this connection; those that answer with no rows answer with none."""

    def ask(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        done = found.execute(sql.encode(), values or None)
        return done.fetchall() if done.description else []

    return ask


def our_database() -> Database:
    """The database of the settings (of a test: the test's)."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return SqliteDatabase(Path(said["NAME"]))
    return _of_settings(said)


def database_of_url(url: str) -> PostgresDatabase:
    """The database that an address names. Raises ``BackupTrouble`` for an address of another kind."""
    try:
        return _of_settings(environment.postgresql(url))
    except environment.BadSetting as wrong:
        raise BackupTrouble(str(wrong).replace("DATABASE_URL", "The address of the database")) from wrong


def url_of(database: PostgresDatabase) -> str:
    """The address as DATABASE_URL writes it, with everything in it: only for an environment."""
    said = {**database.where, **database.secrets}
    name, user, password = (quote(said.pop(key, ""), safe="") for key in ("dbname", "user", "password"))
    host, port = said.pop("host", ""), said.pop("port", "")
    if host:
        said["host"] = host  # a folder of a socket cannot stand before the slash
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    return f"postgresql://{who}{f':{port}' if port else ''}/{name}{f'?{urlencode(said)}' if said else ''}"


def _of_settings(said: Mapping[str, Any]) -> PostgresDatabase:
    plain = {"dbname": said["NAME"], "user": said["USER"], "host": said["HOST"], "port": said["PORT"], "password": said["PASSWORD"]}
    given = {"connect_timeout": SECONDS_TO_ANSWER} | {name: str(value) for name, value in said["OPTIONS"].items()} | plain
    where = {name: str(value) for name, value in given.items() if value and name not in SECRETS}
    return PostgresDatabase(where, {name: str(given[name]) for name in SECRETS if given.get(name)})


def environment_for(database: Database, data: Path) -> dict[str, str]:
    """The environment of a process of Tactus that works with this database, and keeps what it makes in ``data``."""
    left_out = ("CACHE_URL", "CELERY_BROKER_URL", "PYTEST_CURRENT_TEST", "DJANGO_SETTINGS_MODULE", "BACKUP_FOLDER")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"TACTUS_MODE": settings.MODE, "TACTUS_DATA": str(data), "PYTHONWARNINGS": "ignore"} | database.environment()


def _first_line(wrong: Exception) -> str:
    return (str(wrong).strip().splitlines() or ["no reason was given"])[0]
