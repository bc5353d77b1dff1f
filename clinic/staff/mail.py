"""Sending by a mail server without making anybody wait for it."""

import logging
import smtplib
import threading
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

logger = logging.getLogger(__name__)


class BackgroundBackend(EmailBackend):
    """SMTP in a thread of its own: whether and how fast a message left must not show on a page, or it tells who has an account.

    A message that could not be sent is logged without its address and words; the person asks again.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Takes the messages over and answers how many these are, before any of them is sent."""
        threading.Thread(target=self.deliver, args=(tuple(email_messages),), name="mail").start()
        return len(email_messages)

    def deliver(self, email_messages: Sequence[EmailMessage]) -> None:
        """Sends now. A failure ends here: nobody waits for it any more."""
        try:
            super().send_messages(email_messages)
        except (OSError, smtplib.SMTPException) as wrong:
            logger.error("%s messages could not be sent by %s: %s", len(email_messages), self.host, type(wrong).__name__)  # noqa: TRY400
