"""What the pages read from the outbox. Every query starts at a clinic and is answered from an index, also among a million messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.shortcuts import get_object_or_404

from clinic.reminders.asked import TO_COME, Asked
from clinic.reminders.models import Answer, Message
from clinic.reminders.states import MUST_ARRIVE, UNREACHED
from clinic.staff.models import Clinic
from patients.models import Patient
from patients.queries import patients_of

ROWS: Final = 50
MOST_FOUND: Final = 25  # patients of one search
REACH: Final = timedelta(days=92)  # without a day or a name nobody turns further back: older messages are found by their day
MOST_COUNTED: Final = 99
LONG: Final = ("fields", "body")


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _literal(sql: str) -> RawSQL:
    return RawSQL(sql, (), output_field=BooleanField())  # noqa: S611  # constants of our own


# ``models.TO_DEAL_WITH`` and those who cannot come, once more with the values written out: SQLite does not see by parameters that a
# condition is that of an index, and would look at every message of the clinic instead. A test holds them to be the same.
TO_DEAL_WITH_WRITTEN_OUT: Final = _literal(
    "reminders_message.handled = '' AND (reminders_message.state = 'failed' OR (reminders_message.drop_reason IN "
    f"({_listed(UNREACHED)}) AND reminders_message.kind IN ({_listed(MUST_ARRIVE)}) AND reminders_message.state = 'dropped'))"
)
CANNOT_COME_WRITTEN_OUT: Final = _literal("reminders_answer.handled = '' AND reminders_answer.kind = 'cannot-come'")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of messages; ``after`` is the number with which the next page begins, 0 where there is none."""

    messages: Sequence[Message]
    after: int = 0


def outbox(clinic: Clinic, asked: Asked, now: datetime) -> Found:
    """One page of the outbox. Three queries at most."""
    rows = _of(clinic, asked, now).select_related("patient", "user").defer(*LONG)
    order = ("due_at", "pk") if _ascends(asked) else ("-due_at", "-pk")
    found = list(_behind(rows, clinic, asked).order_by(*order)[: ROWS + 1])
    return Found(found[:ROWS], found[ROWS - 1].pk if len(found) > ROWS else 0)


def _ascends(asked: Asked) -> bool:
    return asked.day is not None or asked.when == TO_COME


def _of(clinic: Clinic, asked: Asked, now: datetime) -> QuerySet[Message]:
    """Whose messages, and of which days."""
    chosen = {"state": asked.state, "kind": asked.kind, "channel": asked.channel}
    rows = Message.objects.filter(**{name: value for name, value in chosen.items() if value})
    if asked.words:
        # The messages of these few, by their own index; patients of the clinic have no messages of another.
        rows = rows.filter(patient__in=list(patients_of(clinic, asked.words).order_by().values_list("pk", flat=True)[:MOST_FOUND]))
    else:
        rows = rows.filter(clinic=clinic)
    if asked.day:
        first = datetime.combine(asked.day, time(), clinic.zone)
        return rows.filter(due_at__gte=first, due_at__lt=datetime.combine(asked.day + timedelta(days=1), time(), clinic.zone))
    if asked.when == TO_COME:
        return rows.filter(due_at__gt=now)
    return rows.filter(due_at__lte=now) if asked.words else rows.filter(due_at__lte=now, due_at__gte=now - REACH)


def _behind(rows: QuerySet[Message], clinic: Clinic, asked: Asked) -> QuerySet[Message]:
    """Those behind the last one of the page before, by its due time and number: no page costs more than the first."""
    last = Message.objects.filter(clinic=clinic, pk=asked.after).values_list("due_at", "pk").first() if asked.after else None
    if last is None:
        return rows
    at, pk = last
    if _ascends(asked):
        return rows.filter(Q(due_at__gt=at) | Q(pk__gt=pk), due_at__gte=at)
    return rows.filter(Q(due_at__lt=at) | Q(pk__lt=pk), due_at__lte=at)


def message_or_404(clinic: Clinic, pk: int) -> Message:
    """This clinic's message with whom and what it is about. A message of another clinic does not exist here."""
    rows = Message.objects.select_related("clinic", "patient__merged_into", "user", "booking", "template", "handled_by")
    return get_object_or_404(rows, clinic=clinic, pk=pk)


def answers_to(message: Message) -> Sequence[Answer]:
    """What came back by the links of this message, the first first. One query."""
    return list(message.answers.select_related("handled_by").order_by("pk"))


def others_about(message: Message) -> Sequence[Message]:
    """The other messages of this kind about the same: earlier and later versions, and by other channels. One query."""
    rows = Message.objects.filter(clinic=message.clinic_id, about=message.about, kind=message.kind).exclude(pk=message.pk)
    return list(rows.defer(*LONG).order_by("-pk")[:ROWS])


def messages_to(patient: Patient, after: int = 0) -> Found:
    """Everything that went or is to go to one patient, the newest first. One query."""
    rows = Message.objects.filter(patient=patient).defer(*LONG).order_by("-pk")
    found = list((rows.filter(pk__lt=after) if after else rows)[: ROWS + 1])
    return Found(found[:ROWS], found[ROWS - 1].pk if len(found) > ROWS else 0)


def to_deal_with(clinic: Clinic) -> QuerySet[Message]:
    """What did not arrive and nobody has dealt with, the newest first. One query, from an index of nothing else."""
    rows = Message.objects.filter(TO_DEAL_WITH_WRITTEN_OUT, clinic=clinic).select_related(
        "clinic", "patient__merged_into", "user", "booking"
    )
    return rows.order_by("-pk")


def dealt_with(clinic: Clinic, now: datetime) -> Sequence[Message]:
    """What was dealt with in the last two weeks, the newest first. One query, from an index of nothing else."""
    rows = Message.objects.filter(clinic=clinic, handled_at__gte=now - timedelta(days=14))
    return list(rows.select_related("patient", "user", "handled_by").defer(*LONG).order_by("-handled_at")[:ROWS])


def undelivered_count(clinic: Clinic) -> int:
    """How many messages somebody must deal with; counted to ``MOST_COUNTED`` + 1. One query."""
    return Message.objects.filter(TO_DEAL_WITH_WRITTEN_OUT, clinic=clinic).order_by()[: MOST_COUNTED + 1].count()


def cannot_come_count(clinic: Clinic) -> int:
    """How many patients said that they cannot come, and nobody has dealt with it. One query."""
    return Answer.objects.filter(CANNOT_COME_WRITTEN_OUT, clinic=clinic).order_by()[: MOST_COUNTED + 1].count()
