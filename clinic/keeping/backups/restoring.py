"""Brings a backup back into an empty place, comparing it with what it says about itself; whatever does not hold leaves nothing."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.db.migrations.loader import MigrationLoader

from clinic.bootstrap.folders import MANAGE, ROOT
from clinic.keeping.backups.crypt import decrypted, identities
from clinic.keeping.backups.databases import Database, environment_for
from clinic.keeping.backups.manifest import Manifest, read_manifest, signed_by_us
from clinic.keeping.backups.naming import taken_at_of
from clinic.keeping.backups.packing import check_parts, unpack
from clinic.keeping.backups.places import Place
from clinic.keeping.backups.standing import applied, standing_of
from clinic.keeping.backups.trouble import BackupTrouble, said_plainly
from clinic.signing.keys import KeyFiles, keyring


@dataclass(frozen=True)
class Orders:
    """Which backup, opened by which key (``None``: it is not encrypted), to where, and what is done with it there."""

    file: Path
    identity: Path | None
    place: Place
    keys: Path  # the folder of the signing keys, of which the public ones are needed
    verify: bool = False
    migrate: bool = False


@dataclass(frozen=True)
class Restored:
    """What came back. ``to_come`` are the migrations that the database still needs; ``notes`` what could not be looked at."""

    manifest: Manifest
    rows: int
    to_come: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def restore(orders: Orders) -> Restored:
    """Does it. Raises ``BackupTrouble``; then nothing is left of it."""
    orders.place.check_empty()
    with said_plainly("The restore"), orders.place.working() as folder:
        with _opened(orders) as stream:
            data = unpack(stream, folder)
        manifest, envelope = read_manifest(data)
        if manifest.kind != orders.place.kind:
            raise BackupTrouble(_other_kind(manifest.kind))
        notes = _signed(manifest, envelope, orders)
        check_parts(manifest, folder)
        with orders.place.filled(folder, manifest) as database:
            to_come = _compared(database, manifest, orders)
            if orders.verify:
                _look_through(database, manifest, orders)
            orders.place.finish(folder, database)
    return Restored(manifest, sum(manifest.standing.rows.values()), [] if orders.migrate else to_come, notes)


@contextmanager
def _opened(orders: Orders) -> Iterator[IO[bytes]]:
    if not orders.file.is_file():
        raise BackupTrouble(f"There is no backup {orders.file}.")
    if taken_at_of(orders.file.name) is None and orders.file.suffix not in {".age", ".tar"}:
        raise BackupTrouble(f"{orders.file.name} is no backup of Tactus; their names end in .tar.age.")
    if orders.file.suffix == ".tar":
        with orders.file.open("rb") as stream:
            yield stream
        return
    if orders.identity is None:
        raise BackupTrouble(f"{orders.file.name} is encrypted: name the file with its secret key by --identity.")
    with decrypted(orders.file, identities(orders.identity)) as stream:
        yield stream


def _other_kind(kind: str) -> str:
    if kind == "sqlite":
        return "This backup is of an SQLite database: restore it into a new folder (--into FOLDER)."
    return "This backup is of a PostgreSQL database: restore it into an empty one (--into postgresql://...)."


def _signed(manifest: Manifest, envelope: dict[str, Any], orders: Orders) -> list[str]:
    """Raises ``BackupTrouble`` for a backup that somebody else made. Answers with a note where that cannot be known here."""
    files = KeyFiles(orders.keys, manifest.mode)
    ring = keyring(files)
    if ring:
        if signed_by_us(envelope, ring):
            return []
        raise BackupTrouble(
            f"No key of {files.keyring} signed this backup: somebody else made it, or the folder is that of another clinic."
        )
    missing = f"There is no public signing key in {files.keyring}; copy that folder from the clinic's server, or name it by --signing-keys."
    if orders.verify:
        raise BackupTrouble(f"{missing} Without it nobody can tell whether signatures and backup are the clinic's.")
    return [f"{missing} Who made the backup was therefore not checked."]


def _compared(database: Database, manifest: Manifest, orders: Orders) -> list[str]:
    """Raises ``BackupTrouble`` unless exactly what was backed up stands there; answers the migrations that are to come."""
    with database.asking() as ask:
        differences = manifest.standing.differences(standing_of(ask, database.kind))
        done = applied(ask, database.kind)
    if differences:
        raise BackupTrouble(f"What came back is not what was backed up: {'; '.join(differences)}.")
    known = _migrations_here()
    if newer := sorted(done - known.keys() - set().union(*known.values())):
        raise BackupTrouble(f"This backup is of a newer Tactus (migration {'.'.join(newer[0])}): install that version first.")
    named = known.keys() | done  # what stands for others goes by their names, where those are here
    to_come = [".".join(each) for each in sorted(known.keys() - done) if not (known[each] and known[each] <= named)]
    if to_come and orders.verify and not orders.migrate:
        raise BackupTrouble(
            f"This backup is of an older Tactus; migrate would add {', '.join(to_come)}. Say --migrate to have that done before it is"
            " looked through, or leave out --verify."
        )
    return to_come


def _migrations_here() -> dict[tuple[str, str], set[tuple[str, str]]]:
    """The migrations of this Tactus, each with those that it stands for, whose own files may be gone."""
    return {key: set(migration.replaces) for key, migration in MigrationLoader(None).disk_migrations.items()}


def _look_through(database: Database, manifest: Manifest, orders: Orders) -> None:
    """Raises ``BackupTrouble`` with every fault that another process finds in the restored database."""
    at = manifest.taken_at.isoformat()
    heads = [{"clinic": clinic, "sequence": place.sequence, "digest": place.digest, "at": at} for clinic, place in _ends(manifest)]
    asked = {"keys": str(orders.keys), "mode": manifest.mode, "heads": heads, "migrate": orders.migrate}
    with tempfile.TemporaryDirectory() as scratch:  # nothing about patients is kept there; TACTUS_DATA may be the very place
        done = subprocess.run(  # noqa: S603  # our own interpreter and program, no shell
            [sys.executable, str(MANAGE), "check_restored"],
            input=json.dumps(asked),
            env=environment_for(database, Path(scratch)),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    faults = _faults_in(done)
    if faults:
        raise BackupTrouble(f"What came back does not hold: {'; '.join(faults)}.")


def _ends(manifest: Manifest) -> Iterator[tuple[int, Any]]:
    yield from manifest.standing.signatures.items()


def _faults_in(done: subprocess.CompletedProcess[str]) -> list[str]:
    try:
        found: list[str] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        words = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return [f"the look through it ended early: {words[-1]}"]
    return found
