"""The words of messages that were sent long ago go, and where they went; that they were sent stays."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from clinic.audit.actions import record
from clinic.keeping.erasure.actions.removing import NO_WORDS
from clinic.keeping.erasure.queries import retention_of
from clinic.reminders.models import MailboxLetter, Message
from clinic.reminders.states import MessageState
from clinic.staff.models import Clinic

WITHOUT_WORDS = Q(sent_to="", subject="", body="")


@transaction.atomic
def empty_old_messages(*, clinic: Clinic, now: datetime, is_dry: bool = False) -> int:
    """Empties every message of the clinic that is over for longer than its ``message_days``; answers how many. Safe to run twice.

    ``is_dry`` only counts. Letters of the demo's mailbox go with their messages. Leaves one line where something was emptied.
    """
    before = now - timedelta(days=retention_of(clinic).message_days)
    old = _old(clinic, before)
    if is_dry:
        return old.count()
    failed = old.filter(state=MessageState.FAILED).update(**{**NO_WORDS, "last_error": "-"})  # a database rule wants a reason
    emptied = failed + old.update(**NO_WORDS)
    MailboxLetter.objects.filter(clinic=clinic, at__lt=before).delete()
    if emptied:
        said = {"messages": emptied, "before": before.date().isoformat()}
        record(actor=None, clinic=clinic, verb="emptied-messages", subject=clinic, details=said)
    return emptied


def _old(clinic: Clinic, before: datetime) -> QuerySet[Message, Any]:
    over = Message.objects.filter(clinic=clinic, next_at=None, due_at__lt=before).exclude(WITHOUT_WORDS)
    # One that failed says why until somebody has dealt with it.
    over = over.exclude(state=MessageState.FAILED, handled="")
    return over.annotate(left_at=Coalesce("sent_at", "due_at")).filter(left_at__lt=before).order_by()
