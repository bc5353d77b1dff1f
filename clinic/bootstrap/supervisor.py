"""Keeps a few processes running: restarts what dies, stops all when told to."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

from clinic.bootstrap.trouble import Trouble

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
LIVED_WELL = 60.0  # seconds after which a death counts as the first again
SECONDS_TO_STOP = 15.0
PULSE = 0.1


@dataclass
class Child:
    """One process that should always run."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    delay: float = FIRST_DELAY
    due_at: float = field(default=0.0)

    def start(self, env: Mapping[str, str]) -> None:
        """Start it in a session of its own: Ctrl-C in the terminal reaches only the supervisor, which stops them in order."""
        self.process = subprocess.Popen(self.command, env=dict(env), start_new_session=True, stdin=subprocess.DEVNULL)
        self.started_at = time.monotonic()

    def bury(self) -> int | None:
        """Its exit code if it died since the last look, and the moment from which it may be started again."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        now = time.monotonic()
        if now - self.started_at > LIVED_WELL:
            self.delay = FIRST_DELAY
        self.process, self.due_at = None, now + self.delay
        self.delay = min(2 * self.delay, LONGEST_DELAY)
        return code


class Supervisor:
    """Runs its children until `stop`; each death is answered by a restart after a growing delay."""

    def __init__(self, children: list[Child], *, env: Mapping[str, str] = os.environ, say: Callable[[str], None]) -> None:
        self.children = children
        self.env = env
        self.say = say
        self._stopping = threading.Event()

    def obey_signals(self) -> None:
        """Ctrl-C and a polite kill both mean: stop everything, then end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def stop(self) -> None:
        """Ask `run` to stop the children and return."""
        self._stopping.set()

    def run(self, *, until_ready: Callable[[], bool], greeting: str, patience: float) -> int:
        """Start all, say the greeting once `until_ready` holds, then watch until stopped; 0, or Trouble if it never became ready."""
        try:
            for child in self.children:
                child.start(self.env)
            if self._wait_until(until_ready, patience):
                self.say(greeting)
            while not self._stopping.wait(PULSE):
                self._mend()
        finally:
            self._stop_all()
        return 0

    def _wait_until(self, ready: Callable[[], bool], patience: float) -> bool:
        deadline = time.monotonic() + patience
        while not self._stopping.wait(PULSE):
            if ready():
                return True
            if time.monotonic() > deadline:
                raise Trouble(f"The pages did not answer within {patience:.0f} seconds; the reason is above.")
            self._mend()
        return False

    def _mend(self) -> None:
        for child in self.children:
            code = child.bury()
            if code is not None:
                wait = child.due_at - time.monotonic()
                self.say(f"The {child.name} process ended (exit code {code}); it is started again in {wait:.1f} s.")
            if child.process is None and time.monotonic() >= child.due_at:
                child.start(self.env)

    def _stop_all(self) -> None:
        """A polite signal to each main process, which stops its own; force only for what stays."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for process in running:
            _wait_or_kill(process, deadline)
        self.say("Stopped.")


def _wait_or_kill(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
