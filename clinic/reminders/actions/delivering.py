"""Handing a batch over to one channel: marks as it goes, keeps its lease, and stops where the server is gone."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from clinic.reminders.actions.claiming import RENEWED_AFTER, Batch, renew
from clinic.reminders.actions.counting import OUTBOX, beat_of
from clinic.reminders.actions.outcomes import DATABASE_IS_AWAY, Outcome, PutBack, Tally, write_down
from clinic.reminders.actions.pacing import WINDOW, give_back, slots
from clinic.reminders.actions.preparing import Ready
from clinic.reminders.actions.retrying import SHORTEST_WAIT, after_trouble
from clinic.reminders.channels.backend import Backend, TemporaryTrouble, Trouble, TroubleCode
from clinic.reminders.channels.choice import backend_for
from clinic.reminders.wrongs import kind_and_place

logger = logging.getLogger(__name__)

# Seconds between tries to mark what has left already, where the database is gone: together less than a lease.
PATIENCE: Final = (0.2, 1, 3, 10, 20)
# Seconds for which what was read of a message is acted on. A slow server takes minutes for a batch: meanwhile a date is moved, somebody
# dies, or wants no messages any more. What has not left by then is given back, and read again. Shorter than any grace of new dates.
FRESH_FOR: Final = 20
SLOW_IN_A_ROW: Final = 3  # letters without an answer: the server has other worries


def always() -> bool:
    """Goes on until nothing is left."""
    return True


@dataclass(frozen=True, slots=True)
class Run:
    """One drain: its clock, whether it is to go on, and the channels whose server is gone, which are not tried again in it."""

    clock: Callable[[], datetime]
    goes_on: Callable[[], bool] = always
    away: set[str] = field(default_factory=set)


class Delivery:
    """One worker handing messages of one batch to one channel."""

    def __init__(self, batch: Batch, channel: str, run: Run) -> None:
        self.token, self.channel, self.clock, self.away, self.goes_on = batch.token, channel, run.clock, run.away, run.goes_on
        self.tally: Tally = Counter()
        self.slow_in_a_row = 0
        self.renewed_at = self.read_at = batch.taken_at

    def deliver(self, ready: Sequence[Ready]) -> Tally:
        """Sends these as far as the channel takes them, and answers what became of them."""
        backend = backend_for(self.channel)
        if backend is None or self.channel in self.away:
            self._later(ready, [self.clock() + SHORTEST_WAIT] * len(ready))
            return self.tally
        granted, following = slots(self.channel, len(ready), per_minute=backend.per_minute, now=self.clock())
        if rest := ready[granted:]:
            self._later(rest, [following + WINDOW * (number // backend.per_minute) for number in range(len(rest))])
        try:
            with backend.opened() as way:
                left = self._send(way, ready[:granted])
            if left and backend.per_minute:
                give_back(self.channel, left, until=following)
        except TemporaryTrouble as trouble:
            self._gone(ready[:granted], trouble)
        return self.tally

    def _send(self, way: Backend, ready: Sequence[Ready]) -> int:
        """Answers how many were not even tried."""
        left = list(ready)
        while left and self.channel not in self.away and self.goes_on() and self._is_fresh(left, ready):
            left = self._still_ours(left)
            group, left = left[: way.at_once], left[way.at_once :]
            troubles = _hand_over(way, group)
            self._mark(group, troubles)
            self._look_at(group, troubles)
        wait = SHORTEST_WAIT if self.channel in self.away else timedelta()
        self._later(left, [self.clock() + wait] * len(left))
        return len(left)

    def _is_fresh(self, left: Sequence[Ready], ready: Sequence[Ready]) -> bool:
        """Whether what was read still counts. The first ones leave in any case: where reading itself is slow, nothing would go on."""
        return len(left) == len(ready) or time.monotonic() - self.read_at < FRESH_FOR

    def _look_at(self, group: Sequence[Ready], troubles: Mapping[str, Trouble]) -> None:
        """Whether there is any sense in going on."""
        for each in group:
            trouble = troubles.get(each.letter.key)
            self.slow_in_a_row = self.slow_in_a_row + 1 if trouble is not None and trouble.code == TroubleCode.SLOW else 0
            if self.slow_in_a_row >= SLOW_IN_A_ROW or (isinstance(trouble, TemporaryTrouble) and trouble.is_general):
                logger.warning("channel %s is left alone for a while: %s", self.channel, trouble)
                self.away.add(self.channel)

    def _gone(self, ready: Sequence[Ready], trouble: TemporaryTrouble) -> None:
        """The server could not be reached at all."""
        logger.warning("channel %s is away: %s", self.channel, trouble)
        self.away.add(self.channel)
        self._mark(ready, dict.fromkeys((each.letter.key for each in ready), trouble))

    def _still_ours(self, left: list[Ready]) -> list[Ready]:
        """Renews the lease in time; what another worker has taken over is left to it."""
        if time.monotonic() - self.renewed_at < RENEWED_AFTER.total_seconds():
            return left
        now = self.clock()
        held = renew(self.token, (each.message.pk for each in left), now=now)
        beat_of(OUTBOX, now=now)
        self.renewed_at = time.monotonic()
        return [each for each in left if each.message.pk in held]

    def _mark(self, group: Sequence[Ready], troubles: Mapping[str, Trouble]) -> None:
        now, outcome = self.clock(), Outcome()
        for each in group:
            trouble = troubles.get(each.letter.key)
            if trouble is None:
                outcome.sent.append(each)
            else:
                after_trouble(outcome, each.message, trouble, now)
        self._write(outcome, now)

    def _later(self, ready: Sequence[Ready], moments: Sequence[datetime]) -> None:
        if ready:
            back = {each.message: PutBack(until) for each, until in zip(ready, moments, strict=True)}
            self._write(Outcome(put_back=back), self.clock())

    def _write(self, outcome: Outcome, now: datetime) -> None:
        """Patiently: what has left and is not marked would leave again."""
        for pause in PATIENCE if not connection.in_atomic_block else ():
            try:
                self.tally += write_down(self.token, outcome, now=now)
            except DATABASE_IS_AWAY as wrong:
                logger.warning("%s messages wait to be marked: %s", len(outcome.messages), type(wrong).__name__)
                connection.close()
                time.sleep(pause)
            else:
                return
        self.tally += write_down(self.token, outcome, now=now)


def _hand_over(way: Backend, group: Sequence[Ready]) -> Mapping[str, Trouble]:
    """Which of these could not be sent. What nobody thought of is trouble of the one message that it happened with."""
    try:
        return way.send_all([each.letter for each in group])
    except DATABASE_IS_AWAY:
        raise
    except Exception as wrong:
        logger.error("sending %s messages by %s failed: %s", len(group), type(way).__name__, kind_and_place(wrong))  # noqa: TRY400
        if len(group) == 1:
            return {group[0].letter.key: TemporaryTrouble(TroubleCode.OURS, type(wrong).__name__)}
    found: dict[str, Trouble] = {}
    for each in group:
        found |= _hand_over(way, [each])
    return found
