"""The commands that prove the method: enumeration of plans, and mutation of the code."""

import ast
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from protocols.management.commands import mutate_method, prove_plans
from protocols.management.commands.mutate_method import mutants_of
from protocols.proving import Breach

SOURCE = """
@dataclass(frozen=True)
class Level:
    level: int | None = 3

def may(level: int, *, calm: bool) -> bool:
    if not calm and level + 1 <= 4:
        return level in (1, 2)
    return False
"""


def test_each_mutant_changes_one_thing_and_nothing_but_code(tmp_path):
    path = tmp_path / "level.py"
    path.write_text(SOURCE, encoding="utf-8")
    mutants = list(mutants_of(path, tmp_path))
    expected = [
        "3 changed",
        "and <-> or",
        "not dropped",
        "LtE -> Lt",
        "Add -> Sub",
        "4 changed",
        "In -> NotIn",
        "return None",
        "False changed",
    ]
    assert set(expected) <= {mutant.what for mutant in mutants}
    usual = ast.unparse(ast.parse(SOURCE))
    for mutant in mutants:
        assert mutant.text != usual
        assert "@dataclass(frozen=True)" in mutant.text
        assert "int | None" in mutant.text
        assert sum(old != new for old, new in zip(usual.splitlines(), mutant.text.splitlines(), strict=True)) == 1


def test_an_unknown_module_is_refused():
    with pytest.raises(CommandError, match="No such module"):
        call_command("mutate_method", "no-such-folder")


def test_a_mutant_that_a_test_sees_is_noticed_and_another_survives(monkeypatch):
    seen = iter([False, True, False])
    monkeypatch.setattr(mutate_method, "_noticed", lambda *_: next(seen, True))
    told = StringIO()
    call_command("mutate_method", "places.py", "reasons.py", processes=1, stdout=told)
    assert "mutants noticed" in told.getvalue()


def test_the_proof_of_one_stage_counts_its_plans():
    made, breaches = prove_plans.prove_setting((0, False, 1))
    assert made > 300
    assert breaches == ()


def test_a_pair_of_effects_is_proved_when_asked_for():
    alone, _ = prove_plans.prove_setting((0, False, 1))
    both, breaches = prove_plans.prove_setting((0, True, 400))
    assert both > alone
    assert breaches == ()


def test_a_refused_plan_is_reported_with_its_place():
    lines = prove_plans._report([Breach("scoliosis/degree-1 {} max-pressure 2", 3, ("over-dose: too long",))])
    assert lines == ["1 x over-dose", "scoliosis/degree-1 {} max-pressure 2, session 3: over-dose: too long"]
