"""What measures is right about what it counts. How fast anything is, is asked nowhere here."""

import os
import runpy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clinic.benchmark import client, processes, table
from clinic.benchmark.measuring import Figures
from clinic.benchmark.pages import TOKEN, Floor, Page, Request, SignedIn, written
from clinic.benchmark.starting import Whole


@contextmanager
def a_server(answer: bytes) -> Iterator[int]:
    """Answers every connection alike and closes it; the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def serve() -> None:
            try:
                while True:
                    line, _address = listening.accept()
                    with line:
                        line.recv(4096)
                        line.sendall(answer)
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_each_request_is_sent_once_where_that_is_asked_and_every_status_is_counted() -> None:
    with a_server(b"HTTP/1.0 403 Forbidden\r\n\r\nno") as port:
        job = {"host": "127.0.0.1", "port": port, "connections": 3, "seconds": 60, "requests": ["GET / HTTP/1.0\r\n\r\n"] * 7, "once": True}
        seen = client.loop(job)
    assert (seen.statuses, len(seen.milliseconds), seen.bytes) == ({"403": 7}, 7, 7 * 28)


def test_it_goes_on_until_there_are_enough_answers() -> None:
    with a_server(b"HTTP/1.0 200 OK\r\n\r\n") as port:
        job = {"host": "127.0.0.1", "port": port, "connections": 2, "seconds": 0, "least": 10, "requests": ["GET / HTTP/1.0\r\n\r\n"]}
        assert len(client.loop(job).milliseconds) >= 10


def test_a_percentile_is_a_value_that_was_seen() -> None:
    assert client.percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 3.0
    assert client.percentile([7.0], 0.95) == 7.0
    assert client.percentile([], 0.95) == 0.0


def test_a_request_is_written_with_the_cookie_of_who_sends_it() -> None:
    who = SignedIn(1, "session=one", "floor=two")
    assert written(Request(who, "/patients/?q=%D0%98"), cookie=who.product, csrf="csrftoken").splitlines()[:3] == [
        "GET /patients/?q=%D0%98 HTTP/1.0",
        "Host: 127.0.0.1",
        f"Cookie: session=one; csrftoken={TOKEN}",
    ]


def test_a_form_is_written_with_its_fields_the_token_of_its_cookie_and_its_length() -> None:
    head, body = written(Request(SignedIn(1, "s=1", ""), "/a/", [("words", "два")]), cookie="s=1", csrf="token").split("\r\n\r\n")
    assert body == f"words=%D0%B4%D0%B2%D0%B0&csrfmiddlewaretoken={TOKEN}"
    assert head.startswith("POST /a/ HTTP/1.0")
    assert f"Content-Length: {len(body)}" in head
    assert f"token={TOKEN}" in head


def test_processor_time_and_memory_of_this_process_are_read() -> None:
    assert os.getpid() in processes.tree(os.getppid())
    assert processes.processor_seconds([os.getpid()]) > 0
    assert processes.memory_mib(os.getpid()) > 1
    assert processes.busy_seconds() > 0
    assert processes.parent_of(os.getpid()) == os.getppid()


def figures(cpu: float) -> Figures:
    return Figures(1, 100, 4.0, 6.0, 100.0, cpu, 20_000.0, 0, 0.1)


def test_the_table_shows_the_ratio_to_the_floor_and_to_a_smaller_clinic() -> None:
    page = Page("patients", Floor("list", ()), goal=2.0)
    lines = list(table.written([table.Line(page, 9, {1: figures(6.0)}, {1: figures(4.0)})], {"patients": 4.0}))
    assert lines[2].startswith("| patients | 6.0 | 4.0 | 1.50 | 2.0 | yes | 1.50 |")
    assert "above 1.25: patients 1.50" in lines[-2]
    assert lines[-1] == "more than 8 statements: patients 9"


def test_an_act_that_wrote_nothing_counts_as_an_error() -> None:
    assert table.Line(Page("book", Floor("", ())), 9, {1: figures(6.0)}, {1: figures(4.0)}, lost=3).errors == 3


def test_what_the_whole_costs_is_told_beside_its_goal() -> None:
    lines = list(table.whole([Whole("memory", "MiB", 90, 60, 1.6), Whole("migrations", "s", 12, None, 10)]))
    assert lines[2:] == ["| memory | MiB | 90.0 | 60.0 | 1.50 | 1.6 | yes |", "| migrations | s | 12.0 |  |  | 10 | no |"]


def test_the_floor_asks_for_no_file_where_a_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://floor@127.0.0.1:5432/large")
    monkeypatch.delenv("SQLITE_FILE", raising=False)
    assert runpy.run_module("clinic.benchmark.floor.settings")["DATABASES"]["default"]["NAME"] == "large"
