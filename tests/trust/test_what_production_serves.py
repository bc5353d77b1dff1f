"""Headers, cookies, forged forms, lock-out and links in production itself, and no code inside a page."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from clinic.proofs import proving_web
from tests.trust.hygiene import Markup

TEMPLATES = sorted(path for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"))
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


@pytest.mark.slow
def test_what_production_answers_is_strict_and_guessing_gets_nothing() -> None:
    lines: list[str] = []
    assert proving_web.run(proving_web.REDUCED, lines.append), "\n".join(lines)


def test_no_template_has_code_or_style_inside_of_it() -> None:
    faults = {}
    for path in TEMPLATES:
        markup = Markup()
        markup.feed(TAGS.sub("x", path.read_text(encoding="utf-8")))
        faults[path.name] = markup.faults
    assert {name: found for name, found in faults.items() if found} == {}
