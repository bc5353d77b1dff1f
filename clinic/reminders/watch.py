"""A thread in every worker that looks after the outbox by itself when nobody else does: with the broker gone, messages still leave."""

import logging
import os
import socket
from datetime import timedelta
from threading import Event, Thread
from typing import Final

from django.db import connections
from django.utils import timezone

from clinic.reminders.actions import counting
from clinic.reminders.models import Pulse
from clinic.reminders.rounds import go_round
from clinic.reminders.tasks import STOPPING, drain_here
from clinic.reminders.wrongs import kind_and_place

logger = logging.getLogger(__name__)

LOOKS_EVERY: Final = 5.0  # seconds
PATIENCE: Final = timedelta(seconds=40)  # since the last look at the outbox, whoever had it; with a look of ours within a minute
FORGOTTEN_AFTER: Final = timedelta(days=1)  # signs of life of workers that are gone


class Watch:
    """Ask it to ``start``, and to ``stop``: drains of this process that are under way end with the message that is leaving."""

    def __init__(self, *, every: float = LOOKS_EVERY, patience: timedelta = PATIENCE) -> None:
        self.every, self.patience = every, patience
        self.name = f"{counting.WORKER}{socket.gethostname()[:50]}:{os.getpid()}"
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="outbox-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop_soon(self, **_said: object) -> None:
        """The process is about to end."""
        STOPPING.set()
        self._stopping.set()

    def stop(self) -> None:
        self.stop_soon()
        self._thread.join(self.every)
        STOPPING.clear()

    def _run(self) -> None:
        """For ever: whatever happens at one look, the next one comes."""
        while not self._stopping.wait(self.every):
            try:
                self.look()
            except Exception as wrong:
                logger.error("the outbox could not be looked at: %s", kind_and_place(wrong))  # noqa: TRY400
                connections.close_all()
        connections.close_all()

    def look(self) -> int:
        """One look: a sign of life, and a drain where nobody has looked for too long. Answers how many messages left."""
        now = timezone.now()
        counting.beat_of(self.name, now=now)
        Pulse.objects.filter(name__startswith=counting.WORKER, at__lt=now - FORGOTTEN_AFTER).delete()
        if Pulse.objects.filter(name=counting.OUTBOX, at__range=(now - self.patience, now)).exists():
            return 0
        sent = drain_here()
        go_round(now)
        return sent
