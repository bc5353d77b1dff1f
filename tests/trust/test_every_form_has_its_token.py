"""A form without the token of its page is refused to everybody who sends it: a template that is included alone must be given it."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

from tests.trust.hygiene import markup_faults

pytestmark = pytest.mark.same_everywhere
TEMPLATES: Final = Path(settings.BASE_DIR) / "templates"
NEEDS: Final = "{% csrf_token %}"
INCLUDED: Final = re.compile(r'\{%\s*include\s+"([^"]+)"([^%]*)%\}')
ALONE: Final = re.compile(r"\bonly\b")
DRAWN_ALONE: Final = re.compile(r'\{%\s*parts?\s+"([^"]+)"')


@cache
def words_of(name: str) -> str:
    return (TEMPLATES / name.partition("#")[0]).read_text()


@cache
def needs_a_token(name: str) -> bool:
    """Whether a form stands in this template, or in one that it includes; some include themselves."""
    known, found = set[str](), {name}
    while found:
        known |= found
        found = {each[1] for one in found for each in INCLUDED.finditer(words_of(one))} - known
    return any(NEEDS in words_of(each) for each in known)


def left_without(words: str) -> list[str]:
    """The templates with forms that are drawn here without the token."""
    included = [found for found in INCLUDED.finditer(words) if ALONE.search(found[2]) and "csrf_token=" not in found[2]]
    return [found[1] for found in (*included, *DRAWN_ALONE.finditer(words)) if needs_a_token(found[1])]


def test_a_template_that_sees_nothing_else_is_given_the_token_for_its_forms() -> None:
    names = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
    assert len(names) > 500
    assert {name: found for name in names if (found := left_without(words_of(name)))} == {}


def test_a_form_that_was_forgotten_would_be_found() -> None:
    assert left_without('{% include "signing/_ask_back.html" with asks=asks only %}') == ["signing/_ask_back.html"]
    assert left_without('{% include "signing/_ask_back.html" with csrf_token=csrf_token only %}') == []


def test_a_page_with_such_a_form_is_faulty() -> None:
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{"a" * 64}">'
    assert markup_faults(f'<form method="post">{token}</form><form method="post"><button>Go</button></form>') == [
        "1 form without its token"
    ]
    assert markup_faults(f'<form method="post">{token}</form><form method="get"></form>') == []
