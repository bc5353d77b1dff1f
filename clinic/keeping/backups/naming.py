"""How a backup's file is called, and which files of a folder are backups: those, and never any other file, are counted and removed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

NAME: Final = re.compile(r"tactus-(\d{8}T\d{6}Z)\.tar(\.age)?")
MOMENT: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class BackupFile:
    """One finished backup: where it lies, when it was taken (UTC, by its name), and how long it is in bytes."""

    path: Path
    taken_at: datetime
    size: int

    @property
    def is_encrypted(self) -> bool:
        """Whether it needs a key to be read."""
        return self.path.suffix == ".age"


def backup_name(taken_at: datetime, *, encrypted: bool = True) -> str:
    """The name of a backup taken at this moment."""
    return f"tactus-{taken_at.astimezone(UTC):{MOMENT}}.tar{'.age' if encrypted else ''}"


def taken_at_of(name: str) -> datetime | None:
    """The moment in the name of a backup (UTC); ``None`` for any other name."""
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], MOMENT).replace(tzinfo=UTC) if found else None
    except ValueError:  # a thirteenth month
        return None


def backups_in(folder: Path) -> list[BackupFile]:
    """Every finished backup in the folder, the newest first; none where there is no such folder."""
    return sorted(_found(folder), key=lambda each: each.taken_at, reverse=True)


def _found(folder: Path) -> Iterator[BackupFile]:
    for path in folder.iterdir() if folder.is_dir() else ():
        taken_at = taken_at_of(path.name)
        if taken_at and path.is_file() and not path.is_symlink():
            yield BackupFile(path, taken_at, path.stat().st_size)
