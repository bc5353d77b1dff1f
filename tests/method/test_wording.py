"""Every reason has a sentence."""

import ast
import string
from pathlib import Path

import pytest

import protocols.method
from protocols.method.reasons import Reason, because
from protocols.method.wording import SENTENCES, in_english
from tests.each import of_each
from tests.method.planned import LIBRARY, OPEN_STAGES, session_of, setting_of

SOURCES = sorted(Path(protocols.method.__file__).parent.rglob("*.py"))


def codes_in_source() -> set[str]:
    """First arguments of every call of ``because`` that are plain texts."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_every_code_that_the_method_writes_has_a_sentence():
    assert codes_in_source() - set(SENTENCES) == set()


@of_each("code", sorted(SENTENCES))
def test_every_sentence_ends_as_one_and_names_its_details_in_braces(code):
    assert SENTENCES[code][-1] in ".:})"
    assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(SENTENCES[code]))


@of_each(("condition", "stage"), OPEN_STAGES)
def test_every_reason_of_a_planned_session_can_be_said(condition, stage):
    for number in (1, 6, 12):
        plan = session_of(setting_of(condition, stage), number)
        reasons = [reason for row in plan.rows for reason in row.because] + [omission.because for omission in plan.omissions]
        assert plan.dose is not None
        for reason in {*reasons, *plan.dose.because}:
            assert "{" not in in_english(reason, LIBRARY)


def test_codes_are_put_into_the_words_of_the_library():
    said = in_english(because("family-too-short", family="rubbing", heir="stroking", zone="sacrum"), LIBRARY)
    assert said == "Rubbing on sacrum would last under 15 s at this dose; its time goes to stroking."


def test_an_unknown_reason_is_an_error():
    with pytest.raises(KeyError):
        in_english(Reason("nobody-wrote-this"), LIBRARY)
