"""Pages of docs that are drawn from what the program itself obeys: a command writes them, ``--check`` only says whether one is behind."""

from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser


class DrawnPageCommand(BaseCommand):
    """Writes ``page()`` into ``file()``. ``behind`` is what the page is drawn from, in words."""

    behind: ClassVar[str]

    def file(self) -> Path:
        """Where the page stands."""
        raise NotImplementedError

    def page(self) -> str:
        """The whole page."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help=f"write nothing; fail when the page is behind {self.behind}")

    def handle(self, *_args: Any, **options: Any) -> None:
        file, page = self.file(), self.page()
        if not options["check"]:
            file.write_text(page, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != page:
            command = self.__class__.__module__.rpartition(".")[2]
            raise CommandError(f"docs/{file.name} is behind {self.behind}: run manage.py {command}")
