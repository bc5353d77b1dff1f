"""Proofs that are tests: ``manage.py verify NAME`` runs just these, and says how many held."""

import os
import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings

Write = Callable[[str], object]
# The tests choose settings of their own; a database server and a broker that the environment names are theirs too.
NOT_FOR_TESTS: Final = ("TACTUS_MODE", "TACTUS_DATA", "DJANGO_SETTINGS_MODULE", "SECRET_KEY")
COUNTED: Final = re.compile(r"(\d+) (passed|failed|errors?|skipped|deselected)")


@dataclass(frozen=True)
class ProofByTests:
    """Some paths of ``tests/``. ``REDUCED`` is empty: the suite runs these tests as they are."""

    HELP: str
    tests: tuple[str, ...]
    REDUCED: Mapping[str, Any] = field(default_factory=dict)
    larger: Mapping[str, str] = field(default_factory=dict)  # what the environment says to the tests for more than the suite asks

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many processes share the tests."""
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def run(self, options: Mapping[str, Any], write: Write) -> bool:
        """Runs the tests in a process of their own; holds when some passed and none did anything else."""
        if settings.IN_PRODUCTION:
            write("This proof runs tests. Run it where nobody works, from the source: python3 manage.py verify …")
            return False
        ended = subprocess.run(  # noqa: S603  # our own program with words of this file
            [sys.executable, "manage.py", "test", *self.tests, "-q", "-rP", *_shared(options["processes"])],
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS} | dict(self.larger),
            capture_output=True,
            text=True,
            check=False,
        )
        counts = counted(ended.stdout)
        write(", ".join(f"{number} {what}" for what, number in counts.items()) or "no test was run")
        for line in said_besides(ended.stdout):
            write(line)
        holds = ended.returncode == 0 and counts.keys() == {"passed"}
        if not holds:
            write("\n".join((ended.stdout + ended.stderr).splitlines()[-40:]))
        return holds


def _shared(processes: int) -> list[str]:
    return ["-n", str(processes), "--dist", "worksteal"] if processes > 1 else []


def counted(text: str) -> dict[str, int]:
    """What pytest's closing line counts: passed, failed, error, skipped."""
    lines = [line for line in text.splitlines() if COUNTED.search(line)]
    return {what.removesuffix("s"): int(number) for number, what in COUNTED.findall(lines[-1])} if lines else {}


def said_besides(text: str) -> list[str]:
    """The lines in which a test tells a figure: they begin with ``figure:``."""
    return [line.removeprefix("figure:").strip() for line in text.splitlines() if line.startswith("figure:")]
