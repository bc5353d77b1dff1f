"""The page of states is drawn from the tables, and every state of a table has its words and its ways."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clinic.management.commands import document_states
from clinic.management.commands.document_states import MACHINES, states_page


def test_the_page_is_not_behind_the_tables() -> None:
    call_command("document_states", "--check", stdout=StringIO())


def test_a_page_that_is_behind_is_told_and_drawn_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "states.md"
    monkeypatch.setattr(document_states, "PAGE", page)
    with pytest.raises(CommandError, match="behind the tables"):
        call_command("document_states", "--check")
    call_command("document_states")
    call_command("document_states", "--check")
    assert page.read_text(encoding="utf-8") == states_page()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: str(machine[0]))
def test_every_state_can_be_reached_and_every_way_leads_to_a_state(machine: Any) -> None:
    _title, place, first, words, table = machine
    assert Path(place).exists()
    assert {str(state) for state in table} == set(words.values)
    assert {str(after) for ways in table.values() for after in ways} <= set(words.values)
    reached, open_ones = {first}, [first]
    while open_ones:
        for after in table[open_ones.pop()]:
            if str(after) not in reached:
                reached.add(str(after))
                open_ones.append(str(after))
    assert reached == set(words.values)
