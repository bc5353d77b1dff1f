"""Finds the static files of the project, and in the place of a style sheet that imports others one that holds them all."""

import os
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.template.utils import get_app_template_dirs

from clinic.web import sheets

LIBRARY: Final = "bootstrap/css/bootstrap.min.css"  # most of it is for parts that our pages do not have
READ: Final = (".html", ".py", ".js", ".css")
OF_A_NAME: Final = (string.ascii_letters + string.digits + "_-").encode()
DIVIDES: Final = bytes(each if each in OF_A_NAME else 0x20 for each in range(256))


class SheetFinder(finders.FileSystemFinder):
    """In the place of Django's finder for the folders of the project.

    A sheet is composed into ``MADE_SHEETS``, and anew when a file has changed that it depends on: development looks each time, others once
    in a process. Production asks only while it collects.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.made = FileSystemStorage(location=settings.MADE_SHEETS)
        self.looked: set[str] = set()

    def find(self, path: str, find_all: bool = False, **more: Any) -> Any:  # noqa: FBT001, FBT002  # Django's own signature
        """As Django's: where the file lies, or the list of all places."""
        django: Any = super()  # its types know no further words, which it still takes
        found = django.find(path, find_all, **more)
        if find_all or not found or not _imports(str(found)):
            return found
        return str(self._composed(path, Path(str(found))))

    def list(self, ignore_patterns: Any) -> Any:
        """As Django's: the name of each file and the storage that it is in."""
        for path, storage in super().list(ignore_patterns):
            source = storage.path(path)
            if _imports(source):
                self._composed(path, Path(source))
                yield path, self.made
            else:
                yield path, storage

    def _composed(self, name: str, source: Path) -> Path:
        made = Path(self.made.path(name))
        if name in self.looked and not settings.DEBUG:
            return made
        newest = max(source.stat().st_mtime_ns, *_changes())
        if not made.exists() or made.stat().st_mtime_ns != newest:
            _write(made, sheets.joined(name, _read), changed=newest)
        self.looked.add(name)
        return made


def _imports(path: str) -> bool:
    return path.endswith(".css") and sheets.imports(Path(path).read_text(encoding="utf-8"))


def _read(name: str) -> str:
    found = next(place for finder in finders.get_finders() if (place := _as_it_is(finder, name)))
    text = Path(found).read_text(encoding="utf-8")
    return sheets.only_used(text, _words()) if name == LIBRARY else text


def _as_it_is(finder: Any, name: str) -> str | None:
    """The file itself; asked of our own finder, it would be the composed sheet again."""
    found = finders.FileSystemFinder.find(finder, name) if isinstance(finder, SheetFinder) else finder.find(name)
    return str(found) if found else None


def _write(file: Path, text: str, *, changed: int) -> None:
    """Whole or not at all: several processes may begin at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    os.utime(draft, ns=(changed, changed))
    draft.replace(file)


@cache
def _folders() -> list[Path]:
    """Where classes are named: our own pages, programs and scripts, and the packages that draw forms."""
    ours = [settings.BASE_DIR / name for name in ("templates", "static", "clinic", "patients", "protocols")]
    forms = [Path(apps.get_app_config(name).path) for name in ("crispy_forms", "crispy_bootstrap5")]
    return [*ours, *forms, *map(Path, get_app_template_dirs("templates"))]


def _files() -> Iterator[os.DirEntry[str]]:
    waiting = [str(folder) for folder in _folders()]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                elif entry.name.endswith(READ):
                    yield entry


def _changes() -> Iterator[int]:
    return (entry.stat().st_mtime_ns for entry in _files())


def _words() -> set[str]:
    """Everything in these files that may be the name of a class."""
    texts = b" ".join(Path(entry.path).read_bytes() for entry in _files() if not entry.name.endswith(".css"))
    return {word.decode() for word in set(texts.translate(DIVIDES).split())}
