"""What both ways of running share: which tests, how pytest is called, how a fork is limited and how it tells what it found."""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import hypothesis
import pytest

from protocols.proving_mutants import Mutant

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("tests/method", "tests/library")
# Tests of the programs around the method need Django: to start it would cost more than they could notice.
NOT_PURE = re.compile(r"^\s*(?:from|import) (?:django|clinic|patients)\b", re.MULTILINE)
# A stopwatch says nothing about a change; other processes would not be changed, and their tests take long.
# The cases of the rules test the library, thousands of times through the same lines.
LEFT_OUT = (
    *("test_it_is_read_and_inspected_quickly", "test_invariants_processes.py", "test_reading_it_needs_no_django"),
    *("test_rule_cases.py", "test_spoiled_rules.py"),
)
MEMORY = 3 * 1024**3


def pure_tests() -> list[str]:
    """The test files that need nothing but the method and its library."""
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in paths if not NOT_PURE.search(path.read_text(encoding="utf-8"))]


def arguments(tests: Iterable[str]) -> list[str]:
    """How pytest is called: none of the project's plugins, no output, no order by chance."""
    off = ("randomly", "cacheprovider", "xdist", "django", "playwright", "base_url", "pytest_cov", "terminalreporter")
    quiet = [word for name in off for word in ("-p", f"no:{name}")]
    plain = ["-c", os.devnull, f"--rootdir={ROOT}", "--import-mode=importlib", "--noconftest", "-p", "tests.library.conftest"]
    return [*plain, *quiet, "-s", "-m", "not slow", *(str(ROOT / test) for test in tests)]


class Calm:
    """Property tests without chance, memory, clock or shrinking: the first example that fails is enough."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "slow: more than a few seconds")
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        checks = list(hypothesis.HealthCheck)
        hypothesis.settings.register_profile(
            "mutation", derandomize=True, database=None, deadline=None, phases=phases, suppress_health_check=checks, max_examples=60
        )
        hypothesis.settings.load_profile("mutation")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not any(name in item.nodeid for name in LEFT_OUT)]


# Results --------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant: ``by`` is the test that noticed it, or how else it came out; empty where it survived."""

    name: str
    by: str
    how: str
    seconds: float


def write_result(path: Path, result: Result) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps([result.name, result.by, result.how, round(result.seconds, 2)]) + "\n")


def read_jobs(path: Path) -> tuple[list[Mutant], dict[str, Any]]:
    """The mutants to try, and the options of the run."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return [Mutant(**fields) for fields in told["mutants"]], told["options"]


# Forks ----------------------------------------------------------------------------------------------------------------------
def limit(seconds: float) -> None:
    """Ends this process when it has used so much time of a processor, however busy the machine is."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)


@dataclass(slots=True)
class Fork:
    """A process that tries one mutant."""

    mutant: Mutant
    began: float
    told: int


def _in_fork(work: Callable[[Mutant, int], None], mutant: Mutant, pipe: int) -> None:
    """Runs ``work`` and never comes back."""
    code = 3
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        work(mutant, pipe)
        code = 0
    finally:
        os._exit(code)


def tried(mutants: Iterable[Mutant], work: Callable[[Mutant, int], None], *, processes: int, how: str) -> Iterator[tuple[Mutant, Result]]:
    """Tries every mutant in a fork of its own, some at a time, and gives what came out as they end.

    ``work`` writes the name of the test that noticed the change into the pipe. A fork that was ended from outside, because of its time
    or memory, has noticed as well.
    """
    waiting, forks = iter(mutants), dict[int, Fork]()
    while True:
        while len(forks) < processes and (mutant := next(waiting, None)) is not None:
            reading, writing = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(reading)
                _in_fork(work, mutant, writing)
            os.close(writing)
            forks[pid] = Fork(mutant, monotonic(), reading)
        if not forks:
            return
        pid, status = os.wait()
        fork = forks.pop(pid)
        yield fork.mutant, Result(fork.mutant.name, _ended(fork, status), how, monotonic() - fork.began)


def _ended(fork: Fork, status: int) -> str:
    with os.fdopen(fork.told, encoding="utf-8") as pipe:
        told = pipe.read()
    if told:
        return told
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return "time limit" if name == "SIGPROF" else name
    if os.WEXITSTATUS(status):
        # A fault of this program, not of the change: nobody noticed anything.
        say(f"could not be tried: {fork.mutant.place}")
    return ""


def tell(pipe: int, words: str) -> None:
    with suppress(BrokenPipeError):
        os.write(pipe, words.encode())


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
