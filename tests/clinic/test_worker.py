"""`manage.py worker` as a program: its clock calls, its threads do, and it ends politely."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.clinic.patience import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = (sys.executable, str(ROOT / "manage.py"))
PASSED_ON = {"PATH", "HOME", "LANG", "TMPDIR", "CELERY_BROKER_URL"}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    own = {"TACTUS_MODE": "development", "TACTUS_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.worker_settings", "DEBUG": "0"}
    return {name: value for name, value in os.environ.items() if name in PASSED_ON} | own | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def database(db: None, env: dict[str, str], tmp_path: Path) -> Path:
    """The worker's own database: the empty tables of the test database, where that is SQLite as well, for migrating takes longer."""
    own = tmp_path / "tactus.sqlite3"
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as tested, closing(sqlite3.connect(own)) as copy:
            tested.backup(copy)
    else:
        subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], env=env, check=True, timeout=120)
    return own


@pytest.mark.slow
@pytest.mark.servers
def test_a_worker_started_with_the_clock_clears_expired_sessions_and_ends_politely(
    env: dict[str, str], tmp_path: Path, database: Path
) -> None:
    remember_two_sessions(database)
    with (tmp_path / "said").open("w") as said:
        worker = subprocess.Popen([*MANAGE, "worker", "--beat"], env=env, stdout=said, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: sessions(database) == ["young"], worker, tmp_path / "said")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0, (tmp_path / "said").read_text()


def remember_two_sessions(database: Path) -> None:
    rows = [("old", "", "2001-01-01 00:00:00"), ("young", "", "2999-01-01 00:00:00")]
    with sqlite3.connect(database) as connection:
        connection.executemany("INSERT INTO staff_browsersession (session_key, session_data, expire_date) VALUES (?, ?, ?)", rows)
    connection.close()


def sessions(database: Path) -> list[str]:
    connection = sqlite3.connect(database, timeout=10)
    try:
        return [key for (key,) in connection.execute("SELECT session_key FROM staff_browsersession")]
    finally:
        connection.close()
