"""``manage.py verify faults``: whatever is killed while reminders are sent, none is lost, and none comes twice where that can be known.

It works in databases, with servers and with sinks of its own, and looks at nothing of whoever runs it.
"""

import signal
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from clinic.reminders.faults.controls import SCENES, found
from clinic.reminders.faults.counting import Findings, Write
from clinic.reminders.faults.running import ALONE, SHARED, Size, run_in
from clinic.reminders.faults.servers import NoServer
from clinic.reminders.faults.world import a_world

HELP = "workers, database, broker and clock are killed while reminders go out: none is lost, and none is sent twice where that can be known"
REDUCED: Final[Mapping[str, Any]] = {"reminders": 40, "kills": 2, "no_control": True, "no_day_without_redis": True}
A_SECOND: Final = 33  # reminders that are due
LATEST_WITHOUT_REDIS: Final = 60.0  # seconds after its time


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify faults``."""
    parser.add_argument("--reminders", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50, help="kill -9 of workers")
    parser.add_argument("--servers", action="store_true", help="PostgreSQL and Redis of its own, each killed twice; else one SQLite file")
    parser.add_argument("--dark", type=float, default=60, help="seconds without the broker")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-control", action="store_true", help="do not take out each promise first")
    parser.add_argument("--no-day-without-redis", action="store_true", help="leave out the part in which the broker never answers")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    if settings.IN_PRODUCTION:
        write("This proof keeps all processors busy. Run it where nobody works.")
        return False
    signal.signal(signal.SIGTERM, lambda *_what: sys.exit(1))  # so that servers and workers are ended whoever ends the proof
    try:
        holds = [options["no_control"] or controls_hold(write)]
        holds.append(main_run_holds(options, write))
        holds.append(options["no_day_without_redis"] or goes_out_without_redis(write))
    except NoServer as wrong:
        write(f"{wrong}.")
        return False
    write("All of it holds." if all(holds) else "It does NOT hold.")
    return all(holds)


def controls_hold(write: Write) -> bool:
    """Whether each promise that is taken out is missed: else the run would prove nothing."""
    seen = [found(name, write) for name in SCENES]
    return all(seen)


def main_run_holds(options: Mapping[str, Any], write: Write) -> bool:
    """The run itself."""
    reminders = options["reminders"]
    seconds = max(30.0, reminders / A_SECOND)
    # A message that fails again and again waits 1, 2, 4 ... minutes; with one try of 50 failing, hardly one of 10,000 fails four times.
    size = Size(reminders, seconds, options["kills"], options["dark"], patience=1800, lead=5 + reminders / 200)
    with a_world(servers=options["servers"], seed=options["seed"]) as world:
        world.make_tables(None)
        write("PostgreSQL and Redis, three workers of which one keeps the clock." if options["servers"] else "SQLite, two that send.")
        findings = run_in(world, size, SHARED if options["servers"] else ALONE, options["seed"])
    return told(findings, findings.wrong(), write)


def goes_out_without_redis(write: Write) -> bool:
    """The broker's address is nobody's for as long as it lasts: workers and clock are up, and reminders go out all the same."""
    size = Size(60, 120, 0, 0, patience=600, lead=20)
    with a_world(redis_is_away=True, share=0) as world:
        world.make_tables(None)
        write("Redis away all the time, SQLite, a worker that keeps the clock.")
        findings = run_in(world, size, {"beat": ("worker", "--beat")}, seed=1)
    late = findings.lateness[-1:] > [LATEST_WITHOUT_REDIS]
    return told(findings, findings.wrong() + ([f"the last came {findings.lateness[-1]:.0f} s late"] if late else []), write)


def told(findings: Findings, wrong: list[str], write: Write) -> bool:
    """Writes the figures of a run and whatever was wrong; whether nothing was."""
    findings.report(write)
    for sentence in wrong:
        write(f"  WRONG: {sentence}.")
    return not wrong
