"""The promises of the drain taken out, one at a time and only in the process that asks for it: the proof must notice each."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from secrets import token_hex
from time import sleep
from typing import Any, Final
from unittest.mock import patch

from django.conf import settings

from clinic.reminders.actions import claiming, delivering
from clinic.reminders.actions.delivering import Delivery
from clinic.reminders.actions.preparing import Ready
from clinic.reminders.channels.backend import Backend
from clinic.reminders.models import Message

_read: Final = claiming._read  # noqa: SLF001  # as it is without us


def _send_after_marking(delivery: Any, way: Backend, ready: Sequence[Ready]) -> None:
    delivery._mark(ready, {})  # noqa: SLF001  # it is this order that is broken
    way.send_all([each.letter for each in ready])


def mark_first() -> None:
    """What is sent was marked as sent before: a worker that dies in between has lost it."""
    patch.object(Delivery, "_send", _send_after_marking).start()


def hold_nothing() -> None:
    """What a worker takes stays free for the next one: of two who begin, each holds the same messages."""
    patch.object(claiming, "LEASE", timedelta(0)).start()
    patch.object(claiming, "token_hex", lambda _bytes: "everybody").start()
    patch.object(delivering, "RENEWED_AFTER", timedelta.max).start()
    patch.object(claiming, "_read", _read_by_two).start()


def _read_by_two(*given: Any) -> tuple[Message, ...]:
    """Whoever holds something waits for the other one: left to chance, a slow start of one would hide what is broken.

    Where the promise is kept the other one gets nothing, and the first waits until the run has no patience left.
    """
    messages = _read(*given)
    while messages and not _are_two():
        sleep(0.05)
    return messages


def _are_two() -> bool:
    (settings.DATA_DIR / f"{os.getpid()}.holds").touch()
    return len(list(settings.DATA_DIR.glob("*.holds"))) > 1


def rename_each_time() -> None:
    """Every try of a message is called something else: who received it before cannot know it."""
    patch.object(Message, "key", property(lambda message: f"{message.about}:{token_hex(4)}")).start()


BREAKS: Final[Mapping[str, Callable[[], None]]] = {
    "marked before it is sent": mark_first,
    "no lease": hold_nothing,
    "another key at each try": rename_each_time,
}


def break_it(names: str) -> None:
    """Takes these promises out, named with commas, for as long as the process lives. Raises ``KeyError`` for one that there is not."""
    for name in names.split(", "):
        BREAKS[name]()
