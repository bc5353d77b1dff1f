"""How the state of a message is shown: a word and an icon, which carry it where the colour does not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinic.reminders.models import Message
from clinic.reminders.states import MUST_ARRIVE, UNREACHED, Channel, MessageState

CHANNEL_ICONS: Final = {Channel.EMAIL.value: "mail", Channel.SMS.value: "smartphone"}
_SIGNS: Final = {
    MessageState.WAITING.value: ("clock", ""),
    MessageState.SENDING.value: ("send", "modify"),
    MessageState.SENT.value: ("check", "clear"),
    MessageState.DROPPED.value: ("circle-minus", ""),
    MessageState.FAILED.value: ("circle-x", "absolute"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A state in words, with its icon and tone; ``why`` where it needs a reason, ``at`` when it came to be."""

    words: str
    icon: str
    tone: str
    why: str = ""
    at: datetime | None = None


def mark_of(message: Message) -> Mark:
    """The state of a message for its reader."""
    icon, tone = _SIGNS[message.state]
    words = str(message.get_state_display())
    if message.state == MessageState.DROPPED:
        why = str(message.get_drop_reason_display())
        if not has_reached(message):
            return Mark(_("Did not reach anybody"), "user-x", "caution", why, message.due_at)
        return Mark(words, icon, tone, why, message.due_at)
    if message.state == MessageState.WAITING and message.attempts:
        return Mark(_("Is tried again"), "rotate-cw", "caution", "", message.next_at)
    if is_held_back(message):
        return Mark(words, icon, tone, _("goes at %(clock)s") % {"clock": f"{localtime(message.next_at):%H:%M}"}, message.next_at)
    return Mark(words, icon, tone, "", message.sent_at or message.due_at)


def is_held_back(message: Message) -> bool:
    """Whether it waits, untried, for longer than was meant: for the end of quiet hours, or for its turn at the gateway."""
    return bool(message.state == MessageState.WAITING and not message.attempts and message.next_at and message.next_at > message.due_at)


def has_reached(message: Message) -> bool:
    """False for a message that must arrive and could not be sent."""
    return not (message.state == MessageState.DROPPED and message.kind in MUST_ARRIVE and message.drop_reason in UNREACHED)
