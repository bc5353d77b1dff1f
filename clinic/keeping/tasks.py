"""What the worker does for records in the long run. The clock calls these only where the settings name a folder for backups."""

import logging
from pathlib import Path

from celery import shared_task
from django.conf import settings

from clinic.keeping.backups.actions import record_drill
from clinic.keeping.backups.drilling import drill
from clinic.keeping.backups.nightly import orders_for, take_nightly_backup
from clinic.keeping.backups.trouble import BackupTrouble

logger = logging.getLogger(__name__)


@shared_task
def make_backup() -> str:
    """Takes a backup and removes what need not be kept any more; answers its name, or "" where it could not be taken, which is logged."""
    try:
        return take_nightly_backup().file.path.name
    except BackupTrouble as wrong:
        logger.error("backup: %s", wrong)  # noqa: TRY400  # the sentence says all
        return ""


@shared_task
def drill_backup() -> bool:
    """Whether the newest backup comes back. What was found is kept as a row; trouble is logged too."""
    try:
        orders = orders_for(Path(settings.BACKUP_FOLDER), Path(settings.BACKUP_IDENTITY_FILE), Path(settings.SIGNING_KEYS))
        kept = record_drill(report=drill(orders))
    except BackupTrouble as wrong:
        logger.error("backup drill: %s", wrong)  # noqa: TRY400  # the sentence says all
        return False
    if kept.trouble:
        logger.error("backup drill: %s", kept.trouble)
    return kept.is_good
