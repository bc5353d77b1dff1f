"""What the settings have done by the clock, and what ``backup_drill`` does when it is told nothing else."""

from pathlib import Path

from django.conf import settings

from clinic.keeping.backups.crypt import recipients
from clinic.keeping.backups.drilling import DrillOrders
from clinic.keeping.backups.naming import BackupFile, backups_in
from clinic.keeping.backups.taking import Taken, take_backup
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.keeping.backups.wishes import said_recipients, wish_for


def take_nightly_backup() -> Taken:
    """A backup as the settings say. Raises ``BackupTrouble``, also where they name nobody who could open it."""
    keys = recipients(said_recipients())
    if not keys and settings.IN_PRODUCTION:
        raise BackupTrouble("BACKUP_FOLDER is set and BACKUP_RECIPIENTS is not: nobody could open the backup, so none was taken.")
    return take_backup(wish_for(Path(settings.BACKUP_FOLDER), keys))


def orders_for(folder: Path, identity: Path | None, signing_keys: Path) -> DrillOrders:
    """A drill of the newest backup in the folder. Raises ``BackupTrouble`` where there is none."""
    return DrillOrders(newest_in(folder), identity, signing_keys)


def newest_in(folder: Path) -> BackupFile:
    """The newest backup there is. Raises ``BackupTrouble`` where there is none."""
    found = backups_in(folder)
    if not found:
        raise BackupTrouble(f"There is no backup in {folder}; take one by manage.py backup.")
    return found[0]
