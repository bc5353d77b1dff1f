"""Timing by the median and the 95th percentile of many runs: a mean hides what a patient at the desk waits for."""

import gc
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time_ns

IMPORTS = (
    "import time; began = time.perf_counter(); import protocols.method.planning, protocols.method.case; print(time.perf_counter() - began)"
)


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of processor time, which other work on the machine does not lengthen."""

    p50: float
    p95: float


def timed(work: Callable[[int], object], *, runs: int) -> Timing:
    """Runs ``work`` with 0, 1, 2 ... after a short warm-up. The garbage collector rests between the runs, not within one."""
    for number in range(min(runs, 5)):
        work(number)
    taken = []
    gc.collect()
    gc.disable()
    try:
        for number in range(runs):
            began = process_time_ns()
            work(number)
            taken.append(process_time_ns() - began)
    finally:
        gc.enable()
    taken.sort()
    return Timing(taken[len(taken) // 2] / 1e6, taken[int(len(taken) * 0.95)] / 1e6)


def import_seconds(tries: int = 5) -> float:
    """The best of some cold imports of the method, each in a process of its own."""
    return min(_cold_import() for _ in range(tries))


def _cold_import() -> float:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, check=True, text=True)  # noqa: S603  # our own interpreter
    return float(done.stdout)
