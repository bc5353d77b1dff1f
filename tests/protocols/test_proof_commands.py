"""The commands that prove the method: enumeration of plans, and mutation of the code."""

import ast
import json
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from protocols import proving, proving_safety
from protocols.management.commands.mutate_method import Run
from protocols.method.findings import NO_LIMITS
from protocols.method.session import build_sessions
from protocols.method.vocabulary import Outcome
from protocols.oracle import Forecast
from protocols.proving import Breach
from protocols.proving_mutants import Mutant, compiled, mutants_of, mutated
from protocols.proving_safety import Wish, prove_setting, report
from protocols.proving_survivors import BEGIN, END, document, read_reasons, scored
from protocols.shelf import shipped_library

SOURCE = """
LEVELS = tuple(range(3))

@dataclass(frozen=True)
class Level:
    level: int | None = 3

def may(level: int, *, calm: bool = False) -> bool:
    if not calm and level + 1 <= 4:
        return level in (1, 2)
    return False
"""


# mutate_method --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def mutants(tmp_path):
    (tmp_path / "level.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path, list(mutants_of(tmp_path, "level.py"))


def test_each_mutant_changes_one_thing_and_nothing_but_code(mutants):
    root, found = mutants
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
    assert set(expected) <= {mutant.what for mutant in found}
    usual = ast.unparse(ast.parse(SOURCE))
    for mutant in found:
        text = ast.unparse(mutated(root, mutant))
        assert "@dataclass(frozen=True)" in text
        assert "int | None" in text
        assert sum(old != new for old, new in zip(usual.splitlines(), text.splitlines(), strict=True)) == 1


def test_a_mutant_knows_its_function_and_no_other_has_its_name(mutants):
    _, found = mutants
    assert len({mutant.name for mutant in found}) == len(found)
    # What a module, a class or a signature says is read once, at import.
    assert {mutant.text.split()[0] for mutant in found if not mutant.function} == {"LEVELS", "level:", "def"}
    assert {mutant.function for mutant in found} == {"", "may"}


def test_a_mutant_of_a_function_is_that_function_with_other_code(mutants):
    root, found = mutants
    mutant = next(one for one in found if one.what == "not dropped")
    rooms: dict[str, Any] = {"dataclass": dataclass}
    exec(compiled(root, mutant), rooms)  # noqa: S102
    assert rooms["may"](1, calm=True)
    assert not rooms["may"](1)


def test_an_unknown_module_is_refused():
    with pytest.raises(CommandError, match="No such module"):
        call_command("mutate_method", "no-such-folder")


def a_mutant(what, *, twin=0):
    return Mutant("protocols/method/course.py", "plan", what, "return a + 1", twin, 7, 7, 0, 0)


def test_a_survivor_counts_against_the_score_and_has_a_reason_or_is_open_and_a_reason_without_survivor_is_stale():
    mutants = [a_mutant(what) for what in ("return None", "Add -> Sub", "1 changed", "not tried")]
    results = {mutants[0].name: "test_a", mutants[1].name: "", mutants[2].name: ""}
    gone = a_mutant("gone").name
    score = scored(mutants, results, {mutants[1].name: "a is 0 here.", gone: "old", "other.py | f | x | y": "of another file"})
    assert (score.tried, round(score.percent)) == (3, 33)
    assert score.explained == {mutants[1]: "a is 0 here."}
    assert score.open == (mutants[2],)
    assert score.stale == (gone,)


def test_the_page_tells_figures_survivors_and_reasons_and_keeps_the_rest(tmp_path):
    survivor = a_mutant("Add -> Sub", twin=1)
    score = scored(
        [survivor, a_mutant("1 changed")], {survivor.name: "", a_mutant("1 changed").name: "test_a"}, {survivor.name: "No matter."}
    )
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    document(page, score, "today")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "1 of 2 mutants noticed: 50.0 %. Survivors: 1, of which 1 with a reason and 0 open." in text
    assert "- `course.py` plan: Add -> Sub in `return a + 1`. No matter." in text


def test_every_shipped_reason_names_a_line_that_is_there():
    root = Path(settings.BASE_DIR)
    reasons = read_reasons()
    files = {name.split(" | ")[0] for name in reasons}
    there = {mutant.name for path in files for mutant in mutants_of(root, path)}
    assert set(reasons) <= there
    assert all(len(reason.split()) > 3 for reason in reasons.values())


def test_two_mutants_of_the_shipped_method_are_tried_where_they_live_and_anew(monkeypatch, tmp_path):
    monkeypatch.setenv("TACTUS_DATA", str(tmp_path))
    monkeypatch.setattr(Run, "_start", fake_start)
    told = StringIO()
    call_command("mutate_method", "places.py", "reasons.py", stdout=told)
    tried = (tmp_path / "mutation" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)[2] in ("hot", "fresh") for line in tried)
    assert "mutants noticed" in told.getvalue()
    # What was tried is not tried again.
    call_command("mutate_method", "places.py", "reasons.py", stdout=told)
    assert (tmp_path / "mutation" / "results.jsonl").read_text(encoding="utf-8").splitlines() == tried


def fake_start(run, how, mutants):
    """Every second mutant is noticed."""
    with run.file.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps([mutant.name, "test" if at % 2 else "", how, 0]) + "\n" for at, mutant in enumerate(mutants))


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
    assert "Control: 8 of 8 plans that were spoilt on purpose were reported." in told


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
