"""The page of the architecture is drawn from the contracts, and every part says what it is for."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic.management.commands import document_architecture
from clinic.management.commands.document_architecture import architecture_page


def test_the_page_is_not_behind_the_contracts() -> None:
    call_command("document_architecture", "--check", stdout=StringIO())


def test_a_page_that_is_behind_is_told_and_drawn_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "architecture.md"
    monkeypatch.setattr(document_architecture, "PAGE", page)
    with pytest.raises(CommandError, match="behind the contracts"):
        call_command("document_architecture", "--check")
    call_command("document_architecture")
    call_command("document_architecture", "--check")


def test_every_part_says_what_it_is_for() -> None:
    assert [line for line in architecture_page().splitlines() if line.endswith(("| |", "|  |"))] == []
