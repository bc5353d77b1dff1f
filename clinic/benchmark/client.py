"""A closed loop of requests over plain sockets, in a process of its own: each connection sends its next request when it has its answer.

``python -m clinic.benchmark.client`` reads a job as JSON (host, port, connections, seconds, requests as text) and prints what it saw.
It imports nothing of Django, so that it takes as little of the machine as Python can.
"""

import json
import selectors
import socket
import sys
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import Any, Final

PIECE: Final = 1 << 18
PATIENCE: Final = 60.0  # seconds until an answer that does not come is an error


@dataclass(slots=True)
class Exchange:
    """One connection: what is still to be sent, what came, when it began."""

    socket: socket.socket
    unsent: bytes
    began: float
    came: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """What came back: milliseconds of each answer, by status how many, bytes, and how long it all took."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    seconds: float = 0.0

    def note(self, exchange: Exchange, now: float) -> None:
        answer = b"".join(exchange.came)
        status = answer[9:12].decode("ascii", "replace") or "none"
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.milliseconds.append((now - exchange.began) * 1000)
        self.bytes += len(answer)


def loop(job: dict[str, Any]) -> Seen:
    """Runs the job: for so many seconds and at least so many answers, or until every request was sent once where ``once`` is set."""
    requests = iter(job["requests"]) if job.get("once") else cycle(job["requests"])
    seen, begin = Seen(), perf_counter()
    with selectors.DefaultSelector() as selector:
        open_now = sum(_begin(selector, job, requests) for _ in range(job["connections"]))
        while open_now:
            for key, events in selector.select(1.0):
                if not _step(selector, key.data, events):
                    continue
                now = perf_counter()
                seen.note(key.data, now)
                is_enough = now - begin >= job["seconds"] and len(seen.milliseconds) >= job.get("least", 0)
                goes_on = not is_enough and _begin(selector, job, requests)
                open_now -= not goes_on
            if perf_counter() - begin > job["seconds"] + PATIENCE:  # however few there were
                break
    seen.seconds = perf_counter() - begin
    return seen


def _begin(selector: selectors.BaseSelector, job: dict[str, Any], requests: Any) -> bool:
    """Opens a connection for the next request; False where none is left."""
    wanted = next(requests, None)
    if wanted is None:
        return False
    began = perf_counter()
    line = socket.create_connection((job["host"], job["port"]), timeout=PATIENCE)
    line.settimeout(0)
    selector.register(line, selectors.EVENT_WRITE, Exchange(line, wanted.encode(), began))
    return True


def _step(selector: selectors.BaseSelector, exchange: Exchange, events: int) -> bool:
    """Sends or reads what can be; True when the answer is whole, which the server tells by closing."""
    if events & selectors.EVENT_WRITE:
        exchange.unsent = exchange.unsent[exchange.socket.send(exchange.unsent) :]
        if not exchange.unsent:
            selector.modify(exchange.socket, selectors.EVENT_READ, exchange)
        return False
    try:
        piece = exchange.socket.recv(PIECE)
    except ConnectionError:
        piece = b""
    if piece:
        exchange.came.append(piece)
        return False
    selector.unregister(exchange.socket)
    exchange.socket.close()
    return True


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all is not above; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def main() -> None:
    """Reads a job from standard input and writes what was seen."""
    job = json.load(sys.stdin)
    seen = loop(job)
    found = {
        "count": len(seen.milliseconds), "p50": percentile(seen.milliseconds, 0.5), "p95": percentile(seen.milliseconds, 0.95),
        "statuses": seen.statuses, "bytes": seen.bytes / max(1, len(seen.milliseconds)), "seconds": seen.seconds,
    }  # fmt: skip
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
