"""What is written down about backups: that one was tried, and what came of it."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from clinic.audit.actions import record
from clinic.keeping.backups.drilling import Report, digest_of
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.keeping.models import Drill
from clinic.staff.permissions import Actor


@transaction.atomic
def record_drill(*, report: Report, actor: Actor | None = None) -> Drill:
    """Keeps what a drill found, good or bad. ``actor`` is ``None`` for the installation itself, as from commands and the clock."""
    drill = Drill.objects.create(
        started_at=report.started_at, finished_at=report.finished_at, file=report.file[:200], digest=report.digest[:64],
        taken_at=report.taken_at, rows=report.rows, trouble=report.trouble,
    )  # fmt: skip
    details = {"file": drill.file, "sha256": drill.digest, "is_good": drill.is_good}
    record(actor=actor, verb="drilled-backup", subject=drill, details=details)
    return drill


def record_drill_from_elsewhere(*, report: Report, folder: Path, actor: Actor | None = None) -> Drill:
    """Keeps the report of a drill on another machine, if it is about a backup that lies in this folder, byte by byte.

    Raises ``BackupTrouble`` for a report of another file, from the future, or one that was kept already.
    """
    file = folder / Path(report.file).name
    if not file.is_file() or digest_of(file) != report.digest:
        raise BackupTrouble(f"The report is about {report.file}, and there is no such backup in {folder}, or it is another file.")
    if not report.started_at <= report.finished_at <= timezone.now():
        raise BackupTrouble("The report is of a moment that is still ahead: look at the clocks of both machines.")
    if Drill.objects.filter(digest=report.digest, started_at=report.started_at).exists():
        raise BackupTrouble("This report is kept already.")
    return record_drill(report=report, actor=actor)
