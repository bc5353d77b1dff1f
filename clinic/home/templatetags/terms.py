"""``{% term "dose" %}``: a small sign beside a heading that says what a word means, without leaving the page and without JavaScript."""

from typing import Any

from django import template

from clinic.home.terms import BY_CODE

register = template.Library()


@register.inclusion_tag("home/_term.html")
def term(code: str) -> dict[str, Any]:
    """The sign for this word. An unknown code is a bug and raises ``KeyError``."""
    return {"term": BY_CODE[code]}
