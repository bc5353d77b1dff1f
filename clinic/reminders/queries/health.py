"""Whether messages go out: signs of life, what waits, and what went wrong lately."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, QuerySet

from clinic.reminders.models import Message, Pulse
from clinic.staff.models import Clinic

OUTBOX: Final = "outbox"
BEAT: Final = "beat"
WORKER: Final = "worker:"
LATELY: Final = timedelta(days=7)
ENDED: Final = timedelta(hours=1)  # a worker that has been silent for so long was taken away, and is no trouble


@dataclass(frozen=True, slots=True)
class Signs:
    """When the outbox was looked at last, when the clock (beat) called, and when each worker gave a sign of life."""

    outbox: datetime | None
    beat: datetime | None
    workers: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due now (``next_at``) and not sent, and since when the longest; ``late_since``: the oldest due time tried in vain."""

    due: int
    due_since: datetime | None
    late_since: datetime | None


def signs_of_life(now: datetime) -> Signs:
    """Of the whole installation, for all clinics have the same workers. One query."""
    found = {pulse.name: pulse.at for pulse in Pulse.objects.all()}
    workers = {name.removeprefix(WORKER): at for name, at in found.items() if name.startswith(WORKER) and now - at < ENDED}
    return Signs(found.get(OUTBOX), found.get(BEAT), workers)


def backlog_of(clinic: Clinic, now: datetime) -> Backlog:
    """What should have gone and has not, of this clinic. Two queries.

    What is open lies in an index by time, of all clinics: asked for one clinic, SQLite would look at everything that this one ever sent.
    """
    due = _by_clinic(next_at__lte=now).annotate(count=Count("pk"), since=Min("next_at")).values_list("clinic", "count", "since")
    late = (
        _by_clinic(next_at__lte=now + timedelta(days=1), due_at__lte=now)
        .exclude(last_error="")
        .annotate(since=Min("due_at"))
        .values_list("clinic", "since")
    )
    count, since = next(((count, since) for pk, count, since in due if pk == clinic.pk), (0, None))
    return Backlog(count, since, dict(late).get(clinic.pk))


def _by_clinic(**when: datetime) -> QuerySet[Message, Any]:
    return Message.objects.filter(next_at__isnull=False, **when).order_by().values("clinic")


def troubles_of(clinic: Clinic, now: datetime) -> Sequence[tuple[str, str, int]]:
    """What went wrong in the last week: channel, code of the trouble and how often, the most frequent first. One query."""
    rows = Message.objects.filter(clinic=clinic, due_at__gte=now - LATELY, due_at__lte=now).exclude(last_error="").order_by()
    counted = Counter[tuple[str, str]]()
    for channel, error, count in rows.values_list("channel", "last_error").annotate(count=Count("pk")):
        counted[channel, error.partition(" ")[0]] += count
    return [(channel, code, count) for (channel, code), count in counted.most_common()]
