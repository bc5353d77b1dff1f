"""Reads the outbox by plain SQL, past the product: how many messages are in which state. It shares nothing with what it reads about."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg

STATES: Final = "SELECT state, COUNT(*) FROM reminders_message GROUP BY state"
OPEN: Final = ("waiting", "sending")


def states_in(database: Path | str) -> Counter[str] | None:
    """Messages by state, in an SQLite file or behind the address of a PostgreSQL server; None while it is not there."""
    try:
        return Counter(dict(_sqlite(database) if isinstance(database, Path) else _postgresql(database)))
    except (sqlite3.OperationalError, psycopg.OperationalError):
        return None


def _sqlite(file: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(file, timeout=10)) as connection:
        return connection.execute(STATES).fetchall()


def _postgresql(url: str) -> list[tuple[str, int]]:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(STATES).fetchall()
