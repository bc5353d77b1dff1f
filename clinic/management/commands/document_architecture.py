"""Draws the layers of the code into docs/architecture.md, from the contracts that every change has to keep."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from clinic.web.drawn_pages import DrawnPageCommand

ROOT: Final = Path(settings.BASE_DIR)
PAGE: Final = ROOT / "docs" / "architecture.md"
HEAD: Final = """# Architecture

Made by `manage.py document_architecture` from the import contracts in `pyproject.toml` and the first line of each package; a test fails
when it is behind. Do not edit it by hand. Why things are as they are stands in [adr](adr).

A part may import those below it, never those above it or beside it. `lint-imports` refuses everything else, in `.ci/run`.
"""
METHOD: Final = """## The method

`protocols/method` is the core: screening, planning, adapting and checking as plain functions over values. It imports nothing but itself,
has no clock, chance, file or network, and gives the same plan for the same input for good. Everything around it - pages, database, dates,
signatures - asks it and keeps what it answers. `protocols/method/checking` reads a plan a second time and shares no helper with the
builder.
"""
WAYS: Final = """
Views ask queries and call actions; actions change rows, in one transaction with one audit line; queries only read; states are one table.
"""


class Command(DrawnPageCommand):
    help = "Draws the layers of the code into docs/architecture.md. With --check it only says whether the page is behind."
    behind = "the contracts"

    def file(self) -> Path:
        return PAGE

    def page(self) -> str:
        return architecture_page()


def architecture_page() -> str:
    """The whole page."""
    contracts = {each["id"]: each for each in _settings()["contracts"]}
    parts = (HEAD, *_apps(contracts["apps"]), METHOD, *_inside(contracts["inside-apps"]), *_all_rules(contracts))
    return "\n".join(parts).rstrip("\n") + "\n"


def _settings() -> Mapping[str, Any]:
    found: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return found


def _rows(contract: Mapping[str, Any]) -> list[list[str]]:
    """The layers from the highest to the lowest, each with the parts that stand side by side."""
    return [[part.strip().strip("()") for part in layer.split(":")] for layer in contract["layers"]]


def _apps(contract: Mapping[str, Any]) -> Iterator[str]:
    rows = _rows(contract)
    yield "## The apps\n\n```mermaid\nflowchart TD"
    for number, row in enumerate(rows):
        yield f'    l{number}["{" · ".join(row)}"]'
    for above, below in pairwise(range(len(rows))):
        yield f"    l{above} --> l{below}"
    yield "```\n\n| Part | What it is for |\n| --- | --- |"
    for name in (name for row in rows for name in row):
        yield f"| `{name}` | {_first_line(name)} |"
    yield ""


def _first_line(name: str) -> str:
    """What a package or module says of itself."""
    path = ROOT / name.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").partition("\n")[0].replace("``", "`")


def _inside(contract: Mapping[str, Any]) -> Iterator[str]:
    yield "## Inside an app\n"
    yield f"The same in each of {len(contract['containers'])} packages, where the module is there:\n"
    yield "| From above | Modules that do not know each other |\n| --- | --- |"
    for number, row in enumerate(_rows(contract), start=1):
        yield f"| {number} | {', '.join(f'`{name}`' for name in row)} |"
    yield WAYS


def _all_rules(contracts: Mapping[str, Any]) -> Iterator[str]:
    yield "## All contracts\n"
    for each in contracts.values():
        yield f"- {each['name']} (`{each['id']}`)"
