"""Places of the proof's own, on the database that the settings name: copies of it, empty ones, and what stands in them."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings
from psycopg import sql

from clinic.keeping.backups.databases import Database, PostgresDatabase, SqliteDatabase, url_of
from clinic.keeping.backups.places import NewFolder, Place, place_of
from clinic.keeping.backups.standing import TABLES, UNFINISHED, Standing, standing_of

# What Django itself keeps, and writes anew when it migrates.
DJANGO: Final = ("django_", "auth_permission", "cache", "usersessions_")


@dataclass
class Scene:
    """The folder of the proof and the database that it works on; databases that were made are dropped at the end."""

    work: Path
    ours: Database
    made: list[str] = field(default_factory=list)

    def empty_place(self, name: str) -> str:
        """Somewhere to restore to, as ``--into`` names it."""
        if isinstance(self.ours, SqliteDatabase):
            shutil.rmtree(self.work / name, ignore_errors=True)
            return str(self.work / name)
        database = self._named(name)
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name)
        self._run("CREATE DATABASE {} TEMPLATE template0", database.name)
        self.made.append(database.name)
        return url_of(database)

    def place(self, into: str) -> Place:
        """The same for ``restore`` itself."""
        return place_of(into, media=self.work / "no-media", data=self.work)

    def database_in(self, into: str) -> Database:
        """What was restored there."""
        place = self.place(into)
        return SqliteDatabase(place.folder / settings.OWN_FILE) if isinstance(place, NewFolder) else place.database

    def copy_of(self, database: Database, name: str) -> Database:
        """The same once more, to be spoilt."""
        if isinstance(database, SqliteDatabase):
            file = self.work / f"{name}.sqlite3"
            for end in ("", "-wal", "-shm"):
                Path(f"{file}{end}").unlink(missing_ok=True)
            shutil.copyfile(database.file, file)
            return SqliteDatabase(file)
        copy = self._named(name)
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", copy.name)
        self._run("CREATE DATABASE {} TEMPLATE {}", copy.name, database.name)
        self.made.append(copy.name)
        return copy

    def _named(self, name: str) -> PostgresDatabase:
        assert isinstance(self.ours, PostgresDatabase)  # noqa: S101  # for the types
        return self.ours.named(f"{self.ours.name[:40]}_{name}".replace("-", "_"))

    def _run(self, statement: str, *names: str) -> None:
        assert isinstance(self.ours, PostgresDatabase)  # noqa: S101  # for the types
        with self.ours.connected() as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def drop_all(self) -> None:
        for name in set(self.made):
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def a_scene(work: Path, ours: Database) -> Iterator[Scene]:
    """Everything that it made is gone afterwards."""
    scene = Scene(work, ours)
    try:
        yield scene
    finally:
        scene.drop_all()


def name_of(database: Database) -> str:
    """As Django's settings name it."""
    return str(database.file) if isinstance(database, SqliteDatabase) else database.name


def standing_in(database: Database) -> Standing:
    """What stands there now."""
    with database.asking() as ask:
        return standing_of(ask, database.kind)


def rows_that_stay(standing: Standing) -> dict[str, int]:
    """Rows by table, without what Django keeps for itself and without tables that have none."""
    return {table: rows for table, rows in standing.rows.items() if rows and not table.startswith(DJANGO)}


def damage_in(database: Database) -> str:
    """What is wrong with the file; "" where nothing is, and for a server, which looks after itself."""
    if not isinstance(database, SqliteDatabase):
        return ""
    with closing(sqlite3.connect(database.file)) as found:
        said = str(found.execute("PRAGMA quick_check(1)").fetchone()[0])
    return "" if said == "ok" else said


def looks_finished(scene: Scene, into: str) -> bool:
    """Whether anybody could take what lies there for a whole clinic."""
    database = scene.database_in(into)
    if isinstance(database, SqliteDatabase):
        return Path(into).exists()
    with database.asking() as ask:
        tables = {name for (name,) in ask(TABLES[database.kind])}
    return bool(tables) and UNFINISHED not in tables
