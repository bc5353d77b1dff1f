"""Mutants that need everything imported anew: outside functions, or not noticed where the function lives.

Called by ``manage.py mutate_method``: ``python -m tests.method.mutation.fresh JOBS RESULTS``. This process never imports the method (of
the project only what makes mutants), so every fork of it does.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
import types
from collections.abc import Sequence
from pathlib import Path

# Imported here once, so that no fork has to.
import hypothesis.strategies  # noqa: F401
import pytest

from protocols.proving_mutants import Mutant, compiled
from tests.method.mutation.common import ROOT, Calm, arguments, limit, pure_tests, read_jobs, say, tell, tried, write_result

PRICE_OF_IMPORT = 20


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module in its changed form."""

    def __init__(self, mutant: Mutant) -> None:
        dotted = mutant.path.removesuffix(".py").replace("/", ".")
        self.is_package = dotted.endswith(".__init__")
        self.name = dotted.removesuffix(".__init__")
        self.path = ROOT / mutant.path
        self.code = compiled(ROOT, mutant)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        places = [str(self.path.parent)] if self.is_package else None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self, submodule_search_locations=places)

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102


class Chosen:
    """Only the tests named, in the order in which they are named, and the first that fails."""

    def __init__(self, names: Sequence[str], pipe: int) -> None:
        self.rank = {name: number for number, name in enumerate(names)}
        self.pipe, self.told = pipe, False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.rank:
            items[:] = sorted((item for item in items if item.nodeid in self.rank), key=lambda item: self.rank[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.told:
            self.told = True
            tell(self.pipe, report.nodeid)


def try_mutants(jobs: Path, results: Path) -> None:
    mutants, options = read_jobs(jobs)
    reach = json.loads(Path(options["reach"]).read_text(encoding="utf-8"))
    seconds, names = reach["seconds"], list(reach["seconds"])
    always = sorted(names, key=lambda name: seconds[name])

    def tests_of(mutant: Mutant) -> list[str]:
        """The tests that run the mutant's lines, then the quick rest, as many as fit into the time for one mutant."""
        lines = reach["lines"].get(mutant.path, {})
        at = {number for line in range(mutant.line, mutant.last_line + 1) for number in lines.get(str(line), ())}
        reaching = sorted((names[number] for number in at), key=lambda name: seconds[name])
        # Where it lives, a change inside a function was tried already: here only what happens at import is new.
        left, chosen = float(options["seconds"]) / (4 if mutant.function else 1), dict[str, None]()
        for name in (*reaching, *always):
            left -= seconds[name] if name not in chosen else 0
            if left > 0:
                chosen[name] = None
        return list(chosen)

    def work(mutant: Mutant, pipe: int) -> None:
        chosen = tests_of(mutant)
        limit(PRICE_OF_IMPORT + 10 * float(options["seconds"]))
        sys.meta_path.insert(0, Changed(mutant))
        files = sorted({name.split("::")[0] for name in chosen}) or pure_tests()
        code = pytest.main([*arguments(files), "-x"], plugins=[Calm(), watch := Chosen(chosen, pipe)])
        if code not in (0, 5) and not watch.told:
            tell(pipe, "cannot be imported")

    for done, (_, result) in enumerate(tried(mutants, work, processes=options["processes"], how="fresh"), 1):
        write_result(results, result)
        if done % 20 == 0:
            say(f"{done} of {len(mutants)} anew")


if __name__ == "__main__":
    try_mutants(Path(sys.argv[1]), Path(sys.argv[2]))
