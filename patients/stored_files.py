"""Where uploaded files lie: in ``settings.MEDIA_ROOT``, outside of the web root, each under a name made by chance. Knows no database."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

NAME: Final = re.compile(r"[0-9a-f]{48}")


class FileMissing(Exception):
    """There is no such file on this machine."""


class FileChanged(Exception):
    """The file is not the one that was stored."""


def store(content: bytes) -> str:
    """Writes a new file that only the program may read, down to the disk; answers the name it lies under.

    Raises ``OSError`` where the disk is full or the folder may not be written to; then nothing of the file stays.
    """
    name = secrets.token_hex(24)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)  # half a file on a disk that is full
        raise
    return name


def stored_content(name: str, sha256: str) -> bytes:
    """The bytes of a stored file, compared with what they were. Raises ``FileMissing`` or ``FileChanged``."""
    try:
        with os.fdopen(os.open(_path(name), os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            content = file.read()
    except OSError as gone:
        raise FileMissing(name) from gone
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileChanged(name)
    return content


def remove(name: str) -> None:
    """Takes a file away that no record names. Safe to call twice."""
    _path(name).unlink(missing_ok=True)


def stored_before(seconds: float) -> Iterator[str]:
    """The names of files that have lain there for so long."""
    folder = Path(settings.MEDIA_ROOT)
    for path in folder.glob("??/*") if folder.exists() else ():
        if NAME.fullmatch(path.name) and path.stat().st_mtime < time.time() - seconds:
            yield path.name


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise FileMissing(name)  # never a way out of the folder, whatever stands in the record
    return Path(settings.MEDIA_ROOT) / name[:2] / name
