"""The mailbox of the demo and of development: what would have gone out is kept as rows that a page shows. Nobody gets it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from clinic.reminders.channels.backend import Backend, Letter, Trouble
from clinic.reminders.models import MailboxLetter


class MailboxBackend(Backend):
    """Keeps letters; one that comes again under its key is the same letter."""

    is_idempotent: ClassVar[bool] = True
    at_once: ClassVar[int] = 500

    def send(self, letter: Letter) -> None:
        self.send_all([letter])

    def send_all(self, letters: Sequence[Letter]) -> Mapping[str, Trouble]:
        MailboxLetter.objects.bulk_create(map(_row, letters), ignore_conflicts=True)
        return {}


def _row(letter: Letter) -> MailboxLetter:
    file = letter.attachment
    return MailboxLetter(
        key=letter.key,
        clinic_id=letter.clinic,
        channel=letter.channel,
        sent_to=letter.sent_to,
        subject=letter.subject,
        body=letter.body,
        attachment_name=file.name if file else "",
        attachment=file.content.decode() if file else "",
    )
