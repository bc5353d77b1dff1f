"""What is asked about records in the long run: when a backup was last taken, and when one was last proved to come back."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from clinic.keeping.backups.naming import BackupFile, backups_in
from clinic.keeping.models import Drill

A_DRILL_HOLDS_FOR: Final = timedelta(days=8)  # one is made every week; a day to look after one that failed


def last_good_drill() -> Drill | None:
    """The newest drill at which everything came back."""
    return Drill.objects.filter(trouble="").order_by("-finished_at", "-pk").first()


def drill_is_late(now: datetime) -> bool:
    """Whether no backup was brought back without trouble within the eight days before ``now`` (aware)."""
    drill = last_good_drill()
    return drill is None or now - drill.finished_at > A_DRILL_HOLDS_FOR


def last_backup(folder: Path) -> BackupFile | None:
    """The newest finished backup in this folder; ``None`` where there is none, or no such folder."""
    return next(iter(backups_in(folder)), None)
