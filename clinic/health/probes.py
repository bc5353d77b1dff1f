"""Whether each part that Tactus stands on answers, found out in threads of their own: a part that hangs makes nobody else wait."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final

from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from clinic.environment import is_redis

WAIT: Final = 0.8  # seconds for all of them together
REMEMBERED: Final = 1.0  # seconds; whoever asks more often gets the same answer
OK, DOWN, SLOW = "ok", "down", "slow"
# Without these no page can be shown. The rest only makes some things wait (messages, uploads), and then a machine had better go on.
NEEDED: Final = ("database", "migrations")

Probe = Callable[[], bool]


def database_answers() -> bool:
    """Whether the database takes a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


@cache
def _shipped() -> tuple[tuple[tuple[str, str], frozenset[tuple[str, str]]], ...]:
    """Every migration of this release, and those that it takes the place of."""
    found = MigrationLoader(None).disk_migrations
    return tuple((key, frozenset((app, name) for app, name in migration.replaces)) for key, migration in found.items())


def missing_migrations() -> list[str]:
    """What this release has and the database has not, as ``app.name``. More in the database than here is no trouble: an update runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return sorted(".".join(key) for key, replaces in _shipped() if key not in applied and not (replaces and replaces <= applied))


def migrations_are_applied() -> bool:
    """Whether the database has the shape that this release expects."""
    return not missing_migrations()


def redis_answers(url: str) -> bool:
    """Whether a Redis server is there. Raises its errors."""
    from redis import Redis  # here: few need it, and every process would hold it (docs/adr/0027)

    with Redis.from_url(url, socket_timeout=WAIT, socket_connect_timeout=WAIT) as server:
        return bool(server.ping())


def cache_answers() -> bool:
    """Whether the cache itself answers, without what stands in for it."""
    place = str(settings.CACHES["default"].get("LOCATION", ""))
    if is_redis(place):
        return redis_answers(place)
    caches["default"].get("health")
    return True


def broker_answers() -> bool:
    """Whether the queue is there; the memory of the one worker always is."""
    return not is_redis(settings.CELERY_BROKER_URL) or redis_answers(settings.CELERY_BROKER_URL)


def media_is_writable() -> bool:
    """Whether a file could be stored. The folder is made by the first upload, so the nearest one that exists is asked."""
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)


PROBES: Final[Mapping[str, Probe]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "cache": cache_answers,
    "broker": broker_answers,
    "media": media_is_writable,
}


class Asking:
    """One question under way. Never two of a kind: one that hangs is not asked again until it came back."""

    def __init__(self) -> None:
        self._under_way: dict[str, Thread] = {}
        self._lock = Lock()
        self._kept: tuple[float, dict[str, str]] | None = None

    def words(self, probes: Mapping[str, Probe] = PROBES, *, wait: float = WAIT) -> dict[str, str]:
        """A word for each part, after ``wait`` seconds at the most."""
        with self._lock:
            now = time.monotonic()
            if self._kept and now - self._kept[0] < REMEMBERED:
                return self._kept[1]
            found = self._asked(probes, now + wait)
            self._kept = (time.monotonic(), found)
            return found

    def _asked(self, probes: Mapping[str, Probe], until: float) -> dict[str, str]:
        found: dict[str, str] = {}
        answers = {name: self._ask(name, probe, found) for name, probe in probes.items()}
        for answered in answers.values():
            answered.wait(max(0.0, until - time.monotonic()))
        return {name: found.get(name, SLOW) for name in probes}

    def _ask(self, name: str, probe: Probe, found: dict[str, str]) -> Event:
        answered = Event()
        if name in self._under_way and self._under_way[name].is_alive():
            answered.set()  # still hanging: "slow", without another thread
            return answered
        thread = Thread(target=_run, args=(name, probe, found, answered), name=f"health-{name}", daemon=True)
        self._under_way[name] = thread
        thread.start()
        return answered


def _run(name: str, probe: Probe, found: dict[str, Any], answered: Event) -> None:
    try:
        found[name] = OK if probe() else DOWN
    except Exception:  # whatever it is, the part does not answer; why is on the page for administrators
        found[name] = DOWN
    finally:
        answered.set()
        connections.close_all()  # of this thread


asking = Asking()


def is_ready(words: Mapping[str, str]) -> bool:
    """Whether this machine can answer people."""
    return all(words.get(name) == OK for name in NEEDED)
