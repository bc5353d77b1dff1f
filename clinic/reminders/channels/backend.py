"""What a way of sending does, what it is given, and what it says when it cannot."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.reminders.fields import Attachment


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves. ``key`` is the same at every try; ``stop_link`` is where the reader ends the messages ("" for staff)."""

    key: str
    clinic: int
    channel: str
    sent_to: str
    subject: str
    body: str
    language: str = "en"
    stop_link: str = ""
    attachment: Attachment | None = None


class TroubleCode(models.TextChoices):
    """Why a message could not be sent, as the outbox keeps it (``last_error``), with a number of the protocol where there is one."""

    REFUSED = "refused", _("The address or number was refused")
    NOT_ALLOWED = "not-allowed", _("The server does not accept what we are set up with")
    AWAY = "away", _("The server cannot be reached")
    SLOW = "slow", _("The server did not answer in time")
    BUSY = "busy", _("The server takes no more messages for now")
    BROKEN = "broken", _("The server has trouble of its own")
    OURS = "ours", _("The message could not be made")
    WORKER = "worker", _("The worker ended while sending, again and again")


class Trouble(Exception):
    """A message could not be sent. ``said`` is a short code of the protocol (a number); never an address, a text or a secret."""

    def __init__(self, code: str, said: str | int = "") -> None:
        super().__init__(f"{code} {said}".strip())
        self.code = code


class PermanentTrouble(Trouble):
    """It can never be sent by this way to this address."""


class TemporaryTrouble(Trouble):
    """It may work later: not before ``retry_after`` where the server said so.

    ``is_general``: not because of this message, so that no other one is tried now either, and none is given up for it.
    """

    def __init__(self, code: str, said: str | int = "", *, retry_after: timedelta | None = None, is_general: bool = False) -> None:
        super().__init__(code, said)
        self.retry_after, self.is_general = retry_after, is_general


LONGEST_RETRY_AFTER: Final = timedelta(hours=6)  # a server that says more is asked again all the same


class Backend(ABC):
    """A way of sending. ``is_idempotent``: a letter sent twice under one key arrives once, so several may be marked together.

    ``at_once`` letters are handed over between two marks in the outbox; of a way that is not idempotent each is marked by itself.
    ``per_minute`` is the most that all workers together may send (0: no limit).
    """

    is_idempotent: ClassVar[bool] = False
    at_once: ClassVar[int] = 1

    @property
    def per_minute(self) -> int:
        return 0

    @contextmanager
    def opened(self) -> Iterator[Self]:
        """Open for one batch. Raises ``TemporaryTrouble`` where the server cannot be reached."""
        yield self

    @abstractmethod
    def send(self, letter: Letter) -> None:
        """Hands one letter over. Raises ``TemporaryTrouble`` or ``PermanentTrouble``."""

    def send_all(self, letters: Sequence[Letter]) -> Mapping[str, Trouble]:
        """Hands these over and answers which could not be sent, by their keys. After a general trouble none is tried any more."""
        found: dict[str, Trouble] = {}
        for number, letter in enumerate(letters):
            try:
                self.send(letter)
            except Trouble as trouble:
                found[letter.key] = trouble
                if isinstance(trouble, TemporaryTrouble) and trouble.is_general:
                    return found | {each.key: trouble for each in letters[number:]}
        return found
