"""Numbers of the messages of a clinic over some days: how many went, were not needed, did not arrive, and were answered."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any, Final

from django.db import connection
from django.db.models import Count

from clinic.reminders.models import Answer
from clinic.reminders.states import MUST_ARRIVE, UNREACHED, AnswerKind, Channel, DropReason, Kind, MessageState
from clinic.staff.models import Clinic

SPANS: Final = (7, 30, 90)
SENT: Final = "sent"
DROPPED: Final = "dropped"
FAILED: Final = "failed"
ANSWERS: Final = (AnswerKind.CONFIRMED, AnswerKind.CANNOT_COME, AnswerKind.PAIN)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of message by one channel: what became of it, and what came back."""

    kind: str
    channel: str
    became: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        return sum(self.answers[kind] for kind in ANSWERS)


@dataclass(frozen=True, slots=True)
class Numbers:
    """``days`` has every day from ``first`` to ``last``; ``reasons`` say why messages were not sent, the most frequent first."""

    first: date
    last: date
    lines: Sequence[Line]
    days: Sequence[tuple[date, Counter[str]]]
    reasons: Sequence[tuple[str, int]]


def numbers_of(clinic: Clinic, *, days: int, today: date) -> Numbers:
    """What became of the messages that were due in the last ``days`` days, today the last, by the clinic's clock. Three queries."""
    first = today - timedelta(days=days - 1)
    since, until = (datetime.combine(day, time(), clinic.zone) for day in (first, today + timedelta(days=1)))
    lines: dict[tuple[str, str], Line] = {}
    by_day = {first + timedelta(days=number): Counter[str]() for number in range(days)}
    reasons = Counter[str]()
    for day, kind, channel, state, reason, count in _counted(clinic, list(by_day)):
        became = _became(kind, state, reason)
        if became:
            lines.setdefault((kind, channel), Line(kind, channel)).became[became] += count
            by_day[day][became] += count
        if reason:
            reasons[reason] += count
    for kind, channel, answer, count in _answered(clinic, since, until):
        lines.setdefault((kind, channel), Line(kind, channel)).answers[answer] += count
    return Numbers(first, today, [line for _key, line in sorted(lines.items())], list(by_day.items()), reasons.most_common())


Row = tuple[date, str, str, str, str, int]
End = tuple[str, str, str, str]  # kind, channel, state, reason

# Every way in which a message can end, written out: these are constants of our own.
_ENDS: Final = tuple(
    (kind, channel, state, reason)
    for kind, channel in product(Kind.values, Channel.values)
    for state, reason in [
        (MessageState.SENT.value, ""),
        (MessageState.FAILED.value, ""),
        *((MessageState.DROPPED.value, reason) for reason in DropReason.values),
    ]
)
# One subquery for each day and end, answered by counting a piece of the index ``messages_that_are_over``. To put the messages of three
# months into groups instead, SQLite sorts them all: a hundred times as long.
_OVER: Final = """
    FROM reminders_message m
    WHERE m.clinic_id = %s AND m.kind = e.kind AND m.channel = e.channel AND m.state = e.state AND m.drop_reason = e.reason
      AND m.next_at IS NULL
"""


def _counted(clinic: Clinic, days: Sequence[date]) -> list[Row]:
    """By day and end, none that is zero. Two queries: which ends there were at all, and how many of each on each day."""
    moments = [_moment(clinic, day) for day in (*days, days[-1] + timedelta(days=1))]
    happened = _asked(
        f"{_ends(_ENDS)} SELECT e.kind, e.channel, e.state, e.reason FROM e "  # noqa: S608  # constants of our own
        f"WHERE EXISTS (SELECT 1 {_OVER} AND m.due_at >= %s AND m.due_at < %s)",
        [clinic.pk, moments[0], moments[-1]],
    )
    if not happened:
        return []
    spans = ", ".join(["(%s, %s, %s)"] * len(days))
    rows = _asked(
        f"{_ends(happened)}, d(number, since, until) AS (VALUES {spans}) SELECT d.number, e.kind, e.channel, e.state, e.reason, "  # noqa: S608
        f"(SELECT COUNT(*) {_OVER} AND m.due_at >= d.since AND m.due_at < d.until) FROM d CROSS JOIN e",
        [*(value for number in range(len(days)) for value in (number, moments[number], moments[number + 1])), clinic.pk],
    )
    return [(days[number], *end, count) for number, *end, count in rows if count]


def _ends(ends: Iterable[End]) -> str:
    values = ", ".join("('{}', '{}', '{}', '{}')".format(*end) for end in ends)
    return f"WITH e(kind, channel, state, reason) AS (VALUES {values})"


def _asked(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _moment(clinic: Clinic, day: date) -> Any:
    """The beginning of the day by the clinic's clock, as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(datetime.combine(day, time(), clinic.zone))


def _answered(clinic: Clinic, since: datetime, until: datetime) -> list[tuple[str, str, str, int]]:
    rows = Answer.objects.filter(message__clinic=clinic, message__due_at__gte=since, message__due_at__lt=until).order_by()
    return list(rows.values_list("message__kind", "message__channel", "kind").annotate(count=Count("pk")))


def _became(kind: str, state: str, reason: str) -> str:
    """Sent, not needed or not delivered; empty while it is on its way. Dates that could not be sent count as not delivered."""
    if state == MessageState.DROPPED:
        return FAILED if kind in MUST_ARRIVE and reason in UNREACHED else DROPPED
    return {MessageState.SENT.value: SENT, MessageState.FAILED.value: FAILED}.get(state, "")
