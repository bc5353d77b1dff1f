"""What a drain has done, in numbers; the audit and the signs of life that say so."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from clinic.audit.actions import record
from clinic.reminders.models import Message, Pulse

OUTBOX: Final = "outbox"  # the pulse of the last look at it
BEAT: Final = "beat"  # of the last time that the clock called
WORKER: Final = "worker:"  # of each worker, by the name of its machine and its process
SELDOM: Final = timedelta(seconds=10)  # a sign of life is not written more often


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


def note_sent(tally: Counter[tuple[int, str]], messages: Iterable[Message]) -> None:
    """One line of the audit for each clinic of whose messages something became: numbers only."""
    clinics = {each.clinic_id: each.clinic for each in messages}
    for pk in sorted({clinic for clinic, what in tally if what != "postponed"}):
        numbers = {what: tally[pk, what] for what in ("sent", "dropped", "failed") if tally[pk, what]}
        with transaction.atomic():
            record(actor=None, verb="sent-messages", subject=clinics[pk], details=numbers, clinic=clinics[pk])


def beat_of(name: str, *, now: datetime, details: dict[str, Any] | None = None) -> None:
    """A sign of life, unless there was one just now."""
    if Pulse.objects.filter(name=name, at__gt=now - SELDOM, at__lte=now).exists():
        return
    Pulse.objects.update_or_create(name=name, defaults={"at": now, "details": details or {}})


def looked(*, now: datetime, found: Drained) -> None:
    """The outbox was looked at, and this is what became of it."""
    if found.claimed:
        Pulse.objects.update_or_create(name=OUTBOX, defaults={"at": now, "details": asdict(found)})
    else:
        beat_of(OUTBOX, now=now)
