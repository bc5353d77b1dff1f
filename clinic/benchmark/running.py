"""The run: the kept clinic made where it is missing, product and floor served on it in turn, each page under each load, one table."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from clinic.benchmark import made, measuring, processes, table
from clinic.benchmark.measuring import Figures
from clinic.benchmark.pages import Desk, Page, pages
from clinic.benchmark.serving import FLOOR, PRODUCT, Served, served
from clinic.benchmark.signing_in import signed_in
from clinic.benchmark.table import Line
from clinic.staff.models import Clinic, Role

INSIDE: Final = "TACTUS_BENCHMARK"  # set in the process that works on the kept clinic
OLD_AFTER: Final = 8  # days; the calendar reaches no further
PEOPLE: Final = 48
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be run: how many patients, under which numbers of connections, for how long each, which pages (all, if none is named)."""

    patients: int
    connections: tuple[int, ...]
    seconds: float
    only: tuple[str, ...]

    def includes(self, page: Page) -> bool:
        return not self.only or any(page.name.startswith(name) for name in self.only)


def on_kept_clinic(folder: Path, words: list[str]) -> int:
    """Runs this command once more in a process whose data are the kept clinic's, in the mode of the demo: it may make up signatures."""
    folder.mkdir(parents=True, exist_ok=True)
    mine = {"TACTUS_MODE": "demo", "TACTUS_DATA": str(folder), "SQLITE_FILE": str(folder / "large.sqlite3"), "LOG_LEVEL": "ERROR"}
    environment = {**os.environ, **mine, INSIDE: "1", "DEBUG": "0"}
    command = [sys.executable, "manage.py", "benchmark", *words]
    return subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=False).returncode  # noqa: S603  # this very command


def is_inside() -> bool:
    """Whether this process works on the kept clinic."""
    return os.environ.get(INSIDE) == "1"


def run(wanted: Wanted, say: Say) -> None:
    """Makes what is missing, measures, and says the table."""
    ready(wanted.patients, say)
    desk = Desk(signed_in(Role.ADMIN, 1)[0], signed_in(Role.DOCTOR, 1)[0])
    chosen = [page for page in pages(signed_in(Role.THERAPIST, PEOPLE), desk, _today()) if wanted.includes(page)]
    counted = {page.name: len(measuring.statements(page.product[0])) for page in chosen}
    found: dict[str, dict[str, dict[int, Figures]]] = {page.name: {} for page in chosen}
    memory, cold = dict[str, float](), dict[str, float]()
    for name, application, path in (("floor", FLOOR, "/list/"), ("product", PRODUCT, "/accounts/login/")):
        with served(application, path=path) as server:
            cold[name] = server.cold_start
            for page in chosen:
                found[page.name][name] = dict(_under_each_load(server, page, wanted, is_floor=name == "floor"))
                say(f"{name}: {page.name}")
            memory[name] = processes.memory_mib(server.pid)
    lines = [Line(page, counted[page.name], found[page.name]["product"], found[page.name]["floor"]) for page in chosen]
    say("\n".join(table.written(lines, memory=memory, cold=cold)))


def _under_each_load(server: Served, page: Page, wanted: Wanted, *, is_floor: bool) -> Iterator[tuple[int, Figures]]:
    requests = measuring.lines(page.floor if is_floor else page.product, floor=is_floor)
    if not requests:
        return
    measuring.load(server, requests, connections=2, seconds=min(1.5, wanted.seconds))  # warm
    for connections in wanted.connections:
        yield connections, measuring.load(server, requests, connections=connections, seconds=wanted.seconds)


def ready(patients: int, say: Say) -> None:
    """The clinic as it is kept, or made now where there is none, or one whose calendar has run out."""
    age = _age()
    if age is not None and age > OLD_AFTER:
        say("the kept clinic is too old: its calendar has run out; it is made anew")
        _empty()
        age = None
    if age is None:
        began = perf_counter()
        call_command("migrate", verbosity=0)
        say(f"migrations on an empty database: {perf_counter() - began:.1f} s")
        call_command("createcachetable", verbosity=0)
        made.make_clinic(patients, say)
        say(f"made in {perf_counter() - began:.0f} s; {made.size_in_bytes() / 1e6:.0f} MB")


def _age() -> int | None:
    """For how many days the clinic has been there; None where it is not."""
    if Clinic._meta.db_table not in connection.introspection.table_names():
        return None
    day = made.made_on()
    return (_today() - day).days if day else None


def _empty() -> None:
    if connection.vendor == "postgresql":
        call_command("flush", interactive=False, verbosity=0)
        return
    connection.close()
    for file in Path(settings.DATABASES["default"]["NAME"]).parent.glob("large.sqlite3*"):
        file.unlink()


def _today() -> date:
    from django.utils import timezone

    return timezone.now().date()


def forget(folder: Path) -> None:
    """Takes the kept clinic away."""
    shutil.rmtree(folder, ignore_errors=True)
