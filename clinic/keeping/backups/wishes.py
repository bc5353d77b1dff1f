"""What the settings say about backups: where to, for whom, what is kept, and of which database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from clinic.keeping.backups.databases import our_database
from clinic.keeping.backups.retention import Keep, read_keep
from clinic.keeping.backups.taking import Wish


def said_recipients(named: Sequence[str] = ()) -> list[str]:
    """The public keys, or files of them, that were named, else those of BACKUP_RECIPIENTS."""
    return list(named) or list(settings.BACKUP_RECIPIENTS)


def wish_for(folder: Path, keys: Sequence[Any], keep: Keep | None = None) -> Wish:
    """A backup of this installation into this folder, for the holders of these keys."""
    data, media = Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)
    return Wish(folder, our_database(), media, data, keys, keep or read_keep(settings.BACKUP_KEEP))
