"""What the benchmark runs in processes of its own: the drain, the floor below it, and the same work as one task a reminder."""

import os
import time
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Final
from unittest.mock import patch

from celery import Celery
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from clinic.reminders.actions.claiming import LEASE
from clinic.reminders.actions.outcomes import Outcome, write_down
from clinic.reminders.actions.preparing import prepare
from clinic.reminders.actions.sending import drain
from clinic.reminders.bench.due_query import fill, plan_of_due_query, somebody
from clinic.reminders.channels.choice import backend_for
from clinic.reminders.models import Message
from clinic.reminders.states import MessageState

# Without the fix-up for Django, which would close the connection to the database after each task: that would flatter us.
app = Celery("bench", broker=os.environ.get("CELERY_BROKER_URL") or "memory://", set_as_current=False, fixups=[])
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=64, worker_hijack_root_logger=False)

TAKE: Final = """
WITH due AS (SELECT id FROM reminders_message WHERE next_at <= now() ORDER BY next_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE reminders_message AS message SET state = 'sending', claim = %s, next_at = now() + interval '60 s', attempts = attempts + 1
FROM due WHERE message.id = due.id RETURNING message.id, message.about, message.due_at"""
DONE: Final = "UPDATE reminders_message SET state = 'sent', claim = '', next_at = NULL, sent_at = now() WHERE id = ANY(%s)"
READ: Final = "SELECT id, about, due_at FROM reminders_message WHERE id = %s AND state = 'waiting'"


def nowhere() -> None:
    """From now on messages of this process lead nowhere."""
    patch.object(settings, "MESSAGE_BACKENDS", dict.fromkeys(("email", "sms"), "clinic.reminders.bench.nowhere.Nowhere")).start()


def _wait_until(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    time.sleep(max(0.0, float(moment) - time.time()))


def drained(limit: str, begins: str) -> str:
    """The product's own drain, from the moment ``begins`` on; answers how many it sent and when it had ended."""
    _wait_until(begins)
    found = drain(limit=int(limit))
    return f"{found.sent} {time.time()}"


def floor(limit: str, begins: str) -> str:
    """The least that is right: claim, format a sentence, mark; bare SQL."""
    _wait_until(begins)
    sent = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(TAKE, [int(limit), token_hex(16)])
            rows = cursor.fetchall()
            if not rows:
                return f"{sent} {time.time()}"
            for row in rows:
                _sentence(row)
            cursor.execute(DONE, [[row[0] for row in rows]])
            sent += len(rows)


def _sentence(row: tuple[object, ...]) -> str:
    return f"Your date {row[1]} is on {row[2]:%d.%m at %H:%M}. Reply C to confirm."


@app.task(name="bench.bare")
def bare(number: int) -> None:
    """One reminder a task, bare SQL: read, format, mark."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [number])
        row = cursor.fetchone()
        if row:
            _sentence(row)
            cursor.execute(DONE, [[number]])


@app.task(name="bench.whole")
def whole(number: int) -> None:
    """One reminder a task, with the same reading, words and marking as in the drain; no audit line, which the drain writes by the batch."""
    now, token = timezone.now(), token_hex(16)
    with transaction.atomic():
        waiting = Message.objects.select_for_update().filter(pk=number, state=MessageState.WAITING)
        if not waiting.exists():
            return
        Message.objects.filter(pk=number).update(state=MessageState.SENDING, claim=token, next_at=now + LEASE, attempts=1)
    message = Message.objects.select_related("clinic", "patient__merged_into", "user", "booking__room__site").get(pk=number)
    ready = prepare([message], now).ready
    for each in ready:
        backend = backend_for(each.recipient.channel)
        if backend is not None:
            backend.send(each.letter)
    write_down(token, Outcome(sent=ready), now=now)


def pushed(task: str, most: str) -> str:
    """Puts one task for each of so many reminders into the queue, by one producer; answers how many."""
    numbers = list(Message.objects.filter(state=MessageState.WAITING).order_by("pk").values_list("pk", flat=True)[: int(most)])
    with app.producer_pool.acquire(block=True) as producer:
        for number in numbers:
            app.tasks[f"bench.{task}"].apply_async((number,), producer=producer)
    return f"{len(numbers)} {time.time()}"


def work() -> str:
    """A Celery worker with two processes, until it is ended."""
    worker = app.Worker(
        pool="prefork", concurrency=2, loglevel="ERROR", quiet=True, without_gossip=True, without_mingle=True, without_heartbeat=True
    )
    worker.start()
    return ""


def explained(rows: str) -> str:
    """So many rows, a thousand of them due, in the outbox; how the database finds the first 200."""
    now = timezone.now()
    fill(somebody(), rows=int(rows), due=1000, now=now)
    return plan_of_due_query(now)


PROGRAMS: Final[Mapping[str, Callable[..., str]]] = {
    "drain": drained, "floor": floor, "push": pushed, "work": work, "explain": explained,
}  # fmt: skip
