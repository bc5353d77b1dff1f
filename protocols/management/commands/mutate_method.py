"""``manage.py mutate_method``: change the method one small thing at a time and see whether its tests notice. By command only, never in CI.

The work is done by ``tests.method.mutation`` in processes of its own; the working tree is never touched. Results are kept in a file, so a
run that was stopped goes on where it was. A mutant that the tests do not finish with in time counts as noticed; one that the tests which
fit into its time do not notice counts as a survivor, even if a slower test would have seen it.
"""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from protocols.proving_mutants import Mutant, mutants_of
from protocols.proving_survivors import Score, document, read_reasons, scored

METHOD = Path("protocols/method")
PAGE = Path("docs/assurance.md")


class Command(BaseCommand):
    help = "Mutation test of protocols/method: prints the score, every mutant that no test noticed and has no reason, and stale reasons."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; no database is needed)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("modules", nargs="*", help="files or folders below protocols/method (default: all)")
        parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th mutant")
        parser.add_argument("--seconds", type=float, default=20, help="how long the tests of one mutant may take, unchanged (default 20)")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--anew", action="store_true", help="forget earlier results instead of going on")
        parser.add_argument("--survivors", action="store_true", help="try the earlier survivors again, with the tests that are new")
        parser.add_argument("--report", action="store_true", help="run nothing, tell what the earlier results say")
        parser.add_argument("--document", action="store_true", help=f"write figures and survivors into {PAGE}")

    def handle(self, *args: Any, **options: Any) -> None:
        root, began = Path(settings.BASE_DIR), monotonic()
        mutants = [mutant for path in _files(root, options["modules"]) for mutant in mutants_of(root, path)][:: options["every"]]
        run = Run(root, Path(os.environ.get("TACTUS_DATA") or root / "data") / "mutation", options, self.stdout.write)
        if not options["report"]:
            run.prepare(mutants)
            run.tries(mutants)
        score = scored(mutants, run.results(), read_reasons())
        for mutant in score.open:
            self.stdout.write(f"{mutant.place} in {mutant.text}")
        for name in score.stale:
            self.stdout.write(f"stale reason: {name}")
        self.stdout.write(f"{score.summary} Seconds: {monotonic() - began:.0f}.")
        if options["document"]:
            document(root / PAGE, score, _words(root, score, len(mutants)))


def _files(root: Path, modules: list[str]) -> list[str]:
    chosen = [root / METHOD / module for module in modules] or [root / METHOD]
    found = {path for start in chosen for path in ([start] if start.is_file() else start.rglob("*.py"))}
    if not found:
        raise CommandError("No such module below protocols/method.")
    return [str(path.relative_to(root)) for path in sorted(found)]


def _words(root: Path, score: Score, mutants: int) -> str:
    digest = sha256(b"".join((root / path).read_bytes() for path in _files(root, []))).hexdigest()[:16]
    part = "" if score.tried == mutants else f" Only {score.tried} of {mutants} mutants were tried."
    return f"`manage.py mutate_method`, {datetime.now(UTC):%Y-%m-%d}, digest of `{METHOD}` {digest}.{part}"


class Run:
    """One run and its files: ``results.jsonl`` says what came out, ``reach.json`` which test runs which line, the others what is to do."""

    def __init__(self, root: Path, folder: Path, options: dict[str, Any], write: Callable[[str], object]) -> None:
        self.root, self.folder, self.options, self.write = root, folder, options, write
        self.file, self.reach = folder / "results.jsonl", folder / "reach.json"

    def results(self) -> dict[str, str]:
        """Name of a mutant -> what noticed it, empty for nothing; the last word counts."""
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return {name: by for name, by, *_ in map(json.loads, lines)}

    def ways(self) -> set[tuple[str, str]]:
        """The mutants that were tried and how: a survivor of the fast way is not one yet."""
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return {(name, how) for name, _, how, *_ in map(json.loads, lines)}

    def prepare(self, mutants: list[Mutant]) -> None:
        """Drops what shall be forgotten. What a test reaches is measured once; where the method has changed since, begin anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.options["anew"]:
            self.reach.unlink(missing_ok=True)
            self.file.unlink(missing_ok=True)
        if self.options["survivors"] and self.file.exists():
            again = {mutant.name for mutant in mutants} & {name for name, by in self.results().items() if not by}
            lines = self.file.read_text(encoding="utf-8").splitlines(keepends=True)
            self.file.write_text("".join(line for line in lines if json.loads(line)[0] not in again), encoding="utf-8")

    def tries(self, mutants: list[Mutant]) -> None:
        """First where the functions live, then anew what is outside functions or was not noticed."""
        ways = self.ways()
        self._start("hot", [one for one in mutants if one.function and (one.name, "hot") not in ways and (one.name, "fresh") not in ways])
        results, ways = self.results(), self.ways()
        self._start("fresh", [one for one in mutants if not results.get(one.name) and (one.name, "fresh") not in ways])

    def _start(self, how: str, mutants: list[Mutant]) -> None:
        """Runs one way in a process of its own. Raises ``CommandError`` if the tests fail without any change."""
        self.write(f"{len(mutants)} mutants {how}")
        if not mutants and self.reach.exists():
            return
        jobs = self.folder / f"{how}.json"
        told = {"reach": str(self.reach), "seconds": self.options["seconds"], "processes": self.options["processes"]}
        told["survivors"] = self.options["survivors"]
        jobs.write_text(json.dumps({"mutants": [asdict(mutant) for mutant in mutants], "options": told}), encoding="utf-8")
        surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        command = [sys.executable, "-m", f"tests.method.mutation.{how}", str(jobs), str(self.file)]
        if subprocess.run(command, cwd=self.root, env=surroundings, check=False).returncode not in (0, 5):  # noqa: S603
            raise CommandError("The tests cannot be run, or fail without any change: mend them first.")
