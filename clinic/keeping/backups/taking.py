"""Takes a backup: one moment of the database and the uploaded files, encrypted, under its final name only when all of it is on the disk."""

import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.utils import timezone

from clinic.keeping.backups import manifest as manifests
from clinic.keeping.backups.crypt import encrypt
from clinic.keeping.backups.databases import Database
from clinic.keeping.backups.dumping import Dump, dump
from clinic.keeping.backups.manifest import Manifest
from clinic.keeping.backups.naming import BackupFile, backup_name, backups_in
from clinic.keeping.backups.packing import pack
from clinic.keeping.backups.retention import Keep, superseded
from clinic.keeping.backups.scratch import alone, scratch_folder
from clinic.keeping.backups.trouble import BackupTrouble, said_plainly
from clinic.signing.keys import NoKey, signing_key

UNFINISHED: Final = ".unfinished"
TWO_AT_ONCE: Final = "Another backup is being taken on this machine; wait until it is done."


@dataclass(frozen=True)
class Wish:
    """What is to be backed up, where to, for whom (public keys; none: unencrypted), and what is kept."""

    folder: Path
    database: Database
    media: Path
    data: Path
    keys: Sequence[Any]
    keep: Keep


@dataclass(frozen=True)
class Taken:
    """A backup that was made, what it says about itself, and the names of those that it made superfluous."""

    file: BackupFile
    manifest: Manifest
    removed: list[str]


def take_backup(wish: Wish) -> Taken:
    """Makes one backup and removes what need not be kept any more. Raises ``BackupTrouble``; then nothing is left of it."""
    check_folder(wish)
    with said_plainly("The backup"), alone(wish.data / "backup.lock", TWO_AT_ONCE):
        _make(wish.folder)
        _clear_unfinished(wish.folder)
        taken_at = _free_moment(wish)
        with scratch_folder(wish.data) as scratch:
            dumped = dump(wish.database, scratch)
            path = wish.folder / backup_name(taken_at, encrypted=bool(wish.keys))
            manifest = _write(path, dumped, wish, taken_at)
        file = BackupFile(path, taken_at, path.stat().st_size)
        return Taken(file, manifest, thinned(wish.folder, keep=wish.keep, now=timezone.now(), newest=taken_at))


def check_folder(wish: Wish) -> None:
    """Raises ``BackupTrouble`` for a folder that would be backed up into itself, and for plain backups of a real clinic."""
    if wish.folder.resolve().is_relative_to(wish.media.resolve()):
        raise BackupTrouble(f"{wish.folder} lies among the uploaded files, so that each backup would hold those before it; name another.")
    if settings.IN_PRODUCTION and not wish.keys:
        raise BackupTrouble("Backups of a real clinic are encrypted: set BACKUP_RECIPIENTS to the public key of manage.py new_backup_key.")


def _make(folder: Path) -> None:
    # Only the last of the path: a disk that is not mounted must not be replaced by a folder.
    if not folder.parent.is_dir():
        raise BackupTrouble(f"There is no folder {folder.parent}; is the disk mounted?")
    folder.mkdir(mode=0o700, exist_ok=True)


def _free_moment(wish: Wish) -> datetime:
    """Now, to the second that the name says; a little later where there is a backup of that second."""
    while True:
        moment = timezone.now().astimezone(UTC).replace(microsecond=0)
        if not (wish.folder / backup_name(moment, encrypted=bool(wish.keys))).exists():
            return moment
        time.sleep(0.1)


def _write(path: Path, dumped: Dump, wish: Wish, taken_at: datetime) -> Manifest:
    said = Manifest(settings.MODE, manifests.version(), taken_at, wish.database.kind, dumped.version, dumped.standing)
    made: list[Manifest] = []

    def write_all(out: IO[bytes]) -> None:
        made.append(pack(out, dump=dumped, media=wish.media, manifest=said, seal=_seal))

    aside = path.with_name(f".{path.name}.{_machine()}{UNFINISHED}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            if wish.keys:
                encrypt(write_all, out, wish.keys)
            else:
                write_all(out)
            out.flush()
            os.fsync(out.fileno())
        aside.rename(path)
        synchronise(path.parent)
    finally:
        aside.unlink(missing_ok=True)
    return made[0]


def _seal(manifest: Manifest) -> bytes:
    try:
        return manifests.sealed(manifest, signing_key())
    except NoKey as wrong:
        raise BackupTrouble(f"The backup cannot be signed. {wrong}") from wrong


def synchronise(folder: Path) -> None:
    """Has the names in the folder written to the disk, not only the files."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _machine() -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in socket.gethostname())


def _clear_unfinished(folder: Path) -> None:
    """What a backup that was killed on this machine left: its name never was that of a backup."""
    for left in folder.glob(f".tactus-*.{_machine()}{UNFINISHED}"):
        left.unlink(missing_ok=True)


def thinned(folder: Path, *, keep: Keep, now: datetime, newest: datetime) -> list[str]:
    """Removes the backups that need not be kept any more, and answers their names. Never that of ``newest``, nor any other file."""
    found = backups_in(folder)
    gone = superseded([each.taken_at for each in found], keep=keep, now=max(now, newest)) - {newest}
    removed = [each.path for each in found if each.taken_at in gone]
    for path in removed:
        path.unlink(missing_ok=True)
    return [path.name for path in removed]
