"""Mutants inside functions: everything is imported and collected once; each fork gives the function its changed code and runs the tests
that reach the changed line, the likeliest first.

Called by ``manage.py mutate_method``: ``python -m tests.method.mutation.hot JOBS RESULTS``.
"""

import gc
import json
import os
import sys
import traceback
import types
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import coverage
import pytest

from protocols.proving_mutants import Mutant, compiled
from tests.method.mutation.common import ROOT, Calm, arguments, limit, pure_tests, read_jobs, say, tell, tried, write_result

METHOD = str(ROOT / "protocols" / "method")


class Failures:
    """The first test that failed."""

    def __init__(self) -> None:
        self.first = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.first:
            self.first = report.nodeid


class Hot:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, jobs: Path, results: Path) -> None:
        self.mutants, self.options = read_jobs(jobs)
        self.results = results
        self.kills: Counter[str] = Counter()
        self.failures = Failures()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Failed("the tests cannot be collected")
        session.config.pluginmanager.register(self.failures)
        self.items = {item.nodeid: item for item in session.items}
        self.reach = Reach.read_or_measure(session, Path(self.options["reach"]))
        self.functions, self.caches = living_functions(), caches()
        # What is here now is not looked at again by the collector, so that forks share it for as long as they can.
        gc.freeze()
        began = monotonic()
        for done, (mutant, result) in enumerate(tried(self.mutants, self.work, processes=self.options["processes"], how="hot"), 1):
            write_result(self.results, result)
            self.kills[result.by] += 1
            self.kills[f"{mutant.path} {result.by}"] += 5
            if done % 100 == 0:
                say(f"{done} of {len(self.mutants)}, {monotonic() - began:.0f} s")
        return True

    def work(self, mutant: Mutant, pipe: int) -> None:
        """In a fork: changes the function and runs the tests until one fails."""
        change(self.functions, mutant)
        for cache in self.caches:
            # What was computed before the change must be computed again.
            cache.cache_clear()
        chosen = [self.items[name] for name in self.order(mutant) if name in self.items]
        for item, following in zip(chosen, [*chosen[1:], None], strict=False):
            limit(10 + 30 * self.reach.seconds.get(item.nodeid, 0))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failures.first:
                tell(pipe, self.failures.first)
                return

    def order(self, mutant: Mutant) -> list[str]:
        """The tests that reach the change, as many as fit into the time for one mutant: the likeliest for their price first, and of a
        test with many examples one example in each round, for another test is likelier to see what this one did not.

        Survivors meet the tests first that were written since the first run.
        """

        def price(name: str) -> float:
            likely = 1 + self.kills[name] + self.kills[f"{mutant.path} {name}"]
            return (0.005 + self.reach.seconds[name]) / likely

        left, chosen = float(self.options["seconds"]) / 2, []
        rounds: Counter[str] = Counter()
        ranked = []
        for name in sorted(self.reach.tests_of(mutant), key=price):
            ranked.append((self.options["survivors"] and name in self.reach.first, rounds[name.partition("[")[0]], price(name), name))
            rounds[name.partition("[")[0]] += 1
        for *_, name in sorted(ranked):
            left -= self.reach.seconds[name]
            if left > 0:
                chosen.append(name)
        return chosen


# Changing -------------------------------------------------------------------------------------------------------------------
def living_functions() -> dict[tuple[str, str, int], list[types.FunctionType]]:
    """Every function of the method that exists, by file, dotted name and first line."""
    found: dict[tuple[str, str, int], list[types.FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if type(thing) is types.FunctionType and thing.__code__.co_filename.startswith(METHOD):
            code = thing.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(thing)
    return dict(found)


def change(functions: dict[tuple[str, str, int], list[types.FunctionType]], mutant: Mutant) -> None:
    """Gives the function its changed code, wherever it was imported to."""
    for code in _codes(compiled(ROOT, mutant)):
        for function in functions.get((code.co_filename, code.co_qualname, code.co_firstlineno), []):
            if function.__code__ != code and len(function.__code__.co_freevars) == len(code.co_freevars):
                function.__code__ = code


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _codes(constant)


def caches() -> list[Any]:
    # Not isinstance, which would wake lazy objects of strangers.
    known = [thing for thing in gc.get_objects() if type(thing) is _lru_cache_wrapper]
    return [cache for cache in known if cache.__module__.startswith("protocols.method")]


# Reach ----------------------------------------------------------------------------------------------------------------------
class Reach:
    """Which tests run which lines, and how long they take."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.seconds: dict[str, float] = told["seconds"]
        self.lines: dict[str, dict[str, list[int]]] = told["lines"]
        self.names = list(self.seconds)
        self.first = frozenset(self.names[: told["first"]])

    def tests_of(self, mutant: Mutant) -> set[str]:
        """The tests that run one of the mutant's lines."""
        lines = self.lines.get(mutant.path, {})
        return {self.names[at] for line in range(mutant.line, mutant.last_line + 1) for at in lines.get(str(line), ())}

    @classmethod
    def read_or_measure(cls, session: pytest.Session, path: Path) -> "Reach":
        """What was measured before is kept; only tests that are new are measured."""
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"seconds": {}, "lines": {}}
        fresh = [item for item in session.items if item.nodeid not in known["seconds"]]
        if fresh:
            say(f"measuring what {len(fresh)} tests reach")
            pid = os.fork()
            if pid == 0:
                _measure_in_fork(session, fresh, path, known)
            os.waitpid(pid, 0)
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["failed"]:
            raise session.Failed(f"tests fail without any change: {', '.join(told['failed'][:5])}")
        return cls(told)


def _measure_in_fork(session: pytest.Session, items: list[pytest.Item], path: Path, known: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(_joined(known, _measured(session, items))), encoding="utf-8")
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(0)


def _joined(known: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Two measurements as one: the numbers of the new tests follow those of the known."""
    first, lines = len(known["seconds"]), {file: dict(rows) for file, rows in known["lines"].items()}
    for file, rows in new["lines"].items():
        for line, numbers in rows.items():
            reached = lines.setdefault(file, {})
            reached[line] = [*reached.get(line, ()), *(first + number for number in numbers)]
    seconds = {**known["seconds"], **new["seconds"]}
    return {"seconds": seconds, "lines": lines, "first": known.get("first", len(seconds)), "failed": new["failed"]}


def _measured(session: pytest.Session, items: list[pytest.Item]) -> dict[str, Any]:
    failures, seconds, known, path = Failures(), dict[str, float](), caches(), Path()
    session.config.pluginmanager.register(failures)
    recorder = coverage.Coverage(data_file=None, config_file=False, source=[METHOD])
    recorder.start()
    for item, following in zip(items, [*items[1:], None], strict=False):
        # What one file's tests share is asked for once: by its first test.
        for cache in known if item.path != path else ():
            cache.cache_clear()
        path = item.path
        recorder.switch_context(item.nodeid)
        began = process_time()
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        seconds[item.nodeid] = process_time() - began
    recorder.stop()
    at = {name: number for number, name in enumerate(seconds)}
    data = recorder.get_data()
    lines = {
        str(Path(file).relative_to(ROOT)): {
            str(line): [at[name] for name in contexts if name in at] for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    return {"seconds": seconds, "lines": lines, "failed": [failures.first] if failures.first else []}


if __name__ == "__main__":
    hot = Hot(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit(pytest.main(arguments(pure_tests()), plugins=[Calm(), hot]))
