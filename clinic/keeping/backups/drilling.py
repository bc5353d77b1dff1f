"""A drill: the newest backup is brought back into an empty place that is thrown away afterwards, and looked through."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from django.utils import timezone
from psycopg import sql

from clinic.keeping.backups.databases import PostgresDatabase, SqliteDatabase, our_database
from clinic.keeping.backups.naming import BackupFile
from clinic.keeping.backups.places import EmptyDatabase, NewFolder, Place
from clinic.keeping.backups.restoring import Orders, restore
from clinic.keeping.backups.scratch import alone, scratch_folder
from clinic.keeping.backups.trouble import BackupTrouble

TOO_OLD: Final = timedelta(days=8)
TWO_AT_ONCE: Final = "Another drill is under way on this machine; wait until it is done."
MADE_BY_A_DRILL: Final = "made by a drill of Tactus, may be dropped"


@dataclass(frozen=True)
class Report:
    """What a drill found: ``trouble`` is empty where all came back."""

    started_at: datetime
    finished_at: datetime
    file: str
    digest: str
    taken_at: datetime
    rows: int
    trouble: str

    def as_json(self) -> str:
        """The report as a file, to be taken to the clinic's server."""
        return json.dumps(asdict(self), default=lambda moment: moment.isoformat(), indent=1)


def read_report(words: str) -> Report:
    """A report from a file. Raises ``BackupTrouble`` for anything else."""
    try:
        said = json.loads(words)
        started_at, finished_at, taken_at = (
            datetime.fromisoformat(said[name]).astimezone(UTC) for name in ("started_at", "finished_at", "taken_at")
        )
        file, digest, trouble = (str(said[name]) for name in ("file", "digest", "trouble"))
        return Report(started_at, finished_at, file, digest, taken_at, int(said["rows"]), trouble)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BackupTrouble("This is no report of a drill.") from wrong


@dataclass(frozen=True)
class DrillOrders:
    """Which backup is tried, and with which keys."""

    backup: BackupFile
    identity: Path | None
    signing_keys: Path


def drill(orders: DrillOrders) -> Report:
    """Tries it. What goes wrong is the report's trouble; ``BackupTrouble`` is raised only while another drill is under way."""
    with alone(Path(settings.DATA_DIR) / "drill.lock", TWO_AT_ONCE):
        started_at, rows, trouble = timezone.now(), 0, ""
        try:
            rows, trouble = _tried(orders)
        except BackupTrouble as wrong:
            trouble = str(wrong)
        backup = orders.backup
        return Report(started_at, timezone.now(), backup.path.name, digest_of(backup.path), backup.taken_at, rows, trouble)


def _tried(orders: DrillOrders) -> tuple[int, str]:
    with _empty_place(orders) as place:
        done = restore(Orders(orders.backup.path, orders.identity, place, orders.signing_keys, verify=True, migrate=True))
    age = timezone.now() - orders.backup.taken_at
    if age > TOO_OLD:
        return done.rows, f"All came back, but the newest backup is {age.days} days old."
    if done.manifest.missing:
        return done.rows, f"All came back but {len(done.manifest.missing)} uploaded files, which were not on the disk when it was taken."
    return done.rows, ""


@contextmanager
def _empty_place(orders: DrillOrders) -> Iterator[Place]:
    """A place for a backup of a database of our own kind; another kind's is refused by what it says about itself."""
    data, ours = Path(settings.DATA_DIR), our_database()
    with scratch_folder(data) as scratch:
        if isinstance(ours, SqliteDatabase):
            yield NewFolder(scratch / "restored")
            return
        with _scratch_database(ours) as database:
            yield EmptyDatabase(database, scratch / "media", data)


@contextmanager
def _scratch_database(ours: PostgresDatabase) -> Iterator[PostgresDatabase]:
    """An empty database on the server of the settings, dropped afterwards; one that a killed drill left is dropped first."""
    scratch = ours.named(f"{ours.name[:57]}_drill")
    with ours.connected() as server:
        _drop(server, scratch.name)
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(scratch.name)))
        except psycopg.errors.InsufficientPrivilege as wrong:
            who = ours.where.get("user", "of DATABASE_URL")
            raise BackupTrouble(
                f"The user {who} may not make a database to try the backup in. Let it (ALTER ROLE ... CREATEDB), or make the drill on"
                " another machine and bring its report here (manage.py record_drill)."
            ) from wrong
        server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(scratch.name), sql.Literal(MADE_BY_A_DRILL)))
        try:
            yield scratch
        finally:
            _drop(server, scratch.name)


def _drop(server: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    found = server.execute(comment, [name]).fetchone()
    if found is None:
        return
    if found[0] != MADE_BY_A_DRILL:
        raise BackupTrouble(f"There is a database {name} that no drill made; rename or drop it, for drills need this name.")
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hex."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
