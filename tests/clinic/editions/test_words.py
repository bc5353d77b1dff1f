"""What an edition forbids is said in words, whatever it is."""

import ast
from pathlib import Path

from clinic.courses.other_edition_words import WORDS
from protocols.method.checking import against, bars, body
from protocols.method.checking.problems import SENTENCES


def codes_in(module: object) -> set[str]:
    """Every code of a problem that this module names."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)} & SENTENCES.keys()


def test_everything_that_an_edition_may_forbid_has_its_words():
    assert codes_in(against) | codes_in(bars) | codes_in(body) == WORDS.keys()
