"""Where a backup is put together and taken apart, in the open, beside the data that it is a copy of; and one backup at a time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from clinic.keeping.backups.trouble import BackupTrouble

SCRATCH: Final = "backup-scratch"
HELD: Final = ".held"


@contextmanager
def alone(file: Path, sentence: str) -> Iterator[None]:
    """Raises ``BackupTrouble`` with the sentence while another process is in such a block. One that was killed holds nothing."""
    with _lock(file) as lock:
        if lock is None:
            raise BackupTrouble(sentence)
        yield


@contextmanager
def scratch_folder(data: Path) -> Iterator[Path]:
    """An empty folder, closed to others, under the data folder; gone afterwards. What killed processes left there goes too."""
    parent = data / SCRATCH
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in parent.iterdir():
        clear_if_left(left)
    folder = Path(tempfile.mkdtemp(dir=parent))
    with holding(folder):
        yield folder


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Shows others that this folder is in use, and removes it at the end if it is still there."""
    try:
        with alone(folder / HELD, f"Another process works in {folder}."):
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_if_left(folder: Path) -> bool:
    """Removes a folder that nobody holds any more; false where somebody does."""
    with _lock(folder / HELD) as lock:
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return lock is not None


@contextmanager
def _lock(file: Path) -> Iterator[IO[bytes] | None]:
    """The lock, which ends with the process however it ends; ``None`` where another process has it."""
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield held
