"""Workers share the outbox: each takes a batch for itself for a minute, and what it has not marked by then may be taken by another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Prefetch, QuerySet

from clinic.reminders.models import Message
from clinic.reminders.queries.due_messages import due_messages
from clinic.reminders.states import MessageState
from patients.models import Patient

LEASE: Final = timedelta(seconds=60)
RENEWED_AFTER: Final = timedelta(seconds=10)  # so that of a lease at least 50 s are left whenever a message is handed over
OF_A_PATIENT: Final = ("clinic", "email", "phone", "guardian_phone", "language", "born_on", "died_on", "merged_into")
AFTER_SENDING: Final = (
    "made_at", "sent_at", "text_code", "template", "language", "sent_to", "fields", "subject", "body",
    "handled", "handled_at", "handled_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that one worker has taken under one token, with clinic, patient, user and booking (room and site too) read."""

    token: str
    messages: tuple[Message, ...]


def claim(*, now: datetime, limit: int = 200) -> Batch:
    """Takes up to ``limit`` messages that are due; an empty batch where nothing is. Two workers never hold the same message.

    Where nothing is due nothing is locked or written. A message that is taken counts as tried.
    """
    token = token_hex(16)
    numbers = list(due_messages(now).values_list("pk", flat=True)[:limit])
    if numbers:
        with transaction.atomic():
            numbers = list(_locked(due_messages(now)).values_list("pk", flat=True)[:limit])
            Message.objects.filter(pk__in=numbers).update(
                state=MessageState.SENDING, claim=token, next_at=now + LEASE, attempts=F("attempts") + 1
            )
    return Batch(token, _read(numbers) if numbers else ())


def _locked(messages: QuerySet[Message]) -> QuerySet[Message]:
    # SQLite has begun to write with this transaction already, and lets nobody else do so.
    return messages.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else messages


def _read(numbers: Iterable[int]) -> tuple[Message, ...]:
    # Each person, clinic and place is read once, however many messages are about it. Of a patient nothing is read that no message may say.
    patients = (Prefetch(name, queryset=Patient.objects.only(*OF_A_PATIENT)) for name in ("patient", "patient__merged_into"))
    found = Message.objects.filter(pk__in=numbers).order_by("due_at", "pk").defer(*AFTER_SENDING)
    return tuple(found.prefetch_related("clinic", *patients, "user", "booking__room__site"))


def renew(token: str, numbers: Iterable[int], *, now: datetime) -> frozenset[int]:
    """Keeps these messages for another minute; answers which of them are still held under this token. Called before the lease ends."""
    given = frozenset(numbers)
    held = Message.objects.filter(pk__in=given, claim=token, state=MessageState.SENDING)
    if held.update(next_at=now + LEASE) == len(given):
        return given
    return frozenset(held.values_list("pk", flat=True))
