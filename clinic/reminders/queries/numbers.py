"""Numbers of the messages of a clinic over some days: how many went, were not needed, did not arrive, and were answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count
from django.db.models.functions import TruncDate

from clinic.reminders.models import Answer, Message
from clinic.reminders.states import MUST_ARRIVE, UNREACHED, AnswerKind, MessageState
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
    """What became of the messages that were due in the last ``days`` days, today the last, by the clinic's clock. Two queries."""
    first = today - timedelta(days=days - 1)
    since, until = (datetime.combine(day, time(), clinic.zone) for day in (first, today + timedelta(days=1)))
    lines: dict[tuple[str, str], Line] = {}
    by_day = {first + timedelta(days=number): Counter[str]() for number in range(days)}
    reasons = Counter[str]()
    for day, kind, channel, state, reason, count in _counted(clinic, since, until):
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


def _counted(clinic: Clinic, since: datetime, until: datetime) -> list[Row]:
    rows = Message.objects.filter(clinic=clinic, due_at__gte=since, due_at__lt=until).order_by()
    by_day = rows.annotate(day=TruncDate("due_at", tzinfo=clinic.zone))
    return list(by_day.values_list("day", "kind", "channel", "state", "drop_reason").annotate(count=Count("pk")))


def _answered(clinic: Clinic, since: datetime, until: datetime) -> list[tuple[str, str, str, int]]:
    rows = Answer.objects.filter(message__clinic=clinic, message__due_at__gte=since, message__due_at__lt=until).order_by()
    return list(rows.values_list("message__kind", "message__channel", "kind").annotate(count=Count("pk")))


def _became(kind: str, state: str, reason: str) -> str:
    """Sent, not needed or not delivered; empty while it is on its way. Dates that could not be sent count as not delivered."""
    if state == MessageState.DROPPED:
        return FAILED if kind in MUST_ARRIVE and reason in UNREACHED else DROPPED
    return {MessageState.SENT.value: SENT, MessageState.FAILED.value: FAILED}.get(state, "")
