"""The page about assurance names tests, commands and files that are there, and its figures of mutants are those of the reasons."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from protocols.proving_survivors import BEGIN, END, read_reasons

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "assurance.md").read_text(encoding="utf-8")


def names_of_tests() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_every_test_that_the_page_names_is_there():
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) >= 20
    assert named <= names_of_tests()


def test_every_file_and_command_that_the_page_names_is_there():
    files = re.findall(r"`((?:protocols|tests|docs)/[\w/.]+)`", PAGE)
    assert [name for name in files if not (ROOT / name).exists()] == []
    commands = set(re.findall(r"manage\.py (\w+)", PAGE)) - {"test"}
    assert commands <= get_commands().keys()


def test_every_invariant_of_the_method_has_a_row():
    rows = re.findall(r"^\| (\d+) \|.*`test_", PAGE, re.MULTILINE)
    assert [int(number) for number in rows] == list(range(1, 21))


def test_the_page_tells_every_survivor_with_its_reason():
    listed = PAGE[PAGE.index(BEGIN) : PAGE.index(END)]
    assert [reason for reason in read_reasons().values() if reason not in listed] == []
