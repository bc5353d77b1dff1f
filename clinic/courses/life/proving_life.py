"""``manage.py verify life``: whole courses walked through at random, every deed followed by a reader that knows no gate.

It works in a database of its own, made for the proof and dropped after it, and with a clock of its own.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final

from clinic.courses.life.breaks import BREAKS, broken
from clinic.courses.life.scene import Clock, Scene, a_scene, is_safe_here, of_its_own_time
from clinic.courses.life.walking import Tally, nothing_stays, walked
from clinic.schedule.proving_race import own_database

HELP = "whatever people do, no session is given without screening, sign-off, consent, or in a suspension; what was given never changes"
REDUCED: Final[Mapping[str, Any]] = {"runs": 3, "steps": 25, "no_control": True}
CONTROL_WALKS: Final = 60
SHOWN: Final = 5

Write = Callable[[str], object]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify life``."""
    parser.add_argument("--runs", type=int, default=2000, help="walks")
    parser.add_argument("--steps", type=int, default=50, help="deeds on each walk, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--break", dest="broken", choices=sorted(BREAKS), help="take out this gate, and see whether the walks find it")
    parser.add_argument("--no-control", action="store_true", help="do not take out each gate first")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held; with ``--break``, whether the gap was found."""
    if not is_safe_here():
        write("This proof keeps a processor busy for a long time. Run it where nobody works.")
        return False
    clock = Clock()
    with own_database(), of_its_own_time(clock), nothing_stays():
        scene = a_scene(clock)
        if options["broken"]:
            return found(scene, clock, options["broken"], seed=options["seed"], write=write)
        controlled = options["no_control"] or controls_hold(scene, clock, seed=options["seed"], write=write)
        began = monotonic()
        tally = walked(scene, clock, runs=options["runs"], steps=options["steps"], seed=options["seed"])
        report(tally, monotonic() - began, write)
        return controlled and not tally.wrong


def controls_hold(scene: Scene, clock: Clock, *, seed: int, write: Write, names: tuple[str, ...] = tuple(BREAKS)) -> bool:
    """Whether the walks find each gate that is taken out."""
    seen = [found(scene, clock, name, seed=seed, write=write) for name in names]
    return all(seen)


def found(scene: Scene, clock: Clock, name: str, *, seed: int, write: Write) -> bool:
    """Whether the walks find that this gate is out."""
    with broken(name):
        tally = walked(scene, clock, runs=CONTROL_WALKS, steps=50, seed=seed, until_wrong=True)
    if tally.wrong:
        write(f"Control, without {name}: found on walk {tally.walks}: {tally.wrong[0]}")
    else:
        write(f"Control, without {name}: NOT found on {tally.walks} walks.")
    return bool(tally.wrong)


def report(tally: Tally, seconds: float, write: Write) -> None:
    """What was done, how often it was refused, and everything that was wrong."""
    pace = tally.walks / seconds if seconds else 0
    write(f"{tally.walks} walks, {tally.steps} deeds in {seconds:.0f} s ({pace:.1f} walks a second).")
    for name in sorted({*tally.done, *tally.refused}):
        write(f"  {name.replace('_', ' ')}: {tally.done[name]} done, {tally.refused[name]} refused")
    write(f"Sessions begun, or recorded without the player, and looked at: {tally.checked}; delivered: {tally.delivered}.")
    write(f"Entered after an outage, for which no gate is asked: {tally.outages}; open at the end and recorded: {tally.recordable}.")
    write(f"Violations: {len(tally.wrong)}.")
    for line in tally.wrong[:SHOWN]:
        write(f"  {line}")
