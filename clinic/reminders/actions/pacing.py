"""The most that a gateway takes in a minute holds for all workers together."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from clinic.reminders.models import Pace

WINDOW: Final = timedelta(minutes=1)


def slots(channel: str, wanted: int, *, per_minute: int, now: datetime) -> tuple[int, datetime]:
    """How many of ``wanted`` messages may leave now, and when the next ones may; what is granted counts as used. 0 a minute: no limit.

    The minute begins with the first message after the last one ended, so that quiet clinics never wait.
    """
    if not per_minute:
        return wanted, now
    with transaction.atomic():
        Pace.objects.get_or_create(channel=channel, defaults={"window_at": now})
        pace = Pace.objects.select_for_update().get(channel=channel)
        if not pace.window_at <= now < pace.window_at + WINDOW:
            pace.window_at, pace.used = now, 0
        granted = max(0, min(wanted, per_minute - pace.used))
        pace.used += granted
        pace.save(update_fields=["window_at", "used"])
    return granted, pace.window_at + WINDOW


def give_back(channel: str, unused: int, *, until: datetime) -> None:
    """What was granted in the window that ends then, and did not leave, may leave by others."""
    Pace.objects.filter(channel=channel, window_at=until - WINDOW, used__gte=unused).update(used=F("used") - unused)
