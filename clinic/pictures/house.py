"""The demo clinic in a folder of its own, and the server in front of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError

from clinic.bootstrap.demo import HOST, answers, demo_environment, free_port

TELL: Final = "from clinic.pictures.making import tell; tell()"
# A clinic on its first day; its administrator gets a password without the link that is printed.
FIRST_ADMIN: Final = "admin@new.example"
NEW_CLINIC: Final = ("--name=New clinic", "--country=DE", "--admin-name=Ada Newman", f"--admin-email={FIRST_ADMIN}", "--no-input")
OPEN: Final = "from clinic.staff.models import User; u = User.objects.get(); u.set_password({secret!r}); u.save()"
PATIENCE: Final = 60  # seconds until the server answers
# Everybody's pages in one language: it is kept with the person, so it is set before anybody signs in.
SPEAK: Final = "from clinic.staff.models import User; User.objects.update(language={language!r}, theme='system')"


def environment(folder: Path) -> dict[str, str]:
    """The environment of the demo with this folder for its data; nothing of a real installation goes into it."""
    kept = demo_environment(os.environ)
    kept.pop("DATABASE_URL", None)
    return kept | {"TACTUS_DATA": str(folder), "IDLE_LOCK_MINUTES": "120"}


def prepare(folder: Path, *, language: str) -> str:
    """Makes the demo clinic unless the folder holds one, in this language, and gives the password of its people."""
    env = environment(folder)
    for words in (["seed_demo"], ["shell", "--no-imports", "-c", SPEAK.format(language=language)]):
        _run(words, env)
    return (folder / "demo.password").read_text(encoding="ascii").strip()


def made(folder: Path) -> dict[str, Any]:
    """What ``clinic.pictures.making`` tells of this clinic: the links of patients are new each time, the rest is found again."""
    return dict(json.loads(_run(["shell", "--no-imports", "-c", TELL], environment(folder)).splitlines()[-1]))


def prepare_new(folder: Path, *, language: str, password: str) -> None:
    """Opens a clinic with nothing in it in this folder, unless there is one, whose administrator has this password."""
    folder.mkdir(parents=True, exist_ok=True)
    env = environment(folder)
    if not (folder / "demo.sqlite3").exists():
        _run(["start_clinic", *NEW_CLINIC, f"--language={language}"], env)
        _run(["shell", "--no-imports", "-c", OPEN.format(secret=password)], env)
    _run(["shell", "--no-imports", "-c", SPEAK.format(language=language)], env)


def _run(words: list[str], env: Mapping[str, str]) -> str:
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    done = subprocess.run(program, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)  # noqa: S603  # our own program
    if done.returncode:
        raise CommandError(f"The demo clinic could not be made: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves the clinic of this folder for as long as it is needed; gives the address."""
    port = free_port()
    program = [sys.executable, "-m", "gunicorn", "clinic.wsgi", "--chdir", str(settings.BASE_DIR), "--bind", f"{HOST}:{port}"]
    quiet = ["--workers", "1", "--worker-class", "gthread", "--threads", "4", "--log-level", "error", "--no-control-socket"]
    env = environment(folder) | {"PUBLIC_URL": f"http://{HOST}:{port}"}
    with subprocess.Popen([*program, *quiet], env=env, cwd=settings.BASE_DIR) as server:  # noqa: S603  # our own program
        try:
            _wait_until_it_answers(port)
            yield f"http://{HOST}:{port}"
        finally:
            server.terminate()


def _wait_until_it_answers(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not answers(port):
        if time.monotonic() > until:
            raise CommandError(f"The server of the demo did not answer within {PATIENCE} seconds.")
        time.sleep(0.3)


def kept_pages(folder: Path) -> dict[str, dict[str, list[str]]]:
    """What an earlier walk found in this clinic: role -> kind of page -> addresses. Empty where nobody has walked."""
    file = folder / "pages.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def keep_pages(folder: Path, pages: Mapping[str, Mapping[str, list[str]]]) -> None:
    """Keeps what was found, so that the next pictures of this clinic need no walk."""
    (folder / "pages.json").write_text(json.dumps(pages, indent=1), encoding="utf-8")
