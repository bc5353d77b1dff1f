"""What a run has shown: who got nothing, who got it twice, how late; from the receipts alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from clinic.reminders.faults.receipts import Receipt
from clinic.reminders.faults.scene import due_of, number_of

Write = Callable[[str], object]


@dataclass(frozen=True)
class Plan:
    """How many reminders, the moment of the first, and over how many seconds."""

    reminders: int
    begins: float
    seconds: float


@dataclass
class Findings:
    """One run. ``kills`` by what was killed; ``states`` as the database has them at the end."""

    plan: Plan
    taken: Sequence[Receipt]
    kills: Mapping[str, int]
    states: Counter[str]
    duration: float
    notes: Mapping[str, int] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        """Patients who got nothing."""
        return self.plan.reminders - len({number_of(each.to) for each in self.taken})

    @property
    def doubled_by_gateway(self) -> int:
        """Text messages too many, by what rang, whatever they were called."""
        return _too_many(number_of(each.to) for each in self.taken if not each.is_letter)

    @property
    def doubled_by_mail(self) -> int:
        """Letters too many in the boxes."""
        return _too_many(number_of(each.to) for each in self.taken if each.is_letter)

    @property
    def doubled_by_both(self) -> int:
        """Patients who got a letter and a text message."""
        letters = {number_of(each.to) for each in self.taken if each.is_letter}
        return len(letters & {number_of(each.to) for each in self.taken if not each.is_letter})

    @property
    def strange_twins(self) -> int:
        """Letters that came twice under different names: a reader's mail program could not fold them."""
        return len({(each.to, each.key) for each in self.taken if each.is_letter}) - len({each.to for each in self.taken if each.is_letter})

    @property
    def lateness(self) -> list[float]:
        """For each patient who got something, how many seconds after it was due, in order."""
        first: dict[int, float] = {}
        for each in self.taken:
            first.setdefault(number_of(each.to), each.at)
        plan = self.plan
        return sorted(at - due_of(number, plan.reminders, plan.begins, plan.seconds) for number, at in first.items())

    def wrong(self) -> list[str]:
        """Everything that must not be, as sentences; nothing where all of it holds."""
        killed = sum(self.kills.values())
        must_not = {
            f"{self.lost} were lost": self.lost > 0,
            f"{self.doubled_by_gateway} doubled at the gateway": self.doubled_by_gateway > 0,
            f"{self.doubled_by_mail} doubled by mail after {killed} kills": self.doubled_by_mail > killed,
            f"{self.doubled_by_both} came both ways": self.doubled_by_both > 0,
            f"{self.strange_twins} letters came again under another Message-ID": self.strange_twins > 0,
            f"the outbox says {dict(self.states)}": set(self.states) != {"sent"} or self.states["sent"] != self.plan.reminders,
            "one came before its time": min(self.lateness, default=0.0) < 0,
        }
        return [sentence for sentence, is_so in must_not.items() if is_so]

    def report(self, write: Write) -> None:
        """The figures."""
        late, sent = self.lateness or [0.0], len(self.lateness)
        write(f"{self.plan.reminders} reminders due within {self.plan.seconds:.0f} s; {sent} patients got theirs, {self.lost} lost.")
        write(f"  killed: {_listed(self.kills)}.")
        twice = (
            f"{self.doubled_by_gateway} by effect at the gateway, {self.doubled_by_mail} at the mail server, {self.doubled_by_both} by both"
        )
        write(f"  doubled: {twice}.")
        write(f"  late: half by {late[len(late) // 2]:.1f} s, 99 % by {late[len(late) * 99 // 100]:.1f} s, the last {late[-1]:.1f} s.")
        write(f"  at the sinks: {_listed(self.notes)}.")
        write(f"  duration {self.duration:.0f} s; the outbox at the end: {_listed(self.states)}.")


def _too_many(numbers: Iterable[int]) -> int:
    return sum(count - 1 for count in Counter(numbers).values())


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
