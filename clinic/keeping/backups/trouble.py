"""The one kind of failure that backups report: a sentence for whoever runs the clinic's machine, never a traceback."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.management.base import CommandError


class BackupTrouble(CommandError):
    """It could not be done; the text says why and what to do. From a command it ends with exit code 1."""


FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def said_plainly(doing: str) -> Iterator[None]:
    """What the machine refuses in this block (a full disk, a folder that is closed to us) ends as ``BackupTrouble``.

    ``doing`` is what was being done, as the beginning of a sentence: "The backup".
    """
    try:
        yield
    except OSError as wrong:
        raise BackupTrouble(f"{doing} was given up, and nothing was left of it: {_why(wrong)}") from wrong


def _why(wrong: OSError) -> str:
    where = f" ({wrong.filename})" if wrong.filename else ""
    if wrong.errno in FULL:
        return f"the disk is full{where}. Free some space, or name a folder on another disk."
    if wrong.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"a folder or file may not be written or read by this user{where}."
    return f"{wrong.strerror or wrong}{where}."
