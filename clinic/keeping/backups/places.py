"""Where a backup is restored to: an empty place, which looks finished only when everything in it was compared and held."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clinic.keeping.backups.databases import Ask, Database, PostgresDatabase, SqliteDatabase, asking_of, database_of_url, our_database
from clinic.keeping.backups.dumping import PART_OF, server_version
from clinic.keeping.backups.manifest import Manifest
from clinic.keeping.backups.packing import MEDIA
from clinic.keeping.backups.programs import program, run_on
from clinic.keeping.backups.scratch import HELD, clear_if_left, holding, scratch_folder
from clinic.keeping.backups.standing import UNFINISHED
from clinic.keeping.backups.taking import synchronise
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.start import DEMO_FILE

OWN_FILE: Final = "tactus.sqlite3"
IS_EMPTY: Final = (
    "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
    " WHERE nspname = current_schema() AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"
)


@dataclass(frozen=True)
class NewFolder:
    """A folder that is to become the TACTUS_DATA of a clinic on SQLite: made aside, and put in its place by one renaming."""

    folder: Path
    kind: str = "sqlite"

    @property
    def aside(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.unfinished")

    def check_empty(self) -> None:
        """Raises ``BackupTrouble`` unless the folder is new or empty, and can be."""
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise BackupTrouble(f"{self.folder} is not empty: a backup is only restored into a new folder, never over what is there.")
        if self.folder.is_mount():
            raise BackupTrouble(f"{self.folder} is a disk of its own; name a new folder on it.")
        if not self.folder.absolute().parent.is_dir():
            raise BackupTrouble(f"There is no folder {self.folder.absolute().parent}.")

    @contextmanager
    def working(self) -> Iterator[Path]:
        if self.aside.exists() and not clear_if_left(self.aside):
            raise BackupTrouble(f"Another process restores into {self.folder}.")
        self.aside.mkdir(mode=0o700)
        with holding(self.aside):
            yield self.aside

    @contextmanager
    def filled(self, unpacked: Path, manifest: Manifest) -> Iterator[Database]:
        """The restored database, in the file that Tactus looks for in such a folder."""
        file = unpacked / (DEMO_FILE if manifest.mode == "demo" else OWN_FILE)
        (unpacked / PART_OF["sqlite"]).rename(file)
        yield SqliteDatabase(file)

    def finish(self, unpacked: Path, database: Database) -> None:
        """Writes everything down to the disk and gives the folder its name."""
        if isinstance(database, SqliteDatabase):
            with closing(sqlite3.connect(database.file)) as found:
                found.execute("PRAGMA journal_mode=DELETE")  # nothing of it is left in a second file
        (unpacked / HELD).unlink(missing_ok=True)
        for path in [each for each in unpacked.rglob("*") if each.is_file()]:
            with path.open("rb") as written:
                os.fsync(written.fileno())
        unpacked.rename(self.folder)
        synchronise(self.folder.absolute().parent)


@dataclass(frozen=True)
class EmptyDatabase:
    """A PostgreSQL database without tables, and an empty folder for the uploaded files. A table in it says that it is not finished."""

    database: PostgresDatabase
    media: Path
    data: Path
    kind: str = "postgresql"

    def check_empty(self) -> None:
        """Raises ``BackupTrouble`` unless nothing is there, or only what a restore left that was broken off."""
        if self.media.exists() and any(self.media.iterdir()):
            raise BackupTrouble(f"{self.media}, where the uploaded files would go, is not empty; name another folder with --media.")
        with self.database.connected() as found:
            ask = asking_of(found)
            names = {name for (name,) in ask(IS_EMPTY)}
            if names and UNFINISHED not in names:
                raise BackupTrouble(f"The database {self.database.name} is not empty: a backup is only restored into an empty one.")
            clear(ask)

    @contextmanager
    def working(self) -> Iterator[Path]:
        with scratch_folder(self.data) as folder:
            yield folder

    @contextmanager
    def filled(self, unpacked: Path, manifest: Manifest) -> Iterator[Database]:
        """The restored database: all of it in one transaction. Whatever fails afterwards empties it again."""
        with self.database.connected() as found:
            ask = asking_of(found)
            version = server_version(found.info.server_version)
            pg_restore = program("pg_restore", at_least=manifest.program, like=version)
            ask(f'CREATE TABLE "{UNFINISHED}" ()')
            try:
                options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
                run_on(self.database, [str(pg_restore), *options, str(unpacked / PART_OF["postgresql"])], doing="The restore")
                ask("ANALYZE")  # else the first pages would wait for plans made without figures
                yield self.database
            except BaseException:
                clear(ask)
                raise

    def finish(self, unpacked: Path, database: Database) -> None:
        """Puts the uploaded files in their place, and last of all takes away the table that says it is not finished."""
        if (unpacked / MEDIA).is_dir():
            aside = self.media.with_name(f"{self.media.name}.unfinished")
            shutil.rmtree(aside, ignore_errors=True)
            shutil.copytree(unpacked / MEDIA, aside)
            aside.rename(self.media)
            synchronise(self.media.absolute().parent)
        with self.database.connected() as found:
            asking_of(found)(f'DROP TABLE "{UNFINISHED}"')


Place = NewFolder | EmptyDatabase


def clear(ask: Ask) -> None:
    """Drops every table and function in the database: only for one that a restore has filled."""
    for (name,) in ask(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
    ):
        if name != UNFINISHED:
            ask(f'DROP TABLE IF EXISTS "{name}" CASCADE')
    for (signature,) in ask("SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"):
        ask(f"DROP FUNCTION IF EXISTS {signature} CASCADE")
    ask(f'DROP TABLE IF EXISTS "{UNFINISHED}"')


def place_of(into: str, *, media: Path, data: Path) -> Place:
    """The place that these words name: an address of a database, the word DATABASE_URL for that of the settings, or a folder."""
    if into.startswith(("postgresql://", "postgres://")):
        return EmptyDatabase(database_of_url(into), media, data)
    if into == "DATABASE_URL":
        ours = our_database()
        if isinstance(ours, SqliteDatabase):
            raise BackupTrouble("DATABASE_URL is not set.")
        return EmptyDatabase(ours, media, data)
    return NewFolder(Path(into))
