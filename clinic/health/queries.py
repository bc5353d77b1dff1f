"""What the database knows of the installation: signs of life, queues, clocks, and whether the chains held when they were last read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min

from clinic.audit.models import AuditLine
from clinic.environment import is_redis
from clinic.health.probes import WAIT
from clinic.reminders.models import Message, Pulse
from clinic.reminders.states import MessageState
from clinic.signing.models import Signature

VERIFIED: Final = "verified:"  # the pulse of the last reading of a chain
SIGNATURES, AUDIT = "signatures", "audit"
CELERY_QUEUE: Final = "celery"


@dataclass(frozen=True, slots=True)
class Queues:
    """Messages that are due and have not gone, since when the oldest; those that failed for good and wait for somebody; tasks (or None)."""

    due: int
    due_since: datetime | None
    failed: int
    tasks: int | None


@dataclass(frozen=True, slots=True)
class Verified:
    """When a chain was last read as a whole, whether it held, and what was said."""

    at: datetime
    holds: bool
    said: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """How far this machine's clock is from the database's (``None`` where both are one), and when the newest entries were made."""

    from_database: timedelta | None
    newest_entry: datetime | None


def queues(now: datetime) -> Queues:
    """Of all clinics. Two queries, and a question to Redis."""
    due = Message.objects.filter(next_at__lte=now).order_by().aggregate(count=Count("pk"), since=Min("next_at"))
    failed = Message.objects.filter(state=MessageState.FAILED, handled="").count()
    return Queues(due["count"], due["since"], failed, _tasks())


def _tasks() -> int | None:
    if not is_redis(settings.CELERY_BROKER_URL):
        return None
    from redis import Redis  # here: few need it, and every process would hold it (docs/adr/0027)
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=WAIT, socket_connect_timeout=WAIT) as server:
            return int(server.llen(CELERY_QUEUE))
    except RedisError:
        return None


def verified() -> Mapping[str, Verified]:
    """The last reading of each chain, by its name. One query."""
    rows = Pulse.objects.filter(name__startswith=VERIFIED)
    return {row.name.removeprefix(VERIFIED): _verified(row.at, row.details) for row in rows}


def _verified(at: datetime, details: Mapping[str, Any]) -> Verified:
    return Verified(at, details.get("holds") is True, str(details.get("said", "")))


def clocks(now: datetime) -> Clocks:
    """Two queries, and one to the database's clock."""
    newest = (
        AuditLine.objects.order_by("-sequence").values_list("at", flat=True).first(),
        Signature.objects.aggregate(at=Max("signed_at"))["at"],
    )
    return Clocks(_from_database(now), max(filter(None, newest), default=None))


def _from_database(now: datetime) -> timedelta | None:
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    return now - theirs


def database_version() -> str:
    """Engine and version in words."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        return f"{connection.display_name} {str(cursor.fetchone()[0]).split()[0]}"
