"""On SQLite those who book take turns within the process, in the order in which they came.

SQLite lets one write at a time, and whoever finds it busy looks again after a while, so that luck decides who is next: with many at once
somebody waits until the time is up and is told that the database is locked. PostgreSQL keeps a queue by itself.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import TracebackType

from django.db import connection, transaction


class Turns:
    """A lock that is handed on to whoever has waited longest."""

    def __init__(self) -> None:
        self._guard, self._line = threading.Lock(), deque[threading.Lock]()

    def __enter__(self) -> None:
        mine = threading.Lock()
        mine.acquire()
        with self._guard:
            self._line.append(mine)
            is_first = len(self._line) == 1
        if not is_first:
            mine.acquire()  # until the one before lets go of it

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None) -> None:
        with self._guard:
            self._line.popleft()
            if self._line:
                self._line[0].release()


_turns = Turns()


@contextmanager
def booking_transaction() -> Iterator[None]:
    """One transaction of somebody who books. Inside another one no turn is waited for: that one holds the database already."""
    waits = connection.vendor == "sqlite" and not connection.in_atomic_block
    with _turns if waits else nullcontext(), transaction.atomic():
        yield
