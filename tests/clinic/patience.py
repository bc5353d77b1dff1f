"""Waiting for another process by what it does itself; a clock would measure who else keeps the machine busy."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

MAY_WORK = 120  # seconds of processor time
MAY_SLEEP = 60  # seconds of the clock in which it uses no processor at all


def wait_until(is_done: Callable[[], bool], process: subprocess.Popen[bytes], said: Path) -> None:
    """Until it is done. A process that died is noticed at once; one that works and works, or hangs, fails with what it said."""
    spent, before, awake = 0.0, 0.0, time.monotonic()
    while not is_done():
        assert process.poll() is None, said.read_text()
        if (now := worked_by(process.pid)) != before:
            spent, before, awake = spent + max(0.0, now - before), now, time.monotonic()
        assert spent < MAY_WORK, f"it works and works: {said.read_text()}"
        assert time.monotonic() - awake < MAY_SLEEP, f"it hangs: {said.read_text()}"
        time.sleep(0.5)


def worked_by(pid: int) -> float:
    """Seconds of processor time of this process and its children, as ``ps`` of Linux and macOS tells them."""
    return sum(map(seconds, _listed("-o", "time=", "-p", ",".join(map(str, (pid, *children_of(pid)))))))


def children_of(pid: int) -> list[int]:
    """Its own children, not theirs."""
    rows = [line.split() for line in _listed("-A", "-o", "pid=,ppid=")]
    return [int(child) for child, parent in rows if int(parent) == pid]


def _listed(*asked: str) -> list[str]:
    return subprocess.run(["ps", *asked], capture_output=True, text=True, check=False).stdout.splitlines()  # noqa: S607


def seconds(said: str) -> float:
    """``[[days-]hours:]minutes:seconds`` in seconds."""
    days, _, clock = said.strip().rpartition("-")
    hours, minutes, rest = ["0", *clock.split(":")][-3:]
    return ((float(days or 0) * 24 + float(hours)) * 60 + float(minutes)) * 60 + float(rest)
