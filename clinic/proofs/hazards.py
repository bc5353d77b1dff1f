"""The list of hazards in ``docs/hazards.toml``: read, and its proofs run (``manage.py verify hazards``)."""

import tomllib
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from clinic.proofs.by_tests import ProofByTests

HELP = "every hazard of docs/hazards.toml has proofs, and all of them pass"
REDUCED: Final[Mapping[str, Any]] = {}
SEVERITIES: Final = ("S1", "S2", "S3", "S4")
KINDS_OF_CONTROL: Final = ("design", "guard", "warning")

Write = Callable[[str], object]


@dataclass(frozen=True)
class Hazard:
    """One hazardous situation, what stands against it, where, and what proves it."""

    id: str
    what: str
    severity: str
    controls: tuple[str, ...]
    code: tuple[str, ...]
    proofs: tuple[str, ...]
    left: str


def hazards(file: Path | None = None) -> tuple[Hazard, ...]:
    """All of them, in their order. Raises ``TypeError`` or ``KeyError`` for an entry with another set of words."""
    source = file or Path(settings.BASE_DIR) / "docs" / "hazards.toml"
    listed = tomllib.loads(source.read_text(encoding="utf-8"))["hazard"]
    return tuple(_hazard(each) for each in listed)


def _hazard(said: Mapping[str, Any]) -> Hazard:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Hazard(**fields)


def add_arguments(parser: ArgumentParser) -> None:
    """As any proof by tests."""
    ProofByTests(HELP, ()).add_arguments(parser)


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Runs each test once, whatever number of hazards names it."""
    found = hazards()
    tests = sorted({proof for hazard in found for proof in hazard.proofs})
    whole = {test for test in tests if "::" not in test}
    asked = tuple(test for test in tests if test in whole or test.split("::")[0] not in whole)
    holds = ProofByTests(HELP, asked).run(options, write)
    write(f"{len(found)} hazards with {len(tests)} proofs: {'all of them pass' if holds else 'NOT all of them pass'}.")
    return holds
