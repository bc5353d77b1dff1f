"""The commands that prove the method: enumeration of plans, and mutation of the code."""

import ast
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from protocols import proving, proving_safety
from protocols.management.commands import mutate_method
from protocols.management.commands.mutate_method import mutants_of
from protocols.method.findings import NO_LIMITS
from protocols.method.session import build_sessions
from protocols.method.vocabulary import Outcome
from protocols.oracle import Forecast
from protocols.proving import Breach
from protocols.proving_safety import Wish, prove_setting, report
from protocols.shelf import shipped_library

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


# verify safety --------------------------------------------------------------------------------------------------------------
SINGLES = Wish(singles=True)


def test_the_proof_of_one_stage_counts_its_plans():
    made, breaches = prove_setting((0, SINGLES))
    assert made > 300
    assert breaches == ()


def test_a_pair_of_effects_is_proved_unless_only_single_ones_are_asked_for():
    alone, _ = prove_setting((0, SINGLES))
    both, breaches = prove_setting((0, Wish(sample=400)))
    assert both > alone
    assert breaches == ()


def test_every_combination_of_sides_and_regions_is_chosen_when_asked_for():
    assert len(proving_safety.chosen_settings(every_input=True)) > len(proving_safety.chosen_settings(every_input=False)) >= 80


def test_a_refused_plan_is_reported_with_its_place():
    lines = report([Breach("scoliosis/degree-1 {} max-pressure 2", 3, ("over-dose: too long",))])
    assert lines == ["1 x over-dose", "scoliosis/degree-1 {} max-pressure 2, session 3: over-dose: too long"]


@pytest.fixture
def one_stage(monkeypatch):
    monkeypatch.setattr(proving_safety, "chosen_settings", lambda **_: (0,))


def verify_safety():
    """What the command writes, and its exit code."""
    told = StringIO()
    try:
        call_command("verify", "safety", "--singles", "--processes=1", stdout=told)
    except SystemExit as end:
        return told.getvalue(), end.code
    return told.getvalue(), 0


@pytest.mark.usefixtures("one_stage")
def test_the_proof_says_how_much_it_read_of_which_library_and_when():
    told, code = verify_safety()
    assert code == 0
    assert "Violations: 0. Seconds:" in told
    assert f"Library {shipped_library().edition}, digest {shipped_library().digest[:16]}, 20" in told
    assert "Control: 6 of 6 plans that were spoilt on purpose were reported." in told


def forgetful(setting, *, doses):
    """A builder that builds as if nothing had been found."""
    nothing = replace(setting, screening=replace(setting.screening, limits=replace(NO_LIMITS, positions_ordered=True)))
    return build_sessions(nothing, doses=doses)


def timid(setting, *, doses):
    """A builder that never plans anything."""
    plans = build_sessions(setting, doses=doses)
    return tuple(replace(plan, rows=(), total_seconds=0, positions=(), may_start=False, outcome=Outcome.DEFER) for plan in plans)


def failing(_setting, *, doses):
    raise KeyError(doses[0].phase)


@pytest.mark.usefixtures("one_stage")
@pytest.mark.parametrize(("builder", "words"), [(forgetful, "excluded"), (timid, "liveness"), (failing, "not-built: KeyError")])
def test_a_broken_builder_is_reported_with_its_violations(monkeypatch, builder, words):
    monkeypatch.setattr(proving, "build_sessions", builder)
    # The control has its own plans, which are made by the same builder.
    monkeypatch.setattr(proving_safety, "sabotaged", lambda: iter(()))
    told, code = verify_safety()
    assert code == 1
    assert "Violations: 0" not in told
    assert words in told
    assert "session " in told


@pytest.mark.usefixtures("one_stage")
@pytest.mark.parametrize(("blind", "unseen"), [("check_plan", "presses harder"), ("forecast", "refuses everything")])
def test_a_blind_checker_or_oracle_is_reported_although_no_plan_is_bad(monkeypatch, blind, unseen):
    nothing = {"check_plan": lambda *_, **__: (), "forecast": lambda *_: Forecast(steps=None, because="")}
    monkeypatch.setattr(proving, blind, nothing[blind])
    told, code = verify_safety()
    assert code == 1
    assert f"not noticed: {unseen}" in told


def test_a_proof_without_a_name_is_refused():
    with pytest.raises(CommandError, match="PROOF"):
        call_command("verify")
