"""What a drain has done, in numbers; the audit and the signs of life that say so."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from clinic.audit.actions import record
from clinic.reminders.models import Message, Pulse
from clinic.staff.models import Clinic

OUTBOX: Final = "outbox"  # the pulse of the last look at it
BEAT: Final = "beat"  # of the last time that the clock called
WORKER: Final = "worker:"  # of each worker, by the name of its machine and its process
SELDOM: Final = timedelta(seconds=10)  # a sign of life is not written more often

SAID_EVERY: Final = 5.0  # seconds of a long drain


@dataclass(slots=True)
class Drained:
    """What became of the messages that were taken (``claimed``). One that another worker took over meanwhile is in none of the rest."""

    sent: int = 0
    dropped: int = 0
    failed: int = 0
    postponed: int = 0
    claimed: int = 0

    def add(self, other: "Drained") -> None:
        """Counts these in too."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def drained(tally: Counter[tuple[int, str]], *, claimed: int) -> Drained:
    """The numbers of all clinics together."""
    found = Drained(claimed=claimed)
    for (_clinic, what), number in tally.items():
        setattr(found, what, getattr(found, what) + number)
    return found


def note_sent(tally: Counter[tuple[int, str]], clinics: Mapping[int, Clinic]) -> None:
    """One line of the audit for each clinic of whose messages something became: numbers only."""
    for pk in sorted({clinic for clinic, what in tally if what != "postponed"}):
        numbers = {what: tally[pk, what] for what in ("sent", "dropped", "failed") if tally[pk, what]}
        with transaction.atomic():
            record(actor=None, verb="sent-messages", subject=clinics[pk], details=numbers, clinic=clinics[pk])


def beat_of(name: str, *, now: datetime, details: dict[str, Any] | None = None) -> None:
    """A sign of life, unless there was one just now."""
    if Pulse.objects.filter(name=name, at__gt=now - SELDOM, at__lte=now).exists():
        return
    Pulse.objects.update_or_create(name=name, defaults={"at": now, "details": details or {}})


class Account:
    """What one drain has to say of itself, said seldom: the head of the audit's chain is everybody's, and a batch takes a moment only."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.total, self.clock = Drained(), clock
        self._tally: Counter[tuple[int, str]] = Counter()
        self._clinics: dict[int, Clinic] = {}
        self._said_at = time.monotonic()

    def add(self, tally: Counter[tuple[int, str]], messages: Sequence[Message]) -> None:
        """Counts what became of a batch, and says it where nothing was said for a while."""
        self.total.add(drained(tally, claimed=len(messages)))
        self._tally += tally
        self._clinics |= {each.clinic_id: each.clinic for each in messages}
        if time.monotonic() - self._said_at > SAID_EVERY:
            self.say()

    def say(self) -> None:
        """Into the audit what was not said yet, and a sign of life."""
        tally, self._tally, self._said_at = self._tally, Counter(), time.monotonic()
        note_sent(tally, self._clinics)
        looked(now=self.clock(), found=self.total)


def looked(*, now: datetime, found: Drained) -> None:
    """The outbox was looked at, and this is what became of it."""
    if found.claimed:
        Pulse.objects.update_or_create(name=OUTBOX, defaults={"at": now, "details": asdict(found)})
    else:
        beat_of(OUTBOX, now=now)
