"""Text messages as files in a folder, for trying things out: nobody gets them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from clinic.reminders.channels.backend import Backend, Letter


class FileBackend(Backend):
    """One file for each message, named after its key: a second try writes the same file."""

    is_idempotent: ClassVar[bool] = True
    at_once: ClassVar[int] = 100

    def send(self, letter: Letter) -> None:
        folder = Path(settings.DATA_DIR) / "sms"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / f"{sha256(letter.key.encode()).hexdigest()[:40]}.json"
        file.write_text(json.dumps({"to": letter.sent_to, "text": letter.body, "key": letter.key}, ensure_ascii=False), encoding="utf-8")
