"""Every hazard that we know has a control in code that is there, and a proof that is run."""

import ast
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from clinic.proofs.hazards import KINDS_OF_CONTROL, SEVERITIES, Hazard, hazards
from clinic.proofs.registry import PROOFS

ROOT = Path(settings.BASE_DIR)
ALL = hazards()


@cache
def names_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def is_run(proof: str) -> bool:
    """Whether the file is there and holds that test, or any."""
    path, _colons, name = proof.partition("::")
    file = ROOT / path
    if file.is_dir():
        return any(names_in(each) for each in file.rglob("test_*.py"))
    return file.is_file() and (name in names_in(file) if name else bool(names_in(file)))


def test_the_list_begins_with_the_28_that_were_thought_of_first() -> None:
    assert [hazard.id for hazard in ALL] == [f"H{number}" for number in range(1, len(ALL) + 1)]
    assert len(ALL) >= 28


@pytest.mark.parametrize("hazard", ALL, ids=lambda hazard: hazard.id)
def test_a_hazard_names_its_control_its_code_and_a_proof_that_is_run(hazard: Hazard) -> None:
    assert hazard.severity in SEVERITIES
    assert hazard.what
    assert hazard.left.endswith(".")
    assert hazard.controls
    assert {control.split(":")[0] for control in hazard.controls} <= set(KINDS_OF_CONTROL)
    assert [path for path in hazard.code if not (ROOT / path).exists()] == []
    assert hazard.proofs
    assert [proof for proof in hazard.proofs if not is_run(proof)] == []


def test_what_could_hurt_is_not_only_warned_about() -> None:
    only_said = [hazard.id for hazard in ALL if {control.split(":")[0] for control in hazard.controls} == {"warning"}]
    assert only_said == []


def test_a_proof_that_is_not_there_is_noticed() -> None:
    assert not is_run("tests/trust/test_hazards.py::test_of_nothing")
    assert not is_run("tests/trust/no_such_file.py")
    assert is_run("tests/trust/test_hazards.py")


def test_the_command_knows_them() -> None:
    assert "hazards" in PROOFS
