"""The house rules that no linter knows."""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-test.txt")
CODE = ("clinic", "patients", "protocols")
WRITTEN_BY_HAND = {".py", ".css", ".html", ".js", ".typ"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Measure:
    """One function: the line of its ``def``, its length without the docstring, and how many parameters it takes."""

    line: int
    length: int
    parameters: int


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the project; without git (an unpacked archive) all but what is never committed."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return tuple(path for path in ROOT.rglob("*") if path.is_file() and not any(part.startswith(".") for part in path.parts))
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def of_the_product() -> list[Path]:
    return [path for path in python_files() if path.relative_to(ROOT).parts[0] in CODE]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]


@cache
def functions(path: Path) -> tuple[Measure, ...]:
    """Four rules measure the same functions."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(Measure(node.lineno, lines_of(node), len(parameters_of(node))) for node in nodes if isinstance(node, Function))


def lines_of(function: Function) -> int:
    """From the line of `def` to the last one, without the docstring: explaining is never punished."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def parameters_of(function: Function) -> list[ast.arg]:
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [argument for argument in named if argument.arg not in {"self", "cls"}]


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_no_function_is_longer_than_fifty_lines() -> None:
    assert [place(path, f.line) for path in of_the_product() for f in functions(path) if f.length > 50] == []


def test_half_of_all_functions_have_eight_lines_or_fewer() -> None:
    assert statistics.median(f.length for path in of_the_product() for f in functions(path)) <= 8


def test_no_function_takes_more_than_six_parameters() -> None:
    assert [place(path, f.line) for path in of_the_product() for f in functions(path) if f.parameters > 6] == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    ours = [path for path in tracked() if path.suffix in WRITTEN_BY_HAND and not {"migrations", "vendor", "bootstrap"} & set(path.parts)]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in ours}
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > 400} == {}


def views() -> list[Path]:
    return [path for path in of_the_product() if path.stem.endswith("views") or "views" in path.parent.parts]


def test_views_never_ask_the_database_themselves() -> None:
    assert [place(path, 1) for path in views() if re.search(r"\b(objects|_default_manager)\b", path.read_text(encoding="utf-8"))] == []


def test_no_view_is_longer_than_thirty_lines() -> None:
    assert [place(path, f.line) for path in views() for f in functions(path) if f.length > 30] == []


def test_every_silenced_lint_names_its_rule() -> None:
    bare = re.compile(r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)")
    found = [place(path, number) for path in python_files() if path != Path(__file__) for number, _ in matching(path, bare)]
    assert found == []


def matching(path: Path, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if pattern.search(line):
            yield number, line


def test_no_file_names_a_package_registry() -> None:
    # Written in pieces so that this file does not find itself.
    hosts = re.compile("|".join((r"python" r"hosted", r"py" r"pi\.o", r"registry\.np" r"mjs", r"deb\.deb" r"ian", r"files\.pyt" r"hon")))
    assert [place(path, number) for path in tracked() for number, _ in matching(path, hosts)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)
    assert [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def test_the_test_lock_holds_everything_that_the_running_lock_holds() -> None:
    # One virtual environment serves both commands, so neither may take back what the other put there.
    pinned = {name: set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS}
    assert pinned["requirements.txt"] - pinned["requirements-test.txt"] == set()


def test_no_other_kind_of_lock_is_kept() -> None:
    assert [path.name for path in tracked() if path.name in {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"}] == []


def test_manage_py_still_parses_on_old_pythons() -> None:
    # feature_version knows 3.7 as its oldest; nothing between 3.6 and 3.7 is used there.
    ast.parse((ROOT / "manage.py").read_text(encoding="utf-8"), feature_version=(3, 7))
