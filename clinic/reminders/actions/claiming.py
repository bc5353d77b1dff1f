"""Workers share the outbox: each takes a batch for itself for a minute, and what it has not marked by then may be taken by another."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from django.db import connection
from django.db.models import Model, QuerySet

from clinic.reminders.models import Message
from clinic.reminders.queries.due_messages import due_messages
from clinic.reminders.queries.houses import Houses
from clinic.reminders.states import MessageState
from clinic.staff.models import User
from patients.models import Patient

LEASE: Final = timedelta(seconds=60)
RENEWED_AFTER: Final = timedelta(seconds=10)  # so that of a lease at least 50 s are left whenever a message is handed over
OF_A_PATIENT: Final = ("clinic", "email", "phone", "guardian_phone", "language", "born_on", "died_on", "merged_into")
OF_A_BOOKING: Final = ("clinic", "patient", "therapist", "room", "day", "clock", "starts_at", "ends_at", "state", "sequence")
AFTER_SENDING: Final = frozenset({
    "made_at", "sent_at", "text_code", "template", "language", "sent_to", "fields", "subject", "body",
    "handled", "handled_at", "handled_by",
})  # fmt: skip
BEFORE_SENDING: Final = tuple(each.name for each in Message._meta.concrete_fields if each.name not in AFTER_SENDING)
# One statement, so that nobody comes between: who asks what is due has it.
TAKE: Final = """
WITH due(number) AS ({due}) UPDATE {table} SET state = %s, claim = %s, next_at = %s, attempts = attempts + 1
WHERE id IN (SELECT number FROM due)"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that one worker has taken under one token, with clinic, patient, user and booking (room and site too) read."""

    token: str
    messages: tuple[Message, ...]
    taken_at: float = field(default_factory=time.monotonic)
    houses: Houses = field(default_factory=Houses)


def claim(*, now: datetime, limit: int = 200, houses: Houses | None = None) -> Batch:
    """Takes up to ``limit`` messages that are due; an empty batch where nothing is. Two workers never hold the same message.

    Where nothing is due nothing is locked or written. A message that is taken counts as tried. ``houses``: what is known of clinics.
    """
    token, known = token_hex(16), houses or Houses()
    return Batch(token, _read(token, now + LEASE, known) if _took(token, now, limit) else (), houses=known)


def _took(token: str, now: datetime, limit: int) -> bool:
    due = due_messages(now).values_list("pk", flat=True)[:limit]
    can_skip = connection.features.has_select_for_update_skip_locked
    if not can_skip and not due[:1]:
        return False  # SQLite lets one write at a time: whoever has nothing to do does not ask for it
    sql, given = due.query.sql_with_params()
    until = Message._meta.get_field("next_at").get_db_prep_save(now + LEASE, connection)
    take = TAKE.format(due=f"{sql} FOR UPDATE SKIP LOCKED" if can_skip else sql, table=connection.ops.quote_name(Message._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(take, [*given, MessageState.SENDING.value, token, until])
        return bool(cursor.rowcount)


def _read(token: str, until: datetime, houses: Houses) -> tuple[Message, ...]:
    """With clinic, patient, wishes, user, booking, place and what was told of it, all as it is now."""
    # Of a patient nothing is read that no message may say.
    columns = [*BEFORE_SENDING, *(f"patient__{each}" for each in OF_A_PATIENT), *(f"booking__{each}" for each in OF_A_BOOKING)]
    rows = Message.objects.filter(next_at=until, claim=token).order_by("due_at", "pk")
    read = rows.select_related("patient__message_wishes", "booking__told").only(*columns, "patient__message_wishes", "booking__told")
    messages = tuple(read)
    houses.put_into(messages)
    patients = [each.patient for each in messages if each.patient is not None]
    _read_into(patients, "merged_into", Patient.objects.select_related("message_wishes").only(*OF_A_PATIENT, "message_wishes"))
    _read_into(messages, "user", User.objects.all())
    return messages


def _read_into(rows: Iterable[Model], name: str, those: QuerySet[Any]) -> None:
    """Each person once, however many messages go there; nothing, where there is none."""
    pointing = [(row, number) for row in rows if (number := getattr(row, f"{name}_id")) is not None]
    found = those.in_bulk({number for _row, number in pointing}) if pointing else {}
    for row, number in pointing:
        setattr(row, name, found[number])


def renew(token: str, numbers: Iterable[int], *, now: datetime) -> frozenset[int]:
    """Keeps these messages for another minute; answers which of them are still held under this token. Called before the lease ends."""
    given = frozenset(numbers)
    held = Message.objects.filter(pk__in=given, claim=token, state=MessageState.SENDING)
    if held.update(next_at=now + LEASE) == len(given):
        return given
    return frozenset(held.values_list("pk", flat=True))
