"""The promises of the drain taken out, one at a time and only in the process that asks for it: the proof must notice each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from secrets import token_hex
from typing import Any, Final
from unittest.mock import patch

from clinic.reminders.actions import claiming
from clinic.reminders.actions.delivering import Delivery
from clinic.reminders.actions.preparing import Ready
from clinic.reminders.channels.backend import Backend
from clinic.reminders.models import Message


def _send_after_marking(delivery: Any, way: Backend, ready: Sequence[Ready]) -> None:
    delivery._mark(ready, {})  # noqa: SLF001  # it is this order that is broken
    way.send_all([each.letter for each in ready])


def mark_first() -> None:
    """What is sent was marked as sent before: a worker that dies in between has lost it."""
    patch.object(Delivery, "_send", _send_after_marking).start()


def hold_nothing() -> None:
    """What a worker takes stays free for the next one."""
    patch.object(claiming, "LEASE", timedelta(0)).start()
    patch.object(claiming, "token_hex", lambda _bytes: "everybody").start()


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
