"""What became of messages, written down in one transaction: only of those still held under the token under which they were taken."""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Field

from clinic.reminders.actions.preparing import Ready
from clinic.reminders.actions.rerouting import reroute
from clinic.reminders.models import Message
from clinic.reminders.sources import source_of
from clinic.reminders.states import DropReason, Kind, MessageState
from clinic.reminders.wrongs import kind_and_place

logger = logging.getLogger(__name__)

DATABASE_IS_AWAY: Final = (OperationalError, InterfaceError)
# By these the channel is lost, not the message: it may go another way.
LOST_CHANNEL: Final = frozenset({DropReason.NO_CONSENT, DropReason.NO_ADDRESS, DropReason.NO_CHANNEL})
SENT_COLUMNS: Final = ("text_code", "template", "language", "sent_to", "fields", "subject", "body")
# Clinic, and what became of the message: "sent", "dropped", "failed", "postponed".
Tally = Counter[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class PutBack:
    """For which message it is too early: ``until`` when; ``error`` why, where a try failed; ``counts``: whether it was tried."""

    until: datetime
    error: str = ""
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some of the messages that a worker took. ``refused``: dead letters, unless another way is open."""

    sent: list[Ready] = field(default_factory=list)
    dropped: dict[Message, DropReason] = field(default_factory=dict)
    failed: dict[Message, str] = field(default_factory=dict)
    refused: dict[Message, str] = field(default_factory=dict)
    put_back: dict[Message, PutBack] = field(default_factory=dict)

    @property
    def messages(self) -> list[Message]:
        return [*(each.message for each in self.sent), *self.unsent]

    @property
    def unsent(self) -> list[Message]:
        return [*self.dropped, *self.failed, *self.refused, *self.put_back]

    def only(self, numbers: frozenset[int]) -> "Outcome":
        """Of these messages alone, and of those that were not sent."""
        parts = (self.dropped, self.failed, self.refused, self.put_back)
        kept: Any = ({message: what for message, what in part.items() if message.pk in numbers} for part in parts)
        return Outcome([], *kept)


def write_down(token: str, outcome: Outcome, *, now: datetime) -> Tally:
    """Writes down what became of messages and lets the sources keep what the readers know now; answers the numbers.

    Messages that are not held under ``token`` any more stay as they are: whoever took them over will say.
    """
    for is_last in (False, True):
        try:
            with transaction.atomic():
                return _written(token, outcome, now)
        except IntegrityError:
            # New dates of a patient came to wait at this very moment; the second look sees them.
            if is_last:
                raise
    raise AssertionError("unreachable")


def _written(token: str, outcome: Outcome, now: datetime) -> Tally:
    sent = _send(token, outcome.sent, now) if outcome.sent else []
    others = [each.pk for each in outcome.unsent]
    ours = outcome.only(_held(token, others)) if others else Outcome()
    lost = [message for message, reason in ours.dropped.items() if reason in LOST_CHANNEL] + list(ours.refused)
    rerouted = reroute(lost, now=now)
    dropped = ours.dropped | dict.fromkeys(rerouted, DropReason.OTHER_CHANNEL) | _told_by_another(ours.put_back)
    failed = ours.failed | {message: error for message, error in ours.refused.items() if message not in rerouted}
    waiting = {message: back for message, back in ours.put_back.items() if message not in dropped}
    _drop(dropped, ours.refused)
    _fail(failed)
    _put_back(waiting)
    _settle(sent, now)
    every = {"sent": [each.message for each in sent], "dropped": dropped, "failed": failed, "postponed": waiting}
    return Counter((message.clinic_id, what) for what, messages in every.items() for message in messages)


def _held(token: str, numbers: Iterable[int]) -> frozenset[int]:
    rows = Message.objects.filter(pk__in=list(numbers), claim=token, state=MessageState.SENDING).order_by("pk")
    return frozenset(rows.select_for_update().values_list("pk", flat=True))


# Each kind of end -------------------------------------------------------------------------------------------------------------
def _drop(reasons: dict[Message, DropReason], errors: dict[Message, str]) -> None:
    for reason, error in sorted({(why, errors.get(message, "")) for message, why in reasons.items()}):
        numbers = [message.pk for message, why in reasons.items() if (why, errors.get(message, "")) == (reason, error)]
        said = {"last_error": error[:200]} if error else {}
        Message.objects.filter(pk__in=numbers).update(state=MessageState.DROPPED, drop_reason=reason, next_at=None, claim="", **said)


def _fail(errors: dict[Message, str]) -> None:
    for error in sorted(frozenset(errors.values())):
        numbers = [message.pk for message, what in errors.items() if what == error]
        Message.objects.filter(pk__in=numbers).update(state=MessageState.FAILED, last_error=error[:200], next_at=None, claim="")


def _put_back(those: dict[Message, PutBack]) -> None:
    rows = [
        (
            back.until,
            message.attempts - (not back.counts),
            message.failures + back.counts,
            (back.error or message.last_error)[:200],
            message.pk,
        )
        for message, back in those.items()
    ]
    if rows:
        _update_each({"state": MessageState.WAITING.value, "claim": ""}, ("next_at", "attempts", "failures", "last_error"), rows)


def _told_by_another(those: Iterable[Message]) -> dict[Message, DropReason]:
    """New dates wait in one message for a patient, the newest: where another one waits by now, or is put back here, it says these too."""
    dates = sorted((message for message in those if message.kind == Kind.DATES), key=lambda message: message.pk)
    if not dates:
        return {}
    waiting = Message.objects.filter(patient__in={each.patient_id for each in dates}, kind=Kind.DATES, state=MessageState.WAITING)
    told = frozenset(waiting.values_list("patient", flat=True))
    newest = {message.patient_id: message for message in dates}
    return {each: DropReason.NOTHING_NEW for each in dates if each.patient_id in told or newest[each.patient_id] != each}


def _send(token: str, sent: Sequence[Ready], now: datetime) -> list[Ready]:
    """Marks these as sent and keeps what was sent; answers which of them were still held. One statement, its values as one text."""
    moment = Message._meta.get_field("sent_at").get_db_prep_save(now, connection)
    said = json.dumps([_as_sent(each) for each in sent])
    with connection.cursor() as cursor:
        cursor.execute(_mark_as_sent(connection.vendor), [MessageState.SENT.value, moment, said, token, MessageState.SENDING.value])
        held = {number for (number,) in cursor.fetchall()}
    return [each for each in sent if each.message.pk in held]


# As many values as a batch has, read from one text: a statement with a thousand parameters takes longer to read than to carry out.
MARK: Final = """
UPDATE {table} AS message SET state = %s, sent_at = %s, next_at = NULL, claim = '', last_error = '', {changes}
FROM (SELECT {values} FROM {each}(%s)) AS said
WHERE message.id = said.number AND message.claim = %s AND message.state = %s RETURNING id"""


@cache
def _mark_as_sent(vendor: str) -> str:
    has_types = vendor == "postgresql"
    columns = [str(each.column) for name in SENT_COLUMNS for each in Message._meta.concrete_fields if each.name == name]
    types = {"number": "bigint", "template_id": "bigint", "fields": "jsonb"}
    value = "(value ->> {spot})::{type} AS {name}" if has_types else "json_extract(value, '$[{spot}]') AS {name}"
    values = (value.format(spot=spot, name=name, type=types.get(name, "text")) for spot, name in enumerate(("number", *columns)))
    return MARK.format(
        table=Message._meta.db_table, changes=", ".join(f"{name} = said.{name}" for name in columns), values=", ".join(values),
        each="jsonb_array_elements" if has_types else "json_each",
    )  # fmt: skip


def _as_sent(each: Ready) -> tuple[Any, ...]:
    letter, template = each.letter, each.template
    return (
        each.message.pk, str(each.fields.code), template.pk if template else None, letter.language, each.recipient.shown,
        json.dumps(each.fields.stored()), letter.subject, each.kept,
    )  # fmt: skip


def _update_each(same: Mapping[str, Any], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """One prepared statement for all rows: what is the same for all, and the values of ``names`` and last the number of each.

    Django's own way, a CASE for each column and row, is read anew every time and takes longer than everything else together.
    """
    fields = {each.name: each for each in Message._meta.concrete_fields}
    quoted = [connection.ops.quote_name(str(fields[name].column)) for name in (*same, *names, "id")]
    table, changes = connection.ops.quote_name(Message._meta.db_table), ", ".join(f"{name} = %s" for name in quoted[:-1])
    fixed = [fields[name].get_db_prep_save(value, connection) for name, value in same.items()]
    columns = [fields[name] for name in (*names, "id")]
    ready = [fixed + [_plain(column, value) for column, value in zip(columns, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {changes} WHERE {quoted[-1]} = %s", ready)  # noqa: S608


def _plain(column: "Field[Any, Any]", value: Any) -> Any:
    return value if value is None or type(value) in {str, int} else column.get_db_prep_save(value, connection)


def _settle(sent: Iterable[Ready], now: datetime) -> None:
    by_kind: dict[str, list[Ready]] = {}
    for each in sent:
        by_kind.setdefault(each.message.kind, []).append(each)
    for kind, some in by_kind.items():
        settle = source_of(kind).settle
        if settle is None:
            continue
        try:
            with transaction.atomic():
                settle([(each.message, each.fields) for each in some], now)
        except DATABASE_IS_AWAY:
            raise
        except Exception as wrong:
            logger.error("%s sent messages of kind %s were not settled: %s", len(some), kind, kind_and_place(wrong))  # noqa: TRY400
