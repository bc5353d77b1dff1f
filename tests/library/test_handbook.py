"""docs/library.md is made from the library and is never behind it."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from protocols.handbook import library_page
from protocols.shelf import shipped_library

PAGE = Path(__file__).resolve().parents[2] / "docs" / "library.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == library_page(shipped_library()), "run: manage.py document_library"


def test_every_condition_stage_rule_and_source_stands_on_it() -> None:
    library, page = shipped_library(), library_page(shipped_library())
    for condition in library.conditions.values():
        assert f"(`{condition.code}`)" in page
        assert all(f"`{stage}`" in page for stage in condition.stages)
    for code in (*library.rules, *library.documents, *library.profiles, *library.areas, *library.sources):
        assert f"| `{code}`" in page


def test_the_command_writes_the_page_and_tells_when_it_is_behind(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="out of date"):
        call_command("document_library", "--check", stdout=StringIO())
    call_command("document_library", stdout=StringIO())
    call_command("document_library", "--check", stdout=StringIO())
    assert (tmp_path / "docs" / "library.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
