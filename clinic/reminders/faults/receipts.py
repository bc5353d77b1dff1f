"""What the sinks of the proof took: to whom, under which name, when. Shared by their threads and by whoever kills at the worst moment."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from time import sleep, time


@dataclass(frozen=True, slots=True)
class Receipt:
    """One effect: somebody's telephone rang, a letter lies in somebody's box. ``to`` is as it came, ``key`` what the sender calls it."""

    to: str
    key: str
    at: float

    @property
    def is_letter(self) -> bool:
        """By e-mail; else it is a text message."""
        return "@" in self.to


@dataclass
class Receipts:
    """Takes down effects, tells those who wait for one, and decides by chance what goes wrong next."""

    seed: int = 1
    latency: float = 0.01  # seconds, at most, before an answer
    share: float = 0.01  # of all tries go wrong in each of the ways in which they can
    taken: list[Receipt] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    _chance: random.Random = field(init=False)
    _told: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311  # faults, not secrets

    def take(self, to: str, key: str) -> None:
        """Takes an effect down and wakes up whoever waits for one."""
        with self._told:
            self.taken.append(Receipt(to, key, time()))
            self._told.notify_all()

    def note(self, word: str) -> None:
        """Counts something that happened."""
        with self._told:
            self.notes[word] += 1

    def goes_wrong(self) -> bool:
        """Whether this time it does."""
        with self._told:
            return self._chance.random() < self.share

    def linger(self) -> None:
        """Takes as long as a network might."""
        with self._told:
            seconds = self._chance.random() * self.latency
        sleep(seconds)

    def wait_for_one(self, seconds: float) -> bool:
        """Returns when the next effect is taken down, before the sender has been answered; False when none came for so long."""
        with self._told:
            before = len(self.taken)
            return self._told.wait_for(lambda: len(self.taken) > before, seconds)
