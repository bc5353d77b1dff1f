"""The workers of the proof: real programs, killed at any moment, and started again as a supervisor would."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

PAUSE: Final = 1.0  # seconds before one that ended by itself is started again
ROOT: Final = Path(__file__).resolve().parent.parent.parent.parent
PYTHON: Final = sys.executable
MANAGE: Final = (PYTHON, str(ROOT / "manage.py"))
POLITE: Final = 20.0  # seconds to end what was begun
PASSED_ON: Final = {"PATH", "HOME", "LANG", "TMPDIR"}


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """What the programs see: nothing of the settings of whoever runs the proof."""
    kept = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    return {**kept, "TACTUS_MODE": "development", "DEBUG": "0", "DJANGO_SETTINGS_MODULE": "clinic.settings", "PYTHONPATH": str(ROOT), **own}


class Crew:
    """Programs by name, all in one environment. What they say is in a file for each."""

    def __init__(self, programs: Mapping[str, Sequence[str]], env: Mapping[str, str], folder: Path, seed: int) -> None:
        self.programs, self.env, self.folder = programs, dict(env), folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: Counter[str] = Counter()
        self._ended: dict[str, float] = {}
        self._chance = random.Random(seed)  # noqa: S311  # whom it hits

    def tend(self) -> None:
        """Starts whoever does not run."""
        for name, command in self.programs.items():
            process = self.running.get(name)
            if process is not None and process.poll() is None:
                continue
            if process is not None and self._ended.setdefault(name, monotonic()) + PAUSE > monotonic():
                continue
            if process is not None:
                self.deaths[f"{name} ended by itself"] += 1
            self._start(name, command)

    def _start(self, name: str, command: Sequence[str]) -> None:
        self._ended.pop(name, None)
        with (self.folder / f"{name}.said").open("ab") as said:
            self.running[name] = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=said, stderr=said)  # noqa: S603  # our own program

    def kill(self, name: str = "") -> str:
        """kill -9 of this one, or of anyone, and starts it again at once. Its name."""
        name = name or self._chance.choice(sorted(self.running))
        self.running[name].kill()
        self.running[name].wait()
        self._start(name, self.programs[name])
        return name

    def stop(self) -> None:
        """Ends all politely; who does not end in time is killed and counted."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for name, process in self.running.items():
            try:
                process.wait(POLITE)
            except subprocess.TimeoutExpired:
                self.deaths[f"{name} did not end when asked to"] += 1
                process.kill()
                process.wait()

    def said(self) -> str:
        """The last words of each."""
        return "\n".join(f"--- {file.stem}\n{file.read_text(errors='replace')[-1500:]}" for file in sorted(self.folder.glob("*.said")))
