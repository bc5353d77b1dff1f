"""One moment of a database as one file, whoever goes on writing, and what stood in it at that moment."""

import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clinic.keeping.backups.databases import Database, PostgresDatabase, SqliteDatabase, asking_of
from clinic.keeping.backups.programs import program, run_on, version_of
from clinic.keeping.backups.standing import UNFINISHED, Standing, files_of, standing_of
from clinic.keeping.backups.trouble import BackupTrouble

# What the database is called inside a backup, by kind.
PART_OF: Final[Mapping[str, str]] = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
SECONDS_FOR_A_LOCK: Final = 60


@dataclass(frozen=True)
class Dump:
    """The file, what stood in the database, the uploaded files that its records name, and the version of what wrote it."""

    file: Path
    standing: Standing
    files: dict[str, str]
    version: int


def dump(database: Database, folder: Path) -> Dump:
    """Writes the database into this folder. Raises ``BackupTrouble``, or ``OSError`` for what the disk refuses."""
    file = folder / PART_OF[database.kind]
    return _of_sqlite(database, file) if isinstance(database, SqliteDatabase) else _of_postgresql(database, file)


def _of_sqlite(database: SqliteDatabase, file: Path) -> Dump:
    if not database.file.is_file():
        raise BackupTrouble(f"There is no database at {database.file}; manage.py migrate makes one.")
    _copy(database.file, file)
    copy = SqliteDatabase(file)
    with copy.asking() as ask:
        ask("PRAGMA journal_mode=DELETE")  # one file, and no second one beside it
        return Dump(file, standing_of(ask, copy.kind), files_of(ask, copy.kind), sqlite3.sqlite_version_info[0])


def _copy(source: Path, file: Path) -> None:
    """Copies in one step, for which SQLite keeps the moment: writers neither wait nor are waited for."""
    file.touch(mode=0o600)
    # Read only: a backup must not make a database where there is none.
    reading = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(reading, uri=True, timeout=60)) as found, closing(sqlite3.connect(file)) as copy:
            copy.execute("PRAGMA synchronous=OFF")  # it is scratch; what is kept is synchronised when it is written
            found.backup(copy)
    except sqlite3.Error as wrong:
        why = "the disk is full. Free some space, or name a folder on another disk" if "full" in str(wrong) else str(wrong)
        raise BackupTrouble(f"The backup was given up, and nothing was left of it: {why}.") from wrong


def _of_postgresql(database: PostgresDatabase, file: Path) -> Dump:
    with database.connected() as found, found.transaction():
        found.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        ask = asking_of(found)
        version = server_version(found.info.server_version)
        pg_dump = program("pg_dump", at_least=version, like=version)
        ((snapshot,),) = ask("SELECT pg_export_snapshot()")
        dumping = [str(pg_dump), *dump_options(snapshot), f"--file={file}"]
        with ThreadPoolExecutor(max_workers=1) as beside:
            # pg_dump sees the very moment that is counted here, and counting need not wait for it.
            dumped = beside.submit(run_on, database, dumping, doing="The backup")
            standing, files, wrote = standing_of(ask, database.kind), files_of(ask, database.kind), version_of(pg_dump)
            dumped.result()
        return Dump(file, standing, files, wrote)


def server_version(number: int) -> int:
    """The main version in the number by which a server says its own: 150018 is 15."""
    return number // 10_000


def dump_options(snapshot: str) -> list[str]:
    """How pg_dump is asked: its own format, compressed a little, owners and rights left to where it is restored."""
    lock = f"--lock-wait-timeout={SECONDS_FOR_A_LOCK}s"
    return [
        "--format=custom",
        "--compress=1",
        "--no-owner",
        "--no-privileges",
        lock,
        f"--exclude-table={UNFINISHED}",
        f"--snapshot={snapshot}",
    ]
