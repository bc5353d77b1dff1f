"""Every proof is a command, and every command is run in its small size by tests that are named beside it."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser

from clinic.management.commands import verify
from clinic.proofs import proving_time
from clinic.proofs.by_tests import ProofByTests, counted, said_besides
from clinic.proofs.registry import PROOFS, Entry
from clinic.schedule.wall_clock import moment_of

PROMISED = "access safety race faults signoff audit edits idempotent time fuzz web backup hazards migrations"


def test_every_proof_that_was_promised_is_there() -> None:
    assert set(PROMISED.split()) - PROOFS.keys() == set()


@pytest.mark.parametrize("name", sorted(PROOFS))
def test_a_proof_is_run_small_by_tests_that_are_there(name: str) -> None:
    entry, root = PROOFS[name], Path(settings.BASE_DIR)
    assert entry.tested_by
    assert [path for path in entry.tested_by if not (root / path).exists()] == []


@pytest.mark.parametrize("name", sorted(PROOFS))
def test_the_small_size_names_options_that_the_proof_has(name: str) -> None:
    proof, parser = PROOFS[name].proof, CommandParser()
    proof.add_arguments(parser)
    assert proof.REDUCED.keys() <= vars(parser.parse_args([])).keys()


class Stub:
    """A proof of nothing."""

    def __init__(self, outcome: Any) -> None:
        self.HELP, self.REDUCED, self.outcome = "nothing", {"size": 1}, outcome
        self.seen: list[int] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--size", type=int, default=100)

    def run(self, options: Any, write: Any) -> bool:
        self.seen.append(options["size"])
        write(f"size {options['size']}")
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return bool(self.outcome)


def told(*words: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("verify", *words, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Stub]:
    made = {"good": Stub(True), "broken": Stub(KeyError("away")), "bad": Stub(False)}
    monkeypatch.setattr(verify, "PROOFS", {name: Entry(stub, ()) for name, stub in made.items()})
    return made


def test_all_goes_on_past_what_fails_and_ends_with_a_table(stubs: dict[str, Stub]) -> None:
    text, code = told("all")
    assert code == 1
    assert [stub.seen for stub in stubs.values()] == [[100], [100], [100]]
    table = [line.split()[:2] for line in text.splitlines() if line.endswith(" s")]
    assert table == [["good", "holds"], ["broken", "DOES"], ["bad", "DOES"]]
    assert "KeyError" in text


def test_reduced_is_the_size_that_the_proof_names(stubs: dict[str, Stub]) -> None:
    assert told("all", "--reduced", "--without", "broken", "--without", "bad")[1] == 0
    assert told("good", "--reduced")[1] == 0
    assert told("good", "--size", "7")[1] == 0
    assert stubs["good"].seen == [1, 1, 7]
    assert told("bad")[1] == 1


def test_an_unknown_proof_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("verify", "nothing-of-the-kind")


def test_tests_as_a_proof_hold_only_when_all_passed_and_none_was_skipped() -> None:
    assert counted("x\n3 passed, 1 skipped in 0.10s") == {"passed": 3, "skipped": 1}
    assert counted("2 failed, 1 error in 3s") == {"failed": 2, "error": 1}
    assert counted("no tests ran in 0.01s") == {}
    assert said_besides("figure: 5 cells\nfigures\n") == ["5 cells"]


def test_a_proof_by_tests_runs_them_and_says_how_many() -> None:
    lines: list[str] = []
    proof = ProofByTests("two tests", ("tests/trust/test_proofs.py::test_an_unknown_proof_is_refused",))
    assert proof.run({"processes": 1}, lines.append)
    assert lines == ["1 passed"]
    assert not ProofByTests("none", ("tests/trust/no_such_file.py",)).run({"processes": 1}, lines.append)


def test_time_is_kept_in_a_part_of_all_zones() -> None:
    lines: list[str] = []
    assert proving_time.run({"year": 2026, "every": 40}, lines.append)
    assert "Wrong: 0" in lines[1]


def test_a_clock_that_guesses_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def guessing(*args: Any, second: bool | None = None) -> Any:
        return moment_of(*args, second=bool(second))

    monkeypatch.setattr(proving_time, "moment_of", guessing)
    assert not proving_time.run({"year": 2026, "every": 40}, print)
