"""One run: workers send while they, the database, the broker and the clock are killed, until the outbox is empty or patience ends."""

import random
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import sleep, time
from typing import Final

from clinic.reminders.faults.counting import Findings, Plan
from clinic.reminders.faults.crew import MANAGE, PYTHON, Crew
from clinic.reminders.faults.reader import OPEN, states_in
from clinic.reminders.faults.servers import Server
from clinic.reminders.faults.world import World

SEND: Final = ("send_messages", "--watch", "1")
ALONE: Final[Mapping[str, Sequence[str]]] = {"worker": ("worker",), "a second sender": SEND}
# They go on by themselves after 5 s instead of 40, so that soon after a kill there is somebody again who sends and can be killed.
ON: Final = ("worker", "--max-wait", "5")
SHARED: Final[Mapping[str, Sequence[str]]] = {"worker": ON, "second worker": ON, "beat": (*ON, "--beat")}
HURRIED: Final = (PYTHON, "-m", "clinic.reminders.faults", "hurried")
LOOKS_EVERY: Final = 0.5  # seconds between two looks at the outbox
QUIET_FOR: Final = 60.0  # seconds to wait for somebody who sends, before one is killed who does not
AWAY: Final = 2.0  # seconds until a server that was killed is started again, where nothing else is said


@dataclass(frozen=True)
class Size:
    """How much of everything. ``dark``: seconds without the broker after its first kill. ``patience``: seconds after the last is due.

    ``lead``: seconds for writing the scene and starting the workers. ``start``: how a command of ours is started.
    """

    reminders: int
    seconds: float
    kills: int
    dark: float
    patience: float
    lead: float
    start: Sequence[str] = MANAGE


@dataclass
class Run:
    """Its state, while it goes on."""

    world: World
    size: Size
    plan: Plan
    crew: Crew
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    back_at: dict[Server, float] = field(default_factory=dict)
    last_kill: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # when it hits
        self.to_come = deque(self._faults())

    def _faults(self) -> list[tuple[float, str]]:
        """What is to happen when, in the order of time: seconds after the first reminder."""
        faults = [(self.chance.uniform(0.02, 0.9) * self.size.seconds, "a worker") for _kill in range(self.size.kills)]
        if self.world.postgresql and self.size.kills:
            share = {"broker, long": 0.15, "database": 0.35, "beat": 0.5, "broker": 0.65, "database again": 0.8}
            faults += [(part * self.size.seconds, what) for what, part in share.items()]
        return sorted(faults)

    def go_on(self) -> Findings:
        """Until nothing is left to send."""
        states, looked = Counter[str](), 0.0
        while (since := time() - self.plan.begins) < self.size.seconds + self.size.patience:
            self.crew.tend()
            self._start_again()
            while self.to_come and self.to_come[0][0] <= since and self._happens(self.to_come[0][1], since - self.to_come[0][0]):
                self.to_come.popleft()
            if time() - looked > LOOKS_EVERY:
                states, looked = states_in(self.world.database) or Counter(), time()
                if states and not self.to_come and not sum(states[each] for each in OPEN):
                    break
            sleep(0.05)
        duration = time() - self.plan.begins
        self.crew.stop()
        notes = Counter(self.world.receipts.notes) + self.crew.deaths
        return Findings(self.plan, list(self.world.receipts.taken), self.kills, +states, duration, notes)

    def _start_again(self) -> None:
        for server in [each for each, moment in self.back_at.items() if moment <= time()]:
            del self.back_at[server]
            server.start()

    def _happens(self, what: str, overdue: float) -> bool:
        """Does it, unless the moment for it has still to come."""
        if what == "a worker":
            return self._kill_a_worker(overdue)
        if what == "beat":
            self.crew.kill("beat")
        else:
            self._kill_a_server(what)
        self.kills[what.split(",", maxsplit=1)[0].removesuffix(" again")] += 1
        return True

    def _kill_a_server(self, what: str) -> None:
        server: Server | None = self.world.postgresql if what.startswith("database") else self.world.redis
        assert server is not None  # such faults are planned only where there are servers  # noqa: S101
        server.kill()
        self.back_at[server] = time() + (self.size.dark if what == "broker, long" else AWAY)

    def _kill_a_worker(self, overdue: float) -> bool:
        """While messages are sent: half of the times at the worst moment, when one was taken and its sender has no answer yet."""
        since_last = time() - self.last_kill
        if since_last < self.size.seconds / max(1, self.size.kills) / 2:
            return False  # on a slow machine they would come one upon the other, and nobody would be sending
        is_sending = self.world.receipts.wait_for_one(0.2)
        if not is_sending and min(overdue, since_last) < QUIET_FOR:
            return False
        if self.chance.random() < 0.5:
            sleep(self.chance.random() * 0.1)
        self.crew.kill()
        self.last_kill = time()
        self.kills["a worker while messages were taken" if is_sending else "a worker while nothing was sent"] += 1
        return True


def run_in(world: World, size: Size, programs: Mapping[str, Sequence[str]], seed: int) -> Findings:
    """Writes the scene into the database of ``world``, which has its tables, and runs."""
    plan = Plan(size.reminders, time() + size.lead, size.seconds)
    world.write_scene(plan)
    commands = {name: (*size.start, *command) for name, command in programs.items()}
    run = Run(world, size, plan, Crew(commands, world.env, world.folder, seed), seed)
    try:
        return run.go_on()
    finally:
        run.crew.stop()
