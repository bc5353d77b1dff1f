"""The drain: takes what is due, sends it once, and writes down what became of it. Any number of workers may do so at the same time."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.utils import timezone

from clinic.reminders.actions.claiming import Batch, claim
from clinic.reminders.actions.counting import Account, Drained
from clinic.reminders.actions.delivering import Delivery, Run, always
from clinic.reminders.actions.outcomes import DATABASE_IS_AWAY, Outcome, PutBack, Tally, write_down
from clinic.reminders.actions.preparing import Prepared, prepare
from clinic.reminders.actions.retrying import after_trouble
from clinic.reminders.channels.backend import TemporaryTrouble, TroubleCode
from clinic.reminders.models import Message
from clinic.reminders.queries.houses import Houses
from clinic.reminders.states import DropReason
from clinic.reminders.wrongs import kind_and_place

__all__ = ["BATCH", "Drained", "claim", "drain"]

logger = logging.getLogger(__name__)

BATCH: Final = 200
MOST_CLAIMS: Final = 20  # a message over which workers died so often is not taken up again


def drain(*, now: datetime | None = None, limit: int = BATCH, most: int | None = None, goes_on: Callable[[], bool] = always) -> Drained:
    """Sends everything that is due, in batches of ``limit``, until nothing is left, ``most`` messages were taken, or ``goes_on`` says no:
    then what was taken and has not left is given back.

    Opens its own transactions; safe to run at any time, twice, in any number of workers and to be killed at any moment: what was not
    marked is taken up again when its lease is over. ``now`` stands still where it is given (tests). Raises what the database raises.
    """
    clock: Callable[[], datetime] = (lambda: now) if now else timezone.now
    account, run, houses = Account(clock), Run(clock, goes_on), Houses()
    total = account.total
    try:
        while goes_on() and (most is None or total.claimed < most):
            batch = claim(now=clock(), limit=limit if most is None else min(limit, most - total.claimed), houses=houses)
            if not batch.messages:
                break
            account.add(_work(batch, run), batch.messages)
    finally:
        account.say()
    return total


def _work(batch: Batch, run: Run) -> Tally:
    now = run.clock()
    tally: Tally = Counter()
    killers = [each for each in batch.messages if each.attempts - each.failures > MOST_CLAIMS]
    prepared, troubles = _prepared([each for each in batch.messages if each not in killers], now, batch.houses)
    troubles.failed.update(dict.fromkeys(killers, str(TroubleCode.WORKER)))
    tally += write_down(batch.token, _not_sent(prepared, troubles, now), now=now)
    for channel in sorted({each.recipient.channel for each in prepared.ready}):
        ready = [each for each in prepared.ready if each.recipient.channel == channel]
        tally += Delivery(batch, channel, run).deliver(ready)
    return tally


def _prepared(messages: list[Message], now: datetime, houses: Houses) -> tuple[Prepared, Outcome]:
    """The messages prepared, and what became of those that could not be: one that breaks something must not hold up the others."""
    troubles = Outcome()
    try:
        return prepare(messages, now, texts=houses.texts_of), troubles
    except DATABASE_IS_AWAY:
        raise
    except Exception as wrong:
        logger.error("preparing %s messages failed: %s", len(messages), kind_and_place(wrong))  # noqa: TRY400
        if len(messages) == 1:
            after_trouble(troubles, messages[0], TemporaryTrouble(TroubleCode.OURS, type(wrong).__name__), now)
            return Prepared(), troubles
    prepared = Prepared()
    for message in messages:
        one, trouble = _prepared([message], now, houses)
        prepared.take(one)
        troubles.put_back.update(trouble.put_back)
        troubles.failed.update(trouble.failed)
    return prepared, troubles


def _not_sent(prepared: Prepared, troubles: Outcome, now: datetime) -> Outcome:
    """What ends before anything is sent. One that was tried until its time was over did not arrive, and people must know."""
    troubles.dropped.update(prepared.dropped)
    for message, reason in prepared.dropped.items():
        if reason == DropReason.OVER and message.last_error:
            troubles.failed[message] = message.last_error
            del troubles.dropped[message]
    troubles.put_back.update({message: PutBack(until) for message, until in prepared.postponed.items()})
    return troubles
