"""What the outbox holds for now."""

from datetime import datetime

from django.db.models import QuerySet

from clinic.reminders.models import Message


def due_messages(now: datetime) -> QuerySet[Message]:
    """Messages that a worker is to look at, the longest due first. Only ``next_at`` decides, so that one index answers.

    Among them are those of a worker whose lease is over.
    """
    return Message.objects.filter(next_at__lte=now).order_by("next_at", "pk")
