"""E-mail by the mail server of the settings: one connection for a batch, and the same Message-ID at every try."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from hashlib import sha256
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from clinic.reminders.channels.backend import Backend, Letter, PermanentTrouble, TemporaryTrouble, Trouble, TroubleCode

# Of each step of the conversation. One letter takes four steps, so that it is over before its lease is.
SECONDS: Final = 10
GOES_AWAY: Final = 421


class MailBackend(Backend):
    """A mail server knows no second try, so each letter is marked by itself before the next one leaves."""

    is_idempotent: ClassVar[bool] = False

    def __init__(self) -> None:
        self.server: Any = EmailBackend(timeout=SECONDS, fail_silently=False)

    @contextmanager
    def opened(self) -> Iterator["MailBackend"]:
        self._open()
        try:
            yield self
        finally:
            self._close()

    def send(self, letter: Letter) -> None:
        if self.server.connection is None:  # the server took no more by the one before
            self._open()
        message = as_mail(letter)
        self._try(lambda: self.server.send_messages([message]))

    def _open(self) -> None:
        try:
            self.server.open()
        except smtplib.SMTPAuthenticationError as wrong:
            raise TemporaryTrouble(TroubleCode.NOT_ALLOWED, wrong.smtp_code, is_general=True) from None
        except ssl.SSLError:
            raise TemporaryTrouble(TroubleCode.NOT_ALLOWED, "TLS", is_general=True) from None
        except TimeoutError:
            raise TemporaryTrouble(TroubleCode.SLOW, is_general=True) from None
        except (OSError, smtplib.SMTPException) as wrong:
            raise TemporaryTrouble(TroubleCode.AWAY, _code(wrong), is_general=True) from None

    def _close(self) -> None:
        # Whatever happens now, the letters are with the server and marked.
        with suppress(OSError, smtplib.SMTPException):
            self.server.close()
        self.server.connection = None

    def _try(self, send: Callable[[], Any]) -> None:
        """Raises what became of it without what the server said: that may repeat the address."""
        try:
            send()
        except smtplib.SMTPRecipientsRefused as wrong:
            code = next(iter(wrong.recipients.values()))[0]
            self._forget(is_gone=code == GOES_AWAY)
            raise _of_letter(code) from None
        except smtplib.SMTPSenderRefused as wrong:
            raise TemporaryTrouble(TroubleCode.NOT_ALLOWED, wrong.smtp_code, is_general=True) from None
        except smtplib.SMTPNotSupportedError:
            raise PermanentTrouble(TroubleCode.REFUSED, "UTF8") from None  # an address that this server cannot write
        except smtplib.SMTPResponseException as wrong:
            self._forget(is_gone=wrong.smtp_code == GOES_AWAY)
            raise _of_letter(wrong.smtp_code) from None
        except TimeoutError:
            self._forget(is_gone=True)
            raise TemporaryTrouble(TroubleCode.SLOW) from None
        except (OSError, smtplib.SMTPException):
            self._forget(is_gone=True)
            raise TemporaryTrouble(TroubleCode.AWAY) from None
        except ValueError:
            raise PermanentTrouble(TroubleCode.REFUSED, "address") from None  # Django could not make an address of it

    def _forget(self, *, is_gone: bool) -> None:
        if is_gone:
            self._close()


def _of_letter(code: int) -> Trouble:
    return PermanentTrouble(TroubleCode.REFUSED, code) if code >= 500 else TemporaryTrouble(TroubleCode.BUSY, code)


def _code(wrong: Exception) -> str:
    return str(getattr(wrong, "smtp_code", ""))


def as_mail(letter: Letter) -> EmailMessage:
    """The letter as a mail program gets it. Nobody's name stands in it; the key shows only as a digest."""
    headers = {
        "Message-ID": message_id(letter.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
    }
    if letter.stop_link:
        headers["List-Unsubscribe"] = f"<{letter.stop_link}>"
    mail = EmailMessage(letter.subject, letter.body, to=[letter.sent_to], headers=headers)
    if letter.attachment is not None:
        mail.attach(letter.attachment.name, letter.attachment.content, letter.attachment.type)
    return mail


def message_id(key: str) -> str:
    """The same at every try, so that a mail program that keeps one of a kind keeps one."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{host}>"
