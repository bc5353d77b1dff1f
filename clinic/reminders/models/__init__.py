"""Messages: what a clinic has set, the outbox, and what comes back."""

from clinic.reminders.models.outbox import TO_DEAL_WITH, Answer, MailboxLetter, Message, Pace, Pulse, Told
from clinic.reminders.models.rules import MessageRules, MessageTemplate, MessageWishes

__all__ = [
    "TO_DEAL_WITH",
    "Answer",
    "MailboxLetter",
    "Message",
    "MessageRules",
    "MessageTemplate",
    "MessageWishes",
    "Pace",
    "Pulse",
    "Told",
]
