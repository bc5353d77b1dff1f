"""Whether Tactus may start with these settings. Pure but for the kept key; the database is asked in `clinic.checks`."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from clinic import environment
from clinic.environment import BadSetting

MODES = ("development", "demo", "test", "production")


def mode(env: Mapping[str, str]) -> str:
    """One of `MODES`; a misspelt one is refused, since it would silently mean fewer checks."""
    said = environment.text(env, "TACTUS_MODE", "development")
    if said not in MODES:
        raise BadSetting(f"TACTUS_MODE is {said!r}; it must be one of {', '.join(MODES)}.")
    return said


def kept_key(file: Path) -> str:
    """The secret key of this machine's development or demo data: made once, readable only by its owner, never committed."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_private(file, secrets.token_urlsafe(50))
    return file.read_text(encoding="ascii").strip()


def _write_private(file: Path, words: str) -> None:
    # Written aside and linked into place: two processes that start together must end with the same key.
    aside = file.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(words)
    try:
        os.link(aside, file)
    except FileExistsError:
        return
    finally:
        aside.unlink()


def refuse_bad_settings(env: Mapping[str, str]) -> None:
    """Raises `BadSetting` with every reason why production may not start; silent in the other modes."""
    if mode(env) == "production" and (reasons := faults(env)):
        raise BadSetting("Tactus does not start in production: " + " ".join(reasons))


def faults(env: Mapping[str, str]) -> list[str]:
    """Every sentence that speaks against starting in production with this environment."""
    return []
