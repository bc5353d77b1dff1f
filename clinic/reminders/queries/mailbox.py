"""The letters of the mailbox, which takes the place of the world outside in the demo and in development."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.shortcuts import get_object_or_404

from clinic.reminders.channels.choice import goes_to_the_mailbox
from clinic.reminders.models import MailboxLetter
from clinic.reminders.states import Channel
from clinic.staff.models import Clinic

LETTERS: Final = 20


def is_mailbox_used() -> bool:
    """Whether messages of any channel go into the mailbox here."""
    return any(map(goes_to_the_mailbox, Channel.values))


@dataclass(frozen=True, slots=True)
class Letters:
    """One page of letters; ``after`` is the number with which the next page begins, 0 where there is none."""

    letters: Sequence[MailboxLetter]
    after: int = 0


def letters_of(clinic: Clinic, address: str = "", after: int = 0) -> Letters:
    """The clinic's letters, the newest first; with ``address`` those whose address or number has these characters. One query."""
    rows = MailboxLetter.objects.filter(clinic=clinic)
    rows = rows.filter(sent_to__icontains=address) if address else rows
    found = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: LETTERS + 1])
    return Letters(found[:LETTERS], found[LETTERS - 1].pk if len(found) > LETTERS else 0)


def letter_or_404(clinic: Clinic, pk: int) -> MailboxLetter:
    """This clinic's letter."""
    return get_object_or_404(MailboxLetter, clinic=clinic, pk=pk)
