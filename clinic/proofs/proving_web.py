"""``manage.py verify web``: what production answers, asked of all addresses, and what guessing gets.

It starts a process with the settings of production and an empty database of its own, which is gone afterwards. Whatever this process is
set to does not matter, so the proof may be run anywhere.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from clinic.proofs.served import HOST

HELP = "headers, cookies and forged forms on every address in production; lock-out, timing of signing in, and guessed links"
REDUCED: Final[Mapping[str, Any]] = {"guesses": 60, "tries": 4, "links": 60, "every": 8}

Write = Callable[[str], object]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify web``."""
    parser.add_argument("--guesses", type=int, default=1000, help="at one password, spread over ten minutes")
    parser.add_argument("--tries", type=int, default=200, help="to sign in, as somebody who is known and as somebody who is not")
    parser.add_argument("--links", type=int, default=100_000, help="made-up links of each kind")
    parser.add_argument("--every", type=int, default=1, help="change only each so manieth character of a link")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    with tempfile.TemporaryDirectory(prefix="tactus-web-") as folder:
        asked = json.dumps({name: options[name] for name in REDUCED})
        with subprocess.Popen(  # noqa: S603  # our own program with numbers
            [sys.executable, "-m", "clinic.proofs.served.inside", asked],
            cwd=settings.BASE_DIR,
            env=as_production(os.environ, Path(folder)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as inside:
            for line in inside.stdout or ():
                write(line.rstrip("\n"))
    return inside.returncode == 0


def as_production(env: Mapping[str, str], folder: Path) -> dict[str, str]:
    """An environment with which production starts behind a proxy, on a database in this folder, and writes to nobody."""
    kept = {name: value for name, value in env.items() if name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")}
    return kept | {
        "TACTUS_MODE": "production",
        "TACTUS_DATA": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "1",
        "LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
    }
