"""``manage.py verify edits``: of many who keep a change of one plan at one moment one is accepted and the others are told; nothing is lost.

It works in a database of its own, made for the proof and dropped after it, on the server that the settings name. Then the edits
themselves: random sequences of them, and after every one the independent check reads the whole plan.
"""

import os
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import connection

from clinic.audit.actions import verify_chain
from clinic.courses.models import PlanEdit, StudioDraft
from clinic.courses.studio.parallel import ACCEPTED, TOLD, Tally, a_table, all_keep, drafted, evening, windows_act, without_version
from clinic.schedule.proving_race import own_database
from protocols.proving_edits import prove_sequences

HELP = "of 40 who keep a change of one plan at once one is accepted, 39 are told, nothing is lost; and no sequence of edits is unsafe"
REDUCED: Final[Mapping[str, Any]] = {"tables": 1, "sequences": 4, "acts": 10, "processes": 1}
PEOPLE: Final = 40
WINDOWS: Final = 40

Write = Callable[[str], object]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify edits``."""
    parser.add_argument("--tables", type=int, default=5, help="plans that 40 people change (default 5)")
    parser.add_argument("--sequences", type=int, default=2000, help="random sequences of edits (default 2000; 0: none)")
    parser.add_argument("--acts", type=int, default=30, help="edits in each sequence (default 30)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="processes that run the sequences")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    if settings.IN_PRODUCTION:
        write("This proof puts as much load on the database server as it can. Run it where nobody works.")
        return False
    holds = True
    if options["tables"]:
        with own_database():
            holds = proved(tables=options["tables"], people=PEOPLE, windows=WINDOWS, write=write)
    if options["sequences"]:
        holds &= prove_sequences(
            runs=options["sequences"], acts=options["acts"], seed=options["seed"], write=write, processes=options["processes"]
        )
    write("All of it holds." if holds else "It does NOT hold.")
    return holds


def proved(*, tables: int, people: int, windows: int, write: Write) -> bool:
    """All parallel parts, in the database that is there."""
    write(f"{connection.vendor}, {os.cpu_count()} cores, threads of one process, each with a connection of its own.")
    holds = [proved_evening(people, write, rounds=None if number == 0 else 1) for number in range(tables)]
    holds += [proved_windows(windows, write), proved_control(people, write)]
    broken = verify_chain()
    write(f"The audit: {broken or 'holds'}.")
    return all(holds) and broken is None


def proved_evening(people: int, write: Write, *, rounds: int | None) -> bool:
    """So many keep at once; with ``rounds`` None again and again, until every change is in the plan."""
    began, table = monotonic(), a_table(people)
    tally = evening(table, rounds=rounds)
    write(f"{people} people keep a change of one plan at one moment: {_words(tally)} ({monotonic() - began:.0f} s).")
    return tally.holds and tally.accepted == (people if rounds is None else rounds)


def _words(tally: Tally) -> str:
    said = f"{tally.rounds} rounds, {tally.accepted} accepted, {tally.told} told, {tally.lost} lost, {tally.broken_drafts} drafts not whole"
    return f"{said}, rounds without exactly one: {tally.more_than_one}, errors: {dict(tally.strange) or 'none'}"


def proved_windows(windows: int, write: Write) -> bool:
    """Windows of one person that act at one moment: first without a draft, then on the same one."""
    table = a_table(2)
    first, second = windows_act(table, windows), windows_act(table, windows)
    draft = StudioDraft.objects.get(course=table.course)
    write(f"{windows} windows of one person act at one moment: first acts {dict(first.ends)}, next acts {dict(second.ends)}.")
    whole = {ACCEPTED: 1, TOLD: windows - 1}
    return dict(first.ends) == whole == dict(second.ends) and (draft.position, draft.version) == (2, 2)


def proved_control(people: int, write: Write) -> bool:
    """Without the look at the version more than one is accepted: else the evenings above would prove nothing."""
    table = a_table(people)
    drafted(table)
    with without_version():
        won = all_keep(table).ends[ACCEPTED]
    kept = PlanEdit.objects.filter(course=table.course).order_by("-pk").first()
    left = len(kept.after.get("edits", [])) if kept else 0
    write(f"Control, without the version: {won} of {people} accepted, of whose changes {left} are in the plan: {won - left} lost.")
    return won > 1 and won > left
