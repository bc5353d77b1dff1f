"""PostgreSQL's own programs: found where Debian puts them or on the path, run with a list of arguments and never by a shell."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from clinic.keeping.backups.databases import PostgresDatabase
from clinic.keeping.backups.trouble import BackupTrouble

DEBIAN: Final = Path("/usr/lib/postgresql")
WORDS_OF_A_FULL_DISK: Final = "No space left on device"


def program(name: str, *, at_least: int, like: int) -> Path:
    """The program of this name that is not older than version ``at_least``, nearest to ``like`` (that of the server).

    Raises ``BackupTrouble`` where there is none, or only older ones.
    """
    found = {path: version for path in _candidates(name) if (version := version_of(path))}
    fit = sorted((abs(version - like), str(path)) for path, version in found.items() if version >= at_least)
    if fit:
        return Path(fit[0][1])
    install = f"Install it (Debian, Ubuntu: apt install postgresql-client-{at_least}, or a newer one)."
    if not found:
        raise BackupTrouble(f"{name} is missing on this machine. {install}")
    raise BackupTrouble(f"{name} is of version {max(found.values())}, and version {at_least} or newer is needed here. {install}")


def _candidates(name: str) -> Iterable[Path]:
    on_path = shutil.which(name)
    return [*([Path(on_path)] if on_path else []), *(path for path in DEBIAN.glob(f"*/bin/{name}") if os.access(path, os.X_OK))]


def version_of(path: Path) -> int:
    """The main version of a program; 0 where it does not say."""
    said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    found = re.search(r"\)\s+(\d+)", said.stdout)
    return int(found[1]) if found else 0


def run_on(database: PostgresDatabase, arguments: Sequence[str], *, doing: str) -> None:
    """Runs one program against this database. Raises ``BackupTrouble`` with its last words where it fails."""
    done = subprocess.run(  # noqa: S603  # a list of arguments, no shell; passwords only in the environment
        [*arguments, f"--dbname={database.on_a_command_line()}", "--no-password"],
        env=database.secrets_for(os.environ),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        words = done.stderr.strip()
        if WORDS_OF_A_FULL_DISK in words:
            raise BackupTrouble(f"{doing} was given up, and nothing was left of it: the disk is full. Free some space.")
        raise BackupTrouble(f"{doing} was given up: {(words.splitlines() or ['no reason was given'])[-1]}")
