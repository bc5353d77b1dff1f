"""The positive controls: a promise is taken out of the processes that send, and the same counting must notice it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clinic.reminders.faults.breaks import BREAKS
from clinic.reminders.faults.counting import Findings, Write
from clinic.reminders.faults.crew import PYTHON
from clinic.reminders.faults.running import SEND, Size, run_in
from clinic.reminders.faults.world import MakeTables, a_world

REMINDERS: Final = 120
PATIENCE: Final = 180.0


@dataclass(frozen=True)
class Scene:
    """How many senders there are, how many of them are killed, what share of tries goes wrong, and the figure that must tell."""

    senders: int
    kills: int
    share: float
    figure: Callable[[Findings], int]


SCENES: Final[Mapping[str, Scene]] = {
    "marked before it is sent": Scene(1, 1, 0.0, lambda found: found.lost if found.states["sent"] == REMINDERS else 0),
    # Without a lease two send the same letters; the gateway would know the second ones by their key.
    "no lease, another key at each try": Scene(2, 0, 0.1, lambda found: min(found.doubled_by_mail, found.doubled_by_gateway)),
}


def found(name: str, write: Write, make: MakeTables | None = None) -> bool:
    """Whether the counting notices what is taken out here, by the figure that is meant for it."""
    findings = without(name, make)
    seen = SCENES[name].figure(findings)
    write(f"Control, {name}: {f'found: {seen}' if seen else 'NOT found'} ({', '.join(findings.wrong()) or 'nothing wrong'}).")
    return seen > 0


def without(name: str, make: MakeTables | None = None) -> Findings:
    """A small run without these promises, with short leases and pauses."""
    scene = SCENES[name]
    size = Size(REMINDERS, 0.0, scene.kills, 0.0, PATIENCE, lead=0.0, start=(PYTHON, "-m", "clinic.reminders.faults", "broken", name))
    programs: Mapping[str, Sequence[str]] = {f"sender {number}": SEND for number in range(scene.senders)}
    with a_world(share=scene.share) as world:
        world.make_tables(make)
        return run_in(world, size, programs, seed=1)


assert {each for name in SCENES for each in name.split(", ")} == set(BREAKS)  # noqa: S101  # what has no scene would never be tried
