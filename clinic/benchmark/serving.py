"""gunicorn for the product and for the floor, alike: two sync workers, the same database, the same environment."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from clinic.benchmark.processes import processor_seconds
from clinic.bootstrap.demo import free_port

WORKERS: Final = 2
PATIENCE: Final = 300  # seconds for a server to answer, on a machine that does much else
PRODUCT, FLOOR = "clinic.wsgi:application", "clinic.benchmark.floor.wsgi:application"


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers: where, its first process, and what it took until its first answer, in seconds and processor seconds."""

    port: int
    pid: int
    cold_start: float
    cpu_seconds: float


@contextmanager
def served(application: str, *, path: str, more: dict[str, str] | None = None) -> Iterator[Served]:
    """The application under gunicorn until the block ends, once ``path`` is answered; ``more`` goes into the environment."""
    port, began = free_port(), time.perf_counter()
    words = [sys.executable, "-m", "gunicorn", application, "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}"]
    words += ["--log-level", "error", "--timeout", "300", "--backlog", "512"]
    environment = {**os.environ, **(more or {})}
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait(server, port, path)
            yield Served(port, server.pid, time.perf_counter() - began, processor_seconds([server.pid]))
        finally:
            server.send_signal(signal.SIGTERM)


def _wait(server: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until and server.poll() is None:
        if _answers(port, path):
            return
        time.sleep(0.02)
    raise RuntimeError("The server does not answer.")


def _answers(port: int, path: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            line.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            return line.recv(12).startswith(b"HTTP/1.")
    except OSError:
        return False
