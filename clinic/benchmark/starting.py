"""What the whole costs before and beside any page: memory of the workers, a cold start, the migrations of an empty database."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.test import Client

from clinic.benchmark import measuring, processes
from clinic.benchmark.browsing import page_of
from clinic.benchmark.first_load import first_load
from clinic.benchmark.pages import Page, Request, SignedIn
from clinic.benchmark.serving import FLOOR, PRODUCT, Served, served

FIRST_PAGE: Final = "/accounts/login/"
FIRST_PAGES: Final = {PRODUCT: FIRST_PAGE, FLOOR: "/list/"}
STARTS: Final = 3
ROUNDS: Final = 12  # requests of each page before memory is read


@dataclass(frozen=True, slots=True)
class Whole:
    """One line: what, in which unit, of the product and (where there is one) of the floor, the goal (times the floor, else absolute)."""

    what: str
    unit: str
    product: float
    floor: float | None
    goal: float

    @property
    def ratio(self) -> float:
        """What the goal is about."""
        return self.product / self.floor if self.floor else self.product


def figures(pages: Sequence[Page], who: SignedIn) -> list[Whole]:
    """All of them. Servers are started for it, one at a time, so that nothing is shared with another."""
    took: dict[str, list[tuple[float, float]]] = {FLOOR: [], PRODUCT: []}
    for application in (FLOOR, PRODUCT) * STARTS:
        with served(application, path=FIRST_PAGES[application]) as server:
            took[application].append((server.cold_start, server.cpu_seconds))
    waited, worked = ([median(each[kind] for each in took[application]) for application in (PRODUCT, FLOOR)] for kind in (0, 1))
    first, home = (
        sum(first_load(page).values()) / 1000
        for page in (Client(headers={"host": "127.0.0.1"}).get(FIRST_PAGE).content, page_of(who, "/today/").encode())
    )
    return [
        Whole("memory of two workers that have shown every page", "MiB", _memory(PRODUCT, pages), _memory(FLOOR, pages), 1.6),
        Whole("cold start to the first page", "s", waited[0], waited[1], 3.0),
        Whole("the same, processor time of both workers", "s", worked[0], worked[1], 3.0),
        Whole("migrations on an empty SQLite, processor time", "s", migration_seconds(), None, 10.0),
        Whole("first load, compressed: the sign-in page", "KB", first, None, 150.0),
        Whole("first load, compressed: the day", "KB", home, None, 150.0),
    ]


def _memory(application: str, pages: Sequence[Page]) -> float:
    is_floor = application == FLOOR
    with served(application, path=FIRST_PAGES[application]) as server:
        for page in pages:
            asked = page.floor.requests if is_floor else page.product
            _show(server, [each for each in asked if not each.is_act], is_floor=is_floor)
        return processes.memory_mib(server.pid)


def _show(server: Served, requests: Sequence[Request], *, is_floor: bool) -> None:
    if requests:
        measuring.load(server, measuring.lines(requests[:ROUNDS], floor=is_floor), connections=2, seconds=0, once=True)


def migration_seconds() -> float:
    """Processor time of ``manage.py migrate`` with no database there, in a process of its own."""
    with TemporaryDirectory() as folder:
        own = {"SQLITE_FILE": str(Path(folder) / "empty.sqlite3"), "DATABASE_URL": "", "TACTUS_DATA": folder}
        words = [sys.executable, "manage.py", "migrate", "-v0"]
        before = _children()
        subprocess.run(words, env={**os.environ, **own}, cwd=settings.BASE_DIR, check=True)  # noqa: S603  # this project's own command
        return _children() - before


def _children() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
