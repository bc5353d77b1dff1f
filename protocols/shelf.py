"""Reads the library from its files: the only place where the method's knowledge meets the disk."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from protocols.method.library import Library, build_library

FOLDER = Path(__file__).resolve().parent / "library"
EDITION = "2026-11"


@cache
def shipped_library() -> Library:
    """The library of this release. Raises ``LibraryFaults`` if it is not sound; read once per process."""
    return build_library(read_tables(), edition=EDITION)


def read_tables(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """File stem -> parsed TOML; conditions as ``conditions/CODE``. Translations are not among them."""
    paths = sorted(folder.glob("*.toml")) + sorted((folder / "conditions").glob("*.toml"))
    return {path.relative_to(folder).with_suffix("").as_posix(): tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}
