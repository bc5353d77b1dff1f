"""One page under one load: what people waited, what it cost processor and database, how many statements it asked."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.test import Client

from clinic.benchmark import processes
from clinic.benchmark.browsing import client_of
from clinic.benchmark.pages import Request, body_of, written
from clinic.benchmark.serving import Served

LEAST: Final = 24  # answers: the processor time of a process is told in hundredths of a second
LONGEST: Final = 300.0  # seconds for acts that are all to be sent
STILL: Final = 0.02  # processor seconds in a third of a second: a server that does less has nothing left to do


@dataclass(frozen=True, slots=True)
class Figures:
    """What one load showed. Times in ms, ``cpu_ms`` of server and database for one request; ``others`` are cores that others used."""

    connections: int
    count: int
    p50: float
    p95: float
    per_second: float
    cpu_ms: float
    bytes: float
    errors: int
    others: float


def load(server: Served, requests: Sequence[str], *, connections: int, seconds: float, once: bool = False) -> Figures:
    """Lets a client ask for so many seconds, or for all requests ``once``, and reads what that cost."""
    roots = [server.pid, *database_roots()]
    _wait_until_still(roots)
    before, busy = processes.processor_seconds(roots), processes.busy_seconds()
    job = {"host": "127.0.0.1", "port": server.port, "connections": connections, "requests": requests}
    job |= {"seconds": LONGEST if once else seconds, "once": once, "least": LEAST}
    words = [sys.executable, "-m", "clinic.benchmark.client"]
    seen: dict[str, Any] = json.loads(subprocess.run(words, input=json.dumps(job), capture_output=True, text=True, check=True).stdout)  # noqa: S603
    used = processes.processor_seconds(roots) - before
    count, took = max(1, seen["count"]), max(0.001, seen["seconds"])
    errors = sum(number for status, number in seen["statuses"].items() if not status.startswith(("2", "3")))
    others = (processes.busy_seconds() - busy - used) / took
    return Figures(
        connections, seen["count"], seen["p50"], seen["p95"], seen["count"] / took, used * 1000 / count, seen["bytes"], errors, others
    )


def _wait_until_still(roots: list[int]) -> None:
    """A server goes on working at what its client gave up."""
    for _ in range(30):
        before = processes.processor_seconds(roots)
        sleep(0.3)
        if processes.processor_seconds(roots) - before < STILL:
            return


def database_roots() -> list[int]:
    """The first process of a PostgreSQL that runs on this machine; SQLite works inside of the server."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return [processes.parent_of(int(cursor.fetchone()[0]))]


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The statements asked meanwhile, without those that only begin and end transactions."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if not sql.upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def statements(request: Request) -> list[str]:
    """What the product asks of its database for this request. A page was asked for before, in this process too."""
    client = client_of(request.who)
    if not request.is_act:
        client.get(request.path)
    with _counted() as asked:
        answer = _sent(client, request)
    if answer.status_code >= 400:
        raise RuntimeError(f"{request.path} answered {answer.status_code}")
    return asked


def _sent(client: Client, request: Request) -> Any:
    if not request.is_act:
        return client.get(request.path)
    body, kind = body_of(request)
    return client.post(request.path, body, content_type=kind, headers={"HX-Request": "true"} if request.is_part else None)


def lines(requests: Sequence[Request], *, floor: bool) -> list[str]:
    """The requests as they go over the line to the product or to the floor."""
    csrf = "csrftoken" if floor else settings.CSRF_COOKIE_NAME
    return [written(each, cookie=each.who.floor if floor else each.who.product, csrf=csrf) for each in requests]
