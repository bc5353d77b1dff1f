"""How fast the outbox drains: by batches, against the floor below that and against one task a reminder. A section of ``benchmark``."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Final

import psycopg

from clinic.reminders.faults.counting import Plan
from clinic.reminders.faults.crew import PYTHON, ROOT
from clinic.reminders.faults.reader import states_in
from clinic.reminders.faults.servers import NoServer
from clinic.reminders.faults.world import World, a_world

REMINDERS: Final = 5_000
TASKS: Final = 300  # as many as one task a reminder is measured with: it is the rate that counts
RUNS: Final = 3
SIZES: Final = (100, 500)  # of a batch
PATIENCE: Final = 300.0
GOAL: Final = 20.0
AGAIN: Final = """UPDATE reminders_message SET state = 'waiting', next_at = due_at, claim = '', attempts = 0, sent_at = NULL,
  drop_reason = '', last_error = '' WHERE state <> 'waiting'"""

Write = Callable[[str], object]


def report_sending(write: Write, *, rows: int) -> None:
    """All designs in one run on servers of its own, and how the database finds what is due among ``rows`` messages."""
    try:
        with a_world(servers=True) as world:
            world.make_tables(None)
            world.write_scene(Plan(REMINDERS, time.time() - 60, 0))
            _report_rates(world, write)
            _report_plan(world, rows, write)
        with a_world() as world:
            world.make_tables(None)
            _report_plan(world, rows, write)
    except NoServer as wrong:
        write(f"{wrong}.")


def _report_rates(world: World, write: Write) -> None:
    write(
        f"{REMINDERS} reminders, sent nowhere; PostgreSQL and Redis of their own; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    )
    write(f"median of {RUNS} (lowest to highest), in turn{'':31}a second")
    designs: dict[str, Callable[[], float]] = {}
    for size in SIZES:
        designs[f"bare SQL, claims of {size}, one process"] = partial(rate_of, world, "floor", size, 1)
        designs[f"drain, batches of {size}, two processes"] = partial(rate_of, world, "drain", size, 2)
    designs["bare SQL, one Celery task a reminder"] = partial(rate_of_tasks, world, "bare")
    designs["the same work, one Celery task a reminder"] = partial(rate_of_tasks, world, "whole")
    # In turn, so that a busy minute of the machine meets all of them.
    runs = [{name: measure() for name, measure in designs.items()} for _run in range(RUNS)]
    middle = {name: median(run[name] for run in runs) for name in designs}
    for name, rate in middle.items():
        some = [run[name] for run in runs]
        write(f"{name:50}{f'({min(some):,.0f} to {max(some):,.0f})':>20}{rate:9,.0f}")
    *batches, naive, whole = middle.values()
    bare, ours = batches[::2], batches[1::2]
    for name, fast, slow in (("bare claims", bare, naive), ("drain", ours, whole)):
        times = " and ".join(f"{rate / slow:.0f}" for rate in fast)
        write(f"{name}: {times} times one Celery task a reminder that does the same (goal: {GOAL:g})")
    shares = " and ".join(f"{mine / least:.2f}" for mine, least in zip(ours, bare, strict=True))
    write(f"drain: {shares} of the floor, which reads nothing again, composes no words and keeps none")


def rate_of(world: World, program: str, size: int, processes: int) -> float:
    """Reminders a second by so many processes that begin at one moment."""
    _begin_again(world)
    begins = time.time() + 4 + 2 * processes
    running = [_start(world, program, str(size), str(begins)) for _process in range(processes)]
    ends = [_answer(each) for each in running]
    return sum(sent for sent, _moment in ends) / (max(moment for _sent, moment in ends) - begins)


def rate_of_tasks(world: World, task: str) -> float:
    """Reminders a second by a worker with two processes: from the first task in the queue until the last is marked."""
    _begin_again(world)
    with _worker(world):
        _until_sent(world, _answer(_start(world, "push", task, "20"))[0])  # warm: both processes have imported everything
        began = time.time()
        pushed = int(_answer(_start(world, "push", task, str(TASKS)))[0])
        _until_sent(world, 20 + pushed)
        took = time.time() - began
    return pushed / took


@contextmanager
def _worker(world: World) -> Iterator[None]:
    worker = _start(world, "work")
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def _start(world: World, *arguments: str) -> subprocess.Popen[str]:
    command = (PYTHON, "-m", "clinic.reminders.bench", *arguments)
    return subprocess.Popen(command, env=dict(world.env), cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own program


def _answer(process: subprocess.Popen[str]) -> tuple[int, float]:
    said, _nothing = process.communicate()
    number, moment = said.split()
    return int(number), float(moment)


def _until_sent(world: World, number: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while (states_in(world.database) or Counter())["sent"] < number:
        if time.monotonic() > deadline:
            raise NoServer(f"after {PATIENCE:.0f} s not all of {number} reminders were sent")
        time.sleep(0.02)


def _begin_again(world: World) -> None:
    with psycopg.connect(str(world.database), autocommit=True) as connection:
        connection.execute(AGAIN)
        connection.execute("VACUUM ANALYZE reminders_message")


def _report_plan(world: World, rows: int, write: Write) -> None:
    done = _start(world, "explain", str(rows)).communicate()[0]
    write(f"{rows:,} messages, 1,000 of them due: how {'SQLite' if not world.postgresql else 'PostgreSQL'} finds the first 200")
    for line in done.strip().splitlines():
        write(f"  {line}")
