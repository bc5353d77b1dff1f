"""Sends each command where it belongs: `demo` and `test` are ours, every other one is Django's."""

import importlib.util
import os
import sys
from pathlib import Path

from clinic.bootstrap import demo, venv
from clinic.bootstrap.folders import MANAGE, ROOT, venv_folder
from clinic.bootstrap.trouble import Trouble
from clinic.environment import BadSetting


def run(arguments: list[str]) -> int:
    """Run one command of manage.py and return its exit code; a refusal is one sentence on the error output and 1."""
    command, rest = (arguments[1], arguments[2:]) if len(arguments) > 1 else ("help", [])
    try:
        if command == "demo":
            return _demo(rest)
        if command == "test":
            return _test(rest)
        return _django(["manage.py", command, *rest])
    except (Trouble, BadSetting) as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _demo(rest: list[str]) -> int:
    wish = demo.read_wish(rest)
    demo.check_can_start(wish, os.environ)
    _inside(venv.ensure(venv.RUNNING), [str(MANAGE), "demo", *rest])
    return demo.serve(wish)


def _test(rest: list[str]) -> int:
    os.chdir(ROOT)
    python = venv.ensure(venv.TESTING)
    # Several processes help a whole run; for a few chosen tests they only cost their start.
    # One more than there are cores, because tests in a browser wait for it; more than four wait for each other.
    processes = min(4, (os.cpu_count() or 1) + 1)
    chosen = rest or ["-n", str(processes), "--dist", "worksteal"]
    os.execv(python, [str(python), "-m", "pytest", *chosen])  # noqa: S606  # our own interpreter, no shell


def _django(arguments: list[str]) -> int:
    if not _has_django():
        _inside(venv.ensure(venv.RUNNING), [str(MANAGE), *arguments[1:]])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)
    return 0


def _has_django() -> bool:
    """Whether some virtual environment with Django is active already, ours or one made by hand for production."""
    return sys.prefix != sys.base_prefix and importlib.util.find_spec("django") is not None


def _inside(python: Path, arguments: list[str]) -> None:
    """Go on as the same command inside the virtual environment; returns only if this already is it."""
    if Path(sys.prefix).resolve() != venv_folder().resolve():
        os.execv(python, [str(python), *arguments])  # noqa: S606  # our own interpreter, no shell
