"""Text messages by any gateway that takes JSON over HTTPS and knows a second try by its Idempotency-Key.

POST SMS_URL with {"to", "from", "text", "key"}, ``Authorization: Bearer SMS_TOKEN`` and ``Idempotency-Key``; every 2xx means taken.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import ClassVar, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from clinic.reminders.channels.backend import Backend, Letter, PermanentTrouble, TemporaryTrouble, Trouble, TroubleCode

SECONDS: Final = 10  # to connect, and between two parts of an answer
MOST_READ: Final = 65_536  # of an answer, whose words nobody needs
ASK_LATER: Final = frozenset({408, 409, 425})  # 409: the first try under this key is still under way
ABOUT_US: Final = frozenset({401, 402, 403, 404, 405, 406, 411, 415})  # the address, the token or the account: no letter is at fault
TOO_MANY: Final = 429


class GatewayBackend(Backend):
    """Keeps one connection for a batch; a connection that the gateway has closed meanwhile is opened again once."""

    is_idempotent: ClassVar[bool] = True
    at_once: ClassVar[int] = 3  # three that get no answer take half a lease

    def __init__(self) -> None:
        self.sms = settings.SMS
        self.connection: HTTPConnection | None = None

    @property
    def per_minute(self) -> int:
        return int(self.sms.per_minute)

    @contextmanager
    def opened(self) -> Iterator["GatewayBackend"]:
        try:
            yield self
        finally:
            self._close()

    def send(self, letter: Letter) -> None:
        number = dialled(letter.sent_to)
        if not number:
            raise PermanentTrouble(TroubleCode.REFUSED, "number")
        said = {"to": number, "from": self.sms.sender, "text": letter.body, "key": letter.key}
        trouble = trouble_of(*self._ask(json.dumps(said).encode(), letter.key), now=timezone.now())
        if trouble is not None:
            raise trouble

    def _ask(self, body: bytes, key: str) -> tuple[int, str]:
        """The status of the answer and when to come again."""
        is_new = self.connection is None
        connection = self.connection or self._connected()
        try:
            return self._answered(connection, body, key)
        except TimeoutError:
            self._close()
            raise TemporaryTrouble(TroubleCode.SLOW) from None
        except (OSError, HTTPException):
            self._close()
            if is_new:
                raise TemporaryTrouble(TroubleCode.AWAY) from None
        return self._ask(body, key)

    def _connected(self) -> HTTPConnection:
        address = urlsplit(self.sms.url)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=SECONDS)
        try:
            connection.connect()
        except OSError:
            raise TemporaryTrouble(TroubleCode.AWAY, is_general=True) from None
        self.connection = connection
        return connection

    def _answered(self, connection: HTTPConnection, body: bytes, key: str) -> tuple[int, str]:
        address = urlsplit(self.sms.url)
        path = f"{address.path or '/'}{'?' if address.query else ''}{address.query}"
        connection.request("POST", path, body, self._headers(key))
        answer = connection.getresponse()
        self._read_out(answer)
        return answer.status, answer.headers.get("Retry-After", "")

    def _headers(self, key: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key}
        return headers | ({"Authorization": f"Bearer {self.sms.token}"} if self.sms.token else {})

    def _read_out(self, answer: HTTPResponse) -> None:
        answer.read(MOST_READ)
        if not answer.isclosed():  # it goes on talking: the next answer would not begin where we read
            self._close()

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def trouble_of(status: int, retry_after: str, *, now: datetime) -> Trouble | None:
    """What an answer of the gateway means; None where it has taken the message. A redirect is not followed: the token would go along."""
    if 200 <= status < 300:
        return None
    if status == TOO_MANY:
        return TemporaryTrouble(TroubleCode.BUSY, status, retry_after=wait_asked(retry_after, now), is_general=True)
    if status in ASK_LATER:
        return TemporaryTrouble(TroubleCode.BUSY, status, retry_after=wait_asked(retry_after, now))
    if status >= 500:
        return TemporaryTrouble(TroubleCode.BROKEN, status, retry_after=wait_asked(retry_after, now))
    if status < 400 or status in ABOUT_US:
        return TemporaryTrouble(TroubleCode.NOT_ALLOWED, status, is_general=True)
    return PermanentTrouble(TroubleCode.REFUSED, status)


def wait_asked(said: str, now: datetime) -> timedelta | None:
    """How long to wait by a Retry-After, which is a number of seconds or a moment; None where it says neither."""
    said = said.strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):  # a zone that is none
        return None
    return max(until.replace(tzinfo=until.tzinfo or UTC) - now, timedelta())


def dialled(number: str) -> str:
    """A number as gateways want it: digits, with a plus before it where the country is said. Empty where it is no number."""
    digits = "".join(each for each in number if each.isascii() and each.isdigit())
    if not 5 <= len(digits) <= 15 + 2 * digits.startswith("00"):
        return ""
    if number.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits
