"""Short leases and pauses, so that a small run ends in seconds; nothing else differs."""

from datetime import timedelta
from types import ModuleType
from typing import Final
from unittest.mock import patch

from django.conf import settings

from clinic.reminders.actions import claiming, delivering, retrying

LEASE, RENEWED, WAIT = timedelta(seconds=5), timedelta(seconds=1), timedelta(seconds=1)
LOOKS_EVERY: Final = 1.0  # seconds; the clock calls the drain so often


def hurry() -> None:
    """For as long as the process lives."""
    _set("LEASE", LEASE, claiming)
    _set("RENEWED_AFTER", RENEWED, claiming, delivering)
    _set("SHORTEST_WAIT", WAIT, retrying, delivering)
    settings.CELERY_BEAT_SCHEDULE["send-due-messages"]["schedule"] = LOOKS_EVERY


def _set(name: str, value: object, *modules: ModuleType) -> None:
    for module in modules:
        patch.object(module, name, value).start()
