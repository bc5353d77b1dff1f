"""Whatever is killed while reminders leave, none is lost and none comes twice where that can be known (trust.md F40, F41).

Small runs with short leases and pauses, by real workers in a database of their own. The full size: ``manage.py verify faults``.
"""

import os
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from django.db import connection

from clinic.reminders.faults.controls import SCENES, found
from clinic.reminders.faults.running import HURRIED, SEND, Size, run_in
from clinic.reminders.faults.servers import programs_of_postgresql
from clinic.reminders.faults.world import MakeTables, a_world

WORKER: Final = ("worker", "--max-wait", "2")
ALONE: Final[Mapping[str, Sequence[str]]] = {"worker": WORKER, "a second sender": SEND}
SHARED: Final[Mapping[str, Sequence[str]]] = {"worker": WORKER, "beat": (*WORKER, "--beat")}


@pytest.fixture
def tables(db: None) -> MakeTables:
    """Copies the empty tables of the test database: going through all migrations again would take longer than the proof."""

    def make(database: Path | str) -> None:
        if isinstance(database, Path):
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as tested, closing(sqlite3.connect(database)) as copy:
                tested.backup(copy)
        else:
            _dump(database)

    return make


def _dump(url: str) -> None:
    programs, settings = programs_of_postgresql(), connection.settings_dict
    at = ["-h", settings["HOST"], "-p", settings["PORT"], "-U", settings["USER"], settings["NAME"]]
    env = {**os.environ, "PGPASSWORD": settings["PASSWORD"]}
    dump = subprocess.run([str(programs / "pg_dump"), *at, "--no-owner"], env=env, check=True, capture_output=True)
    subprocess.run([str(programs / "psql"), "-q", "-v", "ON_ERROR_STOP=1", url], input=dump.stdout, check=True, capture_output=True)


@pytest.mark.slow
@pytest.mark.servers
def test_nothing_is_lost_and_nothing_doubled_whatever_is_killed(tables: MakeTables) -> None:
    """On SQLite workers die; on servers PostgreSQL, Redis and the clock too, and the broker is away for a while."""
    servers = connection.vendor == "postgresql"
    size = Size(reminders=200, seconds=4, kills=2, dark=2, patience=90, lead=4, start=HURRIED)
    with a_world(servers=servers) as world:
        world.make_tables(tables)
        findings = run_in(world, size, SHARED if servers else ALONE, seed=1)
    said: list[str] = []
    findings.report(said.append)
    assert findings.wrong() == [], said
    assert findings.kills["a worker while messages were taken"] == 2, said
    assert not servers or {"database": 2, "broker": 2, "beat": 1}.items() <= findings.kills.items(), said


@pytest.mark.slow
@pytest.mark.same_everywhere
def test_reminders_go_out_although_the_broker_never_answers(tables: MakeTables) -> None:
    size = Size(reminders=20, seconds=1, kills=0, dark=0, patience=60, lead=3, start=HURRIED)
    with a_world(redis_is_away=True, share=0) as world:
        world.make_tables(tables)
        findings = run_in(world, size, {"beat": ("worker", "--beat", "--max-wait", "1")}, seed=1)
    assert findings.wrong() == []
    assert findings.lateness[-1] < 60


@pytest.mark.slow
@pytest.mark.same_everywhere
@pytest.mark.parametrize("broken", SCENES)
def test_the_proof_notices_a_promise_that_is_taken_out(broken: str, tables: MakeTables) -> None:
    said: list[str] = []
    assert found(broken, said.append, tables), said
