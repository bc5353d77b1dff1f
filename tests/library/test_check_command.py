"""``manage.py check`` fails on any gap of the library."""

import pytest

from protocols import checks
from protocols.method.building import LibraryFaults


def refuse(*_arguments: object) -> None:
    raise LibraryFaults(("zones: zone knee: one thing", "facts: fact x: another"))


def test_a_sound_library_passes() -> None:
    assert checks.check_library() == []


def test_each_fault_of_the_library_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "shipped_library", refuse)
    found = checks.check_library()
    assert [(error.id, error.msg) for error in found] == [
        (checks.LIBRARY_FAULT, "zones: zone knee: one thing"),
        (checks.LIBRARY_FAULT, "facts: fact x: another"),
    ]


def test_each_missing_translation_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "shipped_names", refuse)
    assert {error.id for error in checks.check_library()} == {checks.TRANSLATION_FAULT}
