"""``manage.py mutate_method``: change the method one small thing at a time and see whether its tests notice. By command only, never in CI.

The changes (mutants): a comparison turned or moved by one, ``and``/``or`` exchanged, ``not`` dropped, a number or truth value changed,
arithmetic turned, ``return`` emptied. Each mutant gets its own copy of the package on a private import path, so the working tree is never
touched; a mutant that the tests do not finish with in time counts as noticed.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

METHOD = Path("protocols/method")
COPIED = ("protocols", "tests", "clinic", "patients", "pyproject.toml", "manage.py")
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the file, the line, the words for it and the changed text."""

    path: Path
    line: int
    what: str
    text: str


class Command(BaseCommand):
    help = "Mutation test of protocols/method: prints the score and every mutant that no test noticed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("modules", nargs="*", help="files or folders below protocols/method (default: all)")
        parser.add_argument("--tests", nargs="*", default=["tests/method"], help="tests that each mutant must fail")
        parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th mutant")
        parser.add_argument("--seconds", type=int, default=120, help="time limit for each mutant")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        mutants = [mutant for path in _files(root, options["modules"]) for mutant in mutants_of(path, root)][:: options["every"]]
        if _noticed(None, root, options["tests"], options["seconds"] * 10):
            raise CommandError("The tests fail without any change: mend them first.")
        survivors = []
        with ThreadPoolExecutor(options["processes"]) as pool:
            results = pool.map(lambda mutant: _noticed(mutant, root, options["tests"], options["seconds"]), mutants)
            for mutant, noticed in zip(mutants, results, strict=True):
                if not noticed:
                    survivors.append(mutant)
                    self.stdout.write(f"{mutant.path}:{mutant.line}: {mutant.what}")
        caught = len(mutants) - len(survivors)
        self.stdout.write(f"{caught} of {len(mutants)} mutants noticed: {100 * caught / max(len(mutants), 1):.1f} %")


def _files(root: Path, modules: list[str]) -> list[Path]:
    chosen = [root / METHOD / module for module in modules] or [root / METHOD]
    found = {path for start in chosen for path in ([start] if start.is_file() else start.rglob("*.py"))}
    if not found:
        raise CommandError("No such module below protocols/method.")
    return sorted(found)


def mutants_of(path: Path, root: Path) -> Iterator[Mutant]:
    """Every mutant of one file, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    skipped = _outside_the_code(tree)
    for index, node in enumerate(nodes):
        if id(node) in skipped:
            continue
        for number, what in enumerate(_changes(node)):
            changed = deepcopy(tree)
            twin = list(ast.walk(changed))[index]
            _apply(twin, number)
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(path.relative_to(root), getattr(node, "lineno", 0), what, text)


def _changes(node: ast.AST) -> tuple[str, ...]:
    """Words for each change that this node allows; ``_apply`` makes the one with the same number."""
    words: tuple[str, ...] = ()
    if isinstance(node, ast.Compare):
        words = tuple(f"{type(op).__name__} -> {COMPARISONS[type(op)].__name__}" for op in node.ops)
    elif isinstance(node, ast.BoolOp):
        words = ("and <-> or",)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        words = ("not dropped",)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        words = (f"{type(node.op).__name__} -> {ARITHMETIC[type(node.op)].__name__}",)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        words = (f"{node.value} changed",)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        words = ("return None",)
    return words


def _outside_the_code(tree: ast.AST) -> set[int]:
    """Nodes of annotations and decorators by identity: to change those says nothing about what the method does."""
    roots: list[ast.AST | None] = []
    for node in ast.walk(tree):
        roots += [getattr(node, "annotation", None), getattr(node, "returns", None), *getattr(node, "decorator_list", [])]
    return {id(inner) for root in roots if root is not None for inner in ast.walk(root)}


def _apply(node: ast.AST, number: int) -> None:
    if isinstance(node, ast.Compare):
        node.ops[number] = COMPARISONS[type(node.ops[number])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        # "not not x" is x as a truth value.
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.BinOp):
        node.op = ARITHMETIC[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)


def _noticed(mutant: Mutant | None, root: Path, tests: list[str], seconds: int) -> bool:
    """Whether a test fails, or does not end in time, with this change in a private copy of the project."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        for name in COPIED:
            source = root / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, Path(folder) / name)
        if mutant is not None:
            (Path(folder) / mutant.path).write_text(mutant.text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *tests]
        # The settings of this command are not those of the tests.
        surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        try:
            done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, timeout=seconds, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0
