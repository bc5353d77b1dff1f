"""The large clinics that are kept, and the copies that are measured: people who book and sign use rows up, so each run begins from a clinic
as it was made. On SQLite a clinic is a file, on PostgreSQL a database on the server of ``DATABASE_URL``."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings

JOB: Final = "TACTUS_BENCHMARK"  # set in a process that works on a kept clinic
COPY: Final = "copy"
LEAST: Final = 4000  # patients: a calendar of today, before and after
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be run: ``make`` a clinic of so many patients, or measure one under these numbers of connections, each for so many
    seconds; pages whose names begin like one of ``only`` (all, if empty). ``is_whole`` adds memory, cold start and migrations.
    Figures are written to the file ``figures``; those of a smaller clinic stand in ``beside``."""

    patients: int
    connections: tuple[int, ...] = (1,)
    seconds: float = 3.0
    only: tuple[str, ...] = ()
    is_whole: bool = False
    make: bool = False
    figures: str = ""
    beside: str = ""

    def includes(self, name: str) -> bool:
        return not self.only or any(name.startswith(each) for each in self.only)


def job() -> Wanted | None:
    """What this process is to do on a kept clinic; None in any other process."""
    said: dict[str, Any] | None = json.loads(os.environ.get(JOB, "null"))
    return Wanted(**said | {name: tuple(said[name]) for name in ("connections", "only")}) if said else None


def measure(wanted: Wanted, folder: Path, beside: int, say: Say) -> None:
    """Makes what is missing, measures the smaller clinic at one connection and then the large one, whose table is printed."""
    kind = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    small, large = (folder / f"figures-{count}-{kind}.json" for count in (beside, wanted.patients))
    if beside:
        say(f"{beside:,} patients, one connection")
        _on_a_copy(replace(wanted, patients=beside, connections=(1,), figures=str(small)), folder)
        wanted = replace(wanted, beside=str(small))
    say(f"{wanted.patients:,} patients")
    _on_a_copy(replace(wanted, figures=str(large), is_whole=not wanted.only), folder)


def _on_a_copy(wanted: Wanted, folder: Path) -> None:
    own = folder / f"benchmark-{wanted.patients}"
    own.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL", "")
    name = f"benchmark_{wanted.patients}"
    with _database(url, name) if url else _file(own) as (kept, copy):
        _work(Wanted(wanted.patients, make=True), own, kept)
        with copy() as mine:
            _work(wanted, own, mine)


@contextmanager
def _file(own: Path) -> Iterator[Any]:
    """The kept file, and how to get a copy of it for a while."""
    kept = own / "large.sqlite3"

    @contextmanager
    def copy() -> Iterator[dict[str, str]]:
        mine = own / f"{COPY}.sqlite3"
        shutil.copyfile(kept, mine)
        try:
            yield {"SQLITE_FILE": str(mine)}
        finally:
            for each in own.glob(f"{COPY}.sqlite3*"):
                each.unlink()

    yield {"SQLITE_FILE": str(kept)}, copy


@contextmanager
def _database(url: str, name: str) -> Iterator[Any]:
    """The kept database, and how to get a copy of it for a while."""

    def address(database: str) -> dict[str, str]:
        there = urlsplit(url)
        return {"DATABASE_URL": urlunsplit((there.scheme, there.netloc, f"/{database}", there.query, ""))}

    @contextmanager
    def copy() -> Iterator[dict[str, str]]:
        line.execute(f'DROP DATABASE IF EXISTS "{name}_{COPY}" WITH (FORCE)')
        line.execute(f'CREATE DATABASE "{name}_{COPY}" TEMPLATE "{name}"')
        try:
            yield address(f"{name}_{COPY}")
        finally:
            line.execute(f'DROP DATABASE "{name}_{COPY}" WITH (FORCE)')

    with psycopg.connect(url, autocommit=True) as line:
        with suppress(psycopg.errors.DuplicateDatabase):
            line.execute(f'CREATE DATABASE "{name}"')
        yield address(name), copy


def _work(wanted: Wanted, own: Path, place: dict[str, str]) -> None:
    """Runs this command once more in a process whose data are the clinic's, in the mode of the demo: it may make up signatures."""
    mine = {"TACTUS_MODE": "demo", "TACTUS_DATA": str(own), "LOG_LEVEL": "ERROR", "DEBUG": "0", JOB: json.dumps(asdict(wanted))}
    command = [sys.executable, "manage.py", "benchmark", "product"]
    subprocess.run(command, env={**os.environ, **mine, **place}, cwd=settings.BASE_DIR, check=True)  # noqa: S603  # this very command
