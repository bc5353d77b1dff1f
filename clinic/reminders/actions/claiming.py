"""Workers share the outbox: each takes a batch for itself for a minute, and what it has not marked by then may be taken by another."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Model, QuerySet

from clinic.reminders.models import Message
from clinic.reminders.queries.due_messages import due_messages
from clinic.reminders.states import MessageState
from clinic.schedule.models import Booking, Room
from clinic.staff.models import Clinic, User
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
    taken_at: float = field(default_factory=time.monotonic)


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
    return Batch(token, _read(token, now + LEASE) if numbers else ())


def _locked(messages: QuerySet[Message]) -> QuerySet[Message]:
    # SQLite has begun to write with this transaction already, and lets nobody else do so.
    return messages.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else messages


def _read(token: str, until: datetime) -> tuple[Message, ...]:
    messages = tuple(Message.objects.filter(next_at=until, claim=token).order_by("due_at", "pk").defer(*AFTER_SENDING))
    _read_into(messages, "clinic", Clinic.objects.all())
    # Of a patient nothing is read that no message may say.
    patients = _read_into(messages, "patient", Patient.objects.only(*OF_A_PATIENT))
    _read_into(patients, "merged_into", Patient.objects.only(*OF_A_PATIENT))
    _read_into(messages, "user", User.objects.all())
    bookings = _read_into(messages, "booking", Booking.objects.all())
    _read_into(bookings, "room", Room.objects.select_related("site"))
    return messages


def _read_into(rows: Iterable[Model], name: str, those: QuerySet[Any]) -> Sequence[Model]:
    """Each person, clinic and place once, however many messages are about it: ``prefetch_related`` without what it does for other cases,
    which takes longer than all the rest of reading."""
    pointing = [(row, number) for row in rows if (number := getattr(row, f"{name}_id")) is not None]
    found = those.in_bulk({number for _row, number in pointing})
    for row, number in pointing:
        setattr(row, name, found[number])
    return list(found.values())


def renew(token: str, numbers: Iterable[int], *, now: datetime) -> frozenset[int]:
    """Keeps these messages for another minute; answers which of them are still held under this token. Called before the lease ends."""
    given = frozenset(numbers)
    held = Message.objects.filter(pk__in=given, claim=token, state=MessageState.SENDING)
    if held.update(next_at=now + LEASE) == len(given):
        return given
    return frozenset(held.values_list("pk", flat=True))
