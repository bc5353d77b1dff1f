"""Which way of sending stands behind a channel here: the settings decide."""

from django.conf import settings
from django.utils.module_loading import import_string

from clinic.reminders.channels.backend import Backend

MAILBOX = "clinic.reminders.channels.mailbox.MailboxBackend"


def backend_for(channel: str) -> Backend | None:
    """The way of sending of this channel; None where none is set up."""
    path = settings.MESSAGE_BACKENDS.get(channel, "")
    backend: Backend | None = import_string(path)() if path else None
    return backend


def is_set_up(channel: str) -> bool:
    """Whether messages can leave by this channel."""
    return bool(settings.MESSAGE_BACKENDS.get(channel))


def goes_to_the_mailbox(channel: str) -> bool:
    """Whether messages of this channel end in the mailbox that a page shows, instead of going out."""
    return bool(settings.MESSAGE_BACKENDS.get(channel) == MAILBOX)
