"""The positive controls: a promise is taken out of the processes that send, and the same counting must notice it."""

from collections.abc import Mapping, Sequence
from typing import Final

from clinic.reminders.faults.breaks import BREAKS
from clinic.reminders.faults.counting import Findings, Write
from clinic.reminders.faults.crew import PYTHON
from clinic.reminders.faults.running import SEND, Size, run_in
from clinic.reminders.faults.world import MakeTables, a_world

REMINDERS: Final = 120
PATIENCE: Final = 40.0
# What takes part in each: how many senders, how many are killed, and what share of tries goes wrong in each way.
SCENES: Final[Mapping[str, tuple[int, int, float]]] = {
    "marked before it is sent": (1, 1, 0.0),
    "no lease": (2, 0, 0.0),
    "another key at each try": (1, 0, 0.1),
}


def found(name: str, write: Write, make: MakeTables | None = None) -> bool:
    """Whether the counting notices that this promise is out."""
    findings = without(name, make)
    wrong = [sentence for sentence in findings.wrong() if "outbox" not in sentence]
    write(f"Control, {name}: {'found: ' + ', '.join(wrong) if wrong else 'NOT found'}.")
    return bool(wrong)


def without(name: str, make: MakeTables | None = None) -> Findings:
    """A small run without this promise, with short leases and pauses."""
    senders, kills, share = SCENES[name]
    size = Size(REMINDERS, 0.0, kills, 0.0, PATIENCE, lead=0.0, start=(PYTHON, "-m", "clinic.reminders.faults", "broken", name))
    programs: Mapping[str, Sequence[str]] = {f"sender {number}": SEND for number in range(senders)}
    with a_world(share=share) as world:
        world.make_tables(make)
        return run_in(world, size, programs, seed=1)


assert set(SCENES) == set(BREAKS)  # noqa: S101  # a break without a scene would never be tried
