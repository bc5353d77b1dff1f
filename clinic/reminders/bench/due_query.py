"""What it costs to ask what is due, in an outbox with very many rows: how the database goes about it, and how long it takes."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from clinic.reminders.queries.due_messages import due_messages
from clinic.reminders.states import Channel, Kind, MessageState
from clinic.schedule.contest import a_ward
from patients.models import Patient

LATER: Final = 10  # of a hundred rows wait for their time; all others but those that are due were sent long ago

# The columns are Message's own. Rows of one patient, since who it is makes no difference to the question.
FILL: Final = """
INSERT INTO reminders_message (clinic_id, patient_id, kind, channel, about, version, state, due_at, next_at, not_after, claim, attempts,
  failures, last_error, drop_reason, made_at, sent_at, text_code, language, sent_to, fields, subject, body, handled)
SELECT %(clinic)s, %(patient)s, %(kind)s, %(channel)s, 'filled:' || n, 0,
  CASE WHEN n <= %(open)s THEN %(waiting)s ELSE %(sent)s END, %(then)s,
  CASE WHEN n <= %(due)s THEN %(then)s WHEN n <= %(open)s THEN %(later)s END, %(later)s, '', 0,
  0, '', '', %(then)s, CASE WHEN n > %(open)s THEN %(then)s END, '', '', '', '{}', '', '', ''
FROM """
NUMBERS: Final = {
    "postgresql": "generate_series(1, %(rows)s) AS n",
    "sqlite": "(WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < %(rows)s) SELECT n FROM count)",
}


def fill(patient: Patient, *, rows: int, due: int, now: datetime) -> None:
    """Puts so many messages into the outbox, of which so many are due; PostgreSQL then cleans up and counts, as it does by itself."""
    then, later = now - timedelta(days=1), now + timedelta(days=1)
    values: dict[str, Any] = {
        "clinic": patient.clinic_id, "patient": patient.pk, "kind": Kind.REMINDER_HOURS.value, "channel": Channel.SMS.value,
        "rows": rows, "due": due, "open": due + rows * LATER // 100, "then": then, "later": later,
        "waiting": MessageState.WAITING.value, "sent": MessageState.SENT.value,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FILL + NUMBERS[connection.vendor], values)
        if connection.vendor == "postgresql":  # there an index alone can answer only once it is known that all see the same rows
            cursor.execute("VACUUM ANALYZE reminders_message")


def plan_of_due_query(now: datetime, *, limit: int = 200) -> str:
    """How the database finds what a worker takes next: on PostgreSQL with what it really cost."""
    query = due_messages(now).values_list("pk", flat=True)[:limit]
    return query.explain(analyze=True, buffers=True) if connection.vendor == "postgresql" else query.explain()


def is_index_only(plan: str) -> bool:
    """Whether the index alone has answered, without the table and without sorting."""
    word = "Index Only Scan using messages_that_are_due" if connection.vendor == "postgresql" else "COVERING INDEX messages_that_are_due"
    return word in plan and "Sort" not in plan and "TEMP B-TREE" not in plan


def somebody() -> Patient:
    """A patient of a made-up clinic, to whom all of it goes."""
    return a_ward(therapists=1, rooms=1, patients=1).patients[0]
