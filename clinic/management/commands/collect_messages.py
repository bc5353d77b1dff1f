"""``manage.py collect_messages``: brings the Russian catalogue up to date with the texts of pages and programs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.web.translations.catalogue import compiled, merged, read_po, written_po
from clinic.web.translations.collecting import collected


class Command(BaseCommand):
    help = "Collects every text of templates and programs into locale/ru, keeps the translations that are there, and compiles them."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / "ru" / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / "django.po"
        kept = read_po(source.read_text(encoding="utf-8")) if source.exists() else []
        messages = merged(collected(Path(settings.BASE_DIR)), kept)
        source.write_text(written_po(messages), encoding="utf-8")
        (folder / "django.mo").write_bytes(compiled(messages))
        open_ones = sum(not message.is_translated for message in messages)
        self.stdout.write(f"{len(messages)} texts, {open_ones} of them without a finished translation: {source}")
