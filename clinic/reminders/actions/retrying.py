"""When a message that could not be sent is tried again, and when it is given up."""

from datetime import datetime, timedelta
from typing import Final

from clinic.reminders.actions.outcomes import Outcome, PutBack
from clinic.reminders.channels.backend import LONGEST_RETRY_AFTER, PermanentTrouble, TemporaryTrouble, Trouble
from clinic.reminders.models import Message

MOST_FAILURES: Final = 8  # of one message; then it is a dead letter
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many tries that failed: 1, 2, 4 ... minutes, up to an hour."""
    return min(SHORTEST_WAIT * (1 << min(max(failures, 1) - 1, 10)), LONGEST_WAIT)


def after_trouble(outcome: Outcome, message: Message, trouble: Trouble, now: datetime) -> None:
    """Adds to ``outcome`` what comes after a try that failed: another way, another time, or a dead letter.

    What has nothing to do with this message (``is_general``: the server is gone, takes no more for now, does not know us) counts as no
    try of it: it waits for as long as it is of use. Whatever could not be sent before that is over is a dead letter, so that people know.
    That a worker died with it counts as no failure either (see ``MOST_CLAIMS`` of the drain).
    """
    if isinstance(trouble, PermanentTrouble):
        outcome.refused[message] = str(trouble)
        return
    is_general = isinstance(trouble, TemporaryTrouble) and trouble.is_general
    asked = trouble.retry_after if isinstance(trouble, TemporaryTrouble) else None
    wait = max(wait_after(1 if is_general else message.failures + 1), min(asked or timedelta(), LONGEST_RETRY_AFTER))
    is_given_up = not is_general and message.failures + 1 >= MOST_FAILURES
    if is_given_up or now + wait > message.not_after:
        outcome.failed[message] = str(trouble)
    else:
        outcome.put_back[message] = PutBack(now + wait, str(trouble), counts=not is_general)
