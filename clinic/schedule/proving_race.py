"""``manage.py verify race``: of many who want one place at one moment exactly one gets it, and nothing that is done at random overlaps.

It works in a database of its own, made for the proof and dropped after it, on the server that the settings name.
"""

import os
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections
from django.db.models import Sum

from clinic.audit.actions import verify_chain
from clinic.schedule.contest import (
    Outcome,
    Ward,
    a_ward,
    at_random,
    contest,
    contest_without_guard,
    counted,
    floor,
    overlaps,
    unguarded,
)
from clinic.schedule.models import Booking, BookingChange

HELP = "one place wanted by many at once is booked once; random booking, moving and releasing leaves no overlap; and how long it takes"
REDUCED: Final[Mapping[str, Any]] = {"small": True}
CLIENTS: Final = 12  # as many as in the measurement that set the floor
ATTEMPTS: Final = 200
SPARE: Final = 8  # connections left for others

Write = Callable[[str], object]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify race``."""
    parser.add_argument("--small", action="store_true", help="a minute's work: 24 attempts x 3 runs, 4 workers x 100 operations")
    parser.add_argument("--seed", type=int, default=1)


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    if settings.IN_PRODUCTION:
        write("This proof puts as much load on the database server as it can. Run it where nobody works.")
        return False
    with own_database():
        return proved(small=options["small"], seed=options["seed"], write=write)


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database with all tables, dropped afterwards; whatever the settings name is not touched."""
    name, kept = f"tactus_race_{os.getpid()}", connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        name = str(Path(tempfile.gettempdir()) / f"{name}.sqlite3")
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(kept, verbosity=0)


def proved(*, small: bool, seed: int, write: Write) -> bool:
    """All parts, in the database that is there."""
    attempts, runs = (24, 3) if small else (ATTEMPTS, 20)
    attempts = min(attempts, _connections(write))
    workers, operations = (4, 100) if small else (16, 2000)
    write(f"{connection.vendor}, {os.cpu_count()} cores, threads of one process, each with a connection of its own.")
    ward = a_ward(therapists=5, rooms=attempts, patients=attempts)
    holds = [
        proved_contest(ward, attempts, runs, write),
        proved_contest(ward, CLIENTS, runs * (1 if small else 5), write, first_day=runs),
        proved_control(ward, runs, write),
    ]
    ward = a_ward(therapists=5, rooms=3, patients=50)
    holds.append(proved_random(ward, (workers, operations), seed, write))
    write("All of it holds." if all(holds) else "It does NOT hold.")
    return all(holds)


def _connections(write: Write) -> int:
    """How many connections the server lets us open; SQLite does not count them."""
    if connection.vendor != "postgresql":
        return 100_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity)")
        free = int(cursor.fetchone()[0]) - SPARE
    if free < ATTEMPTS:
        write(f"The server has {free} connections free: no more attempts than that at once (raise max_connections for {ATTEMPTS}).")
    return free


def proved_contest(ward: Ward, attempts: int, runs: int, write: Write, *, first_day: int = 0) -> bool:
    """Overlapping attempts, run after run on another day; in turn with the floor, so that both meet the same machine."""
    ours, least, winners = Outcome(), Outcome(), Counter[int]()
    for number in range(runs):
        day = 2 * (first_day + number)
        least.add(floor(ward, day, attempts))
        found = contest(ward, day + 1, attempts)
        winners[found.ends["booked"]] += 1
        ours.add(found)
    strange = {end: count for end, count in ours.ends.items() if end not in {"booked", "taken"}}
    write(f"{attempts} attempts at one moment x {runs}: runs by number of bookings {dict(winners)}; refused politely {ours.ends['taken']}.")
    write(
        f"  book_places: {_times(ours)}; lock-then-insert: {_times(least)}; p95 {ours.after(0.95) / least.after(0.95):.1f} times the floor."
    )
    for end, count in strange.items():
        write(f"  {count} x {end}")
    return set(winners) == {1} and not strange


def _times(outcome: Outcome) -> str:
    p50, p95, last = (outcome.after(share) for share in (0.5, 0.95, 1))
    return f"p50 {p50:.0f}, p95 {p95:.0f}, max {last:.0f} ms"


def proved_control(ward: Ward, runs: int, write: Write) -> bool:
    """With the guard off places are given away twice: else the contests above would prove nothing."""
    day = 100_000
    with unguarded():
        won = [contest_without_guard(ward, day + number, CLIENTS).ends["booked"] for number in range(runs)]
        forced = contest_without_guard(ward, day + runs, CLIENTS, together=True).ends["booked"]
        seen = overlaps()["therapist"]
    doubled = sum(number > 1 for number in won)
    write(f"Control, guard off (look, then insert), {CLIENTS} attempts x {runs}: {doubled} runs booked one place more than once.")
    if not doubled:
        write("  By themselves the writes came one after the other here.")
    write(f"  When all look before the first one books, {forced} of {CLIENTS} book; pairs found by the SQL sweep: {seen}.")
    return forced == CLIENTS and seen > 0


def proved_random(ward: Ward, size: tuple[int, int], seed: int, write: Write) -> bool:
    """Random operations: no overlap by SQL, every booking accounted for, the audit unbroken."""
    began, days = monotonic(), 5
    done = at_random(ward, workers=size[0], operations=size[1], days=days, seed=seed)
    found = overlaps()
    wrong = unreconciled(ward, done)
    broken = verify_chain()
    write(f"{size[0]} workers x {size[1]} random operations in {monotonic() - began:.0f} s: {_times(done)}.")
    write(f"  {dict(sorted(done.ends.items()))}")
    write(f"  overlaps by SQL: {found}; totals that do not reconcile: {wrong or 'none'}; audit: {broken or 'holds'}.")
    return not any(found.values()) and not wrong and broken is None and sum(done.ends.values()) == size[0] * size[1] and not _errors(done)


def unreconciled(ward: Ward, done: Outcome) -> dict[str, tuple[int, int]]:
    """What the answers said against what the tables hold, where the two differ."""
    rows = Booking.objects.filter(clinic=ward.clinic)
    said = {word: counted(done, word) for word in ("booked", "moved", "released")}
    kept = {kind: BookingChange.objects.filter(booking__clinic=ward.clinic, kind=kind).count() for kind in said}
    totals = {f"changes {word}": (said[word], kept[word]) for word in said}
    totals["bookings"] = (said["booked"], rows.count())
    totals["places taken"] = (said["booked"] - said["released"], rows.filter(is_taken=True).count())
    totals["sequences"] = (said["moved"] + said["released"], rows.aggregate(sum=Sum("sequence"))["sum"] or 0)
    return {name: pair for name, pair in totals.items() if pair[0] != pair[1]}


def _errors(done: Outcome) -> dict[str, int]:
    polite = ("booked ", "moved ", "released ", "taken", "nothing to move", "StaleBooking")
    return {end: count for end, count in done.ends.items() if not end.startswith(polite)}
